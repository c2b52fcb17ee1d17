//! `/hr/postings/{id}`: what a posting says, what the law says of it, and why it suits as many as it does.

use std::borrow::Borrow;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::own;
use super::posting_check::{capital, count_said};
use super::posting_fill::{by_time, clock, yuan};
use super::postings::Fresh;
use crate::app::diagnosis::{self, Found};
use crate::app::error::AppError;
use crate::app::postings::{self, Posting};
use crate::app::settings;
use crate::domain::codes::PostingStatus;
use crate::domain::posting_law::{LawFinding, LawLevel};
use crate::domain::week::WEEKDAYS;
use crate::pages::desk::Desk;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

#[derive(Template)]
#[template(path = "hr/posting.html")]
struct PostingPage {
    words: Words,
    frame: Frame,
    employer: String,
    posting: Posting,
    fresh: Fresh,
    findings: Vec<LawFinding>,
    counted: Option<(Found, u64)>,
}

impl PostingPage {
    fn href(&self, rest: &str) -> String {
        self.words.to(&format!("/hr/postings/{}{rest}", self.posting.id))
    }

    fn said(&self, count: impl Borrow<u64>, step: impl Borrow<u64>) -> String {
        count_said(&self.words, *count.borrow(), *step.borrow())
    }

    const fn is(&self, status: PostingStatus) -> bool {
        self.posting.status as u8 == status as u8
    }

    /// What is said of the posting, with its name; what is not said is left out.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let (words, fields) = (&self.words, &self.posting.fields);
        let english = words.is_english();
        let mut all: Vec<(&'static str, String)> = Vec::new();
        let mut say = |zh, en, text: Option<String>| {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                all.push((words.say(zh, en), text));
            }
        };
        let told = |told: Option<bool>, yes: (&'static str, &'static str), no: (&'static str, &'static str)| {
            told.map(|told| if told { words.say(yes.0, yes.1) } else { words.say(no.0, no.1) }.to_owned())
        };
        say("企业", "Employer", Some(self.employer.clone()));
        let (filled, all_places) = (self.posting.filled, fields.headcount);
        let places = if english {
            format!("{filled} of {all_places} filled")
        } else {
            format!("已招 {filled} / {all_places}")
        };
        say("人数", "Places", Some(places));
        say("工资", "Pay", self.pay());
        say("班次", "Shift", fields.shift.map(|shift| words.label(shift.label()).to_owned()));
        say("上班时间", "Hours", Some(self.hours()));
        say("夜班", "Night work", told(fields.night_work, ("有", "yes"), ("没有", "none")));
        say("加班", "Overtime", told(fields.overtime, ("有", "yes"), ("没有", "none")));
        let ages = match (fields.age_min, fields.age_max) {
            (Some(min), Some(max)) => Some(format!("{min}–{max}")),
            (Some(min), None) => Some(if english { format!("{min} or older") } else { format!("满 {min} 岁") }),
            (None, Some(max)) => Some(if english { format!("up to {max}") } else { format!("{max} 岁以下") }),
            (None, None) => None,
        };
        let soft = if fields.age_is_soft { words.say("，可以放宽", ", may be relaxed") } else { "" };
        say("年龄", "Age", ages.map(|ages| format!("{ages}{soft}")));
        let skill = |skill: &postings::AskedSkill| {
            let how = words.label(skill.importance.label());
            if english {
                format!("{} (level {}, {how})", skill.name, skill.level)
            } else {
                format!("{}（{} 级，{how}）", skill.name, skill.level)
            }
        };
        let join = words.say("、", ", ");
        say("技能", "Skills", Some(fields.skills.iter().map(skill).collect::<Vec<_>>().join(join)));
        say("证书", "Certificates", Some(fields.certificates.join(join)));
        let days = |days: i64| if english { format!("{days} days") } else { format!("{days} 天") };
        say("厂里教", "Training", fields.training_days.filter(|days| *days > 0).map(days));
        let months = |months: i64| if english { format!("{months} months") } else { format!("{months} 个月") };
        say("经验", "Experience", fields.experience_months.filter(|months| *months > 0).map(months));
        say("劳动强度", "Physical grade", fields.physical_grade.map(|grade| grade.to_string()));
        say(
            "最重",
            "Heaviest load",
            fields.load_kg.map(|kg| if english { format!("{kg} kg") } else { format!("{kg} 公斤") }),
        );
        let hazard = |(kind, grade): &(crate::domain::codes::Hazard, Option<i64>)| {
            let kind = words.label(kind.label());
            grade.map_or_else(|| kind.to_owned(), |grade| format!("{kind} {grade}"))
        };
        let hazards = fields.hazards.as_ref().map(|all| match all.is_empty() {
            true => words.say("没有", "none").to_owned(),
            false => all.iter().map(hazard).collect::<Vec<_>>().join(join),
        });
        say("职业危害", "Hazards", hazards);
        say("地点", "Place", fields.place.clone());
        say("上岗", "First day", fields.start_on.map(|day| words.date(day)));
        let until = fields.valid_until.map_or_else(String::new, |day| words.date(day));
        say("招聘期", "Open", Some(format!("{} – {until}", words.date(fields.valid_from))));
        say("备注", "Note", fields.note.clone());
        all
    }

    fn pay(&self) -> Option<String> {
        let (words, fields) = (&self.words, &self.posting.fields);
        let range = match (fields.pay_min_fen, fields.pay_max_fen) {
            (Some(min), Some(max)) if min != max => format!("{}–{}", yuan(min), yuan(max)),
            (min, max) => yuan(min.or(max)?),
        };
        let kind = fields.pay_kind.map_or("", |kind| words.label(kind.label()));
        Some(if words.is_english() { format!("{range} yuan {kind}") } else { format!("{kind} {range} 元") })
    }

    fn hours(&self) -> String {
        let row = |(from, to, days): (u16, u16, Vec<u8>)| {
            let days = self.days(&days);
            format!("{} {}–{}", days, clock(from), clock(to))
        };
        let rows: Vec<String> = by_time(&self.posting.fields.hours).into_iter().map(row).collect();
        rows.join(self.words.say("；", "; "))
    }

    /// Days of the week; three and more in a row by the first and the last.
    fn days(&self, days: &[u8]) -> String {
        let name =
            |day: &u8| WEEKDAYS.get(usize::from(day.saturating_sub(1))).map_or("", |label| self.words.label(*label));
        let in_a_row = days.windows(2).all(|pair| matches!(pair, [a, b] if a + 1 == *b));
        match days {
            [first, _, .., last] if days.len() > 2 && in_a_row => {
                format!("{}{}{}", name(first), self.words.say("至", "–"), name(last))
            }
            days => days.iter().map(name).collect::<Vec<_>>().join(self.words.say("、", ", ")),
        }
    }

    /// The law's findings: what kind of message, and the sentence.
    fn law(&self) -> Vec<(&'static str, String)> {
        let kind = |level| match level {
            LawLevel::Block => "block",
            LawLevel::Warn => "warn",
            LawLevel::Allow => "ok",
        };
        let said = |finding: &LawFinding| (kind(finding.level), capital(finding.text().get(self.words.lang())));
        self.findings.iter().map(said).collect()
    }
}

/// `GET /hr/postings/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    match page(&desk, path.into_inner()).await {
        Ok(page) => desk.show(&page),
        Err(error) => desk.refuse(&error),
    }
}

async fn page(desk: &Desk, id: i64) -> Result<PostingPage, AppError> {
    let (own, keys, today) = (own::employers_of(desk), desk.keys().clone(), desk.today());
    let (posting, findings, employer, confirm_days, step) = desk
        .read(move |conn| {
            let posting = postings::get(conn, &keys, id, today)?;
            let employer = own::names(conn, &own)?.remove(&posting.fields.employer_id).ok_or(AppError::NotFound)?;
            let findings = postings::law_check(conn, &keys, id, today)?;
            let days = settings::posting_confirmation_days(conn, today)?;
            Ok((posting, findings, employer, days, settings::small_cell_threshold(conn, today)?))
        })
        .await?;
    let (db, fields) = (desk.pages.db.clone(), posting.fields.clone());
    let counted = match desk.compute(move || diagnosis::of_draft(&db, &fields, today)).await {
        Ok(found) => Some((found.for_outsiders(step), step)),
        Err(AppError::Busy | AppError::Refused(_)) => None,
        Err(error) => return Err(error),
    };
    let frame = desk.frame_saying(|code, words| {
        (code == "draft").then(|| {
            words
                .say("草稿已存，还没有发布，别人看不到。", "Kept as a draft: not published, nobody else sees it.")
                .to_owned()
        })
    });
    Ok(PostingPage {
        fresh: Fresh::of(&posting, confirm_days, today),
        words: desk.words.clone(),
        frame,
        employer,
        posting,
        findings,
        counted,
    })
}
