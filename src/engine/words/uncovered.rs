//! Why a household is still uncovered, in words made from the evidence.

use super::{Names, barred};
use crate::domain::text::{Text, counted};
use crate::engine::gates::GATES;
use crate::engine::plan::Pair;
use crate::engine::plan::uncovered::{Competition, Opening, Reason, Report, Shut, Uncovered};

/// Names of what a plan refers to by index.
pub trait PlanNames: Names {
    fn posting(&self, index: u32) -> Text;
}

/// Postings and gates named in one sentence at most; the rest is a number.
const NAMED: usize = 3;

/// The reason with its evidence, most important first.
#[must_use]
pub fn sentences(found: &Uncovered, report: &Report, names: &dyn PlanNames) -> Vec<Text> {
    match &found.reason {
        Reason::Unwilling { members } => vec![unwilling(members.len())],
        Reason::Declined { pairs } => vec![declined(pairs, names)],
        Reason::NoEligiblePosting { forbidden, .. } if !forbidden.is_empty() => vec![against(forbidden, names)],
        Reason::NoEligiblePosting { left_out, shut, .. } => {
            let shut = shut.as_deref().filter(|shut| shut.n_pairs > 0);
            let mut all = Vec::new();
            if !left_out.is_empty() {
                all.push(no_automation(left_out.len(), shut.is_some()));
            }
            if left_out.is_empty() || shut.is_some() {
                all.push(nothing_eligible(shut));
            }
            if let Some(shut) = shut {
                all.extend(gates(shut));
                // Who is left out might be helped by hand, so it is not said that nothing can be done.
                if shut.smallest.is_some() || left_out.is_empty() {
                    all.push(nearest(shut.smallest.as_ref(), names));
                }
            }
            all
        }
        Reason::CareLimit { n_pairs, barred } if barred.is_empty() => vec![care(*n_pairs)],
        Reason::CareLimit { barred, .. } => vec![carer(barred, names)],
        Reason::OutCompeted { postings, competition } => {
            let set = report.competitions.get(*competition);
            set.into_iter().flat_map(|set| [own_postings(postings, names), competing(set)]).collect()
        }
    }
}

fn unwilling(n: usize) -> Text {
    let en = if n == 1 {
        "the only employable member is recorded as not wanting work".to_owned()
    } else {
        format!("all {n} employable members are recorded as not wanting work")
    };
    Text::new(format!("{n} 名可就业成员均登记为暂无就业意愿"), en)
}

fn declined(pairs: &[Pair], names: &dyn PlanNames) -> Text {
    let (n, list) = postings_of(pairs, names);
    Text::new(
        format!("其他条件都符合的 {n} 个岗位近期均已拒绝：{}", list.zh),
        format!(
            "{} everything else fits were declined lately: {}",
            counted(n as u64, "posting where", "postings where"),
            list.en
        ),
    )
}

fn nothing_eligible(shut: Option<&Shut>) -> Text {
    match shut {
        Some(shut) if shut.n_pairs > 0 => Text::new(
            format!("没有一个岗位符合条件（成员与岗位的 {} 个组合都被拦下）", shut.n_pairs),
            format!(
                "no posting is eligible ({} of a member and a posting, all barred)",
                counted(shut.n_pairs, "pair", "pairs")
            ),
        ),
        _ => Text::new("没有一个符合条件的岗位", "no posting is eligible"),
    }
}

fn no_automation(n: usize, others: bool) -> Text {
    let (zh, en) = if others { ("；其余成员：", "; of the others:") } else { ("", "") };
    Text::new(
        format!("{n} 名成员要求不作自动推荐，未列入安排，可由工作人员当面了解{zh}"),
        format!(
            "{} asked for no automated recommendation, so no plan has them; a counselor may ask in person{en}",
            counted(n as u64, "member", "members")
        ),
    )
}

fn against(pairs: &[Pair], names: &dyn PlanNames) -> Text {
    let (n, list) = postings_of(pairs, names);
    Text::new(
        format!("符合条件的岗位有 {n} 个，都已由工作人员排除：{}", list.zh),
        format!(
            "{} eligible, and people decided against every one: {}",
            counted(n as u64, "posting is", "postings are"),
            list.en
        ),
    )
}

/// The gates that barred most, with their counts.
fn gates(shut: &Shut) -> Option<Text> {
    let mut most: Vec<(u64, usize)> = shut.barred.any.iter().copied().zip(0..).filter(|(n, _)| *n > 0).collect();
    most.sort_by_key(|(n, gate)| (std::cmp::Reverse(*n), *gate));
    let named = most.iter().take(NAMED).map(|(n, gate)| (*n, GATES[*gate].label));
    let (zh, en): (Vec<String>, Vec<String>) =
        named.map(|(n, label)| (format!("{} {n} 个", label.zh), format!("{} {n}", label.en))).unzip();
    (!zh.is_empty()).then(|| {
        Text::new(
            format!("拦下组合最多的条件：{}（一个组合可被几个条件拦下）", zh.join("、")),
            format!("barred most often by: {} (a pair can be barred by several)", en.join(", ")),
        )
    })
}

fn nearest(smallest: Option<&Opening>, names: &dyn PlanNames) -> Text {
    let Some(opening) = smallest else {
        return Text::new(
            "每个组合都受法定、本人或身体条件限制，放宽岗位要求也无济于事",
            "every pair meets a bar of law, of the person's own or of capacity; relaxing a posting would not help",
        );
    };
    let posting = names.posting(opening.pair.posting);
    let reasons: Vec<Text> = opening.gates.iter().map(|result| barred::sentence(result, names)).collect();
    let zh: Vec<&str> = reasons.iter().map(|text| text.zh.as_str()).collect();
    let en: Vec<&str> = reasons.iter().map(|text| text.en.as_str()).collect();
    Text::new(
        format!("最接近的是{}，只差：{}", posting.zh, zh.join("；")),
        format!("nearest is {}, short only of: {}", posting.en, en.join("; ")),
    )
}

fn care(n_pairs: u64) -> Text {
    Text::new(
        format!("有 {n_pairs} 个符合条件的组合，但家中照护离不开人，无人可外出"),
        format!("{} eligible, but nobody can be spared from care at home", counted(n_pairs, "pair is", "pairs are")),
    )
}

fn carer(pairs: &[Pair], names: &dyn PlanNames) -> Text {
    let (n, list) = postings_of(pairs, names);
    Text::new(
        format!("{n} 个岗位的其他条件都符合，只是上班时间要在家照护：{}", list.zh),
        format!(
            "{} everything fits but the hours of care at home: {}",
            counted(n as u64, "posting where", "postings where"),
            list.en
        ),
    )
}

/// How many postings these pairs are about, and the first of them.
fn postings_of(pairs: &[Pair], names: &dyn PlanNames) -> (usize, Text) {
    let mut postings: Vec<u32> = pairs.iter().map(|pair| pair.posting).collect();
    postings.sort_unstable();
    postings.dedup();
    (postings.len(), listed(&postings, names))
}

fn own_postings(postings: &[u32], names: &dyn PlanNames) -> Text {
    let list = listed(postings, names);
    Text::new(
        format!("符合条件的岗位有 {} 个，但空缺都已安排出去：{}", postings.len(), list.zh),
        format!(
            "{} eligible, but every place is taken: {}",
            counted(postings.len() as u64, "posting is", "postings are"),
            list.en
        ),
    )
}

fn competing(set: &Competition) -> Text {
    let n_households = set.placed.len() + set.uncovered.len();
    let (n_postings, places, left) = (set.postings.len(), set.n_places(), set.uncovered.len());
    let (zh_pinned, en_pinned) = if set.n_pinned > 0 {
        (
            format!("（另有 {} 个已定人选）", set.n_pinned),
            format!(" ({} more already promised to somebody)", set.n_pinned),
        )
    } else {
        Default::default()
    };
    Text::new(
        format!(
            "{n_households} 户只能去 {n_postings} 个岗位，可用空缺共 {places} 个{zh_pinned}：怎么安排都有 {left} 户没有岗位"
        ),
        format!(
            "{} can only go to {} with {} in all{en_pinned}: whoever gets them, {} without",
            counted(n_households as u64, "household", "households"),
            counted(n_postings as u64, "posting", "postings"),
            counted(places, "place", "places"),
            counted(left as u64, "household stays", "households stay"),
        ),
    )
}

/// The first few postings by name, and how many more.
pub(super) fn listed(postings: &[u32], names: &dyn PlanNames) -> Text {
    let named: Vec<Text> = postings.iter().take(NAMED).map(|p| names.posting(*p)).collect();
    let zh: Vec<&str> = named.iter().map(|text| text.zh.as_str()).collect();
    let en: Vec<&str> = named.iter().map(|text| text.en.as_str()).collect();
    match postings.len().saturating_sub(NAMED) {
        0 => Text::new(zh.join("、"), en.join(", ")),
        more => Text::new(format!("{}等，另 {more} 个", zh.join("、")), format!("{} and {more} more", en.join(", "))),
    }
}
