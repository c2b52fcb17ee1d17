//! Where do the families live? Grids of similar size, each a few blocks of six to nine floors round the park.
//!
//! Invariant: there is at least one home per household, and about two homes in a hundred stand empty.

use super::dice::{Dice, Stage};
use super::model::Building;
use super::names;

pub(super) struct Places {
    pub(super) buildings: Vec<Building>,
    /// Names of the cadres who look after a block; several share a grid.
    pub(super) helpers: Vec<String>,
    /// Where each household lives: building and door plate.
    pub(super) homes: Vec<(usize, String)>,
}

/// Grids of the community: five, and more once a grid would hold over 900 households.
pub(super) fn n_grids(households: u32) -> u32 {
    households.div_ceil(900).max(5)
}

pub(super) fn build(seed: u64, households: u32) -> Places {
    let mut dice = Dice::new(seed, Stage::Places);
    let n_grids = n_grids(households);
    // Nine cadres for five grids.
    let n_helpers = (n_grids * 9 / 5) as usize;
    let helpers: Vec<String> = (0..n_helpers).map(|_| names::cadre(&mut dice)).collect();

    let mut buildings: Vec<Building> = Vec::new();
    let mut homes = Vec::with_capacity(households as usize);
    for grid in 0..n_grids {
        // The last grid ends exactly at the number of households.
        let until = (u64::from(households) * u64::from(grid + 1) / u64::from(n_grids)) as usize;
        // Grids lie round the park: the first next to it, the last up the hill.
        let nearest = 3 + 4 * (grid % 5);
        while homes.len() < until {
            let index = buildings.len();
            let building = Building {
                grid: format!("第{}网格", numeral(grid + 1)),
                name: format!("{}栋", index + 1),
                stairs: dice.between(2, 4),
                floors: dice.between(6, 9),
                homes_per_floor: dice.between(2, 3),
                minutes_to_park: nearest + dice.between(0, 7),
                helper: (grid as usize * n_helpers / n_grids as usize + index % 2).min(n_helpers - 1),
            };
            for (stair, floor, door) in doors(&building) {
                if homes.len() < until && !dice.chance(20) {
                    homes.push((index, format!("{stair}-{floor}{door:02}")));
                }
            }
            buildings.push(building);
        }
    }
    Places { buildings, helpers, homes }
}

fn doors(building: &Building) -> impl Iterator<Item = (u32, u32, u32)> + use<> {
    let &Building { stairs, floors, homes_per_floor, .. } = building;
    (1..=stairs).flat_map(move |stair| {
        (1..=floors).flat_map(move |floor| (1..=homes_per_floor).map(move |door| (stair, floor, door)))
    })
}

/// Chinese numerals below one hundred, digits from there on.
fn numeral(n: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = ((n / 10) as usize, (n % 10) as usize);
    match tens {
        0 => DIGITS[ones].to_owned(),
        1 => format!("十{}", DIGITS[ones]),
        2..=9 => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
        _ => n.to_string(),
    }
}
