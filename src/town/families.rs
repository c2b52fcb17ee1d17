//! Who lives together? Sizes that add up to the population, then a family shape for each size, then ages that fit.
//!
//! Invariants: the sizes add up exactly; in completed years a mother is 21 to 40 older than her child, a father 19 to 44;
//! brothers and sisters are at least two years apart; couples are of lawful age.

use super::dice::Dice;
use crate::domain::codes::{Relation, Sex};

/// A member before they have a name: the head stands first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    pub(super) relation: Relation,
    pub(super) sex: Sex,
    /// Completed years.
    pub(super) age: u32,
}

/// How a household is made up. `children` are unmarried children of the head, `elders` parents of the head.
#[derive(Clone, Copy)]
enum Shape {
    Elder,
    Single,
    ElderCouple,
    Couple {
        children: u32,
        elders: u32,
    },
    SingleParent {
        children: u32,
        elders: u32,
    },
    /// Elders with unmarried grown-up children.
    ElderParents {
        both: bool,
        children: u32,
    },
    /// Elders who bring up grandchildren alone.
    Grandparents {
        both: bool,
        grandchildren: u32,
    },
    /// A head and spouse, a married child with spouse, grandchildren, further children, the head's parents.
    Stem {
        both: bool,
        unmarried: u32,
        grandchildren: u32,
        elders: u32,
    },
    /// A couple with children and a brother or sister of the head.
    WithSibling {
        children: u32,
    },
}

/// Household sizes 1..=8 in a thousand households.
const SIZES: [(u32, u32); 8] = [(1, 26), (2, 78), (3, 168), (4, 290), (5, 228), (6, 138), (7, 52), (8, 20)];

/// Sizes of `households` households that add up to `people` (clamped to 1..=8 a household).
pub(super) fn sizes(dice: &mut Dice, households: u32, people: u32) -> Vec<u32> {
    let mut sizes: Vec<u32> = (0..households).map(|_| dice.weighted(&SIZES)).collect();
    let mut sum: u32 = sizes.iter().sum();
    let people = people.clamp(households, households.saturating_mul(8));
    while sum != people {
        let size = dice.below(sizes.len());
        // Singles and couples keep their share: the correction is made where a member more or less changes little.
        let fixed = sizes[size] < 3 && households > 100;
        if sum < people && sizes[size] < 8 && !fixed {
            sizes[size] += 1;
            sum += 1;
        } else if sum > people && sizes[size] > if households > 100 { 3 } else { 1 } {
            sizes[size] -= 1;
            sum -= 1;
        }
    }
    sizes
}

fn shape(dice: &mut Dice, size: u32) -> Shape {
    use Shape::{Couple, ElderCouple, ElderParents, Grandparents, Single, SingleParent, Stem, WithSibling};
    match size {
        1 => dice.weighted(&[(Shape::Elder, 55), (Single, 45)]),
        2 => dice.weighted(&[
            (ElderCouple, 40),
            (Couple { children: 0, elders: 0 }, 22),
            (SingleParent { children: 1, elders: 0 }, 15),
            (ElderParents { both: false, children: 1 }, 14),
            (Grandparents { both: false, grandchildren: 1 }, 9),
        ]),
        3 => dice.weighted(&[
            (Couple { children: 1, elders: 0 }, 62),
            (Couple { children: 0, elders: 1 }, 6),
            (SingleParent { children: 2, elders: 0 }, 9),
            (SingleParent { children: 1, elders: 1 }, 6),
            (ElderParents { both: true, children: 1 }, 11),
            (Grandparents { both: true, grandchildren: 1 }, 6),
        ]),
        4 => dice.weighted(&[
            (Couple { children: 2, elders: 0 }, 60),
            (Couple { children: 1, elders: 1 }, 21),
            (Stem { both: true, unmarried: 0, grandchildren: 0, elders: 0 }, 5),
            (Stem { both: false, unmarried: 0, grandchildren: 1, elders: 0 }, 5),
            (SingleParent { children: 2, elders: 1 }, 4),
            (ElderParents { both: true, children: 2 }, 3),
            (Grandparents { both: true, grandchildren: 2 }, 2),
        ]),
        5 => dice.weighted(&[
            (Couple { children: 3, elders: 0 }, 22),
            (Couple { children: 2, elders: 1 }, 38),
            (Stem { both: true, unmarried: 0, grandchildren: 1, elders: 0 }, 21),
            (Stem { both: false, unmarried: 0, grandchildren: 2, elders: 0 }, 10),
            (Couple { children: 1, elders: 2 }, 6),
            (WithSibling { children: 2 }, 3),
        ]),
        6 => dice.weighted(&[
            (Couple { children: 2, elders: 2 }, 30),
            (Stem { both: true, unmarried: 0, grandchildren: 2, elders: 0 }, 36),
            (Stem { both: true, unmarried: 1, grandchildren: 1, elders: 0 }, 16),
            (Couple { children: 3, elders: 1 }, 15),
            (WithSibling { children: 3 }, 3),
        ]),
        7 => dice.weighted(&[
            (Stem { both: true, unmarried: 1, grandchildren: 2, elders: 0 }, 45),
            (Stem { both: true, unmarried: 0, grandchildren: 2, elders: 1 }, 35),
            (Couple { children: 3, elders: 2 }, 20),
        ]),
        _ => dice.weighted(&[
            (Stem { both: true, unmarried: 1, grandchildren: 2, elders: 1 }, 55),
            (Stem { both: true, unmarried: 1, grandchildren: 3, elders: 0 }, 45),
        ]),
    }
}

/// The members of one household of `size` 1..=8.
pub(super) fn compose(dice: &mut Dice, size: u32) -> Vec<Draft> {
    let mut family = Family { dice, members: Vec::with_capacity(size as usize) };
    match shape(family.dice, size) {
        Shape::Elder => {
            let age = family.dice.between(61, 86);
            let sex = family.dice.weighted(&[(Sex::Male, 45), (Sex::Female, 55)]);
            family.add(Relation::Head, sex, age);
        }
        Shape::Single => {
            let age = family.dice.between(34, 59);
            let sex = family.dice.weighted(&[(Sex::Male, 85), (Sex::Female, 15)]);
            family.add(Relation::Head, sex, age);
        }
        Shape::ElderCouple => {
            family.couple((62, 80));
        }
        Shape::Couple { children, elders } => {
            let ages = family.parents_ages(children);
            let mother = family.couple(ages);
            family.children(mother, children, 30);
            family.elders(elders);
        }
        Shape::SingleParent { children, elders } => {
            let ages = family.parents_ages(children);
            let mother = family.lone_parent(ages, (Sex::Female, 62));
            family.children(mother, children, 28);
            family.elders(elders);
        }
        Shape::ElderParents { both, children } => {
            let mother = if both { family.couple((61, 74)) } else { family.lone_parent((61, 78), (Sex::Female, 65)) };
            family.children(mother, children, 45);
        }
        Shape::Grandparents { both, grandchildren } => {
            let ages = (56, 70);
            let grandmother = if both { family.couple(ages) } else { family.lone_parent(ages, (Sex::Female, 75)) };
            // As if of a daughter born when the grandmother was 22.
            let mother = (grandmother - 22).min(40);
            family.born_to(mother, grandchildren, 16, Relation::Grandchild);
        }
        Shape::Stem { both, unmarried, grandchildren, elders } => family.stem(both, unmarried, grandchildren, elders),
        Shape::WithSibling { children } => {
            let ages = family.parents_ages(children);
            let mother = family.couple(ages);
            family.children(mother, children, 30);
            let sex = family.dice.weighted(&[(Sex::Male, 75), (Sex::Female, 25)]);
            let age = family.members[0].age.saturating_sub(family.dice.between(2, 8)).max(18);
            family.add(Relation::Sibling, sex, age);
        }
    }
    family.members
}

struct Family<'a> {
    dice: &'a mut Dice,
    members: Vec<Draft>,
}

impl Family<'_> {
    fn add(&mut self, relation: Relation, sex: Sex, age: u32) {
        self.members.push(Draft { relation, sex, age });
    }

    /// Youngest and oldest age of a mother with so many unmarried children, drawn for the life stage of the family.
    fn parents_ages(&mut self, children: u32) -> (u32, u32) {
        if children == 0 {
            return self.dice.weighted(&[((23, 29), 25), ((46, 58), 75)]);
        }
        let youngest = 22 + 3 * (children - 1);
        self.dice.weighted(&[
            ((youngest, 34.max(youngest + 2)), 22),
            ((35, 40), 33),
            ((41, 46), 24),
            ((47, 52), 13),
            ((53, 57), 8),
        ])
    }

    /// Head and spouse with the woman's age in the range; returns her age. In one couple of twelve she is the head.
    fn couple(&mut self, (low, high): (u32, u32)) -> u32 {
        let woman = self.dice.between(low.max(20), high);
        let older = self.dice.weighted(&[(0, 10), (1, 20), (2, 25), (3, 20), (4, 15), (5, 10)]);
        // `older` counts from one year younger than her, to four years older; a man marries at 22 or later.
        let man = (woman + older).saturating_sub(1).max(22);
        if self.dice.chance(83) {
            self.add(Relation::Head, Sex::Female, woman);
            self.add(Relation::Spouse, Sex::Male, man);
        } else {
            self.add(Relation::Head, Sex::Male, man);
            self.add(Relation::Spouse, Sex::Female, woman);
        }
        woman
    }

    /// A head without spouse; returns the age the mother of the head's children has or would have.
    fn lone_parent(&mut self, (low, high): (u32, u32), (sex, per_cent): (Sex, u32)) -> u32 {
        let mother = self.dice.between(low, high);
        let other = if sex == Sex::Female { Sex::Male } else { Sex::Female };
        let sex = if self.dice.chance(per_cent * 10) { sex } else { other };
        self.add(Relation::Head, sex, if sex == Sex::Female { mother } else { mother + 2 });
        mother
    }

    fn children(&mut self, mother: u32, n: u32, oldest: u32) {
        self.born_to(mother, n, oldest, Relation::Child);
    }

    /// `n` children of a mother aged `mother`: she was 21 to 40 at each birth, none is older than `oldest` where that can be.
    fn born_to(&mut self, mother: u32, n: u32, oldest: u32, relation: Relation) {
        if n == 0 {
            return;
        }
        let last = mother.min(40);
        // Room left for the later births, two years apart.
        let latest_first = last.saturating_sub(2 * (n - 1)).max(21);
        let earliest_first = mother.saturating_sub(oldest).clamp(21, latest_first);
        let mut at = self.dice.between(earliest_first, latest_first.min(earliest_first + 6));
        for child in 0..n {
            let sex = self.dice.weighted(&[(Sex::Male, 53), (Sex::Female, 47)]);
            self.add(relation, sex, mother.saturating_sub(at));
            let room = last.saturating_sub(2 * (n - child).saturating_sub(2));
            at = (at + self.dice.between(2, 5)).min(room.max(at + 2));
        }
    }

    /// Parents of the head or of the spouse: none, one (more often the mother) or both.
    fn elders(&mut self, n: u32) {
        let Some(&head) = self.members.first().filter(|_| n > 0) else { return };
        let relation = if self.dice.chance(90) { Relation::ParentInLaw } else { Relation::Parent };
        // In-laws are the spouse's parents, where there is a spouse.
        let spouse = self.members.iter().find(|member| member.relation == Relation::Spouse).copied();
        let (relation, child) = match (relation, spouse) {
            (Relation::ParentInLaw, Some(spouse)) => (relation, spouse),
            _ => (Relation::Parent, head),
        };
        // Few live past 92.
        let mother = child.age + self.dice.between(21, 92_u32.saturating_sub(child.age).clamp(21, 33));
        let father = mother + self.dice.between(0, 4);
        if n == 2 || self.dice.chance(690) {
            self.add(relation, Sex::Female, mother);
        } else {
            self.add(relation, Sex::Male, father);
        }
        if n == 2 {
            self.add(relation, Sex::Male, father);
        }
    }

    fn stem(&mut self, both: bool, unmarried: u32, grandchildren: u32, elders: u32) {
        // The young wife is old enough for her children, her parents-in-law for her and the child before the married one.
        let young_wife = self.dice.between(22 + 3 * grandchildren, 26 + 3 * grandchildren);
        let son = self.dice.chance(880);
        let young_husband = (young_wife + self.dice.between(0, 4)).max(23);
        let child = if son { young_husband } else { young_wife };
        let mother = child + self.dice.between(21, 27);
        if both {
            self.couple((mother, mother));
        } else {
            self.lone_parent((mother, mother), (Sex::Female, 70));
        }
        let (child_sex, other_sex, other) =
            if son { (Sex::Male, Sex::Female, young_wife) } else { (Sex::Female, Sex::Male, young_husband) };
        self.add(Relation::Child, child_sex, child);
        self.add(Relation::ChildInLaw, other_sex, other);
        // Further children are younger, born before the mother was 41.
        let mut at = mother - child;
        for _ in 0..unmarried {
            at = (at + self.dice.between(2, 6)).min(40);
            let sex = self.dice.weighted(&[(Sex::Male, 60), (Sex::Female, 40)]);
            self.add(Relation::Child, sex, mother - at);
        }
        self.born_to(young_wife, grandchildren, 14, Relation::Grandchild);
        self.elders(elders);
    }
}
