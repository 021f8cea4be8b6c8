//! Where in the kiosk a resident is.

/// A part of a guide; one screen each, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Who, cost, time, where.
    Overview,
    /// What to bring, as a list to tick.
    Prepare,
    /// A step, from 0.
    Step(usize),
    /// After the last step: rating and what to read next.
    Finished,
}

/// Where a resident is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Route {
    /// Nobody is there: the invitation.
    #[default]
    Attract,
    /// The tiles.
    Home,
    /// What a section lists, by its id.
    Section(String),
    /// The pages of a group, by the ids of its section and itself.
    Group(String, String),
    /// An article, by its id.
    Article(String),
    /// A part of a guide, by the guide's id.
    Guide(String, Part),
    /// What a telephone takes home from a page, by the page's id: the list of papers and an address as QR codes.
    TakeHome(String),
    /// A radio programme, by its id.
    Programme(String),
    /// The notices that are shown now.
    Notices,
    /// A notice, by its id.
    Notice(String),
    /// The round of the quiz that the session holds.
    Quiz,
    /// The calendar.
    Calendar,
    /// The search field.
    Search,
    /// "Hỏi cán bộ".
    StaffHelp,
    /// What people often ask for.
    Topics,
    /// The topics of a group, by its title.
    TopicGroup(String),
    /// Where to ask about a topic, by its id.
    Topic(String),
    /// What the kiosk counts.
    Privacy,
    /// Where staff type their PIN.
    Pin,
    /// The staff page.
    Staff,
    /// Where staff type the date.
    SetDate,
    /// Where staff see whether every part of the screen feels a finger.
    TouchTest,
    /// Somebody is done: thanks, and what they think of the visit.
    Goodbye,
    /// There is nothing to show.
    Sorry,
}

impl Route {
    /// What is shown while nobody is there.
    #[must_use]
    pub const fn of_nobody(has_content: bool) -> Self {
        if has_content { Self::Attract } else { Self::Sorry }
    }

    /// Whether it can be shown without any content: the Sorry screen, and the ways of staff.
    #[must_use]
    pub const fn is_without_content(&self) -> bool {
        matches!(self, Self::Sorry | Self::Pin) || self.is_of_staff()
    }

    /// Whether only staff get there.
    #[must_use]
    pub const fn is_of_staff(&self) -> bool {
        matches!(self, Self::Staff | Self::SetDate | Self::TouchTest)
    }

    /// Whether the screen is read slowly, so that the idle warning waits longer.
    #[must_use]
    pub const fn is_reading(&self) -> bool {
        matches!(
            self,
            Self::Article(_)
                | Self::Guide(..)
                | Self::TakeHome(_)
                | Self::Programme(_)
                | Self::Notice(_)
                | Self::Quiz
                | Self::Calendar
                | Self::StaffHelp
                | Self::Topics
                | Self::TopicGroup(_)
                | Self::Topic(_)
                | Self::Privacy
        )
    }
}
