//! Why a town cannot be made or written, in words for the person who asked for it.

use std::fmt;
use std::path::PathBuf;

use chrono::NaiveDate;

use super::{MAX_HOUSEHOLDS, MAX_POSTINGS, MIN_POSTINGS};
use crate::domain::text::Text;

#[derive(Debug)]
pub enum TownError {
    Households(u32),
    Postings(u32),
    Date(NaiveDate),
    /// No order number is left for the ID numbers of people born on one day.
    Crowded(NaiveDate),
    /// The employer's number does not fit a credit code.
    Employers(usize),
    Exists(PathBuf),
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    Sheet {
        file: &'static str,
        source: rust_xlsxwriter::XlsxError,
    },
}

impl TownError {
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Households(n) => Text::new(
                format!("户数{n}超出范围，请填1到{MAX_HOUSEHOLDS}。"),
                format!("{n} households are out of range; give 1 to {MAX_HOUSEHOLDS}."),
            ),
            Self::Postings(n) => Text::new(
                format!("岗位数{n}超出范围，请填{MIN_POSTINGS}到{MAX_POSTINGS}。"),
                format!("{n} postings are out of range; give {MIN_POSTINGS} to {MAX_POSTINGS}."),
            ),
            Self::Date(day) => Text::new(
                format!("日期{day}超出范围，请填2000年到2100年之间的日期。"),
                format!("The date {day} is out of range; give one in the years 2000 to 2100."),
            ),
            Self::Crowded(day) => Text::new(
                format!("{day}出生的人太多，编不出身份证号，请减少户数。"),
                format!("Too many people are born on {day} to number them all; ask for fewer households."),
            ),
            Self::Employers(n) => Text::new(
                format!("企业太多（{n}家），编不出信用代码，请减少岗位数。"),
                format!("{n} employers are too many to number; ask for fewer postings."),
            ),
            Self::Exists(path) => Text::new(
                format!("文件{}已存在，未覆盖。确需覆盖请加 --force。", path.display()),
                format!("{} exists and was not overwritten. Add --force to overwrite it.", path.display()),
            ),
            Self::Io { path, source } => Text::new(
                format!("无法写入{}：{source}。请检查目录和权限。", path.display()),
                format!("Cannot write {}: {source}. Check the folder and its permissions.", path.display()),
            ),
            Self::Sheet { file, source } => {
                Text::new(format!("无法生成{file}：{source}。"), format!("Cannot build {file}: {source}."))
            }
        }
    }
}

impl fmt::Display for TownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl std::error::Error for TownError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Sheet { source, .. } => Some(source),
            _ => None,
        }
    }
}
