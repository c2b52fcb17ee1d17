//! What was found in a file, as a page and a list show it: of a file on its way in, and of one that was stored.

use crate::app::exports::Table;
use crate::app::stored_imports::Finding;
use crate::app::work::FoundInFile;
use crate::domain::codes::Severity;
use crate::domain::text::Lang;
use crate::pages::desk::Desk;
use crate::pages::form::Form;
use crate::pages::links;
use crate::pages::words::Words;

/// A finding with its place among all of its file, by which a form names it.
pub(super) type Numbered = (usize, FoundInFile);

/// Which findings, and from which on.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub severity: Option<Severity>,
    pub code: Option<String>,
    pub from: usize,
}

impl Filter {
    pub fn of(desk: &Desk) -> Self {
        Self {
            severity: desk.query("severity").as_deref().and_then(Severity::from_code),
            code: desk.query("code"),
            from: desk.query("from").and_then(|from| from.parse().ok()).unwrap_or_default(),
        }
    }

    /// The filter of the page a form was on.
    pub fn typed(form: &Form) -> Self {
        Self {
            severity: form.given("severity").and_then(Severity::from_code),
            code: form.given("code").map(str::to_owned),
            from: form.text("from").parse().unwrap_or_default(),
        }
    }

    pub fn holds(&self, severity: &str, code: &str) -> bool {
        self.severity.is_none_or(|wanted| wanted.code() == severity)
            && self.code.as_deref().is_none_or(|wanted| wanted == code)
    }

    /// Whether only these are shown.
    pub fn is_of(&self, severity: &str) -> bool {
        self.severity.map(Severity::code) == Some(severity)
    }

    pub fn severity_code(&self) -> &'static str {
        self.severity.map(Severity::code).unwrap_or_default()
    }

    /// A page of the filter; `path` without a query.
    pub fn address(&self, path: &str, from: usize) -> String {
        let mut address = format!("{path}?from={from}");
        if let Some(severity) = self.severity {
            address = format!("{address}&severity={}", severity.code());
        }
        if let Some(code) = &self.code {
            address = format!("{address}&code={}", links::encoded(code));
        }
        address
    }
}

/// A finding in the reader's language.
pub(super) struct Found {
    pub severity: Severity,
    pub code: String,
    pub sheet: String,
    /// 0 = the sheet as a whole.
    pub row: i64,
    pub column: String,
    pub masked: String,
    pub message: String,
}

impl Found {
    pub fn of_file(found: &FoundInFile, words: &Words) -> Self {
        Self {
            severity: Severity::from_code(&found.severity).unwrap_or(Severity::Error),
            code: found.code.clone(),
            sheet: found.sheet.clone(),
            row: i64::from(found.row),
            column: found.column.clone().unwrap_or_default(),
            masked: found.masked_value.clone().unwrap_or_default(),
            message: words.say(&found.zh, &found.en).to_owned(),
        }
    }

    pub fn of_import(found: &Finding, words: &Words) -> Self {
        Self {
            severity: found.severity,
            code: found.code.clone(),
            sheet: found.sheet.clone(),
            row: found.row_number,
            column: found.column_name.clone().unwrap_or_default(),
            masked: found.masked_value.clone().unwrap_or_default(),
            message: words.say(&found.message_zh, &found.message_en).to_owned(),
        }
    }

    /// The class of its mark.
    pub const fn class(&self) -> &'static str {
        match self.severity {
            Severity::Error => "bad",
            Severity::Warning => "warn",
            Severity::Info => "exempt",
        }
    }
}

/// The findings as a list to take along.
pub(super) fn table(found: &[Found], lang: Lang) -> Table {
    let heads = match lang {
        Lang::Zh => ["级别", "工作表", "行", "列", "值（遮盖）", "问题", "代码"],
        Lang::En => ["severity", "sheet", "row", "column", "value (masked)", "finding", "code"],
    };
    let line = |one: &Found| {
        vec![
            one.severity.label().get(lang).to_owned(),
            one.sheet.clone(),
            if one.row > 0 { one.row.to_string() } else { String::new() },
            one.column.clone(),
            one.masked.clone(),
            one.message.clone(),
            one.code.clone(),
        ]
    };
    let name = if lang == Lang::Zh { "问题清单" } else { "findings" };
    Table { name, heads: heads.to_vec(), rows: found.iter().map(line).collect() }
}
