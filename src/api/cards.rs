//! The candidates of a posting as its employer may see them: an allow-list, reviewed as a file.

use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::extract::{ById, Path, Query};
use super::guard;
use super::scalars::{CardCode, Day, Limit, SkillLevel};
use super::state::State;
use crate::app::privacy::cards as app;
use crate::domain::small_cells::Shown;
use crate::domain::text::Lang;

/// A count as it may be shown: exactly, or only below which number it is. Both null: kept back, because another figure would
/// follow from it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownCount {
    #[schema(example = 40)]
    pub value: Option<u64>,
    /// From 1 up to this, exclusive.
    #[schema(example = 10)]
    pub below: Option<u64>,
}

impl From<Shown> for ShownCount {
    fn from(shown: Shown) -> Self {
        match shown {
            Shown::Exact(value) => Self { value: Some(value), below: None },
            Shown::Below(below) => Self { value: None, below: Some(below) },
            Shown::Withheld => Self { value: None, below: None },
        }
    }
}

/// A skill of the vocabulary.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardSkill {
    #[schema(example = "平缝")]
    pub name: String,
    pub level: SkillLevel,
}

/// A certificate the posting asks for and the candidate holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardCertificate {
    #[schema(example = "健康证")]
    pub name: String,
    #[schema(example = true)]
    pub valid: bool,
}

/// A candidate, without anything that says who it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateCard {
    pub card: CardCode,
    /// Place in the list, from 1.
    #[schema(example = 1)]
    pub rank: usize,
    /// 0 to 10000.
    #[schema(example = 8350, minimum = 0, maximum = 10000)]
    pub suitability: u16,
    /// Completed years: `16-19`, tens, `60+`.
    #[schema(example = "30-39")]
    pub age_band: &'static str,
    pub skills: Vec<CardSkill>,
    /// Years in the occupation or near it: `<1`, `1-2`, `3-5`, `6-10`, `>10`; null = unknown.
    #[schema(example = "3-5")]
    pub experience_years: Option<&'static str>,
    pub certificates: Vec<CardCertificate>,
    /// What the posting asks for and the candidate brings, or lacks.
    #[schema(example = json!(["会平缝"]))]
    pub reasons: Vec<String>,
    /// Whether the candidate can work the posting's hours; false where the posting gives none.
    #[schema(example = true)]
    pub hours_fit: bool,
}

impl CandidateCard {
    fn show(card: app::Card, lang: Lang) -> Self {
        let skill =
            |skill: app::CardSkill| CardSkill { name: skill.name.get(lang).to_owned(), level: SkillLevel(skill.level) };
        let certificate =
            |certificate: app::CardCertificate| CardCertificate { name: certificate.name, valid: certificate.valid };
        Self {
            card: CardCode(card.code),
            rank: card.rank,
            suitability: card.suitability,
            age_band: card.age_band,
            skills: card.skills.into_iter().map(skill).collect(),
            experience_years: card.experience_years,
            certificates: card.certificates.into_iter().map(certificate).collect(),
            reasons: card.reasons.iter().map(|(_, text)| text.get(lang).to_owned()).collect(),
            hours_fit: card.hours_fit,
        }
    }
}

/// The most suitable candidates of a posting.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateCards {
    pub as_of: Day,
    /// How many candidates there are; few are not counted exactly.
    pub total: ShownCount,
    /// Most suitable first, at most 20.
    pub items: Vec<CandidateCard>,
}

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CardQuery {
    /// At most 20 are given, whatever is asked for.
    pub limit: Option<Limit>,
}

/// List the candidates of a posting as cards
///
/// A card's code is the employer's own: another employer knows the same person by another code. To get to know somebody, ask for
/// an introduction.
#[utoipa::path(operation_id = "list_candidate_cards", tag = "privacy", params(ById, CardQuery), responses((status = 200, description = "The cards.", body = CandidateCards), (status = 409, description = "Code `posting_not_open` or `no_legal_basis`.", body = super::error::Problem, content_type = "application/problem+json")))]
#[get("/postings/{id}/cards")]
pub async fn list_candidate_cards(
    service: State,
    req: HttpRequest,
    path: Path<ById>,
    query: Query<CardQuery>,
) -> Result<HttpResponse, ApiError> {
    let lang = guard::lang(req.headers());
    let (db, id, today) = (service.db.clone(), path.0.id.0, service.today());
    let limit = usize::from(query.0.limit.unwrap_or_default().0);
    let cards = service.compute(move || app::of_posting(&db, id, limit, today)).await?;
    Ok(HttpResponse::Ok().json(CandidateCards {
        as_of: Day(cards.as_of),
        total: cards.total.into(),
        items: cards.cards.into_iter().map(|card| CandidateCard::show(card, lang)).collect(),
    }))
}
