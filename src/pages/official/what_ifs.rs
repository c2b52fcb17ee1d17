//! What the reader of the gap page tries: one change of their own, and one tenant that closes; each solved now.

use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::plans::Worth;
use crate::app::plans::view::Figures;
use crate::app::plans::what_if::{Answer, Asked, what_if};
use crate::domain::coverage::basis_points;
use crate::pages::desk::Desk;

/// Ticked changes side by side: more do not fit beside each other.
pub const MOST_COMPARED: usize = 3;
/// Most vacancies or seats one question may be about.
const MOST_UNITS: u32 = 1_000;
/// The level a course teaches to.
const COURSE_LEVEL: u8 = 3;

/// A column of the comparison.
pub struct Column {
    pub title: String,
    pub newly: i64,
    pub uncovered: i64,
    /// Coverage once everything is done, basis points.
    pub rate: Option<u32>,
}

impl Column {
    /// The plan with so many households more.
    pub fn of(title: String, more: i64, figures: &Figures) -> Self {
        let covered = figures.covered_after + more;
        let counted = figures.covered_after + figures.uncovered;
        Self {
            title,
            newly: covered - figures.covered_before,
            uncovered: figures.uncovered - more,
            rate: basis_points(covered.unsigned_abs(), counted.unsigned_abs()),
        }
    }
}

/// A tenant that closes.
pub struct Closed {
    pub employer: i64,
    pub text: crate::domain::text::Text,
    pub lost: usize,
    pub covered_again: usize,
    pub left: usize,
    pub displaced: usize,
    pub gained: usize,
}

/// What was tried, and what came of it.
#[derive(Default)]
pub struct Tried {
    /// As typed, so that the form shows it again.
    pub kind: String,
    pub posting: Option<i64>,
    pub n: String,
    pub skill: String,
    pub worth: Option<Worth>,
    pub closed: Option<Closed>,
}

/// Solves what the address asks for.
///
/// # Errors
/// `Invalid` at what is missing or out of range; refused if the records have changed since the plan was made; `Busy`.
pub async fn tried(desk: &Desk, plan: i64) -> Result<Tried, AppError> {
    let mut tried = Tried {
        kind: desk.query("try").unwrap_or_default(),
        posting: desk.query("posting").and_then(|text| text.parse().ok()),
        n: desk.query("n").unwrap_or_default(),
        skill: desk.query("skill").unwrap_or_default(),
        ..Tried::default()
    };
    let asked = asked(&tried)?;
    let tenant: Option<i64> = desk.query("tenant").and_then(|text| text.parse().ok());
    if asked.is_none() && tenant.is_none() {
        return Ok(tried);
    }
    let db = desk.pages.db.clone();
    let (worth, closed) = desk
        .compute(move || {
            let worth = asked.map(|asked| what_if(&db, plan, &asked)).transpose()?.map(|answer| answer.worth);
            let closed = tenant
                .map(|employer| Ok::<_, AppError>((employer, what_if(&db, plan, &Asked::TenantRemoved { employer })?)))
                .transpose()?;
            Ok((worth, closed))
        })
        .await?;
    tried.worth = worth;
    tried.closed = closed.and_then(|(employer, answer)| end_of(employer, answer));
    Ok(tried)
}

fn end_of(employer: i64, answer: Answer) -> Option<Closed> {
    let shock = answer.shock?;
    Some(Closed {
        employer,
        text: answer.worth.text,
        lost: shock.lost.len(),
        covered_again: shock.covered_again.len(),
        left: shock.left.len(),
        displaced: shock.displaced.len(),
        gained: shock.gained.len(),
    })
}

/// The change that was tried; `None` where none was.
fn asked(tried: &Tried) -> Result<Option<Asked>, FieldError> {
    let missing = |field: &str| FieldError::new(field, FieldCode::Missing);
    let posting = || tried.posting.ok_or_else(|| missing("?posting"));
    let n = |range: std::ops::RangeInclusive<u32>| {
        let n: u32 = tried.n.parse().map_err(|_| missing("?n"))?;
        if range.contains(&n) { Ok(n) } else { Err(FieldError::new("?n", FieldCode::OutOfRange)) }
    };
    Ok(Some(match tried.kind.as_str() {
        "" => return Ok(None),
        "more_vacancies" => Asked::MoreVacancies { posting: posting()?, vacancies: n(1..=MOST_UNITS)? },
        "age" => {
            let max = u8::try_from(n(16..=100)?).map_err(|_| FieldError::new("?n", FieldCode::OutOfRange))?;
            Asked::Age { posting: posting()?, min: None, max: Some(max) }
        }
        "training" => Asked::Training { posting: posting()? },
        "pay" => Asked::Pay { posting: posting()?, up_to: n(1..=100_000)? },
        "course" if tried.skill.is_empty() => return Err(missing("?skill")),
        "course" => Asked::Course { skill: tried.skill.clone(), level: COURSE_LEVEL, seats: n(1..=MOST_UNITS)? },
        _ => return Err(FieldError::new("?try", FieldCode::NotInList)),
    }))
}
