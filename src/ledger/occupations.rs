//! What does a file of a classification of occupations say?
//!
//! A table with the columns code, name and definition in any order, under these names or 代码 / 编码, 名称 / 职业名称 and 定义 / 描述; the first
//! row that is not empty is the head, other columns (level) are passed over. A heading of a group has no definition. The
//! national classification of 2022 marks digital and green occupations with S and L behind the name; the marks go. Files of it
//! repeat a row here and there, or name a group and its only occupation by one code: rows of one code count as one as long as
//! they do not contradict.
//!
//! Invariant: either all rows are read or every fault is told, each with its row as spreadsheet programs count. Cost: one pass.

use std::collections::HashMap;

use super::refusal::Refusal;
use super::workbook::{self, Cell, Row};
use crate::domain::text::Text;

/// Longest code, name and definition, in characters.
const MAX_CODE: usize = 40;
const MAX_NAME: usize = 200;
const MAX_DEFINITION: usize = 2_000;

/// A row of a classification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OccupationRow {
    pub code: String,
    pub name: String,
    /// Empty for the heading of a group.
    pub definition: String,
}

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Code,
    Name,
    Definition,
}

impl Column {
    const ALL: [Self; 3] = [Self::Code, Self::Name, Self::Definition];

    const fn titles(self) -> &'static [&'static str] {
        match self {
            Self::Code => &["code", "代码", "编码", "职业代码", "职业编码"],
            Self::Name => &["name", "名称", "职业名称"],
            Self::Definition => &["definition", "定义", "职业定义", "描述", "职业描述"],
        }
    }

    const fn limit(self) -> usize {
        match self {
            Self::Code => MAX_CODE,
            Self::Name => MAX_NAME,
            Self::Definition => MAX_DEFINITION,
        }
    }
}

/// Why a file is no classification.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    #[error("{}", Text::from(*.0).en)]
    File(#[from] Refusal),
    #[error("no column {0:?} in the head")]
    NoColumn(Column),
    #[error("no {0:?}")]
    Empty(Column),
    #[error("{0:?} too long")]
    TooLong(Column),
    #[error("{0:?} is not text")]
    NotText(Column),
    #[error("row {0} has the code and says otherwise")]
    Repeated(u32),
    #[error("no definition in the whole file")]
    NoDefinition,
}

/// A fault and where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {row}: {kind}")]
pub struct Fault {
    /// As spreadsheet programs count; 0 for the file as a whole.
    pub row: u32,
    pub kind: FaultKind,
}

impl Fault {
    /// The reason as people read it.
    #[must_use]
    pub fn text(&self) -> Text {
        match self.kind {
            FaultKind::File(refusal) => refusal.into(),
            FaultKind::NoColumn(column) => {
                let title = column.titles()[0];
                Text::new(
                    format!("表头缺少“{title}”列。表头应为 code,name,definition，可另有 level 列。"),
                    format!(
                        "The head has no column `{title}`. It reads code,name,definition; a column level may be added."
                    ),
                )
            }
            FaultKind::Empty(column) => {
                let title = column.titles()[0];
                Text::new(format!("“{title}”为空，请填写。"), format!("`{title}` is empty. Please fill it in."))
            }
            FaultKind::TooLong(column) => {
                let (title, limit) = (column.titles()[0], column.limit());
                Text::new(
                    format!("“{title}”超过 {limit} 个字，请缩短。"),
                    format!("`{title}` has more than {limit} characters. Please shorten it."),
                )
            }
            FaultKind::NotText(column) => {
                let title = column.titles()[0];
                Text::new(
                    format!("“{title}”不是文本（可能被表格软件改成了日期），请将该列设为文本格式。"),
                    format!(
                        "`{title}` is not text (a spreadsheet program may have made it a date). Please format the column as text."
                    ),
                )
            }
            FaultKind::Repeated(first) => Text::new(
                format!("代码与第 {first} 行相同，内容却不同，请核对。"),
                format!("Row {first} has this code too and says something else. Please check both."),
            ),
            FaultKind::NoDefinition => Text::new(
                "没有一个职业写有定义，无法按含义比较名称。",
                "No occupation has a definition, so names cannot be compared by meaning.",
            ),
        }
    }
}

/// Reads a classification from a CSV or XLSX file; of a workbook, its first sheet that is not empty.
///
/// # Errors
/// Every fault, in the order of rows.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Vec<OccupationRow>, Vec<Fault>> {
    let whole = |kind: FaultKind| vec![Fault { row: 0, kind }];
    let book = workbook::read(bytes, file_name).map_err(|refusal| whole(refusal.into()))?;
    let rows = book.sheets.into_iter().map(|sheet| sheet.rows).find(|rows| !rows.is_empty()).unwrap_or_default();
    let Some((head, rows)) = rows.split_first() else { return Err(whole(Refusal::Empty.into())) };
    let [code, name, definition] = columns(head)?;

    let mut occupations: Vec<OccupationRow> = Vec::with_capacity(rows.len());
    let mut faults = Vec::new();
    // Row and place of each code.
    let mut met: HashMap<String, (u32, usize)> = HashMap::new();
    for row in rows {
        let mut cell = |column: Column, at: usize| {
            let (text, fault) = read_cell(row.cell(at), column);
            faults.extend(fault.map(|kind| Fault { row: row.number, kind }));
            text
        };
        let occupation = OccupationRow {
            code: cell(Column::Code, code),
            name: without_marks(&cell(Column::Name, name)).to_owned(),
            definition: cell(Column::Definition, definition),
        };
        match met.get(&occupation.code) {
            Some((first, at)) if !occupation.code.is_empty() => {
                if !repeats(&mut occupations[*at], &occupation) {
                    faults.push(Fault { row: row.number, kind: FaultKind::Repeated(*first) });
                }
            }
            _ => {
                met.insert(occupation.code.clone(), (row.number, occupations.len()));
                occupations.push(occupation);
            }
        }
    }
    if faults.is_empty() && occupations.iter().all(|occupation| occupation.definition.is_empty()) {
        return Err(whole(FaultKind::NoDefinition));
    }
    if faults.is_empty() { Ok(occupations) } else { Err(faults) }
}

/// Whether a row of the same code says the same; a definition that was missing is taken over.
fn repeats(kept: &mut OccupationRow, next: &OccupationRow) -> bool {
    if kept.definition.is_empty() {
        kept.definition.clone_from(&next.definition);
    }
    kept.name == next.name && (next.definition.is_empty() || kept.definition == next.definition)
}

/// Where the columns are, in the order of [`Column::ALL`].
fn columns(head: &Row) -> Result<[usize; 3], Vec<Fault>> {
    let titles: Vec<String> = head.cells.iter().map(|cell| super::key(&cell.display())).collect();
    let at = Column::ALL.map(|column| titles.iter().position(|title| column.titles().contains(&title.as_str())));
    let missing = |(column, at): (Column, Option<usize>)| match at {
        None => Some(Fault { row: head.number, kind: FaultKind::NoColumn(column) }),
        Some(_) => None,
    };
    match at {
        [Some(code), Some(name), Some(definition)] => Ok([code, name, definition]),
        at => Err(Column::ALL.into_iter().zip(at).filter_map(missing).collect()),
    }
}

fn read_cell(cell: &Cell, column: Column) -> (String, Option<FaultKind>) {
    let text = cell.display().trim().to_owned();
    let fault = match cell {
        Cell::Date(_) | Cell::Bool(_) | Cell::Error => Some(FaultKind::NotText(column)),
        _ if text.is_empty() && column != Column::Definition => Some(FaultKind::Empty(column)),
        _ if text.chars().count() > column.limit() => Some(FaultKind::TooLong(column)),
        _ => None,
    };
    (text, fault)
}

/// The name without the marks S and L (`物流工程技术人员L/S`); a Latin name keeps its letters.
fn without_marks(name: &str) -> &str {
    let bare = name.trim_end_matches(['S', 'L', '/']).trim_end();
    if bare.ends_with(|c: char| !c.is_ascii()) { bare } else { name }
}
