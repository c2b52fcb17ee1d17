//! What the name of a sheet and the rows above its head say of all its rows: whose workers they are, and how they work.
//!
//! Invariant: only what has no column of its own is taken from there, and that is said.

use unicode_normalization::UnicodeNormalization;

use super::field::Field;
use super::head::{Head, SheetKind};
use super::workbook::Sheet;
use crate::domain::codes::Channel;

/// Labels in front of the employer of a list.
const LABELS: &[&str] = &[
    "用工单位",
    "用人单位",
    "务工单位",
    "就业单位",
    "聘用单位",
    "企业名称",
    "公司名称",
    "单位名称",
    "工厂名称",
    "车间名称",
];
/// Names of employers end so.
const COMPANY_ENDS: &[&str] = &["公司", "厂", "合作社", "农场", "超市", "酒店"];
/// Kinds of workplace, which are nobody's name.
const NO_NAMES: &[&str] = &["微工厂", "社区工厂", "工厂", "企业", "公司"];
/// What lists of workers are called, behind the employer's name.
const OF_WORKERS: &[&str] =
    &["员工", "职工", "工人", "务工", "用工", "人员", "在岗", "在职", "就业", "花名册", "名册", "名单"];
/// Words of titles for a way of working.
const CHANNELS: &[(Channel, &[&str])] = &[
    (Channel::PublicWelfare, &["公益性岗位", "公益岗", "公益专岗", "村组公岗"]),
    (Channel::MicroFactory, &["微工厂", "社区工厂", "帮扶车间", "扶贫车间"]),
    (Channel::Outbound, &["外出务工", "省外务工", "劳务输出", "转移就业"]),
    (Channel::Flexible, &["灵活就业"]),
    (Channel::Local, &["就近就业", "本地就业", "就地就近"]),
];

/// What holds for every row of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption {
    pub employer: Option<String>,
    pub channel: Option<Channel>,
}

/// Reads what the head has no column for.
pub fn read(sheet: &Sheet, head: &Head) -> Caption {
    if !head.kind.tells_of_jobs() {
        return Caption::default();
    }
    let above: Vec<Vec<String>> = sheet.rows[..head.first_row.min(sheet.rows.len())]
        .iter()
        .map(|row| row.cells.iter().map(|cell| cell.display().nfkc().collect()).collect())
        .collect();
    let has = |fields: &[Field]| fields.iter().any(|field| head.has(*field));
    let employer = (head.kind == SheetKind::Job && !has(&[Field::Employer, Field::PostingCode]))
        .then(|| above.iter().find_map(|row| labelled(row).or_else(|| row.iter().find_map(|text| titled(text)))))
        .flatten();
    let names_channel = has(&[Field::Channel, Field::JobType, Field::Feature, Field::Region]);
    let name: String = sheet.name.nfkc().collect();
    let mut channels: Vec<Channel> = above
        .iter()
        .flatten()
        .chain([&name])
        .flat_map(|text| CHANNELS.iter().filter(|(_, words)| words.iter().any(|word| text.contains(word))))
        .map(|(channel, _)| *channel)
        .collect();
    channels.dedup();
    let channel = match channels[..] {
        [only] if !names_channel && head.job_groups.is_empty() => Some(only),
        _ => None,
    };
    Caption { employer, channel }
}

/// `用工单位:铜仁旺芯电子有限公司(微工厂)`, or the name in the cell behind.
fn labelled(row: &[String]) -> Option<String> {
    row.iter().enumerate().find_map(|(column, text)| {
        let (_, rest) = LABELS.iter().find_map(|label| text.split_once(label))?;
        let rest = rest.trim_start().strip_prefix(':').or_else(|| rest.trim().is_empty().then_some(""))?;
        let behind = || row[column + 1..].iter().find(|text| !text.trim().is_empty()).map(String::as_str);
        let name = if rest.trim().is_empty() { behind()? } else { rest };
        company(name.split_whitespace().next()?)
    })
}

/// `2026年铜仁旺芯电子有限公司员工花名册`.
fn titled(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let name = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '年' | '月' | '度' | '.' | '-'));
    // The bracket behind the name explains it.
    let of_workers = |rest: &str| {
        let rest = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest);
        OF_WORKERS.iter().any(|word| rest.starts_with(word))
    };
    let ends = COMPANY_ENDS.iter().flat_map(|end| name.match_indices(end).map(|(at, end)| at + end.len()));
    let end = ends.filter(|&end| of_workers(&name[end..])).min()?;
    company(&name[..end])
}

fn company(name: &str) -> Option<String> {
    let name = name.split('(').next().unwrap_or(name).trim();
    let is_name = name.chars().count() >= 4 && !NO_NAMES.iter().any(|word| name == *word || is_of_place(name, word));
    is_name.then(|| name.to_owned())
}

/// 旺家社区微工厂: a workplace, not a company.
fn is_of_place(name: &str, word: &str) -> bool {
    matches!(word, "微工厂" | "社区工厂") && name.ends_with(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_employer_stands_behind_its_label_or_in_the_title() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        for (cells, name) in [
            (vec!["用工单位:铜仁旺芯电子有限公司(微工厂)  填表日期:2026.10"], Some("铜仁旺芯电子有限公司")),
            (vec!["", "单位名称:", "", "景航服装厂"], Some("景航服装厂")),
            (vec!["企业名称", "景航服装厂"], Some("景航服装厂")),
            (vec!["填报单位:旺家社区"], None),
            (vec!["用工单位:"], None),
        ] {
            assert_eq!(labelled(&row(&cells)).as_deref(), name, "{cells:?}");
        }
        for (title, name) in [
            ("2026年铜仁旺芯电子有限公司员工花名册", Some("铜仁旺芯电子有限公司")),
            ("景航服装厂(微工厂)在岗人员名单", Some("景航服装厂")),
            ("旺家社区微工厂员工花名册", None),
            ("劳动力就业台账", None),
            ("园区企业用工情况表", None),
        ] {
            assert_eq!(titled(title).as_deref(), name, "{title}");
        }
    }
}
