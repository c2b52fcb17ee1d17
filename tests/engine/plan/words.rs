//! Reasons and changes in words: what is said is what the evidence says, in both languages.

use wangjia::domain::text::Text;
use wangjia::engine::input::{NameId, SkillId};
use wangjia::engine::plan::change::{Change, Relax};
use wangjia::engine::plan::uncovered::{Competition, Reason, Report, Uncovered};
use wangjia::engine::plan::{Objective, Pair, gap::Ranked};
use wangjia::engine::words::uncovered::{PlanNames, sentences};
use wangjia::engine::words::{Names, what_ifs};

struct Book;

impl Names for Book {
    fn skill(&self, id: SkillId) -> Text {
        Text::new(format!("技能{}", id.0), format!("skill {}", id.0))
    }

    fn name(&self, id: NameId) -> Text {
        Text::new(format!("名称{}", id.0), format!("name {}", id.0))
    }
}

impl PlanNames for Book {
    fn posting(&self, index: u32) -> Text {
        Text::new(format!("岗位{index}"), format!("posting {index}"))
    }
}

#[track_caller]
fn says(reason: Reason, competitions: Vec<Competition>, zh: &[&str], en: &[&str]) {
    let found = Uncovered { household: 0, weight: 1, reason };
    let said = sentences(&found, &Report { households: vec![found.clone()], competitions }, &Book);
    assert_eq!(said.iter().map(|text| text.zh.as_str()).collect::<Vec<_>>(), zh);
    assert_eq!(said.iter().map(|text| text.en.as_str()).collect::<Vec<_>>(), en);
}

#[test]
fn each_reason_is_said_with_its_numbers() {
    says(
        Reason::Unwilling { members: vec![3, 4] },
        vec![],
        &["2 名可就业成员均登记为暂无就业意愿"],
        &["all 2 employable members are recorded as not wanting work"],
    );
    says(
        Reason::CareLimit { n_pairs: 1, barred: vec![] },
        vec![],
        &["有 1 个符合条件的组合，但家中照护离不开人，无人可外出"],
        &["1 pair is eligible, but nobody can be spared from care at home"],
    );
    let pair = |resident, posting| Pair { resident, posting };
    says(
        Reason::CareLimit { n_pairs: 2, barred: vec![pair(0, 2), pair(1, 2)] },
        vec![],
        &["1 个岗位的其他条件都符合，只是上班时间要在家照护：岗位2"],
        &["1 posting where everything fits but the hours of care at home: posting 2"],
    );
    says(
        Reason::Declined { pairs: vec![pair(0, 2), pair(1, 2), pair(0, 5)] },
        vec![],
        &["其他条件都符合的 2 个岗位近期均已拒绝：岗位2、岗位5"],
        &["2 postings where everything else fits were declined lately: posting 2, posting 5"],
    );
    says(
        Reason::NoEligiblePosting { forbidden: vec![], left_out: vec![7], shut: None },
        vec![],
        &["1 名成员要求不作自动推荐，未列入安排，可由工作人员当面了解"],
        &["1 member asked for no automated recommendation, so no plan has them; a counselor may ask in person"],
    );
    says(
        Reason::NoEligiblePosting { forbidden: vec![pair(0, 1)], left_out: vec![], shut: None },
        vec![],
        &["符合条件的岗位有 1 个，都已由工作人员排除：岗位1"],
        &["1 posting is eligible, and people decided against every one: posting 1"],
    );
    let set = Competition {
        postings: vec![1, 2, 3, 4, 5],
        n_vacancies: 9,
        n_pinned: 2,
        placed: (10..17).collect(),
        uncovered: vec![0, 20],
        lightest: Some(1),
    };
    says(
        Reason::OutCompeted { postings: vec![1, 2, 3, 4], competition: 0 },
        vec![set],
        &[
            "符合条件的岗位有 4 个，但空缺都已安排出去：岗位1、岗位2、岗位3等，另 1 个",
            "9 户只能去 5 个岗位，可用空缺共 7 个（另有 2 个已定人选）：怎么安排都有 2 户没有岗位",
        ],
        &[
            "4 postings are eligible, but every place is taken: posting 1, posting 2, posting 3 and 1 more",
            "9 households can only go to 5 postings with 7 places in all (2 more already promised to somebody): whoever gets them, 2 households stay without",
        ],
    );
}

#[test]
fn a_change_is_said_with_what_it_is_worth() {
    let ranked = |change, covers: Vec<u32>, uncovers: Vec<u32>, n_units| Ranked {
        change,
        n_units,
        gain: Objective::default(),
        covers,
        uncovers,
        trainees: vec![],
        at_most: 0,
    };
    let said = what_ifs::ranked(&ranked(Change::MoreVacancies { posting: 4, n: 1 }, vec![1], vec![], 1), &Book);
    assert_eq!(
        said,
        Text::new("岗位4增加 1 个空缺：可多覆盖 1 户", "1 more vacancy at posting 4: 1 more household covered")
    );
    let wider = Change::Relaxed { posting: 4, relax: Relax::Age { min: None, max: Some(50) } };
    let said = what_ifs::ranked(&ranked(wider, vec![1, 2], vec![3], 1), &Book);
    assert_eq!(said.zh, "岗位4：年龄放宽到 50 周岁以下（含）：可多覆盖 1 户（2 户新覆盖，1 户让出）");
    let same = Change::Relaxed { posting: 4, relax: Relax::Training };
    let said = what_ifs::ranked(&ranked(same, vec![1, 2], vec![3, 5], 1), &Book);
    assert!(said.zh.ends_with("覆盖户数不变（2 户换 2 户）"), "{said}");
    let course = Change::Course { skill: SkillId(2), level: 3, seats: 10 };
    let said = what_ifs::ranked(&ranked(course, vec![1, 2, 3], vec![], 3), &Book);
    assert_eq!(said.en, "a course in skill 2 (to level 3, 10 seats): 3 more households covered, with 3 seats taken");
    let idle = Change::MoreVacancies { posting: 4, n: 2 };
    let said = what_ifs::ranked(&ranked(idle, vec![], vec![], 2), &Book);
    assert_eq!(
        said,
        Text::new("岗位4增加 2 个空缺：不会多覆盖一户", "2 more vacancies at posting 4: covers no other household")
    );
    let promised = Ranked {
        gain: Objective { covered: 1, kept: -2, suitability: 0 },
        ..ranked(Change::MoreVacancies { posting: 4, n: 1 }, vec![1], vec![], 1)
    };
    let said = what_ifs::ranked(&promised, &Book);
    assert!(said.zh.ends_with("可多覆盖 1 户，少保留 2 项承诺"), "{said}");
    assert!(said.en.ends_with("1 more household covered, 2 promises less kept"), "{said}");
    let gone = Change::TenantRemoved { employer: NameId(3), closes: vec![], laid_off: vec![], uncovers: vec![] };
    let said = what_ifs::ranked(&ranked(gone.clone(), vec![], vec![2, 3], 1), &Book);
    assert!(
        said.zh.ends_with("撤出：少覆盖 2 户") && said.en.ends_with("leaves: 2 fewer households covered"),
        "{said}"
    );
    let said = what_ifs::ranked(&ranked(gone, vec![1], vec![2, 3, 4], 1), &Book);
    assert!(said.zh.ends_with("撤出：少覆盖 2 户（3 户失去岗位，1 户补上）"), "{said}");
    assert!(said.en.ends_with("leaves: 2 fewer households covered (3 lose their place, 1 get one)"), "{said}");
}
