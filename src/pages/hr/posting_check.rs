//! What a form says back while a posting is being written: what the law has to say, what cannot be read, and how many residents
//! each requirement shuts out.
//!
//! Invariant: an employer learns counts rounded down to the small-cell threshold, and nothing of households.

use super::own;
use crate::app::diagnosis::{self, Found, Relax, Relaxed};
use crate::app::error::{AppError, FieldError};
use crate::app::postings::{self, PostingFields};
use crate::app::settings;
use crate::domain::codes::PayKind;
use crate::domain::posting_law::{LawFinding, LawLevel, LawRule, PostingField};
use crate::domain::text::Lang;
use crate::pages::desk::Desk;
use crate::pages::words::Words;

/// What is to be said of a form.
#[derive(Default)]
pub struct Checked {
    pub findings: Vec<LawFinding>,
    pub faults: Vec<FieldError>,
    /// Skills nobody has mapped yet.
    pub unknown: Vec<String>,
    pub counted: Counted,
}

/// How many residents could do it.
#[derive(Default)]
pub enum Counted {
    /// The form does not say enough yet.
    #[default]
    NotYet,
    /// Every core is taken.
    Busy,
    Found {
        found: Found,
        step: u64,
    },
}

/// Looks at what was typed. `faults` are those of reading it.
///
/// # Errors
/// If the database fails.
pub async fn check(
    desk: &Desk,
    fields: &PostingFields,
    faults: Vec<FieldError>,
    is_own: bool,
) -> Result<Checked, AppError> {
    if !is_own {
        return Ok(Checked { faults, ..Checked::default() });
    }
    let (typed, today) = (fields.clone(), desk.today());
    let (findings, unknown, step) = desk
        .read(move |conn| {
            Ok((
                postings::law_of(conn, &typed, today)?,
                postings::unknown_skills(conn, &typed)?,
                settings::small_cell_threshold(conn, today)?,
            ))
        })
        .await?;
    let counted = if fields.title.is_empty() { Counted::NotYet } else { count(desk, fields.clone(), step).await? };
    Ok(Checked { findings, faults, unknown, counted })
}

async fn count(desk: &Desk, fields: PostingFields, step: u64) -> Result<Counted, AppError> {
    let (db, today) = (desk.pages.db.clone(), desk.today());
    match desk.compute(move || diagnosis::of_draft(&db, &fields, today)).await {
        Ok(found) => Ok(Counted::Found { found: found.for_outsiders(step), step }),
        Err(AppError::Busy) => Ok(Counted::Busy),
        Err(AppError::Refused(..)) => Ok(Counted::NotYet),
        Err(error) => Err(error),
    }
}

/// Something said at a field.
pub struct Message {
    /// `block`, `warn`, `ok` or `info`.
    pub kind: &'static str,
    pub head: String,
    pub text: String,
    /// A button that puts it right, with what it sends.
    pub repair: Option<(&'static str, String)>,
}

/// The part of the form a finding stands at.
const fn region(field: PostingField) -> &'static str {
    match field {
        PostingField::Title => "title",
        PostingField::Description => "description",
        PostingField::Note => "note",
        PostingField::Place => "place",
        PostingField::Skills => "skills",
        PostingField::Certificates => "certificates",
        PostingField::Headcount => "headcount",
        PostingField::Pay => "pay",
        PostingField::Hours => "hours",
        PostingField::Hazards => "hazards",
        PostingField::Age => "age",
        PostingField::Employer | PostingField::Other => "other",
    }
}

/// The part of the form a fault stands at.
fn region_of(pointer: &str) -> &'static str {
    let name = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    match name {
        "title" | "code" => "title",
        "description" => "description",
        "note" => "note",
        "place" | "province" | "region" | "commute_minutes" => "place",
        "headcount" => "headcount",
        "pay_kind" | "pay_min" | "pay_max" | "pay_min_fen" | "pay_max_fen" => "pay",
        "hours" | "shift" | "special_hours_approval" | "night_work" | "overtime" => "hours",
        "hazards" => "hazards",
        "age_min" | "age_max" => "age",
        "certificates" => "certificates",
        "start_on" | "valid_from" | "valid_until" => "dates",
        "physical_grade" | "load_kg" | "lifts_per_hour" | "forced_posture" | "underground_mine" => "body",
        "experience_months" | "training_days" => "skills",
        name if name.starts_with("skill") || name.starts_with("level_") => "skills",
        name if name.starts_with("grade_") => "hazards",
        _ => "other",
    }
}

/// Whether a rule only says that something is not filled in yet.
const fn is_missing(rule: LawRule) -> bool {
    matches!(
        rule,
        LawRule::MissingEmployer
            | LawRule::MissingHeadcount
            | LawRule::MissingWork
            | LawRule::MissingConditions
            | LawRule::MissingPlace
            | LawRule::MissingPay
            | LawRule::MissingHazards
    )
}

impl Checked {
    /// What keeps the posting from being published.
    pub fn blocking(&self) -> usize {
        self.faults.len() + self.findings.iter().filter(|finding| finding.level == LawLevel::Block).count()
    }

    /// Whether a part of the form has to be changed; what is only not filled in yet is no fault before it is sent.
    pub fn is_bad(&self, at: &str, is_sent: bool) -> bool {
        let law = |finding: &LawFinding| {
            region(finding.field) == at && finding.level == LawLevel::Block && (is_sent || !is_missing(finding.rule))
        };
        self.faults.iter().any(|fault| region_of(&fault.pointer) == at) || self.findings.iter().any(law)
    }

    /// What is said at a part of the form.
    pub fn messages(&self, at: &str, is_sent: bool, words: &Words) -> Vec<Message> {
        let lang = words.lang();
        let fault = |fault: &FieldError| Message {
            kind: "block",
            head: words.say("要改：", "To correct:").to_owned(),
            text: fault.text.get(lang).to_owned(),
            repair: None,
        };
        let faults = self.faults.iter().filter(|fault| region_of(&fault.pointer) == at);
        let mut all: Vec<Message> = faults.map(fault).collect();
        let found = self.findings.iter().filter(|finding| region(finding.field) == at);
        all.extend(found.map(|finding| of_law(finding, is_sent, words)));
        if at == "skills" {
            all.extend(self.unknown.iter().map(|name| Message {
                kind: "info",
                head: if words.is_english() { format!("Not known yet: “{name}”") } else { format!("词表里还没有「{name}」") },
                text: words
                    .say(
                        "还比不出谁会，社区核对后就能推荐。换个常用的说法可能马上认得。",
                        "Nobody can be compared with it until the community has looked at it. A more common word may be known at once.",
                    )
                    .to_owned(),
                repair: None,
            }));
        }
        all
    }
}

fn of_law(finding: &LawFinding, is_sent: bool, words: &Words) -> Message {
    let lang = words.lang();
    let (kind, head) = match finding.level {
        LawLevel::Block if is_missing(finding.rule) && !is_sent => {
            ("info", words.say("发布前要填", "Before publishing"))
        }
        LawLevel::Block => ("block", words.say("不能发布", "Not allowed")),
        LawLevel::Warn => ("warn", words.say("请核对", "Please check")),
        LawLevel::Allow => ("ok", words.say("可以", "Allowed")),
    };
    let quoted = match (finding.excerpt.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("：「{}」", finding.quoted(lang)),
        (false, Lang::En) => format!(": “{}”", finding.quoted(lang)),
    };
    let (rule, article) = (finding.rule.label().get(lang), finding.article.get(lang));
    let text = match lang {
        Lang::Zh => format!("{rule}。{article}。"),
        Lang::En => format!("{}. {article}.", capital(rule)),
    };
    Message { kind, head: format!("{head}{quoted}"), text, repair: repair(finding, words) }
}

/// A sentence begins with a capital.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What a button can put right: words that may not stand there, an age limit.
fn repair(finding: &LawFinding, words: &Words) -> Option<(&'static str, String)> {
    let at = region(finding.field);
    if finding.rule == LawRule::AgeLimit && finding.field == PostingField::Age {
        return Some((words.say("不设上限", "Set no upper limit"), "set|age_max|".to_owned()));
    }
    let is_text = matches!(at, "title" | "description" | "note" | "place");
    let cuts = is_text && finding.level == LawLevel::Block && !finding.excerpt.is_empty();
    cuts.then(|| (words.say("删掉这几个字", "Take these words out"), format!("cut|{at}|{}", finding.excerpt)))
}

/// What a button of the relaxations sends; `None` where the form is changed by hand.
pub fn relax(relaxed: &Relaxed, pay_kind: Option<PayKind>) -> Option<String> {
    match relaxed.relax {
        Relax::Age { min, max } => {
            let said = |age: Option<u8>| age.map(|age| age.to_string()).unwrap_or_default();
            Some(format!("ages|{}|{}", said(min), said(max)))
        }
        Relax::Training => Some("set|training_days|7".to_owned()),
        Relax::PayUpTo(yuan) if pay_kind == Some(PayKind::Monthly) => Some(format!("set|pay_max|{yuan}")),
        _ => None,
    }
}

/// A form after one of its repair buttons was used.
pub fn repaired(form: crate::pages::form::Form, repair: &str) -> crate::pages::form::Form {
    let mut parts = repair.splitn(3, '|');
    let (Some(what), Some(name), Some(value)) = (parts.next(), parts.next(), parts.next()) else { return form };
    match (what, name) {
        ("set", "age_max" | "training_days" | "pay_max") => form.with(name, value),
        ("ages", min) => form.with("age_min", min).with("age_max", value),
        ("cut", "title" | "description" | "note" | "place") => {
            let text = form.text(name).replacen(value, "", 1);
            let text = tidy(&text);
            form.with(name, &text)
        }
        _ => form,
    }
}

/// Without the marks that stand doubled or at the ends once words between them are gone.
fn tidy(text: &str) -> String {
    let is_mark = |c: char| matches!(c, '，' | ',' | '、' | '；' | ';');
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        let after_mark = kept.chars().next_back().is_none_or(|last| is_mark(last) || last == '\n');
        if is_mark(c) && after_mark {
            continue;
        }
        if matches!(c, '。' | '.') && kept.ends_with(is_mark) {
            kept.pop();
        }
        kept.push(c);
    }
    kept.trim_end_matches(is_mark).trim().to_owned()
}

/// A count as the panel says it.
pub fn count_said(words: &Words, count: u64, step: u64) -> String {
    own::rounded(words, count, step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::form::Form;

    #[test]
    fn a_repair_takes_out_the_words_and_the_mark_beside_them() {
        let form = Form::of(&[("description", "缝制童装，流水线，女工优先，工服押金 200 元。"), ("age_max", "45")]);
        let form = repaired(form, "cut|description|女工优先");
        assert_eq!(form.text("description"), "缝制童装，流水线，工服押金 200 元。");
        let form = repaired(form, "cut|description|工服押金 200 元");
        assert_eq!(form.text("description"), "缝制童装，流水线。");
        assert_eq!(repaired(form.clone(), "set|age_max|").text("age_max"), "");
        // A repair reaches the fields it is for, and no other.
        assert_eq!(repaired(form.clone(), "set|employer_id|9").text("employer_id"), "");
        assert_eq!(repaired(form, "ages|16|50").text("age_max"), "50");
    }
}
