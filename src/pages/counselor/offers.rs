//! Postings for a person as a card shows them: the reasons in words, the points behind a disclosure, what can be told to whom.

use super::parts;
use crate::app::Connection;
use crate::app::error::AppError;
use crate::app::recommendations::{Gain, Mark, Part, Proposed};
use crate::app::referrals::at_once::recipient;
use crate::app::referrals::view::Referral;
use crate::pages::desk::Desk;
use crate::pages::words::Words;

/// Points of one factor.
pub(super) struct Points {
    pub label: &'static str,
    pub points: u16,
    pub most: u16,
}

pub(super) struct Offer {
    pub posting: i64,
    pub title: String,
    pub employer: String,
    pub vacancies: String,
    pub points: u16,
    /// What the points could be at most.
    pub most: u16,
    pub is_eligible: bool,
    /// Class of the mark, and the sentence.
    pub reasons: Vec<(&'static str, String)>,
    pub parts: Vec<Points>,
    pub known: Option<String>,
    pub change: Option<String>,
    /// How the employer can be reached, as it is told to the person.
    pub contact: Option<String>,
    /// Where a referral to the employer stands.
    pub begun: Option<&'static str>,
    /// A referral of this very posting that only the person's word is missing for.
    pub is_proposed: bool,
    pub is_advised: bool,
    /// The form to refer is open at once.
    pub is_open: bool,
}

impl Offer {
    /// Whether it can be referred from here.
    pub(super) fn may_refer(&self) -> bool {
        self.is_eligible && self.contact.is_some() && (self.begun.is_none() || self.is_proposed)
    }
}

/// The offers of an answer; `referrals` are the person's open ones.
pub(super) fn of(
    conn: &mut Connection,
    desk: &Desk,
    pairs: Vec<Proposed>,
    (referrals, advised): (&[Referral], Option<i64>),
) -> Result<Vec<Offer>, AppError> {
    let mut found = Vec::new();
    for pair in pairs {
        found.push(offer(conn, desk, pair, (referrals, advised))?);
    }
    Ok(found)
}

fn offer(
    conn: &mut Connection,
    desk: &Desk,
    pair: Proposed,
    (referrals, advised): (&[Referral], Option<i64>),
) -> Result<Offer, AppError> {
    let words = &desk.words;
    let posting = parts::posting(conn, desk, pair.posting.id)?;
    let begun = referrals.iter().find(|referral| referral.employer_id == pair.posting.employer_id);
    let is_proposed =
        begun.is_some_and(|referral| referral.posting_id == pair.posting.id && !referral.state.is_with_employer());
    let explanation = &pair.explanation;
    let (known, all) = explanation.known_weight();
    Ok(Offer {
        posting: pair.posting.id,
        title: pair.posting.title,
        employer: pair.posting.employer,
        vacancies: match words.is_english() {
            false => format!("空 {} 个", posting.vacancies),
            true => format!("{} places", posting.vacancies),
        },
        points: explanation.points,
        most: explanation.parts.iter().map(|part| part.most).sum(),
        is_eligible: explanation.eligible,
        reasons: reasons(words, &pair.reasons),
        parts: explanation.parts.iter().map(|part| points(words, part)).collect(),
        known: (known < all).then(|| match words.is_english() {
            false => format!("已知权重 {known}/{all}，不知道的不扣分"),
            true => format!("known: {known} of {all} weight; what is unknown costs nothing"),
        }),
        change: pair.gain.as_ref().map(|gain| gained(words, gain)),
        contact: recipient(conn, pair.posting.id)?.1,
        begun: begun.map(|referral| words.label(referral.state.label())),
        is_proposed,
        is_advised: advised == Some(pair.posting.id),
        is_open: advised.map_or(pair.rank == 1, |advised| advised == pair.posting.id),
    })
}

/// Reasons with the class of their mark.
pub(super) fn reasons(words: &Words, all: &[(Mark, crate::domain::text::Text)]) -> Vec<(&'static str, String)> {
    let class = |mark: Mark| match mark {
        Mark::Fits => "",
        Mark::But => "but",
        Mark::Missing => "no",
    };
    all.iter().map(|(mark, text)| (class(*mark), text.get(words.lang()).to_owned())).collect()
}

/// The one change that would help most, with the suitability it would bring.
pub(super) fn gained(words: &Words, gain: &Gain) -> String {
    let (change, score) = (gain.change.get(words.lang()), words.score(gain.points));
    match (words.is_english(), gain.opens) {
        (false, true) => format!("若{change}，即可推荐，适合度 {score} 分"),
        (false, false) => format!("若{change}，适合度可到 {score} 分"),
        (true, true) => format!("if {change}, it could be recommended, with suitability {score}"),
        (true, false) => format!("if {change}, suitability would be {score}"),
    }
}

pub(super) fn points(words: &Words, part: &Part) -> Points {
    Points { label: words.label(part.factor.label()), points: part.points, most: part.most }
}
