//! The table of points, suggestions and pseudo entries.

use proptest::prelude::*;
use wangjia::domain::codes::SkillLinkKind;
use wangjia::engine::input::SkillId;
use wangjia::engine::similarity::{FULL, SkillTable};
use wangjia::engine::vocabulary::{Alias, Entry, Link, Step, Suggestion, Vocabulary, VocabularyError, builtin_links};

use super::builtin;

fn entry(id: i64, zh: &str) -> Entry {
    Entry { id, code: format!("code_{id}"), zh: zh.to_owned(), en: format!("Skill {id}") }
}

fn link(from: i64, to: i64, points: u16) -> Link {
    Link { from, to, kind: SkillLinkKind::Related, points }
}

fn alias(skill: i64, name: &str) -> Alias {
    Alias { skill, name: name.to_owned() }
}

/// 甲 → 乙 → 丙 → 丁, and a direct 甲 → 丙 in the second one.
#[expect(clippy::unwrap_used, reason = "a chain that contradicts itself must stop the test")]
fn chain(extra: &[Link]) -> SkillTable {
    let entries = vec![entry(10, "甲活计"), entry(20, "乙活计"), entry(30, "丙活计"), entry(40, "丁活计")];
    let links = [link(10, 20, 8_000), link(20, 30, 5_000), link(30, 40, 9_000)];
    let vocabulary = Vocabulary::new(entries, [], links.into_iter().chain(extra.iter().copied())).unwrap();
    SkillTable::build(&vocabulary)
}

const A: SkillId = SkillId(0);
const B: SkillId = SkillId(1);
const C: SkillId = SkillId(2);
const D: SkillId = SkillId(3);

#[test]
fn links_point_from_the_skill_held_to_the_skill_asked() {
    let table = chain(&[]);
    assert_eq!(table.len(), 4);
    assert_eq!(table.points(A, B), 8_000);
    assert_eq!(table.points(B, A), 0);
    assert_eq!(table.row(B), [8_000, FULL, 0, 0]);
}

#[test]
fn two_links_multiply_and_three_are_too_far() {
    let table = chain(&[]);
    assert_eq!(table.points(A, C), 4_000);
    assert_eq!(table.points(B, D), 4_500);
    assert_eq!(table.points(A, D), 0);
}

#[test]
fn what_somebody_said_stands_and_of_two_ways_the_better_counts() {
    assert_eq!(chain(&[link(10, 30, 1_000)]).points(A, C), 1_000);
    // The new link opens a second way from A to D: 1,000 by C is below the floor, 6,000 by B counts.
    assert_eq!(chain(&[link(10, 30, 1_000), link(20, 40, 7_500)]).points(A, D), 6_000);
}

#[test]
fn weak_links_do_not_compose() {
    assert_eq!(chain(&[link(40, 10, 2_400)]).points(D, B), 0);
    assert_eq!(chain(&[link(40, 10, 2_500)]).points(D, B), 2_000);
}

#[test]
fn an_id_of_another_vocabulary_shares_nothing() {
    let table = chain(&[]);
    assert_eq!(table.points(SkillId(9), A), 0);
    assert_eq!(table.points(A, SkillId(9)), 0);
    assert!(table.row(SkillId(u32::MAX)).is_empty());
}

#[test]
fn the_built_in_table_keeps_its_invariants() {
    let vocabulary = builtin();
    let table = SkillTable::build(vocabulary);
    assert_eq!(table.len(), vocabulary.n_known());
    for asked in (0..).map(SkillId).take(table.len()) {
        assert_eq!(table.points(asked, asked), FULL);
        let served = table.row(asked).iter().filter(|p| **p == FULL).count();
        assert_eq!(served, 1, "only the skill itself is the skill: {:?}", vocabulary.name(asked));
    }
    for l in builtin_links() {
        let id = |code| vocabulary.by_code(code).unwrap();
        assert_eq!(table.points(id(l.from), id(l.to)), l.points, "{l:?}");
    }
    assert_eq!(table, SkillTable::build(&Vocabulary::builtin().unwrap()));
}

#[test]
fn a_foreman_would_agree() {
    let vocabulary = builtin();
    let table = SkillTable::build(vocabulary);
    let points =
        |held: &str, asked: &str| table.points(vocabulary.resolve(held).unwrap(), vocabulary.resolve(asked).unwrap());
    for (held, better, worse) in [
        ("平缝", "缝纫", "冚车"),
        ("平缝", "冚车", "整烫"),
        ("苗绣", "刺绣", "钉珠"),
        ("月嫂", "育婴", "保洁"),
        ("二保焊", "电焊", "电工"),
        ("养猪", "养殖", "养鱼"),
        ("砌筑", "抹灰", "木工"),
        ("厨师", "做饭", "传菜"),
    ] {
        assert!(points(held, better) > points(held, worse), "{held}: {better} before {worse}");
    }
    // A qualified person serves as a helper better than a helper as a qualified person.
    for (qualified, helper) in
        [("缝纫", "车间辅工"), ("会计", "出纳"), ("护士", "护工"), ("钢筋工", "小工"), ("插件", "普工")]
    {
        assert!(points(qualified, helper) > points(helper, qualified), "{qualified} and {helper}");
    }
}

#[test]
fn an_unknown_name_becomes_one_pseudo_entry_for_all_its_spellings() {
    let mut vocabulary = builtin().clone();
    let known = vocabulary.n_known();
    let first = vocabulary.intern("星际领航");
    assert_eq!(first, SkillId(u32::try_from(known).unwrap()));
    assert_eq!(vocabulary.intern("【急招】星際領航 3名"), first);
    let second = vocabulary.intern("量子调酒煮面");
    assert_ne!(first, second);
    assert_eq!(vocabulary.intern("平车工"), vocabulary.by_code("flat_seam").unwrap());
    assert_eq!(vocabulary.len(), known + 2);
    assert_eq!(vocabulary.name(first), Some(("星际领航", "星际领航")));
    assert_eq!(vocabulary.entry(first), None);
    let queue: Vec<_> = vocabulary.unknown_names().collect();
    assert_eq!(queue, [(first, "星际领航"), (second, "量子调酒煮面")]);
    let table = SkillTable::build(&vocabulary);
    assert_eq!(table.points(first, first), FULL);
    assert_eq!(table.row(first).iter().filter(|p| **p > 0).count(), 1, "like nothing else");
}

#[test]
fn a_pseudo_entry_serves_where_its_letters_say_but_never_fully() {
    let mut vocabulary = builtin().clone();
    for (name, code, least) in [
        ("光抛打磨", "polishing", 9_000),
        ("蒸汽锅炉操作员", "boiler_operation", 5_000),
        ("景航分厂整烫工", "final_pressing", 6_000),
        ("太阳能热水器按安装", "solar_installation", 7_000),
        ("塑料托盘搬运工", "loading", 5_500),
        ("保洁、保安", "cleaning", 9_000),
        ("保洁、保安", "guarding", 9_000),
        ("保洁、星际领航", "cleaning", 8_000),
        ("消防月嫂", "maternity_care", 9_000),
        ("embroidry", "embroidery", 8_500),
    ] {
        let id = vocabulary.intern(name);
        let table = SkillTable::build(&vocabulary);
        let known = vocabulary.by_code(code).unwrap();
        for points in [table.points(id, known), table.points(known, id)] {
            assert!((least..FULL).contains(&points), "{name} and {code}: {points}");
        }
    }
}

#[test]
fn pseudo_entries_are_like_each_other() {
    let mut vocabulary = builtin().clone();
    let (a, b) = (vocabulary.intern("陨石切片检视工"), vocabulary.intern("陨石切片检视员"));
    let c = vocabulary.intern("火星基地陨石切片检视工");
    assert_ne!(a, b);
    let table = SkillTable::build(&vocabulary);
    assert_eq!((table.points(a, b), table.points(b, a)), (9_500, 9_500));
    assert_eq!((table.points(a, c), table.points(c, a)), (6_500, 6_500));
}

#[test]
fn suggestions_come_best_first_and_name_known_skills_only() {
    let mut vocabulary = builtin().clone();
    vocabulary.intern("蒸汽锅炉操作员");
    let found = vocabulary.suggest("蒸汽锅炉操作工", 3);
    assert_eq!(found.first().map(|f| f.skill), vocabulary.by_code("boiler_operation"));
    assert!(found.iter().all(|f| vocabulary.entry(f.skill).is_some() && f.step == Step::Fuzzy));
    let flat_seam = |step| Suggestion { skill: vocabulary.by_code("flat_seam").unwrap(), points: FULL, step };
    assert_eq!(vocabulary.suggest("平车工", 5), [flat_seam(Step::Alias)]);
    assert_eq!(vocabulary.suggest("【急招】平缝", 5), [flat_seam(Step::Exact)]);
    assert_eq!(vocabulary.suggest("平车工", 0), []);
    assert_eq!(vocabulary.suggest("", 5), []);
}

#[test]
fn several_names_are_all_found() {
    let vocabulary = builtin();
    let codes = |name: &str| {
        vocabulary.resolve_all(name).into_iter().map(|s| vocabulary.entry(s).unwrap().code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(codes("保洁、做饭"), ["cleaning", "cooking"]);
    assert_eq!(codes("保洁和做饭"), ["cleaning", "cooking"]);
    assert_eq!(codes("平车/平缝/锁边"), ["flat_seam", "overlock"]);
    assert_eq!(codes("平车打边"), ["flat_seam", "overlock"]);
    assert_eq!(codes("保洁、星际领航"), ["cleaning"]);
    assert_eq!(codes("平缝机操作工"), ["flat_seam"]);
    assert_eq!(codes("星际领航"), [""; 0]);
}

#[test]
fn users_add_names() {
    let entries = vec![entry(1, "平缝"), entry(2, "锁边")];
    let vocabulary = Vocabulary::new(entries.clone(), [alias(1, "走直线"), alias(2, "圈边(旺家)")], []).unwrap();
    assert_eq!(vocabulary.resolve("急招走直线"), Some(A));
    assert_eq!(vocabulary.resolve("圈边（旺家）"), Some(B));
    assert_eq!((vocabulary.by_row(2), vocabulary.by_row(3)), (Some(B), None));

    // The own name of a skill cannot be taken by another; the first alias holds.
    let vocabulary =
        Vocabulary::new(entries, [alias(1, "锁边"), alias(1, "走线"), alias(2, "走 线"), alias(2, "。")], []).unwrap();
    assert_eq!(vocabulary.resolve("锁边"), Some(B));
    assert_eq!(vocabulary.resolve("走线"), Some(A));
    let clashes: Vec<_> = vocabulary.clashes().iter().map(|c| (c.normalised.as_str(), c.kept, c.ignored)).collect();
    assert_eq!(clashes, [("锁边", B, A), ("走线", A, B)]);
}

#[test]
fn ids_follow_row_ids_whatever_the_order_of_rows() {
    let forth = Vocabulary::new(vec![entry(5, "甲活计"), entry(7, "乙活计")], [], []).unwrap();
    let back = Vocabulary::new(vec![entry(7, "乙活计"), entry(5, "甲活计")], [], []).unwrap();
    for v in [forth, back] {
        assert_eq!((v.by_row(5), v.by_row(7), v.by_code("code_7")), (Some(A), Some(B), Some(B)));
        assert_eq!(v.name(B), Some(("乙活计", "Skill 7")));
        assert_eq!(v.name(C), None);
    }
}

#[test]
fn rows_that_contradict_each_other_are_refused() {
    let twice = Vocabulary::new(vec![entry(1, "甲活计"), entry(1, "乙活计")], [], []);
    assert_eq!(twice.err(), Some(VocabularyError::DuplicateSkill(1)));
    let stray = Vocabulary::new(vec![entry(1, "甲活计")], [alias(2, "乙")], []);
    assert_eq!(stray.err(), Some(VocabularyError::UnknownSkill(2)));
    let stray = Vocabulary::new(vec![entry(1, "甲活计")], [], [link(1, 3, 5_000)]);
    assert_eq!(stray.err(), Some(VocabularyError::UnknownSkill(3)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_names_make_a_sound_table(names in prop::collection::vec("[平缝车焊电工保洁安员机操作(/、a-c1]{0,9}", 0..12)) {
        let mut vocabulary = builtin().clone();
        let ids: Vec<_> = names.iter().map(|n| vocabulary.intern(n)).collect();
        for (name, id) in names.iter().zip(&ids) {
            prop_assert_eq!(vocabulary.intern(name), *id, "a name means the same every time");
            prop_assert!(vocabulary.suggest(name, 3).is_sorted_by(|a, b| a.points > b.points || (a.points == b.points && a.skill < b.skill)));
        }
        let table = SkillTable::build(&vocabulary);
        prop_assert_eq!(table.len(), vocabulary.len());
        for a in ids.iter().copied() {
            prop_assert_eq!(table.points(a, a), FULL);
            prop_assert!(table.row(a).iter().enumerate().all(|(held, p)| *p < FULL || held == a.0 as usize));
        }
    }
}
