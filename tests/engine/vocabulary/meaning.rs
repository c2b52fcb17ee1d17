//! Likeness by meaning: a classification of a dozen occupations, written for these tests, and what names make of it.

use proptest::prelude::*;
use wangjia::domain::codes::SkillLinkKind;
use wangjia::engine::similarity::SkillTable;
use wangjia::engine::vocabulary::meaning::{Meaning, Occupation};
use wangjia::engine::vocabulary::{Entry, Link, Step, Vocabulary};

use super::builtin;

/// Code, name and what people do there.
const CLASSIFICATION: &[(&str, &str, &str)] = &[
    ("1-00-00-00", "纺织人员", ""),
    ("1-01-01-01", "织布工", "看管织机，在机台间巡回挡车，处理断头，把经纱和纬纱织成布匹。"),
    ("1-01-01-02", "整经工", "看管整经机，把纱线卷成织轴。"),
    ("1-01-02-01", "纺纱工", "看管细纱机，接头落纱，把棉条纺成纱线。"),
    ("2-01-01-01", "叉车司机", "驾驶叉车搬运、堆放货物。"),
    ("2-01-01-02", "货车司机", "驾驶货车运送货物。"),
    ("3-01-01-01", "焊工", "使用焊机和焊条，电焊、气焊金属构件。"),
    ("3-01-02-01", "电工", "安装、检修电气线路和电动机。"),
    ("4-01-01-01", "收银员", "在商场、超市收取货款，开具票据。"),
    ("4-01-01-02", "营业员", "在商场、超市介绍、销售商品。"),
    ("5-01-01-01", "家畜饲养员", "饲养牛、羊、猪，打扫圈舍。"),
    ("5-01-01-02", "家禽饲养员", "饲养鸡、鸭、鹅，收捡禽蛋。"),
];

fn occupation((code, name, definition): &(&str, &str, &str)) -> Occupation {
    Occupation { code: (*code).to_owned(), name: (*name).to_owned(), definition: (*definition).to_owned() }
}

fn small() -> Meaning {
    Meaning::new(CLASSIFICATION.iter().map(occupation))
}

#[track_caller]
fn likeness(a: &str, b: &str) -> u16 {
    let meaning = small();
    let (a, b) = (meaning.concepts(a), meaning.concepts(b));
    assert_eq!(a.likeness(&b), b.likeness(&a));
    a.likeness(&b)
}

#[test]
fn a_heading_is_no_occupation() {
    assert_eq!(small().occupations().len(), CLASSIFICATION.len() - 1);
    assert!(Meaning::new([]).concepts("织布工").is_empty());
}

#[test]
fn names_without_a_common_letter_are_near_where_the_texts_say_so() {
    assert!(likeness("挡车工", "织布工") >= 7_000, "{}", likeness("挡车工", "织布工"));
    assert!(likeness("养猪", "饲养牛羊") > likeness("养猪", "收银"));
    assert!(likeness("挡车工", "织布工") > likeness("挡车工", "叉车司机"));
    let nearest = small().nearest("巡回挡车", 1).iter().map(|occupation| occupation.code.clone()).collect::<Vec<_>>();
    assert_eq!(nearest, ["1-01-01-01"]);
}

#[test]
fn near_letters_are_not_near_meaning() {
    assert!(likeness("电焊", "电工") < 6_000, "{}", likeness("电焊", "电工"));
    assert!(likeness("电焊", "焊工") > likeness("电焊", "电工"));
}

/// 挖机 and 吊机: what is left of both is the machine, but half of either name is not understood.
#[test]
fn what_no_text_mentions_makes_a_name_vague() {
    assert!(likeness("焊机", "焊机") > 9_900);
    assert!(likeness("挖机", "吊机") < 5_000, "{}", likeness("挖机", "吊机"));
    assert_eq!(likeness("潜水", "潜水"), 0);
    assert!(small().concepts("潜水").is_empty());
}

fn entry(id: i64, zh: &str) -> Entry {
    Entry { id, code: format!("code_{id}"), zh: zh.to_owned(), en: format!("Skill {id}") }
}

/// 织布, 电焊, 电工, 纺纱; whoever welds is said to be no electrician, whoever weaves to spin a little.
#[expect(clippy::unwrap_used, reason = "trades that contradict each other must stop every test")]
fn trades() -> Vocabulary {
    let entries = vec![entry(1, "织布"), entry(2, "电焊"), entry(3, "电工"), entry(4, "织机看管")];
    let link = |from, to, points| Link { from, to, kind: SkillLinkKind::Related, points };
    Vocabulary::new(entries, [], [link(1, 4, 3_000), link(2, 3, 0)]).unwrap()
}

#[test]
fn an_unknown_name_finds_its_skill_by_meaning_and_counts_less_than_any_link() {
    let mut vocabulary = trades();
    let before = vocabulary.intern("巡回挡车");
    vocabulary.set_meaning(small());
    let after = vocabulary.intern("挡车工");
    let weaving = vocabulary.resolve("织布").unwrap();
    let table = SkillTable::build(&vocabulary);
    for unknown in [before, after] {
        assert!((2_000..=2_400).contains(&table.points(unknown, weaving)), "{}", table.points(unknown, weaving));
        assert_eq!(table.points(unknown, weaving), table.points(weaving, unknown));
    }
    let found = vocabulary.suggest("挡车工", 9);
    assert!(
        found.iter().all(|f| f.step == Step::Meaning && f.points == table.points(after, f.skill)),
        "shown is what counts"
    );
    assert!(found.iter().any(|f| f.skill == weaving));
    assert_eq!(trades().suggest("挡车工", 9), [], "nobody says so without a classification");
}

#[test]
fn what_somebody_said_stands_against_meaning() {
    let mut vocabulary = trades();
    vocabulary.set_meaning(small());
    let table = SkillTable::build(&vocabulary);
    let skill = |name| vocabulary.resolve(name).unwrap();
    assert_eq!(table.points(skill("织布"), skill("织机看管")), 3_000, "the link as it was given");
    assert_eq!(table.points(skill("电焊"), skill("电工")), 0, "a link of nothing is a link");
    assert_eq!(table.points(skill("电工"), skill("电焊")), 0, "too far apart");
}

#[test]
fn the_same_table_for_any_number_of_threads_and_order() {
    let table = |threads: usize, occupations: Vec<Occupation>| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            let mut vocabulary = builtin().clone();
            vocabulary.set_meaning(Meaning::new(occupations));
            vocabulary.intern("巡回挡车");
            SkillTable::build(&vocabulary)
        })
    };
    let occupations: Vec<_> = CLASSIFICATION.iter().map(occupation).collect();
    let one = table(1, occupations.clone());
    assert_eq!(one, table(4, occupations.iter().rev().cloned().collect()));
    assert_eq!(one, table(2, occupations.into_iter().chain(CLASSIFICATION.iter().take(3).map(occupation)).collect()));
}

fn text() -> impl Strategy<Value = String> {
    let pieces = vec!["织", "布", "车", "工", "机", "电", "焊", "纱", "，", "（", "CNC", " ", "3", "é", "😀"];
    prop::collection::vec(prop::sample::select(pieces), 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_classification_gives_a_measure(
        texts in prop::collection::vec((text(), text(), 0..40_u8), 0..12),
        names in prop::collection::vec(text(), 2..6),
    ) {
        let occupations: Vec<_> = texts
            .into_iter()
            .map(|(name, definition, code)| Occupation { code: format!("{}-{}", code / 8, code % 8), name, definition })
            .collect();
        let meaning = Meaning::new(occupations.clone());
        let other_way = Meaning::new(occupations.into_iter().rev());
        for a in &names {
            let concepts = meaning.concepts(a);
            prop_assert_eq!(&concepts, &other_way.concepts(a));
            for b in &names {
                let likeness = concepts.likeness(&meaning.concepts(b));
                prop_assert!(likeness <= 10_000);
                prop_assert_eq!(likeness, meaning.concepts(b).likeness(&concepts));
            }
        }
        // The table keeps what it said, and says little more.
        let mut vocabulary = trades();
        for name in &names {
            vocabulary.intern(name);
        }
        let without = SkillTable::build(&vocabulary);
        vocabulary.set_meaning(meaning);
        let with = SkillTable::build(&vocabulary);
        for asked in (0..).take(vocabulary.len()).map(wangjia::engine::input::SkillId) {
            for (before, after) in without.row(asked).iter().zip(with.row(asked)) {
                prop_assert!(before == after || (*before == 0 && (2_000..=2_400).contains(after)));
            }
        }
    }
}
