//! Every code that the content has is read off the screen, as a telephone would, and compared with its address.

use commune_kiosk::content::model::Body;
use rqrr::PreparedImage;

use crate::common::Hall;

/// What a telephone reads in the picture that is on the screen.
fn read(hall: &Hall) -> Vec<String> {
    let picture = hall.picture();
    let (wide, high) = (picture.width as usize, picture.height as usize);
    let mut grey = PreparedImage::prepare_from_greyscale(wide, high, |x, y| {
        let at = 3 * (y * wide + x);
        let sum: u32 = picture.rgb[at..at + 3].iter().map(|part| u32::from(*part)).sum();
        u8::try_from(sum / 3).expect("a mean of bytes")
    });
    let codes = grey.detect_grids();
    codes
        .into_iter()
        .filter_map(|code| Some(code.decode().ok()?.1))
        .collect()
}

#[test]
fn every_code_of_the_content_leads_where_its_address_leads() {
    let hall = Hall::open();
    let library = hall.library.clone().expect("content");
    let mut seen = 0;
    for card in &library.catalogue().pages {
        let page = library.page(&card.id).expect("read").expect("there");
        let Body::Guide(guide) = page.body else { continue };
        if guide.link.is_empty() {
            continue;
        }
        hall.tap("Chạm để bắt đầu");
        hall.goes_to(&page.id);
        hall.tap("Mang về điện thoại");
        assert_eq!(read(&hall), [guide.link], "{}", page.id);
        hall.leave();
        seen += 1;
    }
    assert!(seen > 10, "only {seen}");
    for topic in library
        .catalogue()
        .topics
        .iter()
        .filter(|topic| !topic.address.is_empty())
    {
        hall.taps("Chạm để bắt đầu > Tìm kiếm");
        hall.types("zzzz");
        hall.taps(&format!(
            "Những việc bà con hay hỏi > {} > {}",
            topic.group, topic.title
        ));
        assert_eq!(read(&hall), [topic.address.as_str()], "{}", topic.id);
        hall.leave();
    }
}
