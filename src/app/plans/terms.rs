//! From records to an instance: weights, limits, decisions and promises.
//!
//! - **Weight**: 0 for a household that is covered or exempt, 1 for an uncovered one, the setting `plan_weight_monitored` for an
//!   uncovered one that is monitored.
//! - **Limit**: what the care duty leaves ([`Loaded::limits`]); all members where it leaves all.
//! - **Decisions**: pins and forbidden pairs that stand. A pin that names somebody or something that is not there is a fault; a
//!   forbidden pair that is not there needs nothing, nor does a pin that is carried out.
//! - **Offers and promises**: see [`super::claims`].
//!
//! Invariant: [`Basis::input_hash`] is equal for two bases exactly if the planner sees the same instance of the same day under
//! the same parent.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Debug;

use chrono::NaiveDate;

use super::claims;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::settings;
use crate::app::snapshot::{self, FullPostings, Loaded, Scope, hash};
use crate::db::plans::prices::PriceRow;
use crate::db::seal::IndexField;
use crate::db::{AnyConnection, Keyring, plan_lists, plan_pins, plans, referrals};
use crate::domain::codes::{CoverageState, PinKind, PlanState};
use crate::domain::coverage::{CoverageRules, HouseholdFacts, household_coverage};
use crate::domain::text::Text;
use crate::engine::plan::pairs::Scan;
use crate::engine::plan::{Pair, Pairs, PlanHousehold, Terms};
use crate::engine::profile::{Scanner, Snapshot};

/// Which decisions a basis is made under.
pub enum Under<'a> {
    /// Those that stand now.
    Standing,
    /// Those with these ids: what a stored plan was made under.
    Pins(&'a [i64]),
}

/// A decision about a pair that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    pub pin: i64,
    pub kind: PinKind,
    pub pair: Pair,
}

/// Everything a plan is computed from.
pub struct Basis {
    pub loaded: Loaded,
    /// With every decision.
    pub terms: Terms,
    /// Before the plan: covered, uncovered or exempt; parallel to the snapshot's households.
    pub states: Vec<PlanState>,
    /// What each household weighs, or would weigh if it were uncovered.
    pub weights: Vec<u32>,
    pub rules: CoverageRules,
    /// By id of the pin.
    pub decisions: Vec<Decision>,
    /// Pins that cannot be looked at, because somebody or something is not there.
    pub faults: Vec<FieldError>,
    /// Residents (indices) who are in no automatic plan.
    pub left_out: BTreeSet<usize>,
    pub parent: Option<i64>,
    /// The parent's placements by resident: (resident id, posting id).
    pub before: Vec<(i64, i64)>,
    /// Who holds a place of which posting: (resident id, posting id).
    pub hired: HashSet<(i64, i64)>,
    pub input_hash: String,
    /// Terms without decisions.
    bare: Terms,
    /// Offers of employers, kept or not, in the order they were made.
    offers: Vec<Pair>,
    /// What was promised and is still possible, forbidden or not.
    possible: Vec<Pair>,
}

impl Basis {
    /// Reads the instance of a day. Call inside [`crate::db::Db::read`], then release the connection.
    pub fn load(
        conn: &mut AnyConnection,
        keys: &Keyring,
        as_of: NaiveDate,
        parent: Option<i64>,
        under: &Under<'_>,
    ) -> Result<Self, AppError> {
        let loaded = snapshot::load_with(conn, Some(keys), as_of, FullPostings::Asked, Scope::Everything)?;
        let rules = settings::coverage_rules(conn, as_of)?;
        let states =
            loaded.facts.households.iter().map(|household| match household_coverage(household, as_of, &rules).state {
                CoverageState::Covered => PlanState::CoveredBefore,
                CoverageState::Uncovered => PlanState::Uncovered,
                CoverageState::Exempt => PlanState::Exempt,
            });
        let states: Vec<PlanState> = states.collect();
        let weight_monitored = settings::plan_weight_monitored(conn, as_of)?;
        let monitored: HashSet<i64> = plan_lists::monitored_households(conn)?.into_iter().collect();
        let weight = |household: &HouseholdFacts| if monitored.contains(&household.id) { weight_monitored } else { 1 };
        let weights: Vec<u32> = loaded.facts.households.iter().map(weight).collect();
        let bare = bare_terms(&loaded, &states, &weights)?;
        let pins = match under {
            Under::Standing => plan_pins::standing(conn)?,
            Under::Pins(ids) => plan_pins::get_many(conn, ids)?,
        };
        let hired: HashSet<(i64, i64)> = plan_lists::hired_on(conn, as_of)?.into_iter().collect();
        let (decisions, faults) = decisions(&loaded, &pins, &hired);
        let left_out: BTreeSet<usize> = loaded.names.no_automation.iter().copied().collect();
        let before = match parent {
            Some(parent) => plans::placements::of_plan(conn, parent)?,
            None => Vec::new(),
        };
        let before: Vec<(i64, i64)> = before.into_iter().map(|row| (row.resident_id, row.posting_id)).collect();
        let agreed = referrals::agreed(conn)?;
        let offers = claims::offers(&loaded, &agreed);
        let possible = claims::promises(&loaded, &left_out, &agreed, &before);
        let terms = decided(&bare, &decisions, (&offers, &possible), None)?;
        let parts: [&dyn Debug; 6] = [&loaded.input_hash, &parent, &states, &left_out, &offers, &terms];
        let input_hash = hash::keyed(keys, IndexField::PlanInput, &parts);
        let basis = Self {
            loaded,
            terms,
            states,
            weights,
            rules,
            decisions,
            faults,
            left_out,
            parent,
            before,
            hired,
            input_hash,
            bare,
            offers,
            possible,
        };
        Ok(basis)
    }

    /// The terms as they were without one decision.
    pub fn terms_without(&self, pin: i64) -> Result<Terms, AppError> {
        decided(&self.bare, &self.decisions, (&self.offers, &self.possible), Some(pin))
    }

    /// The terms as they would be with one decision more.
    pub fn terms_with(&self, kind: PinKind, pair: Pair) -> Result<Terms, AppError> {
        let one = Decision { pin: 0, kind, pair };
        let decisions: Vec<Decision> = self.decisions.iter().copied().chain([one]).collect();
        decided(&self.bare, &decisions, (&self.offers, &self.possible), None)
    }

    /// The pairs the planner may use under these terms.
    pub fn pairs<'a>(&'a self, terms: &'a Terms) -> PlanPairs<'a> {
        let (left_out, offers) = (&self.left_out, &self.offers);
        PlanPairs { snapshot: &self.loaded.snapshot, left_out, pins: terms.pins(), offers }
    }

    pub fn resident_id(&self, resident: u32) -> i64 {
        self.loaded.names.residents[resident as usize].id
    }

    pub fn posting_id(&self, posting: u32) -> i64 {
        self.loaded.names.postings[posting as usize].id
    }

    /// The pair of two records, if both are there.
    pub fn pair(&self, resident: i64, posting: i64) -> Option<Pair> {
        let resident = index(self.loaded.resident_index(resident))?;
        Some(Pair { resident, posting: index(self.loaded.posting_index(posting))? })
    }

    /// Stored prices in the order of the instance's postings, if there is one for each.
    pub fn prices(&self, rows: &[PriceRow]) -> Option<Vec<i64>> {
        let mut prices = vec![None; self.terms.n_postings()];
        for row in rows {
            prices[self.loaded.posting_index(row.posting_id)?] = Some(row.price);
        }
        prices.into_iter().collect()
    }

    /// Residents who are in no automatic plan, as the engine numbers them.
    pub fn left_out(&self) -> impl Iterator<Item = u32> {
        self.left_out.iter().filter_map(|resident| index(Some(*resident)))
    }

    /// Index of a resident's household.
    pub fn home(&self, resident: u32) -> usize {
        self.terms.household_of()[resident as usize] as usize
    }

    pub fn household_id(&self, household: usize) -> i64 {
        self.loaded.facts.households[household].id
    }

    /// Households that were uncovered and get somebody placed.
    pub fn newly_covered(&self, placements: &[Pair]) -> HashSet<usize> {
        let homes = placements.iter().map(|pair| self.home(pair.resident));
        homes.filter(|home| self.states[*home] == PlanState::Uncovered).collect()
    }

    /// "#17 → 景航服装 · 缝纫工(#4)": no name of a person, because it is kept as the step of a job.
    pub fn name(&self, pair: Pair) -> String {
        let resident = self.resident_id(pair.resident);
        let posting = &self.loaded.names.postings[pair.posting as usize];
        format!("#{resident} → {} · {}(#{})", posting.employer, posting.title, posting.id)
    }
}

fn bare_terms(loaded: &Loaded, states: &[PlanState], weights: &[u32]) -> Result<Terms, AppError> {
    let household_of: Vec<u32> = loaded.snapshot.residents().iter().map(|resident| resident.household).collect();
    let mut members = vec![0u32; states.len()];
    for household in &household_of {
        members[*household as usize] += 1;
    }
    let households = states.iter().zip(weights).zip(members.iter().zip(&loaded.limits));
    let households = households.map(|((state, weight), (members, limit))| PlanHousehold {
        weight: match state {
            PlanState::Uncovered => *weight,
            PlanState::CoveredBefore | PlanState::NewlyCovered | PlanState::Exempt => 0,
        },
        limit: limit.unwrap_or(*members),
    });
    let terms = Terms::new(households.collect(), household_of, loaded.vacancies.clone()).map_err(anyhow::Error::new)?;
    // So that a price reads as households and points also where few places, or none, are left.
    Ok(terms.with_room_for_all())
}

fn decisions(
    loaded: &Loaded,
    pins: &[plan_pins::PinRow],
    hired: &HashSet<(i64, i64)>,
) -> (Vec<Decision>, Vec<FieldError>) {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for pin in pins {
        let data = &pin.data;
        // Who works there already: the decision is carried out.
        if data.kind == PinKind::Pin && hired.contains(&(data.resident_id, data.posting_id)) {
            continue;
        }
        match (index(loaded.resident_index(data.resident_id)), index(loaded.posting_index(data.posting_id))) {
            (Some(resident), Some(posting)) => {
                found.push(Decision { pin: pin.id, kind: data.kind, pair: Pair { resident, posting } });
            }
            (resident, _) if data.kind == PinKind::Pin => faults.push(not_there(pin, resident.is_none())),
            _ => {}
        }
    }
    (found, faults)
}

fn not_there(pin: &plan_pins::PinRow, resident: bool) -> FieldError {
    let (zh, en) = if resident {
        ("居民已不是社区现有户的成员", "the resident is no member of a household any more")
    } else {
        ("岗位未发布或已关闭", "the posting is not published")
    };
    let (id, data) = (pin.id, &pin.data);
    fault(
        id,
        Text::new(
            format!(
                "指定 #{id}（居民 #{} → 岗位 #{}）无法执行：{zh}。请先结束这项指定。",
                data.resident_id, data.posting_id
            ),
            format!(
                "Pin #{id} (resident #{} → posting #{}) cannot be kept: {en}. Please end it first.",
                data.resident_id, data.posting_id
            ),
        ),
    )
}

/// A pin that stands in the way of every plan.
pub fn fault(pin: i64, text: Text) -> FieldError {
    FieldError::with_text(format!("/plan-pins/{pin}"), FieldCode::Contradicts, text)
}

/// As the engine numbers them.
pub(super) fn index(index: Option<usize>) -> Option<u32> {
    index.and_then(|index| u32::try_from(index).ok())
}

/// The terms with every decision but one, and with what was offered and promised.
fn decided(
    bare: &Terms,
    decisions: &[Decision],
    (offers, possible): (&[Pair], &[Pair]),
    but: Option<i64>,
) -> Result<Terms, AppError> {
    let decisions: Vec<&Decision> = decisions.iter().filter(|decision| Some(decision.pin) != but).collect();
    let of_kind = |kind| {
        let chosen = decisions.iter().filter(move |decision| decision.kind == kind);
        chosen.map(|decision| decision.pair).collect::<Vec<Pair>>()
    };
    let forbidden = of_kind(PinKind::Forbid);
    let promises = possible.iter().filter(|pair| !forbidden.contains(pair)).copied().collect();
    let mut pins = of_kind(PinKind::Pin);
    pins.extend(claims::kept_offers(bare, &decisions, offers));
    Ok(bare.clone().with_decisions(pins, forbidden, promises).map_err(anyhow::Error::new)?)
}

/// The snapshot's eligible pairs without the people who are in no automatic plan; a pin is a person's decision and counts, an offer that is
/// pinned counts without points where a gate fails today.
pub struct PlanPairs<'a> {
    snapshot: &'a Snapshot,
    left_out: &'a BTreeSet<usize>,
    /// Sorted.
    pins: &'a [Pair],
    offers: &'a [Pair],
}

/// Reads [`PlanPairs`].
pub struct PlanScan<'a> {
    inner: Scanner<'a>,
    left_out: &'a BTreeSet<usize>,
    pins: &'a [Pair],
    offers: &'a [Pair],
}

impl Pairs for PlanPairs<'_> {
    type Scan<'a>
        = PlanScan<'a>
    where
        Self: 'a;

    fn scan(&self) -> PlanScan<'_> {
        let Self { left_out, pins, offers, .. } = *self;
        PlanScan { inner: self.snapshot.scan(), left_out, pins, offers }
    }

    fn most_suitability(&self) -> u32 {
        self.snapshot.most_suitability()
    }
}

impl Scan for PlanScan<'_> {
    fn scan(&mut self, r: usize, floor: impl FnMut(usize) -> i64, visit: impl FnMut(usize, u32)) {
        if !self.left_out.contains(&r) {
            Scan::scan(&mut self.inner, r, floor, visit);
        }
    }

    fn suitability(&mut self, r: usize, p: usize) -> Option<u32> {
        let pair = Pair { resident: index(Some(r))?, posting: index(Some(p))? };
        let is_pinned = self.pins.binary_search(&pair).is_ok();
        if self.left_out.contains(&r) && !is_pinned {
            return None;
        }
        let suitability = Scan::suitability(&mut self.inner, r, p);
        suitability.or_else(|| (is_pinned && self.offers.contains(&pair)).then_some(0))
    }
}
