//! Wage texts: values checked by hand, the list of third parties, and printing.

use std::fs;

use proptest::prelude::*;
use wangjia::domain::advert::wage::{Extra, Per, Unread, Wage, read};
use wangjia::domain::codes::PayKind;

use crate::vocabulary::data_folder;

const M: Option<Per> = Some(Per::Month);
const D: Option<Per> = Some(Per::Day);
const H: Option<Per> = Some(Per::Hour);
const Y: Option<Per> = Some(Per::Year);

/// Text, lowest and highest in fen (-1 = not stated), unit, months a year.
#[rustfmt::skip]
const CHECKED: &[(&str, i64, i64, Option<Per>, u8)] = &[
    // As portals write.
    ("0.5-1.2万/月", 500_000, 1_200_000, M, 0),
    ("0.8-1万", 800_000, 1_000_000, None, 0),
    ("1-1.1万", 1_000_000, 1_100_000, None, 0),
    ("1-1.2万·13薪", 1_000_000, 1_200_000, None, 13),
    ("1-1.2万·18薪", 1_000_000, 1_200_000, None, 18),
    ("1-4万/月", 1_000_000, 4_000_000, M, 0),
    ("1.1-1.8万·19薪", 1_100_000, 1_800_000, None, 19),
    ("1.2-2.4万·16薪", 1_200_000, 2_400_000, None, 16),
    ("1.8-2万·24薪", 1_800_000, 2_000_000, None, 24),
    ("1.5千/天", 150_000, 150_000, D, 0),
    ("10-12万/年", 10_000_000, 12_000_000, Y, 0),
    ("14.4-19.2万/年", 14_400_000, 19_200_000, Y, 0),
    ("6.5-8.5万/年", 6_500_000, 8_500_000, Y, 0),
    ("90-180万/年", 90_000_000, 180_000_000, Y, 0),
    ("9.9-17万/年", 9_900_000, 17_000_000, Y, 0),
    ("20-40万", 20_000_000, 40_000_000, None, 0),
    ("110元/天", 11_000, 11_000, D, 0),
    ("600元/天", 60_000, 60_000, D, 0),
    ("3-3.4千", 300_000, 340_000, None, 0),
    ("3.2-3.5千·13薪", 320_000, 350_000, None, 13),
    ("4-8千/月", 400_000, 800_000, M, 0),
    ("4.9-8.9千/月", 490_000, 890_000, M, 0),
    ("5-9.9千", 500_000, 990_000, None, 0),
    ("5.3千-1万", 530_000, 1_000_000, None, 0),
    ("5千-1万·14薪", 500_000, 1_000_000, None, 14),
    ("6.7千-1.3万", 670_000, 1_300_000, None, 0),
    ("9.5千-1.9万", 950_000, 1_900_000, None, 0),
    ("8-13万·15薪", 8_000_000, 13_000_000, None, 15),
    // As notices on a factory's gate write.
    ("4千及以下", -1, 400_000, None, 0),
    ("4000元以下", -1, 400_000, None, 0),
    ("不超过5000", -1, 500_000, None, 0),
    ("最高8000元", -1, 800_000, None, 0),
    ("150元/天", 15_000, 15_000, D, 0),
    ("日薪150", 15_000, 15_000, D, 0),
    ("150一天", 15_000, 15_000, D, 0),
    ("180-220元/日", 18_000, 22_000, D, 0),
    ("日结200元", 20_000, 20_000, D, 0),
    ("18.5元/小时", 1_850, 1_850, H, 0),
    ("时薪17-19元", 1_700, 1_900, H, 0),
    ("小时工18元", 1_800, 1_800, H, 0),
    ("20元/时，月结", 2_000, 2_000, H, 0),
    ("18/h", 1_800, 1_800, H, 0),
    ("3000以上", 300_000, -1, None, 0),
    ("3000元/月以上", 300_000, -1, M, 0),
    ("3000元起", 300_000, -1, None, 0),
    ("3000+", 300_000, -1, None, 0),
    ("不低于2600元/月", 260_000, -1, M, 0),
    ("至少3千", 300_000, -1, None, 0),
    ("2800+提成", 280_000, -1, None, 0),
    ("保底2600", 260_000, -1, None, 0),
    ("底薪3000元/月+计件", 300_000, -1, M, 0),
    ("底薪2500+全勤奖+餐补", 250_000, -1, None, 0),
    ("保底2600-3000元", 260_000, 300_000, None, 0),
    ("4000-6000+提成", 400_000, 600_000, None, 0),
    ("2600", 260_000, 260_000, None, 0),
    ("2,600元", 260_000, 260_000, None, 0),
    ("￥3500/月", 350_000, 350_000, M, 0),
    ("月薪3500-4500元", 350_000, 450_000, M, 0),
    ("月工资:4500元左右", 450_000, 450_000, M, 0),
    ("约4000", 400_000, 400_000, None, 0),
    ("工资3000至5000元每月", 300_000, 500_000, M, 0),
    ("3000到5000", 300_000, 500_000, None, 0),
    ("3000~5000元/月", 300_000, 500_000, M, 0),
    ("3000——5000元", 300_000, 500_000, None, 0),
    ("3000元-5000元/月", 300_000, 500_000, M, 0),
    ("３０００－４５００元／月", 300_000, 450_000, M, 0),
    ("3000 - 4500 元 / 月", 300_000, 450_000, M, 0),
    ("8000-1.2万", 800_000, 1_200_000, None, 0),
    ("3千-5000", 300_000, 500_000, None, 0),
    ("5-8K·14薪", 500_000, 800_000, None, 14),
    ("8k-1.2w", 800_000, 1_200_000, None, 0),
    ("年薪10-17万", 10_000_000, 17_000_000, Y, 0),
    ("年薪12万以上", 12_000_000, -1, Y, 0),
    ("三千到五千", 300_000, 500_000, None, 0),
    ("三-五千", 300_000, 500_000, None, 0),
    ("两千八", 280_000, 280_000, None, 0),
    ("一万二", 1_200_000, 1_200_000, None, 0),
    ("月薪三千五百元", 350_000, 350_000, M, 0),
    ("1000元/周", 100_000, 100_000, Some(Per::Week), 0),
    ("0.8元/件", 80, 80, Some(Per::Piece), 0),
    ("每件1.2-1.5元", 120, 150, Some(Per::Piece), 0),
    ("200元/次", 20_000, 20_000, Some(Per::Once), 0),
    ("300元/场", 30_000, 30_000, Some(Per::Once), 0),
    ("计件，4000-6000元/月", 400_000, 600_000, M, 0),
    ("计件", -1, -1, None, 0),
    ("面议", -1, -1, None, 0),
    ("薪资面议", -1, -1, None, 0),
    ("月薪面议", -1, -1, M, 0),
    ("底薪+提成", -1, -1, None, 0),
    ("3000起，可面议", 300_000, -1, None, 0),
    ("4500*13薪", 450_000, 450_000, None, 13),
    ("5000-7000元（13个月薪）", 500_000, 700_000, None, 13),
    ("2000元/半月", 200_000, 200_000, Some(Per::HalfMonth), 0),
    ("0.35元/双", 35, 35, Some(Per::Piece), 0),
    ("1000元/吨", 100_000, 100_000, Some(Per::Piece), 0),
    ("150元/工", 15_000, 15_000, D, 0),
    ("月综合4500-6500", 450_000, 650_000, M, 0),
    ("5000元，上不封顶", 500_000, -1, None, 0),
    ("3800元/月+年底双薪", 380_000, -1, M, 0),
];

#[test]
fn wages_checked_by_hand() {
    assert!(CHECKED.len() >= 80);
    let stated = |fen: i64| (fen >= 0).then_some(fen);
    let wrong: Vec<_> = CHECKED
        .iter()
        .filter_map(|&(text, min, max, per, months)| {
            let expected = (stated(min), stated(max), per, (months > 0).then_some(months));
            let read = read(text);
            let found =
                read.as_ref().ok().map(|read| (read.said.min_fen, read.said.max_fen, read.said.per, read.said.months));
            let whole = read.as_ref().is_ok_and(|read| read.unread.is_empty());
            (found != Some(expected) || !whole).then(|| format!("{text}: {read:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_stands_beside_the_sum_is_told() {
    let said = |text: &str| read(text).unwrap().said;
    assert_eq!(said("2800+提成+年终奖").extras, [Extra::Commission, Extra::Bonus]);
    assert_eq!(said("计件").extras, [Extra::Piecework]);
    assert!(said("保底2600").is_base && !said("2600以上").is_base);
    assert!(said("4500左右").is_about && !said("4500").is_about);
    assert!(said("3000起，面议").negotiable && said("面议").negotiable && !said("3000").negotiable);
    // What is not about the wage is handed back.
    let read_food = read("3000-5000元/月，包吃住，五险一金").unwrap();
    assert_eq!(read_food.said, said("3000-5000元/月"));
    assert_eq!(read_food.unread, ["包吃住", "五险一金"]);
    let with_sum = read("底薪2800+300全勤奖+提成").unwrap();
    assert_eq!(
        (with_sum.said.min_fen, with_sum.said.extras.as_slice()),
        (Some(280_000), [Extra::Commission, Extra::Bonus].as_slice())
    );
    assert_eq!(with_sum.unread, ["300全勤奖"]);
}

/// A second sum is handed back where a word says whose it is, and so is a number that is no sum.
#[test]
fn sums_that_are_not_the_wage_are_handed_back() {
    for (text, wage, unread) in [
        ("3000元/月，试用期2500", "3000元/月", vec!["试用期2500"]),
        ("3500元／月（试用期3000）", "3500元/月", vec!["试用期3000"]),
        ("试用期2000，转正3500", "3500元", vec!["试用期2000"]),
        ("试用期80%，4000元/月", "4000元/月", vec!["试用期80%"]),
        ("4000元/月，试用期三天", "4000元/月", vec!["试用期三天"]),
        ("2600+全勤200", "2600元以上+奖金", vec!["全勤200"]),
        ("月薪3000,奖金500", "3000元/月以上+奖金", vec!["奖金500"]),
        ("底薪2500，全勤奖200元，餐补10元/天", "保底2500元以上+奖金+补贴", vec!["全勤奖200元", "餐补10元/天"]),
        ("4000元/月，200元全勤奖", "4000元/月以上+奖金", vec!["200元全勤奖"]),
        ("4000-6000元/月+提成5%", "4000-6000元/月+提成", vec!["提成5%"]),
        ("18元/小时，每月260小时", "18元/小时", vec!["每月260小时"]),
        ("每天8小时，4000-5000元/月", "4000-5000元/月", vec!["每天8小时"]),
        ("每月休4天，4000元", "4000元", vec!["每月休4天"]),
        ("每月5日发薪，4000-5000元", "4000-5000元", vec!["每月5日", "发"]),
        ("2500元，每周发工资", "2500元", vec!["每周发工资"]),
        ("18元/小时，10小时/天", "18元/小时", vec!["10小时/天"]),
        ("4500元/月（26天）", "4500元/月", vec!["26天"]),
        ("4000/月 15号发薪", "4000元/月", vec!["15号", "发"]),
        ("4500-7000元/月（上不封顶）", "4500-7000元/月", vec!["上不封顶"]),
    ] {
        let read = read(text).unwrap_or_else(|_| panic!("{text}"));
        assert_eq!(
            (read.said.to_string().as_str(), read.unread),
            (wage, unread.into_iter().map(str::to_owned).collect()),
            "{text}"
        );
    }
}

/// Nothing is stored where the unit is missing or cannot be that of the sum.
#[test]
fn a_sum_that_is_not_believable_for_its_unit_is_not_posted() {
    for text in ["150-200", "20", "18-22", "3-5000", "4000，日结", "20元，月结", "10小时150元", "每周六天，500元"]
    {
        assert_eq!(read(text).unwrap().said.posted(), None, "{text}");
    }
    assert!(read("150-200").unwrap().said.lacks_unit());
    assert!(!read("4000，日结").unwrap().said.lacks_unit() && !read("3000").unwrap().said.lacks_unit());
    // What somebody gets may be little.
    assert_eq!(read("200").unwrap().said.income().map(|income| income.min_fen), Some(Some(20_000)));
    let half = read("2000元/半月").unwrap().said.posted().unwrap();
    assert_eq!((half.kind, half.min_fen, half.is_whole), (Some(PayKind::Monthly), Some(400_000), false));
}

#[test]
fn what_is_no_one_wage_is_unreadable() {
    for text in [
        "",
        " ",
        "-100",
        "3000-",
        "1e5",
        "按公司规定",
        "试用期2500",
        "试用期三天，4000元/月",
        "底薪2000元+计件，综合3500-5000元",
        "3000，4000",
        "新手保底3500，熟手5000-8000",
        "普工4500-5500元/月，技工6000-8000元/月",
        "100元/8小时",
        "3000元/季",
        "3000元每季度",
        "三四千",
        "3OOO",
        "35OO-45OO",
        "男4000女3500",
        "日薪150月入4500元",
        "0.123元",
        "9\u{fffd}-1.5万·13薪",
        "3.5.2",
        "3000-4000-5000",
        "12345678901234",
        "保底3000以上以下",
        "包吃住",
    ] {
        assert_eq!(read(text).map(|read| read.said), Err(Unread::Words), "{text}");
    }
    for text in ["5000-3000", "1.2-0.8万", "8千-5千/月"] {
        assert_eq!(read(text).map(|read| read.said), Err(Unread::Reversed), "{text}");
    }
}

#[test]
fn a_posting_states_the_wage_in_its_own_units() {
    let posted = |text: &str| read(text).unwrap().said.posted().map(|p| (p.kind, p.min_fen, p.max_fen, p.is_whole));
    let monthly = Some(PayKind::Monthly);
    assert_eq!(posted("3000-4500元/月"), Some((monthly, Some(300_000), Some(450_000), true)));
    assert_eq!(posted("3000"), Some((None, Some(300_000), None, true)));
    assert_eq!(posted("150元/天"), Some((Some(PayKind::Daily), Some(15_000), None, true)));
    assert_eq!(posted("18-20元/小时"), Some((Some(PayKind::Hourly), Some(1_800), Some(2_000), true)));
    assert_eq!(posted("4千及以下"), Some((None, None, Some(400_000), true)));
    // Rounded down, and what is lost is said.
    assert_eq!(posted("年薪10-17万"), Some((monthly, Some(833_333), Some(1_416_666), false)));
    assert_eq!(posted("年薪15万·15薪"), Some((monthly, Some(1_000_000), None, false)));
    assert_eq!(posted("700元/周"), Some((monthly, Some(303_333), None, false)));
    assert_eq!(posted("2800+提成"), Some((None, Some(280_000), None, false)));
    assert_eq!(posted("面议"), Some((None, None, None, false)));
    assert_eq!(posted("计件"), Some((Some(PayKind::Piece), None, None, true)));
    assert_eq!(posted("计件4000-6000元/月"), Some((Some(PayKind::Piece), Some(400_000), Some(600_000), true)));
    // No equivalent, so none is made up.
    for text in ["0.8元/件", "计件0.8元", "200元/次", "20-40万"] {
        assert_eq!(posted(text), None, "{text}");
    }
    assert_eq!(posted("3-6万·14薪"), Some((None, Some(3_000_000), Some(6_000_000), false)));
}

/// The list of third parties; where it is not at hand, generated texts of the same forms.
#[test]
fn nearly_every_wage_text_of_real_advertisements_is_read() {
    let file = data_folder().map(|folder| folder.join("text/wage_strings.tsv")).filter(|file| file.is_file());
    let texts: Vec<String> = match &file {
        Some(file) => {
            let text = fs::read_to_string(file).unwrap();
            let mut lines = text.lines();
            let column = lines.next().and_then(|head| head.split('\t').position(|name| name == "wage_text")).unwrap();
            lines.filter_map(|line| line.split('\t').nth(column)).map(str::to_owned).collect()
        }
        None => {
            println!(
                "DATA ABSENT: wage_strings.tsv is not at hand (WANGJIA_TEST_DATA); generated texts are read instead"
            );
            generated()
        }
    };
    let texts: Vec<&String> = texts.iter().filter(|text| !text.trim().is_empty()).collect();
    assert!(texts.len() >= 400, "{} texts", texts.len());
    let unread: Vec<_> = texts.iter().filter(|text| !read(text).is_ok_and(|read| read.unread.is_empty())).collect();
    println!("{} of {} wage texts read; not read: {unread:?}", texts.len() - unread.len(), texts.len());
    assert!(unread.len() * 100 <= texts.len(), "{unread:?}");
}

fn generated() -> Vec<String> {
    let ranges = [
        "0.8-1.5万",
        "1-2万",
        "3.5-5千",
        "5千-1万",
        "10-15万/年",
        "150元/天",
        "6-8千/月",
        "1.5千/天",
        "30-50万/年",
        "8.5千-1.1万",
    ];
    let months = (12..=36).map(|n| format!("·{n}薪"));
    let ends: Vec<String> =
        std::iter::once(String::new()).chain(months).chain((1..=15).map(|_| String::new())).collect();
    ranges.iter().flat_map(|range| ends.iter().map(move |end| format!("{range}{end}"))).collect()
}

fn wages() -> impl Strategy<Value = Wage> {
    let fen = 0i64..1_000_000_000;
    let sum = prop_oneof![
        Just((None, None)),
        fen.clone().prop_map(|min| (Some(min), None)),
        fen.clone().prop_map(|max| (None, Some(max))),
        fen.clone().prop_map(|one| (Some(one), Some(one))),
        (fen.clone(), 1i64..1_000_000).prop_map(|(min, more)| (Some(min), Some(min + more))),
    ];
    let per = prop::option::of(prop::sample::select(Per::ALL));
    let extras = prop::sample::subsequence(Extra::ALL, 0..=Extra::ALL.len());
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (sum, per, prop::option::of(12u8..=36), extras, flags).prop_map(
        |((min, max), per, months, extras, (base, about, negotiable))| {
            let is_base = base && min.is_some();
            // A base, or a sum with something on top, is no highest pay.
            let max_fen = max.filter(|max| !(min == Some(*max) && (is_base || !extras.is_empty())));
            let is_about = about && min.or(max).is_some();
            Wage { min_fen: min, max_fen, per, months, extras, is_base, is_about, negotiable }
        },
    )
}

proptest! {
    /// A printed wage reads as itself.
    #[test]
    fn printing_and_reading_a_wage_gives_it_back(wage in wages()) {
        let text = wage.to_string();
        if wage == Wage::default() {
            prop_assert_eq!(text, "");
        } else {
            let read = read(&text).map_err(|_| TestCaseError::fail(text.clone()))?;
            prop_assert_eq!(read.said, wage, "{}", text);
            prop_assert!(read.unread.is_empty(), "{}", text);
        }
    }
}
