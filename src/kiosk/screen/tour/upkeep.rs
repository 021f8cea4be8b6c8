//! The part of the tour that staff see: their page, and what becomes of a stick.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::Guide;
use crate::kiosk::device::memory;
use crate::kiosk::screen::Staff;
use crate::kiosk::session::staff::{self, Facts, Pin};
use crate::kiosk::session::view::Target;
use crate::kiosk::slots::{InstallError, Progress};
use crate::kiosk::sync::stick::{News, Outcome};
use crate::usage::signals::Signal;

/// How long the staff page waits for the counts, which are in memory here.
const PATIENCE: Duration = Duration::from_secs(5);

/// The PIN of the tour's kiosk.
const PIN: &str = "271828";

impl Guide<'_> {
    /// The staff page, with a PIN of the tour's own.
    pub(super) fn staff(&mut self) -> Result<()> {
        let (orders, _) = std::sync::mpsc::channel();
        let hash = staff::hash(PIN).map_err(anyhow::Error::msg)?;
        let pack = &self.library.catalogue().pack;
        let content = format!("Lần {}: {}", pack.edition, pack.title);
        self.kiosk.serve_staff(Staff {
            remember_tries: Arc::new(|_| {}),
            pin: Pin::of_hash(&hash).map_err(|error| anyhow::anyhow!("{error}"))?,
            orders,
            brighten: Box::new(|_| {}),
            call_office: Box::new(|| {}),
            set_date: Box::new(|_| {}),
            turn_off: Box::new(|_| {}),
            open_current: Arc::new(|| Err("the tour installs nothing".to_owned())),
            facts: Arc::new(move |recorder, _| Facts {
                content: content.clone(),
                origin: "Có sẵn trong máy".to_owned(),
                brightness: Some(70),
                office: "1 gói số liệu đang chờ gửi.".to_owned(),
                can_call_office: true,
                identity: staff::identity("kiosk-0123456789abcdef", "nhà lúa ba chân đường mây"),
                can_go_back: true,
                counts: recorder
                    .ask(PATIENCE, |log| {
                        log.counters().map(|counters| counters.total(Signal::VisitStarted))
                    })
                    .and_then(Result::ok)
                    .map_or_else(String::new, |visits| format!("{visits} lượt dùng")),
                machine: memory::pss_kib().map_or_else(String::new, |kib| {
                    format!("Chương trình đang chiếm {} MB bộ nhớ chạy.", kib / 1024)
                }),
                can_turn_off: true,
                clock: "8 giờ 15 phút, ngày 23/11/2026, theo đồng hồ trong máy.".to_owned(),
                can_set_date: true,
            }),
        });
        self.touch("Hỏi cán bộ", "Ask staff")?;
        self.touch_card(
            |opens| matches!(opens, Target::Privacy),
            ("Máy đếm gì, không đếm gì", "What the kiosk counts"),
        )?;
        self.touch_card(
            |opens| matches!(opens, Target::StaffPage),
            ("Dành cho cán bộ", "Dành cho cán bộ"),
        )?;
        for digit in ["1", "2", "3", "4", "5", "6"] {
            self.touch_words(digit)?;
        }
        self.touch_words("Vào")?;
        self.stop("pin")?;
        self.screen.pass(Duration::from_secs(6));
        for digit in PIN.chars() {
            self.touch_words(&digit.to_string())?;
        }
        self.touch_words("Vào")?;
        self.pages("staff")?;
        self.turn_to("Đặt ngày giờ")?;
        self.touch_words("Đặt ngày giờ")?;
        for digit in "2911202".chars() {
            self.touch_words(&digit.to_string())?;
        }
        self.stop("set-date")?;
        for digit in "60815".chars() {
            self.touch_words(&digit.to_string())?;
        }
        self.stop("set-date-ready")?;
        self.touch_words("Đặt")?;
        self.turn_to("Thử chạm màn hình")?;
        self.touch_words("Thử chạm màn hình")?;
        self.stop("touch-test")?;
        self.touch_words("Xong")?;
        self.touch("Trang chủ", "Home")
    }

    /// A stick is in while a resident reads.
    pub(super) fn stick_while_reading(&mut self) -> Result<()> {
        self.kiosk.hear(News::Looking);
        self.stop("stick-strip")?;
        self.kiosk.hear(News::Gone);
        Ok(())
    }

    /// A stick while nobody is there.
    pub(super) fn stick(&mut self) -> Result<()> {
        self.kiosk.hear(News::Looking);
        self.stop("stick-looking")?;
        self.kiosk.hear(News::Installing(Progress {
            done: 130_000_000,
            total: 200_000_000,
        }));
        self.stop("stick-installing")?;
        let finished = |installed, words: &str| {
            News::Finished(Outcome {
                installed,
                went_well: true,
                words: words.to_owned(),
                can_be_pulled_out: true,
            })
        };
        self.kiosk.hear(finished(
            true,
            "Đã nạp xong nội dung lần 2. Màn hình tự đổi khi không có ai đang xem.",
        ));
        self.stop("stick-installed")?;
        self.kiosk
            .hear(finished(false, &InstallError::SameEdition(2).for_staff()));
        self.stop("stick-same-edition")?;
        self.touch_words("Đóng")
    }
}
