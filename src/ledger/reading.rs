//! The rows of a sheet, one after the other, into records.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::caption::{self, Caption};
use super::field::Field;
use super::finding::{Finding, FindingCode};
use super::group::Unread;
use super::head::{Head, Kept, SheetKind};
use super::mapping::Meanings;
use super::record::{At, Records};
use super::row::RowCells;
use super::skipped::not_data;
use super::workbook::{Row, Sheet};
use super::{course, job, person, posting, words};
use crate::domain::codes::Relation;
use crate::domain::fold;
use crate::domain::text::Text;

/// What the rows of the sheets are read into.
pub(super) struct Reading<'a> {
    pub as_of: NaiveDate,
    pub meanings: &'a Meanings,
    pub records: &'a mut Records,
    pub findings: &'a mut Vec<Finding>,
    /// Rows of people that could not be read.
    pub unread: &'a mut Vec<Unread>,
}

impl Reading<'_> {
    /// Whether the sheet has any rows. `spoiled` are those that cannot be read whatever their cells say; why was told before.
    pub fn sheet(
        &mut self,
        index: usize,
        sheet: &Sheet,
        head: &Head,
        spoiled: &BTreeSet<u32>,
        rejected: &mut BTreeSet<At>,
    ) -> bool {
        self.columns(sheet, head);
        let caption = &self.caption(sheet, head);
        let rows = &sheet.rows[head.first_data.min(sheet.rows.len())..];
        if !head.missing.is_empty() {
            // One finding for the sheet instead of one for each of its rows.
            let titles: Vec<&str> = head.missing.iter().map(|field| field.title()).collect();
            let titles = titles.join("、");
            let text = Text::new(titles.clone(), titles);
            self.findings.push(Finding::new(FindingCode::ColumnMissing, &sheet.name, 0, &text));
            rejected.extend(rows.iter().map(|row| At { sheet: index, row: row.number }));
            return true;
        }
        let mut has_data = false;
        for (row, below) in rows.iter().zip(rows.iter().skip(1).map(Some).chain([None])) {
            let at = At { sheet: index, row: row.number };
            let is_read = match not_data(head, row, below) {
                None if spoiled.contains(&row.number) => false,
                None => self.row(at, sheet, (head, caption), row),
                Some(Some(code)) => {
                    has_data = true;
                    self.findings.push(Finding::new(code, &sheet.name, row.number, &Text::new("", "")));
                    continue;
                }
                Some(None) => continue,
            };
            has_data = true;
            if !is_read && matches!(head.kind, SheetKind::Labour | SheetKind::Household | SheetKind::Member) {
                self.unread.push(unread(at, head, row));
            }
        }
        has_data
    }

    fn columns(&mut self, sheet: &Sheet, head: &Head) {
        for &(column, kept) in &head.notes {
            let code = match kept {
                Kept::Twice => FindingCode::ColumnTwice,
                Kept::Unknown if tells_of_ends(head.title(column)) => FindingCode::ColumnTelling,
                Kept::Unknown => FindingCode::ColumnUnknown,
                Kept::Noted(_) | Kept::Given => continue,
            };
            let title = head.title(column);
            let mut finding = Finding::new(code, &sheet.name, head.row_number, &Text::new(title, title));
            if matches!(head.kind, SheetKind::Building | SheetKind::JobEnd) {
                let zh = format!("“{title}”一列本表用不上，内容未保存。");
                finding =
                    finding.saying(Text::new(zh, format!("Column \"{title}\" is of no use here and was not stored.")));
            }
            self.findings.push(finding.at(Some(title)));
        }
        if matches!(head.kind, SheetKind::Job | SheetKind::Business | SheetKind::Training) {
            let lost = (0..head.titles().len()).filter_map(|column| head.field_of(column));
            let lost: Vec<&str> =
                lost.filter(|field| !head.kind.stores(*field)).filter_map(|field| head.title_of(field)).collect();
            if !lost.is_empty() {
                self.of_sheet(FindingCode::ColumnsNotStored, sheet, head, &Text::new(lost.join("、"), lost.join(", ")));
            }
        }
    }

    /// What stands above the head, and that nothing tells the channel of the jobs.
    fn caption(&mut self, sheet: &Sheet, head: &Head) -> Caption {
        let caption = caption::read(sheet, head);
        if let Some(employer) = &caption.employer {
            self.of_sheet(FindingCode::EmployerFromTitle, sheet, head, &Text::new(employer, employer));
        }
        if let Some(channel) = caption.channel {
            self.of_sheet(FindingCode::ChannelFromTitle, sheet, head, &Text::from(channel.label()));
        }
        caption
    }

    /// Tells something once of a whole sheet.
    fn of_sheet(&mut self, code: FindingCode, sheet: &Sheet, head: &Head, argument: &Text) {
        self.findings.push(Finding::new(code, &sheet.name, head.row_number, argument));
    }

    /// Whether the row became a record.
    fn row(&mut self, at: At, sheet: &Sheet, (head, caption): (&Head, &Caption), row: &Row) -> bool {
        let records = &mut *self.records;
        let cells = &mut RowCells::new(at, self.as_of, sheet, (head, caption), self.meanings, row, self.findings);
        match head.kind {
            SheetKind::Labour | SheetKind::Household | SheetKind::Member => {
                if let Some(read) = person::person(cells, head.kind) {
                    records.people.push(read.person);
                    records.jobs.extend(read.jobs);
                    records.trainings.extend(read.course);
                }
            }
            SheetKind::Job | SheetKind::Business => {
                let listed = if head.kind == SheetKind::Job { job::job_row(cells) } else { job::business(cells) };
                records.jobs.extend(listed.jobs);
                records.idle.extend(listed.idle);
                records.trainings.extend(listed.course);
            }
            SheetKind::JobEnd => records.job_ends.extend(job::job_end(cells)),
            SheetKind::Training => records.trainings.extend(course::training(cells)),
            SheetKind::Posting => records.postings.extend(posting::posting(cells)),
            SheetKind::Building => records.buildings.extend(posting::building(cells)),
        }
        !cells.failed()
    }
}

/// Whether a column nobody knows may say that a job, or a life, is over.
fn tells_of_ends(title: &str) -> bool {
    ["离职", "离岗", "退出", "退岗", "在岗", "在职", "结束", "终止", "去世", "死亡", "解聘"]
        .iter()
        .any(|word| title.contains(word))
}

/// What the rows below may depend on of a row that could not be read.
fn unread(at: At, head: &Head, row: &Row) -> Unread {
    let said = |field| {
        let text = head.column(field).map(|column| row.cell(column).display()).unwrap_or_default();
        let text = text.trim().to_owned();
        (!words::is_nothing(&words::fold(&text))).then_some(text)
    };
    let name = |field| said(field).map(|text| fold::name(&text).unwrap_or(text));
    let (code, head_name) = (said(Field::HouseholdCode), name(Field::HeadName));
    let is_head = match said(Field::Relation) {
        Some(word) => words::relation(&word).is_none_or(|relation| relation == Relation::Head),
        None => head_name.is_some() && head_name == name(Field::Name),
    };
    Unread { at, opens: is_head || code.is_some() || said(Field::HeadId).is_some(), code, head_name }
}
