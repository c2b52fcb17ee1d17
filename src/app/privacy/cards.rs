//! What does an employer see of the people who suit its posting?
//!
//! Invariant: a [`Card`] holds only what stands here: skills of the vocabulary, experience and age in bands, certificates the posting
//! asks for, the reasons of the employer's side. Nothing a person wrote freely is on it (a skill's or certificate's own wording may
//! name somebody), no health, home, hours, pay or wishes, and nothing of somebody under 16, who is no candidate. Whether the
//! hours fit depends on the posting alone: whom they do not fit is no candidate. Education is not asked by postings, so it is not
//! shown. A card is known by a keyed hash of employer and resident: two employers cannot join their lists.
//!
//! People outside automatic lists have no card, and none for an employer they refused. Cost: one snapshot.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::consents::Introducible;
use crate::app::error::{AppError, Refusal};
use crate::app::settings;
use crate::app::snapshot::{self, Loaded};
use crate::db::resident_lists::{certificates, skills as held_skills};
use crate::db::seal::IndexField;
use crate::db::{Db, Keyring, posting_lists, postings, skills};
use crate::domain::ages;
use crate::domain::privacy::Standing;
use crate::domain::small_cells::Shown;
use crate::domain::text::Text;
use crate::engine::explain::explain;
use crate::engine::gates::{Gate, Outcome};
use crate::engine::recommend::{Order, recommend_for_posting};
use crate::engine::words;

/// An employer sees so many candidates of a posting at most, the most suitable ones.
pub const MAX_CARDS: usize = 20;

/// Hexadecimal digits of a card's code: 128 bits.
pub const CODE_DIGITS: usize = 32;

/// The candidates of a posting as its employer may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cards {
    pub as_of: NaiveDate,
    /// How many candidates there are.
    pub total: Shown,
    /// Most suitable first.
    pub cards: Vec<Card>,
}

/// One candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub code: String,
    pub rank: usize,
    /// 0 to 10000.
    pub suitability: u16,
    pub age_band: &'static str,
    pub skills: Vec<CardSkill>,
    pub experience_years: Option<&'static str>,
    pub certificates: Vec<CardCertificate>,
    /// What the posting asks, and whether the candidate brings it.
    pub reasons: Vec<(bool, Text)>,
    pub hours_fit: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardSkill {
    pub name: Text,
    pub level: i64,
}

/// A certificate the posting asks for, in the posting's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardCertificate {
    pub name: String,
    pub valid: bool,
}

/// The code by which one employer knows a resident.
#[must_use]
pub fn code(keys: &Keyring, employer: i64, resident: i64) -> String {
    let mut bytes = employer.to_be_bytes().to_vec();
    bytes.extend(resident.to_be_bytes());
    let mut code = keys.index(IndexField::CandidateCard, &bytes).to_hex();
    code.truncate(CODE_DIGITS);
    code
}

/// The best candidates of a posting, at most `limit` and [`MAX_CARDS`].
///
/// # Errors
/// `NotFound`; refused for a posting that is not published.
pub fn of_posting(db: &Db, posting: i64, limit: usize, today: NaiveDate) -> Result<Cards, AppError> {
    let found = Candidates::load(db, posting, today)?;
    let threshold = db.read(|conn| settings::small_cell_threshold(conn, today))?;
    let candidates = found.best();
    let total = Shown::alone(candidates.len() as u64, threshold);
    let shown: Vec<(usize, u16)> = candidates.into_iter().take(limit.min(MAX_CARDS)).collect();
    let known = found.lists(db, &shown, posting)?;
    let card = |((r, suitability), rank): ((usize, u16), usize)| found.card(db.keys(), (r, rank), suitability, &known);
    Ok(Cards { as_of: today, total, cards: shown.into_iter().zip(1..).map(card).collect() })
}

/// How many candidates each of these postings has, as [`of_posting`] says it; one that is not published is absent. Cost: one
/// snapshot, and one pass over the residents for each posting.
///
/// # Errors
/// If the database fails.
pub fn totals(db: &Db, postings: &[i64], today: NaiveDate) -> Result<HashMap<i64, Shown>, AppError> {
    let (loaded, introducible, employers, threshold) = db.read(|conn| {
        let employers = postings::get_many(conn, postings)?.into_iter().map(|row| (row.id, row.data.employer_id));
        let employers: Vec<(i64, i64)> = employers.collect();
        let threshold = settings::small_cell_threshold(conn, today)?;
        let loaded = snapshot::load_unhashed(conn, today)?;
        Ok::<_, AppError>((loaded, Introducible::load(conn, today)?, employers, threshold))
    })?;
    let mut totals = HashMap::new();
    for (posting, employer) in employers {
        if let Some(index) = loaded.posting_index(posting) {
            let candidates = best(&loaded, &introducible, index, employer);
            totals.insert(posting, Shown::alone(candidates.len() as u64, threshold));
        }
    }
    Ok(totals)
}

/// The resident behind a card of a posting: any of its candidates, shown or not.
///
/// # Errors
/// `NotFound` for a posting or a card that is none; refused for a posting that is not published.
pub fn resident_of(db: &Db, posting: i64, card: &str, today: NaiveDate) -> Result<i64, AppError> {
    let found = Candidates::load(db, posting, today)?;
    let ids = found.best().into_iter().map(|(r, _)| found.loaded.snapshot.residents()[r].id);
    ids.into_iter().find(|id| code(db.keys(), found.employer, *id) == card).ok_or(AppError::NotFound)
}

/// What the cards are made from.
struct Candidates {
    loaded: Loaded,
    introducible: Introducible,
    /// Index of the posting.
    posting: usize,
    employer: i64,
}

/// Every candidate with the score, best first: the order for companies, in which household need does not show.
fn best(loaded: &Loaded, introducible: &Introducible, posting: usize, employer: i64) -> Vec<(usize, u16)> {
    let snapshot = &loaded.snapshot;
    let list = recommend_for_posting(snapshot, posting, snapshot.residents().len(), Order::Pure);
    let may_show = |r: usize| {
        let id = snapshot.residents()[r].id;
        !loaded.names.no_automation.contains(&r) && introducible.standing(id, employer) != Standing::Refused
    };
    let best = list.best.into_iter().filter(|candidate| may_show(candidate.resident));
    best.map(|candidate| (candidate.resident, candidate.score)).collect()
}

/// The lists of the residents on cards.
struct Lists {
    skills: HashMap<i64, Vec<CardSkill>>,
    certificates: HashMap<i64, Vec<CardCertificate>>,
}

impl Candidates {
    fn load(db: &Db, posting: i64, today: NaiveDate) -> Result<Self, AppError> {
        db.read(|conn| {
            let employer = postings::get(conn, posting)?.data.employer_id;
            let loaded = snapshot::load_unhashed(conn, today)?;
            let index = loaded.posting_index(posting).ok_or(Refusal::PostingNotOpen)?;
            Ok(Self { introducible: Introducible::load(conn, today)?, loaded, posting: index, employer })
        })
    }

    fn best(&self) -> Vec<(usize, u16)> {
        best(&self.loaded, &self.introducible, self.posting, self.employer)
    }

    fn lists(&self, db: &Db, shown: &[(usize, u16)], posting: i64) -> Result<Lists, AppError> {
        let ids: Vec<i64> = shown.iter().map(|(r, _)| self.loaded.snapshot.residents()[*r].id).collect();
        let today = self.loaded.as_of;
        db.read(|conn| {
            let held = held_skills::of(conn, &ids)?;
            let mut wanted: Vec<i64> = held.iter().filter_map(|row| row.skill_id).collect();
            wanted.sort_unstable();
            wanted.dedup();
            let named = skills::get_many(conn, &wanted)?.into_iter();
            let names: HashMap<i64, Text> =
                named.map(|row| (row.id, Text::new(row.data.name_zh, row.data.name_en))).collect();
            let mut lists = Lists { skills: HashMap::new(), certificates: HashMap::new() };
            for row in held {
                let Some(name) = row.skill_id.and_then(|id| names.get(&id)) else { continue };
                let list = lists.skills.entry(row.resident_id).or_default();
                match list.iter_mut().find(|skill| skill.name == *name) {
                    Some(known) => known.level = known.level.max(row.level),
                    None => list.push(CardSkill { name: name.clone(), level: row.level }),
                }
            }
            let asked: HashMap<String, String> = posting_lists::certificates::of(conn, &[posting])?
                .into_iter()
                .map(|row| (row.normalised, row.name))
                .collect();
            for row in certificates::of(conn, &ids)? {
                if let Some(name) = asked.get(&row.normalised) {
                    let valid = row.valid_until.is_none_or(|last| today <= last);
                    let card = CardCertificate { name: name.clone(), valid };
                    lists.certificates.entry(row.resident_id).or_default().push(card);
                }
            }
            Ok(lists)
        })
    }

    fn card(&self, keys: &Keyring, (r, rank): (usize, usize), suitability: u16, known: &Lists) -> Card {
        let snapshot = &self.loaded.snapshot;
        let resident = &snapshot.residents()[r];
        let explanation = explain(snapshot, r, self.posting);
        let hours_known = snapshot.postings()[self.posting].hours.is_some();
        let hours_pass = explanation
            .gates
            .iter()
            .filter(|result| [Gate::Schedule, Gate::CareDuty].contains(&result.gate))
            .all(|result| result.check.outcome == Outcome::Pass);
        Card {
            code: code(keys, self.employer, resident.id),
            rank,
            suitability,
            age_band: resident.birth_date.map_or("", |birth| age_band(birth, self.loaded.as_of)),
            skills: known.skills.get(&resident.id).cloned().unwrap_or_default(),
            experience_years: explanation.values.experience_months.map(experience_band),
            certificates: known.certificates.get(&resident.id).cloned().unwrap_or_default(),
            reasons: words::for_employer(&explanation, &self.loaded.names),
            hours_fit: hours_known && hours_pass,
        }
    }
}

/// Age in bands of ten years.
#[must_use]
pub fn age_band(birth: NaiveDate, on: NaiveDate) -> &'static str {
    match ages::completed_years(birth, on) {
        ..20 => "16-19",
        20..30 => "20-29",
        30..40 => "30-39",
        40..50 => "40-49",
        50..60 => "50-59",
        _ => "60+",
    }
}

/// Months of experience in coarse years.
#[must_use]
pub const fn experience_band(months: u32) -> &'static str {
    match months {
        0..12 => "<1",
        12..36 => "1-2",
        36..72 => "3-5",
        72..132 => "6-10",
        _ => ">10",
    }
}
