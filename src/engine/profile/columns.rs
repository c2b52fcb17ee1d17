//! Gates and factors as tables: rows for kinds of residents, columns for postings.
//!
//! Each gate and factor reads a few fields, so a town of 150 000 has some hundreds of different residents *to it*. The
//! check is evaluated once per kind of resident and kind of posting; equal rows are kept once. What is left per resident is
//! one row number per gate, one AND of bit rows per gate, and one look-up per factor and pair.

use super::classes::{Classes, Rows, worth_a_row};
use crate::engine::gates::{Context, GateSpec};
use crate::engine::input::{Posting, Resident};
use crate::engine::score::{FactorSpec, N_FACTORS};

/// Row numbers with a meaning of their own.
const ALL: u32 = u32::MAX;
const NONE: u32 = u32::MAX - 1;
const LIVE: u32 = u32::MAX - 2;

/// One gate over all residents and postings.
pub struct GateColumn {
    pub spec: &'static GateSpec,
    /// Per resident: a row, or [`ALL`] postings pass, or [`NONE`], or [`LIVE`].
    row: Vec<u32>,
    /// Rows of `n_words` words, one bit per posting.
    bits: Vec<u64>,
    n_words: usize,
    postings: PostingClasses,
}

/// Kinds of postings with their members.
struct PostingClasses {
    first: Vec<u32>,
    /// `members[from[class]..from[class + 1]]`, ascending.
    from: Vec<u32>,
    members: Vec<u32>,
}

impl PostingClasses {
    fn new(classes: &Classes) -> Self {
        let mut from = vec![0; classes.len() + 1];
        for class in &classes.of {
            from[*class as usize + 1] += 1;
        }
        for class in 0..classes.len() {
            from[class + 1] += from[class];
        }
        let mut next = from.clone();
        let mut members = vec![0; classes.of.len()];
        for (posting, class) in classes.of.iter().enumerate() {
            let at = &mut next[*class as usize];
            members[*at as usize] = posting as u32;
            *at += 1;
        }
        Self { first: classes.first.clone(), from, members }
    }

    fn members(&self, class: usize) -> &[u32] {
        &self.members[self.from[class] as usize..self.from[class + 1] as usize]
    }
}

/// What a gate leaves of the postings for one resident.
pub enum Allowed<'a> {
    All,
    None,
    Some(&'a [u64]),
    /// To be asked one kind of posting at a time.
    Live,
}

impl GateColumn {
    pub fn new(
        spec: &'static GateSpec,
        ctx: &Context,
        residents: &[Resident],
        postings: &[Posting],
        budget: usize,
    ) -> Self {
        let people = Classes::new(residents.len(), |r, key| spec.resident_key(ctx, &residents[r], key));
        let kinds = Classes::new(postings.len(), |p, key| spec.posting_key(ctx, &postings[p], key));
        let posting_classes = PostingClasses::new(&kinds);
        let n_words = postings.len().div_ceil(64);

        let mut rows = Rows::new();
        let mut row_of_class = vec![LIVE; people.len()];
        let mut answers = vec![false; kinds.len()];
        for class in worth_a_row(&people, kinds.len(), budget) {
            let resident = &residents[people.first[class as usize] as usize];
            for (answer, first) in answers.iter_mut().zip(&kinds.first) {
                *answer = spec.lets_pass(ctx, resident, &postings[*first as usize]);
            }
            row_of_class[class as usize] = match (answers.contains(&true), answers.contains(&false)) {
                (_, false) => ALL,
                (false, true) => NONE,
                (true, true) => rows.keep(&answers),
            };
        }
        // Kept by kind of posting, spread out by posting only once per different row.
        let n_rows = rows.values.len() / kinds.len().max(1);
        let mut bits = vec![0; n_rows * n_words];
        for row in 0..n_rows {
            for (posting, class) in kinds.of.iter().enumerate() {
                if rows.values[row * kinds.len() + *class as usize] {
                    bits[row * n_words + posting / 64] |= 1 << (posting % 64);
                }
            }
        }
        let row = people.of.iter().map(|class| row_of_class[*class as usize]).collect();
        Self { spec, row, bits, n_words, postings: posting_classes }
    }

    pub fn allowed(&self, resident: usize) -> Allowed<'_> {
        match self.row[resident] {
            ALL => Allowed::All,
            NONE => Allowed::None,
            LIVE => Allowed::Live,
            row => {
                let from = row as usize * self.n_words;
                Allowed::Some(&self.bits[from..from + self.n_words])
            }
        }
    }

    /// Calls `bar` with every posting this gate bars for the resident, asking once per kind of posting.
    pub fn barred_live(&self, ctx: &Context, resident: &Resident, postings: &[Posting], mut bar: impl FnMut(usize)) {
        for (class, first) in self.postings.first.iter().enumerate() {
            if !self.spec.lets_pass(ctx, resident, &postings[*first as usize]) {
                self.postings.members(class).iter().for_each(|posting| bar(*posting as usize));
            }
        }
    }
}

/// Bits of a packed value that hold weight × points: six factors of weight 1000 and 10 000 points stay below 2^26.
const POINT_BITS: u32 = 26;

/// The factors that are tabulated, in the order of their bit in a packed sum; the skill factor is the seventh
/// ([`super::asks`]).
pub const N_TABLES: usize = N_FACTORS - 1;

/// Weighted points of up to six factors in the low 26 bits, one bit per known factor above them. Adding packed values of
/// different factors adds the points and unites the known bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed(pub u32);

impl Packed {
    pub const fn new(table: usize, weight: u16, value: Option<u16>) -> Self {
        match value {
            Some(points) => Self((weight as u32 * points as u32) | 1 << (POINT_BITS + table as u32)),
            None => Self(0),
        }
    }

    /// Weighted points and known bits.
    pub const fn unpack(self) -> (u32, usize) {
        (self.0 & ((1 << POINT_BITS) - 1), (self.0 >> POINT_BITS) as usize)
    }
}

/// One factor over all residents and postings.
pub struct FactorColumn {
    pub spec: &'static FactorSpec,
    table: usize,
    weight: u16,
    /// Per resident: a row, or [`LIVE`].
    row: Vec<u32>,
    /// Rows of one packed value per kind of posting.
    values: Vec<u32>,
    first: Vec<u32>,
}

impl FactorColumn {
    /// The column and, per posting, its kind.
    pub fn new(
        (table, spec): (usize, &'static FactorSpec),
        ctx: &Context,
        residents: &[Resident],
        postings: &[Posting],
        budget: usize,
    ) -> (Self, Vec<u32>) {
        let people = Classes::new(residents.len(), |r, key| spec.resident_key(ctx, &residents[r], key));
        let kinds = Classes::new(postings.len(), |p, key| spec.posting_key(ctx, &postings[p], key));
        let weight = ctx.policy.weight(spec.factor);
        let mut column = Self { spec, table, weight, row: Vec::new(), values: Vec::new(), first: kinds.first };

        let mut rows = Rows::new();
        let mut row_of_class = vec![LIVE; people.len()];
        let mut values = Vec::new();
        for class in worth_a_row(&people, column.first.len(), budget) {
            column.fill(ctx, &residents[people.first[class as usize] as usize], postings, &mut values);
            row_of_class[class as usize] = rows.keep(&values);
        }
        column.values = rows.values;
        column.row = people.of.iter().map(|class| row_of_class[*class as usize]).collect();
        (column, kinds.of)
    }

    pub fn weight(&self) -> u32 {
        u32::from(self.weight)
    }

    /// Packed values of one resident for every kind of posting.
    fn fill(&self, ctx: &Context, resident: &Resident, postings: &[Posting], values: &mut Vec<u32>) {
        values.clear();
        values.extend(self.first.iter().map(|first| self.evaluate(ctx, resident, &postings[*first as usize]).0));
    }

    fn evaluate(&self, ctx: &Context, resident: &Resident, posting: &Posting) -> Packed {
        Packed::new(self.table, self.weight, self.spec.measure(ctx, resident, posting))
    }

    /// Packed values of a resident by kind of posting: the row that is kept, or one computed into `scratch`.
    pub fn row<'a>(
        &'a self,
        ctx: &Context,
        (r, resident): (usize, &Resident),
        postings: &[Posting],
        scratch: &'a mut Vec<u32>,
    ) -> &'a [u32] {
        match self.row[r] {
            LIVE => {
                self.fill(ctx, resident, postings, scratch);
                scratch
            }
            row => &self.values[row as usize * self.first.len()..(row as usize + 1) * self.first.len()],
        }
    }

    /// Packed value of one pair; `kind` is the posting's kind in this column.
    pub fn value(&self, ctx: &Context, (r, resident): (usize, &Resident), (kind, posting): (u32, &Posting)) -> Packed {
        match self.row[r] {
            LIVE => self.evaluate(ctx, resident, posting),
            row => Packed(self.values[row as usize * self.first.len() + kind as usize]),
        }
    }
}
