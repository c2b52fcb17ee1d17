//! Gates as bit tables: rows for kinds of residents, a bit per posting.
//!
//! Each gate reads a few fields, so a town of 150 000 has some hundreds of different residents *to it*. The
//! check is evaluated once per kind of resident and kind of posting; equal rows are kept once. What is left per resident is
//! one row number and one AND of a row of bits per gate.

use super::classes::{Classes, Rows, worth_a_row};
use crate::engine::gates::{Context, GateSpec, Keys};
use crate::engine::input::{Posting, Resident};

/// Row numbers with a meaning of their own.
const LIVE: u32 = u32::MAX;
const ALL: u32 = u32::MAX - 1;
const NONE: u32 = u32::MAX - 2;

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
        (spec, keys): (&'static GateSpec, Keys),
        ctx: &Context,
        residents: &[Resident],
        postings: &[Posting],
        budget: usize,
    ) -> Self {
        let people = Classes::new(residents.len(), |r, key| (keys.resident)(ctx, &residents[r], key));
        let kinds = Classes::new(postings.len(), |p, key| (keys.posting)(ctx, &postings[p], key));
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
