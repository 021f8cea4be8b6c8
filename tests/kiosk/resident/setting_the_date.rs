//! Staff of a kiosk that can't know the date set it at the screen.

use std::sync::{Arc, mpsc};

use commune_kiosk::kiosk::screen::Staff;
use commune_kiosk::kiosk::session::staff::{self, Facts, Pin};

use crate::common::Hall;

#[test]
fn staff_set_the_date_with_large_keys_and_a_slip_does_no_harm() {
    let hall = Hall::open();
    let (orders, _taken) = mpsc::channel();
    let (set, moments) = mpsc::channel();
    hall.kiosk.serve_staff(Staff {
        remember_tries: Arc::new(|_| {}),
        pin: Pin::of_hash(&staff::hash("271828").expect("a PIN")).expect("a hash"),
        orders,
        brighten: Box::new(|_| {}),
        call_office: Box::new(|| {}),
        set_date: Box::new(move |moment| set.send(moment).expect("somebody listens")),
        turn_off: Box::new(|_| {}),
        open_current: Arc::new(|| Err("no other".to_owned())),
        facts: Arc::new(|_, _| Facts {
            clock: "Máy chưa biết ngày giờ.".to_owned(),
            can_set_date: true,
            ..Facts::default()
        }),
    });
    hall.taps("Chạm để bắt đầu > Hỏi cán bộ > Máy đếm gì, không đếm gì > Dành cho cán bộ");
    hall.taps("2 > 7 > 1 > 8 > 2 > 8 > Vào");
    hall.sees("Máy chưa biết ngày giờ.");
    hall.tap("Đặt ngày giờ");
    hall.sees("Gõ lần lượt ngày, tháng, năm, giờ, phút.");
    // "Đặt" does nothing yet, nor for a day that there isn't.
    hall.taps("3 > 1 > Đặt > 0 > 2 > 2 > 0 > 2 > 6 > 0 > 8 > 0 > 5");
    hall.sees("Máy không nhận ngày giờ này. Mời xoá bớt rồi gõ lại.");
    hall.tap("Đặt");
    assert!(moments.try_recv().is_err());
    for _ in 0..12 {
        hall.tap("xoá một số");
    }
    hall.taps("2 > 9 > 1 > 1 > 2 > 0 > 2 > 6 > 0 > 8 > 0 > 5");
    hall.sees("Đúng rồi thì bấm Đặt.");
    hall.tap("Đặt");
    let moment = moments.try_recv().expect("a moment");
    assert_eq!(moment.to_string(), "2026-11-29 08:05:00");
    hall.sees("Máy chưa biết ngày giờ.");
    // What was typed is not there for the next one.
    hall.taps("Đặt ngày giờ");
    hall.sees("Gõ lần lượt ngày, tháng, năm, giờ, phút.");
    hall.taps("Quay lại > Trang chủ");
    hall.sees("Làm thủ tục");
}
