//! Factors as tables of packed values: rows for residents, columns for kinds of postings.
//!
//! A factor that reads few fields has a row per kind of resident, made once. One that reads lists in which nearly everybody
//! differs (experience, wishes) has a row per combination of filled lists; a resident's own row is that one, corrected where
//! a posting shares a token with the lists. Either way a pair costs one look-up.

use std::collections::HashMap;

use super::classes::{Classes, Rows, worth_a_row};
use crate::engine::gates::{Context, Key, Keys};
use crate::engine::input::{Posting, Resident};
use crate::engine::score::{FactorSpec, N_FACTORS, Reads};

/// Row number of a resident whose row is computed when it is met.
const LIVE: u32 = u32::MAX;

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
    spec: &'static FactorSpec,
    table: usize,
    weight: u16,
    /// First posting of each kind.
    first: Vec<u32>,
    /// Per resident: a row of `values`, or [`LIVE`].
    row: Vec<u32>,
    /// Rows of one packed value per kind of posting.
    values: Vec<u32>,
    tokens: Option<Tokens>,
}

/// Where a resident's own row differs from the common one.
struct Tokens {
    /// `held[held_from[r]..held_from[r + 1]]`: tokens of resident `r` that some posting has.
    held: Vec<u32>,
    held_from: Vec<u32>,
    /// `kinds[kinds_from[token]..kinds_from[token + 1]]`: kinds of postings that have the token.
    kinds: Vec<u32>,
    kinds_from: Vec<u32>,
}

impl Tokens {
    fn held_by(&self, resident: usize) -> &[u32] {
        &self.held[self.held_from[resident] as usize..self.held_from[resident + 1] as usize]
    }

    fn kinds_with(&self, token: u32) -> &[u32] {
        &self.kinds[self.kinds_from[token as usize] as usize..self.kinds_from[token as usize + 1] as usize]
    }

    fn new(
        residents: &[Resident],
        resident_tokens: fn(&Resident, &mut Vec<u64>),
        kinds: impl Iterator<Item = (u32, Vec<u64>)>,
    ) -> Self {
        let mut numbers: HashMap<u64, u32> = HashMap::new();
        let mut lists: Vec<Vec<u32>> = Vec::new();
        for (kind, tokens) in kinds {
            for token in tokens {
                let number = *numbers.entry(token).or_insert_with(|| {
                    lists.push(Vec::new());
                    lists.len() as u32 - 1
                });
                lists[number as usize].push(kind);
            }
        }
        let mut all = Self { held: Vec::new(), held_from: vec![0], kinds: Vec::new(), kinds_from: vec![0] };
        for list in &lists {
            all.kinds.extend_from_slice(list);
            all.kinds_from.push(all.kinds.len() as u32);
        }
        let mut tokens = Vec::new();
        for resident in residents {
            tokens.clear();
            resident_tokens(resident, &mut tokens);
            all.held.extend(tokens.iter().filter_map(|token| numbers.get(token)));
            all.held_from.push(all.held.len() as u32);
        }
        all
    }
}

impl FactorColumn {
    /// The column and every posting's kind in it; `None` for the skill factor.
    pub fn new(
        (table, spec): (usize, &'static FactorSpec),
        ctx: &Context,
        residents: &[Resident],
        postings: &[Posting],
        budget: usize,
    ) -> Option<(Self, Vec<u32>)> {
        let weight = ctx.policy.weight(spec.factor);
        let column = |first| Self { spec, table, weight, first, row: Vec::new(), values: Vec::new(), tokens: None };
        let kinds_by = |write: fn(&Context, &Posting, &mut Key)| {
            Classes::new(postings.len(), |p, key| write(ctx, &postings[p], key))
        };
        match &spec.reads {
            Reads::Skills => None,
            Reads::Keys(keys) => {
                let kinds = kinds_by(keys.posting);
                let mut column = column(kinds.first);
                column.fill_by_keys(*keys, ctx, residents, postings, budget);
                Some((column, kinds.of))
            }
            Reads::Tokens { presence, nobody, resident_tokens, posting_tokens, posting_key } => {
                let kinds = kinds_by(*posting_key);
                let mut column = column(kinds.first);
                column.row = residents.iter().map(|resident| u32::from(presence(resident))).collect();
                for presence in 0..=column.row.iter().copied().max().unwrap_or(0) {
                    let nobody = nobody(presence as u8);
                    let row: Vec<u32> = column.measured(ctx, &nobody, postings).collect();
                    column.values.extend(row);
                }
                let tokens_of = |first: &u32| {
                    let mut tokens = Vec::new();
                    posting_tokens(ctx, &postings[*first as usize], &mut tokens);
                    tokens
                };
                let by_kind = column.first.iter().enumerate().map(|(kind, first)| (kind as u32, tokens_of(first)));
                column.tokens = Some(Tokens::new(residents, *resident_tokens, by_kind));
                Some((column, kinds.of))
            }
        }
    }

    fn fill_by_keys(&mut self, keys: Keys, ctx: &Context, residents: &[Resident], postings: &[Posting], budget: usize) {
        let people = Classes::new(residents.len(), |r, key| (keys.resident)(ctx, &residents[r], key));
        let mut rows = Rows::new();
        let mut row_of_class = vec![LIVE; people.len()];
        for class in worth_a_row(&people, self.first.len(), budget) {
            let resident = &residents[people.first[class as usize] as usize];
            row_of_class[class as usize] = rows.keep(&self.measured(ctx, resident, postings).collect::<Vec<_>>());
        }
        self.values = rows.values;
        self.row = people.of.iter().map(|class| row_of_class[*class as usize]).collect();
    }

    pub fn weight(&self) -> u32 {
        u32::from(self.weight)
    }

    fn evaluate(&self, ctx: &Context, resident: &Resident, posting: &Posting) -> Packed {
        Packed::new(self.table, self.weight, self.spec.measure(ctx, resident, posting))
    }

    /// Packed values of one resident for every kind of posting.
    fn measured(&self, ctx: &Context, resident: &Resident, postings: &[Posting]) -> impl Iterator<Item = u32> {
        self.first.iter().map(move |first| self.evaluate(ctx, resident, &postings[*first as usize]).0)
    }

    /// Packed values of a resident by kind of posting: the row that is kept, or one made in `scratch`.
    pub fn row<'a>(
        &'a self,
        ctx: &Context,
        (r, resident): (usize, &Resident),
        postings: &[Posting],
        scratch: &'a mut Vec<u32>,
    ) -> &'a [u32] {
        if self.row[r] == LIVE {
            scratch.clear();
            scratch.extend(self.measured(ctx, resident, postings));
            return scratch;
        }
        let n = self.first.len();
        let kept = &self.values[self.row[r] as usize * n..(self.row[r] as usize + 1) * n];
        match &self.tokens {
            Some(tokens) if !tokens.held_by(r).is_empty() => {
                scratch.clear();
                scratch.extend_from_slice(kept);
                for token in tokens.held_by(r) {
                    for kind in tokens.kinds_with(*token) {
                        let first = self.first[*kind as usize] as usize;
                        scratch[*kind as usize] = self.evaluate(ctx, resident, &postings[first]).0;
                    }
                }
                scratch
            }
            _ => kept,
        }
    }

    /// Packed value of one pair; `kind` is the posting's kind in this column.
    pub fn value(&self, ctx: &Context, (r, resident): (usize, &Resident), (kind, posting): (u32, &Posting)) -> Packed {
        let has_tokens = self.tokens.as_ref().is_some_and(|tokens| !tokens.held_by(r).is_empty());
        if self.row[r] == LIVE || has_tokens {
            self.evaluate(ctx, resident, posting)
        } else {
            Packed(self.values[self.row[r] as usize * self.first.len() + kind as usize])
        }
    }
}
