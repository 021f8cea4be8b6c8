//! The staff page of a machine: how it is opened, and what it says, as far as that can be known from outside.
//!
//! What differs by a number or a minute differs by less than two pictures of the same may. Begin with [`facts`].

use commune_kiosk::kiosk::session::staff::Facts;

use crate::machine::Machine;
use crate::resident::Resident;

/// The PIN of these machines.
pub const PIN: &str = "271828";

/// What it says of the memory.
pub const MEMORY: &str = "Chương trình đang chiếm 23 MB bộ nhớ chạy.";

/// What it says of a card with room, and of the memory.
pub fn room() -> String {
    format!("Thẻ nhớ còn trống 112 MB. {MEMORY}")
}

/// What it says on a machine with a battery for its clock that shows what was built in, and whose card is fine.
pub fn facts(machine: &mut Machine) -> Facts {
    let now = machine.runs("date '+%-H giờ %M phút, ngày %-d/%-m/%Y'");
    Facts {
        content: "Lần 1: Chuyển đổi số cho bà con, địa bàn xã Lê Lợi cũ".to_owned(),
        origin: "Có sẵn trong máy".to_owned(),
        counts: "0 lượt dùng, 0 lần mở bài, 0 lần xem hết hướng dẫn".to_owned(),
        clock: format!("{now}, theo đồng hồ trong máy."),
        machine: room(),
        can_set_date: true,
        can_turn_off: true,
        ..Facts::default()
    }
}

impl Resident {
    /// Opens the staff page from the home screen.
    pub fn opens_staff_page(&mut self) {
        self.taps("Hỏi cán bộ > Máy đếm gì, không đếm gì > Dành cho cán bộ");
        for digit in PIN.chars() {
            self.tap(&digit.to_string());
        }
        self.tap("Vào");
    }
}
