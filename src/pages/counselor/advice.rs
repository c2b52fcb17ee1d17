//! What the working plan says of one household, and why.

use crate::app::coverage::standing::Standing;
use crate::app::error::AppError;
use crate::app::plans::view::{self, HouseholdFilter};
use crate::app::{Connection, Page};
use crate::domain::codes::{PlanStanding, PlanState};
use crate::pages::words::Words;

pub(super) struct Advice {
    /// Who goes where: the way to the person's jobs, and words.
    pub placed: Vec<(String, String)>,
    pub why: Vec<String>,
    pub is_in_force: bool,
}

/// What the working plan makes of the household, and why.
pub(super) fn of(conn: &mut Connection, words: &Words, standing: &Standing) -> Result<Option<Advice>, AppError> {
    let household = standing.place.household;
    let Some(plan) = view::working(conn)? else { return Ok(None) };
    let filter = HouseholdFilter { household: Some(household), ..HouseholdFilter::default() };
    let Some(row) = view::households(conn, plan.id, &filter, Page::first(1))?.pop() else { return Ok(None) };
    let placed = view::placements_of(conn, plan.id, household)?.into_iter().map(|one| {
        let (who, where_) = (one.resident_name, format!("{} {}", one.posting.employer, one.posting.title));
        let points = words.mean_score(Some(one.row.suitability));
        let said = match words.is_english() {
            false => format!("{who} → {where_}，适合度 {points} 分（满分 100）"),
            true => format!("{who} → {where_}, suitability {points} of 100"),
        };
        (words.to(&format!("/residents/{}?posting={}", one.row.resident_id, one.posting.id)), said)
    });
    let placed: Vec<(String, String)> = placed.collect();
    let mut why: Vec<String> = Vec::new();
    match row.state {
        PlanState::NewlyCovered => why.push(
            words
                .say(
                    "照方案安排，全社区新覆盖的户数最多；别的安排不会更多。",
                    "With this plan as many households as possible are newly covered; no other does better.",
                )
                .to_owned(),
        ),
        PlanState::Uncovered => {
            why.extend(row.class.map(|class| words.label(class.label()).to_owned()));
            let sentences = row.evidence.as_ref().and_then(|evidence| evidence["sentences"].as_array().cloned());
            let lang = words.say("zh", "en");
            let texts = sentences.unwrap_or_default();
            why.extend(texts.iter().filter_map(|text| text[lang].as_str().map(str::to_owned)));
        }
        PlanState::CoveredBefore | PlanState::Exempt if placed.is_empty() => return Ok(None),
        PlanState::CoveredBefore | PlanState::Exempt => {}
    }
    Ok(Some(Advice { placed, why, is_in_force: plan.standing == PlanStanding::Adopted }))
}
