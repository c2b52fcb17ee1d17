//! Headcounts in words.

use wangjia::domain::advert::headcount::{certain, read};

#[test]
fn headcounts_checked_by_hand() {
    for (text, min, max, exact) in [
        ("3名", Some(3), Some(3), true),
        ("5", Some(5), Some(5), true),
        ("招20人", Some(20), Some(20), true),
        ("1,200人", Some(1200), Some(1200), true),
        ("十名", Some(10), Some(10), true),
        ("两人", Some(2), Some(2), true),
        ("10-15人", Some(10), Some(15), false),
        ("10人至15人", Some(10), Some(15), false),
        ("20人以上", Some(20), None, false),
        ("20+", Some(20), None, false),
        ("不超过8人", None, Some(8), false),
        ("5人左右", Some(5), Some(5), false),
        ("男3女5", Some(8), Some(8), false),
        ("男3-5名、女2名", Some(5), Some(7), false),
        ("男女各5名", Some(10), Some(10), false),
        ("3男2女", Some(5), Some(5), false),
        ("3名男工，2名女工", Some(5), Some(5), false),
        ("10人（男5女5）", Some(10), Some(10), false),
        ("10人（其中男5人、女5人）", Some(10), Some(10), false),
        ("共20人：男10女10", Some(20), Some(20), false),
        ("男女各5人，共10人", Some(10), Some(10), false),
        ("5名（含2名学徒）", Some(5), Some(5), false),
        ("20名（含夫妻工5对）", Some(20), Some(20), false),
        ("10个岗位", Some(10), Some(10), true),
        ("招10-15名男女普工", Some(10), Some(15), false),
        ("若干", None, None, false),
        ("数名", None, None, false),
        ("不限", None, None, false),
    ] {
        let read = read(text).unwrap_or_else(|| panic!("{text}"));
        assert!(read.unread.is_empty(), "{text}: {:?}", read.unread);
        assert_eq!((read.said.min, read.said.max, read.said.is_exact()), (min, max, exact), "{text}");
        assert_eq!(read.said.is_several, min.or(max).is_none(), "{text}");
    }
}

#[test]
fn parts_are_told() {
    let said = |text: &str| read(text).unwrap().said;
    assert!(said("10人（男5女5）").by_sex && said("10人（男5女5）").is_number());
    assert!(said("5名（含2名学徒）").has_parts && !said("5名").has_parts);
}

/// A wrong number is worse than none: what looks like a figure, counts something else or contradicts the whole is not read.
#[test]
fn what_is_no_certain_number_is_none() {
    for text in [
        "1O",
        "l0人",
        "O5",
        "二○名",
        "-2",
        "1e5",
        "5＋5",
        "三五人",
        "普工10、质检2",
        "现有20招10",
        "5人（男5女5）",
        "5名（含8名学徒）",
        "各5名",
        "5对夫妻",
        "5个班组",
        "8人/班",
        "5人/月",
    ] {
        assert_eq!(read(text).and_then(|read| certain(&read)), None, "{text}");
    }
    assert_eq!(read("10-15人，长期").and_then(|read| certain(&read)), Some(10));
}

#[test]
fn a_second_number_is_not_added_in_silence() {
    assert_eq!(read("10人，需2年经验").unwrap().unread, ["2", "年经验"]);
    assert_eq!(read("男3名").unwrap().said.least(), Some(3));
    assert!(
        read("").is_none() && read("见附件").is_none() && read("15-10人").is_none_or(|read| !read.unread.is_empty())
    );
}
