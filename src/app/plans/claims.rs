//! Who has a claim on a place before a plan is made: by an offer, or by a promise.
//!
//! - **Offers**: an employer has offered the place (an open referral in the state `offered`). The place is theirs and the plan builds around
//!   it, whatever the gates say today: they are asked again at the hire. Earlier offers go first; one is left aside where a counselor
//!   pins the person elsewhere or forbids the pair, where the person holds an earlier one, where no place is left, or where
//!   somebody at home has to care. A counselor's pin that an offer leaves no room for is refused by name.
//! - **Promises**: a referral the person agreed to, the furthest one first, else the parent plan's placement; of each resident one
//!   at most, and of the parent's at a posting no more than the referrals there leave places. Only what is still possible: both are there,
//!   every gate passes, nobody declined, and the person may be in a plan.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::terms::{Decision, index};
use crate::app::snapshot::Loaded;
use crate::db::referrals::ReferralRow;
use crate::domain::codes::PinKind;
use crate::domain::referral::ReferralState;
use crate::engine::plan::{Pair, Terms};

/// The pairs of the offers, in the order in which they were made.
pub fn offers(loaded: &Loaded, agreed: &[ReferralRow]) -> Vec<Pair> {
    let mut offered: Vec<&ReferralRow> = agreed.iter().filter(|row| row.data.state == ReferralState::Offered).collect();
    offered.sort_unstable_by_key(|row| (row.data.moved_on, row.id));
    offered.into_iter().filter_map(|row| pair(loaded, (row.data.resident_id, row.data.posting_id))).collect()
}

/// What was promised, by resident: `agreed` are the open referrals people agreed to, `before` the parent's placements.
pub fn promises(
    loaded: &Loaded,
    left_out: &BTreeSet<usize>,
    agreed: &[ReferralRow],
    before: &[(i64, i64)],
) -> Vec<Pair> {
    let mut referred: Vec<&ReferralRow> = agreed.iter().collect();
    referred.sort_unstable_by_key(|row| (Reverse(row.data.state.steps()), row.data.moved_on, row.id));
    let mut promised: BTreeMap<u32, Pair> = BTreeMap::new();
    let mut referred_at: HashMap<u32, u32> = HashMap::new();
    for row in referred {
        let Some(pair) = still(loaded, left_out, (row.data.resident_id, row.data.posting_id)) else { continue };
        if let Entry::Vacant(free) = promised.entry(pair.resident) {
            free.insert(pair);
            *referred_at.entry(pair.posting).or_default() += 1;
        }
    }
    for pair in before.iter().filter_map(|ids| still(loaded, left_out, *ids)) {
        let Entry::Vacant(free) = promised.entry(pair.resident) else { continue };
        match referred_at.get_mut(&pair.posting) {
            Some(taken) if *taken >= loaded.vacancies[pair.posting as usize] => continue,
            Some(taken) => *taken += 1,
            None => {}
        }
        free.insert(pair);
    }
    promised.into_values().collect()
}

/// A pair that could be placed today.
fn still(loaded: &Loaded, left_out: &BTreeSet<usize>, (resident, posting): (i64, i64)) -> Option<Pair> {
    let pair = pair(loaded, (resident, posting))?;
    let (r, p) = (pair.resident as usize, pair.posting as usize);
    let declined = loaded.snapshot.residents()[r].declined.iter().any(|(declined, _)| *declined == posting);
    if declined || left_out.contains(&r) {
        return None;
    }
    loaded.snapshot.score(r, p)?;
    Some(pair)
}

fn pair(loaded: &Loaded, (resident, posting): (i64, i64)) -> Option<Pair> {
    let (resident, posting) = (loaded.resident_index(resident), loaded.posting_index(posting));
    Some(Pair { resident: index(resident)?, posting: index(posting)? })
}

/// The offers that are pinned beside these decisions.
pub fn kept_offers(bare: &Terms, decisions: &[&Decision], offers: &[Pair]) -> Vec<Pair> {
    let is_forbidden =
        |pair: &Pair| decisions.iter().any(|decision| decision.kind == PinKind::Forbid && decision.pair == *pair);
    let pins = decisions.iter().filter(|decision| decision.kind == PinKind::Pin);
    let pinned: HashMap<u32, u32> = pins.map(|pin| (pin.pair.resident, pin.pair.posting)).collect();
    let mut taken: BTreeMap<u32, Pair> = BTreeMap::new();
    let (mut at, mut of) = (HashMap::<u32, u32>::new(), HashMap::<u32, u32>::new());
    for offer in offers {
        let home = bare.household_of()[offer.resident as usize];
        let (places, placed) = (at.entry(offer.posting).or_default(), of.entry(home).or_default());
        let has_room = *places < bare.vacancies()[offer.posting as usize]
            && *placed < bare.households()[home as usize].limit
            && pinned.get(&offer.resident).is_none_or(|posting| *posting == offer.posting);
        if has_room && !is_forbidden(offer) && !taken.contains_key(&offer.resident) {
            (*places, *placed) = (*places + 1, *placed + 1);
            taken.insert(offer.resident, *offer);
        }
    }
    taken.into_values().collect()
}
