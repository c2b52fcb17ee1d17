use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use wangjia::domain::codes::Sex;
use wangjia::domain::resident_id::{ResidentId, ResidentIdError as E, mask};

use super::day;

#[track_caller]
fn refused(input: &str, why: E) {
    assert_eq!(ResidentId::parse(input).map(|id| id.as_str().to_owned()), Err(why), "{input:?}");
}

#[track_caller]
fn read_as(input: &str, number: &str) {
    assert_eq!(ResidentId::parse(input).map(|id| id.as_str().to_owned()), Ok(number.to_owned()), "{input:?}");
}

#[test]
fn the_examples_of_the_standard_are_read() {
    let id = ResidentId::parse("11010519491231002X").unwrap();
    assert_eq!((id.birth_date(), id.sex(), id.area()), (day("1949-12-31"), Sex::Female, "110105"));
    let id = ResidentId::parse("370101190102039973").unwrap();
    assert_eq!((id.birth_date(), id.sex()), (day("1901-02-03"), Sex::Male));
    // The third example was born in 1880: the check character is right, the year is not believed.
    refused("440524188001010014", E::BornTooEarly);
}

#[test]
fn every_spelling_of_one_number_is_one_number() {
    for spelling in [
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002ｘ",
        "11010519491231002Х",
        "11010519491231002х",
        "11010519491231002×",
        " 110105 19491231 002X ",
        "\u{3000}11010519491231002X",
        "'11010519491231002X",
    ] {
        read_as(spelling, "11010519491231002X");
    }
}

#[test]
fn look_alikes_that_nobody_types_by_intention_are_refused() {
    refused("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", E::ForeignDigits);
    refused("११०१०५१९४९१२३१००२X", E::ForeignDigits);
    refused("11010519491231002\u{200b}X", E::Character { position: 18 });
    refused("1101051949123I002X", E::Character { position: 14 });
    refused("1X010519491231002X", E::Character { position: 2 });
    refused("1B010519491231002X", E::Character { position: 2 });
    refused("1.10105194912310E17", E::Character { position: 2 });
    refused("", E::Empty);
    refused("  ", E::Empty);
}

#[test]
fn wrong_lengths_are_refused_and_the_old_number_is_named() {
    refused("110105491231002", E::OldFifteenDigits);
    refused("11010519491231002", E::Length { found: 17 });
    refused("11010519491231002X1", E::Length { found: 19 });
    assert!(E::OldFifteenDigits.text().zh.contains("18位"));
}

#[test]
fn a_disability_certificate_number_is_cut_to_the_id_number() {
    for certificate in
        ["11010519491231002X43", "11010519491231002X4301", "11010519491231002X43B1", "11010519491231002x43b1"]
    {
        let parsed = ResidentId::parse_detailed(certificate).unwrap();
        assert!(parsed.cut_disability_suffix, "{certificate}");
        assert_eq!(parsed.id.as_str(), "11010519491231002X");
        assert!(!format!("{parsed:?}").contains("43"), "type and grade are gone");
    }
    assert!(!ResidentId::parse_detailed("11010519491231002X").unwrap().cut_disability_suffix);
    // No type 8, no grade 5, no 21 characters, and two digits too many on a wrong number are a wrong length.
    for not_a_certificate in ["11010519491231002X83", "11010519491231002X45", "11010519491231002143"] {
        assert!(matches!(ResidentId::parse(not_a_certificate), Err(E::Length { found: 20 })), "{not_a_certificate}");
    }
    refused("11010519491231002X430", E::Length { found: 21 });
}

#[test]
fn impossible_early_and_future_dates_are_refused() {
    assert!(ResidentId::parse("529900196501153010").is_ok());
    refused("529900197002301220", E::BirthDate);
    assert!(ResidentId::parse("52990020100101013X").is_ok());
    assert!(ResidentId::parse("529900197503012048").is_ok());
    let tomorrow = ResidentId::compose("529900", day("2026-11-24"), 12).unwrap();
    assert_eq!(ResidentId::parse_on(tomorrow.as_str(), day("2026-11-23")).map(|p| p.id), Err(E::BornInFuture));
    assert!(ResidentId::parse_on(tomorrow.as_str(), day("2026-11-24")).is_ok());
    assert_eq!(ResidentId::compose("529900", day("1899-12-31"), 1), None);
    assert!(ResidentId::compose("529900", day("1900-01-01"), 1).is_some());
}

#[test]
fn check_character_errors_are_refused() {
    refused("110105194912310021", E::CheckCharacter);
    refused("11010519491231003X", E::CheckCharacter);
}

#[test]
fn a_mask_shows_two_characters_at_most() {
    assert_eq!(mask("11010519491231002X"), "****************2X");
    assert_eq!(mask("13800000000"), "*********00");
    assert_eq!(mask("1234567"), "*******");
    assert_eq!(mask(""), "");
    assert_eq!(format!("{:?}", ResidentId::parse("11010519491231002X").unwrap()), "ResidentId(****************2X)");
}

#[test]
fn compose_refuses_what_is_not_a_number() {
    assert_eq!(ResidentId::compose("52990", day("1980-01-01"), 1), None);
    assert_eq!(ResidentId::compose("52990a", day("1980-01-01"), 1), None);
    assert_eq!(ResidentId::compose("529900", day("1980-01-01"), 1000), None);
}

fn numbers() -> impl Strategy<Value = ResidentId> {
    (0u32..1_000_000, 0u64..46_000, 0u16..1000).prop_filter_map("a day after 1900", |(area, days, order)| {
        let birth = NaiveDate::from_ymd_opt(1900, 1, 1)?.checked_add_days(Days::new(days))?;
        ResidentId::compose(&format!("{area:06}"), birth, order)
    })
}

proptest! {
    #[test]
    fn composed_numbers_are_read_back(id in numbers()) {
        let parsed = ResidentId::parse_detailed(id.as_str()).unwrap();
        prop_assert!(!parsed.normalised && !parsed.cut_disability_suffix);
        prop_assert_eq!(parsed.id, id);
    }

    #[test]
    fn one_wrong_character_is_always_caught(id in numbers(), at in 0usize..18, to in 0usize..11) {
        let mut bytes = id.as_str().as_bytes().to_vec();
        let new = b"0123456789X"[to];
        prop_assume!(bytes[at] != new);
        bytes[at] = new;
        prop_assert!(ResidentId::parse(&String::from_utf8(bytes).unwrap()).is_err());
    }

    #[test]
    fn a_swap_of_neighbours_is_always_caught(id in numbers(), at in 0usize..17) {
        let mut bytes = id.as_str().as_bytes().to_vec();
        prop_assume!(bytes[at] != bytes[at + 1]);
        bytes.swap(at, at + 1);
        prop_assert!(ResidentId::parse(&String::from_utf8(bytes).unwrap()).is_err());
    }

    #[test]
    fn no_text_makes_it_panic_and_no_mask_tells_more_than_two(text in any::<String>()) {
        if let Ok(id) = ResidentId::parse(&text) {
            prop_assert_eq!(id.as_str().len(), 18);
        }
        let shown = mask(&text).chars().filter(|c| *c != '*').count();
        prop_assert!(shown <= 2);
    }
}
