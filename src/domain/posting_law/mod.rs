//! May this posting be published as it is, and if not, which rule does it break?
//!
//! [`check`] reads every text and every column of a posting and answers with findings that name rule, article, field and
//! words. `Block` = not published; `Warn` = shown to a person; `Allow` = a limit that would be unlawful but for a stated fact.
//! It supports, a person decides (law.md §3). Invariant: the answer depends on nothing but the facts passed in. Cost: linear
//! in the text.

mod clock;
mod columns;
mod hours;
// The tables are wrapped by hand: one word a line would hide their structure.
#[rustfmt::skip]
mod lawful;
mod matcher;
mod patterns;
mod rules;
mod texts;
#[rustfmt::skip]
mod words;

use super::codes::{PayKind, Shift, code_list};
use super::text::{Label, Lang, Text};
use super::week::Span;
use super::work_limits::WorkFacts;

pub(in crate::domain) use clock::{clock_range, take_turns};
pub use hours::approval;
pub use rules::LawRule;

code_list! {
    LawLevel {
        Block = "block", "不得发布", "not published";
        Warn = "warn", "请核对", "to be checked";
        Allow = "allow", "依法允许", "allowed by law";
    }
}

code_list! {
    /// Where in a posting a finding was made.
    PostingField {
        Title = "title", "岗位名称", "title";
        Description = "description", "岗位描述", "description";
        Note = "note", "备注", "note";
        Place = "place", "工作地点", "place";
        Skills = "skills", "技能要求", "skills";
        Certificates = "certificates", "需要证书", "certificates";
        Employer = "employer", "企业", "employer";
        Headcount = "headcount", "招聘人数", "headcount";
        Pay = "pay", "薪资", "pay";
        Hours = "hours", "工作时间", "hours";
        Hazards = "hazards", "职业危害", "hazards";
        Age = "age", "年龄", "age";
        Other = "other", "其他列", "other column";
    }
}

/// The lowest wage of the region on the day, from a dated table an administrator fills; `None` = not entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MinimumWage {
    /// Yuan a month, full time.
    pub monthly_yuan: Option<u32>,
    /// Fen an hour, part time.
    pub hourly_fen: Option<i64>,
}

/// A posting as far as the law looks at it. `None` and empty = not given.
#[derive(Clone, Debug, Default)]
pub struct PostingFacts<'a> {
    pub title: &'a str,
    pub description: Option<&'a str>,
    pub note: Option<&'a str>,
    pub place: Option<&'a str>,
    pub skills: &'a [&'a str],
    pub certificates: &'a [&'a str],
    /// Free texts of any other column.
    pub other_texts: &'a [&'a str],
    pub employer: Option<&'a str>,
    /// Whether the employer has a unified social credit code; `None` where nobody asked for one.
    pub has_credit_code: Option<bool>,
    pub headcount: Option<u32>,
    pub pay_kind: Option<PayKind>,
    /// Fen in the unit of `pay_kind`.
    pub pay_min_fen: Option<i64>,
    pub pay_max_fen: Option<i64>,
    pub shift: Option<Shift>,
    pub hours: &'a [Span],
    /// Believed only if it is a number; see [`approval`].
    pub special_hours_approval: Option<&'a str>,
    pub experience_months: Option<u32>,
    pub age_min: Option<u8>,
    pub age_max: Option<u8>,
    /// Hazards, loads and the like; its `hazards` are `None` where nobody has said.
    pub work: WorkFacts<'a>,
    /// `None` = no figure on file for region and day.
    pub minimum_wage: Option<MinimumWage>,
}

/// One thing the law has to say about a posting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawFinding {
    pub level: LawLevel,
    pub rule: LawRule,
    pub article: Label,
    pub field: PostingField,
    /// The posting's own words or figures; empty where something is missing.
    pub excerpt: String,
    /// Figures in English; `None` where the excerpt is the posting's own words.
    excerpt_en: Option<String>,
}

impl LawFinding {
    fn new(level: LawLevel, rule: LawRule, field: PostingField, excerpt: impl Into<String>) -> Self {
        Self { level, rule, article: rule.article(), field, excerpt: excerpt.into(), excerpt_en: None }
    }

    /// The same finding about hours that were worked out, in minutes.
    fn about_hours(self, day: u32, week: u32) -> Self {
        let (day, week) = (hours::tenths(day), hours::tenths(week));
        let excerpt = format!("每天{day}小时、每周{week}小时");
        Self { excerpt, excerpt_en: Some(format!("{day} hours a day, {week} hours a week")), ..self }
    }

    /// The excerpt for people who read that language.
    #[must_use]
    pub fn quoted(&self, lang: Lang) -> &str {
        match (&self.excerpt_en, lang) {
            (Some(figures), Lang::En) => figures,
            _ => &self.excerpt,
        }
    }

    /// The sentence for people: what was found where, which rule, what to do. Notes are sealed where they are stored, so their
    /// words are left out of a sentence that may be stored in clear.
    #[must_use]
    pub fn text(&self) -> Text {
        let rule = self.rule.label();
        let field = self.field.label();
        let article = self.article;
        let (found_zh, found_en) = if self.excerpt.is_empty() || self.field == PostingField::Note {
            (format!("{}：{}", field.zh, rule.zh), format!("{}: {}", field.en, rule.en))
        } else {
            (
                format!("{}中“{}”：{}", field.zh, self.excerpt, rule.zh),
                format!("{}, \"{}\": {}", field.en, self.quoted(Lang::En), rule.en),
            )
        };
        let (end_zh, end_en) = match self.level {
            LawLevel::Block => ("请改正后再发布。", "Correct it before publishing."),
            LawLevel::Warn => ("请核对。", "Please check."),
            LawLevel::Allow => ("依法允许。", "Allowed by law."),
        };
        Text::new(format!("{found_zh}（{}）。{end_zh}", article.zh), format!("{found_en} ({}). {end_en}", article.en))
    }
}

/// Everything the law has to say about a posting: texts first, in the order of the fields, then the columns. No finding
/// is repeated.
#[must_use]
pub fn check(posting: &PostingFacts<'_>) -> Vec<LawFinding> {
    let mut findings = Vec::new();
    let fields = [
        (PostingField::Title, vec![posting.title]),
        (PostingField::Description, posting.description.into_iter().collect()),
        (PostingField::Note, posting.note.into_iter().collect()),
        (PostingField::Place, posting.place.into_iter().collect()),
        (PostingField::Skills, posting.skills.to_vec()),
        (PostingField::Certificates, posting.certificates.to_vec()),
        (PostingField::Other, posting.other_texts.to_vec()),
    ];
    let mut told = hours::Told::default();
    for (field, texts) in fields {
        for text in texts {
            texts::check(field, text, posting, &mut findings);
            told.read(text, field);
        }
    }
    columns::check(posting, &mut findings);
    hours::check(posting, &told, &mut findings);
    let mut kept: Vec<LawFinding> = Vec::with_capacity(findings.len());
    for finding in findings {
        if !kept.contains(&finding) {
            kept.push(finding);
        }
    }
    kept
}

/// Whether a finding keeps the posting from being published.
#[must_use]
pub fn is_blocked(findings: &[LawFinding]) -> bool {
    findings.iter().any(|finding| finding.level == LawLevel::Block)
}
