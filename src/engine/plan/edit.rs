//! A changed instance without a copy of the old one: the pairs and terms that differ, laid over those that do not.
//!
//! Invariant of [`Edited`]: it has exactly the pairs of the base, but for the pairs listed, which are as listed, and for closed
//! postings, which have none. Cost: what is listed, once; a binary search or a merge per resident read.

use super::instance::{Pair, PlanHousehold, Terms, TermsError};
use super::pairs::{Pairs, Scan};

/// What is different.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// Postings with another number of vacancies.
    pub vacancies: Vec<(u32, u32)>,
    /// Households with another weight or limit.
    pub households: Vec<(u32, PlanHousehold)>,
    /// Postings that are gone, with their pins.
    pub closed: Vec<u32>,
    /// Pairs with another suitability; `None` = not eligible.
    pub pairs: Vec<(Pair, Option<u32>)>,
}

impl Edit {
    /// The terms with the changes made.
    ///
    /// # Errors
    /// A posting or household that does not exist.
    pub fn terms(&self, base: &Terms) -> Result<Terms, TermsError> {
        let mut terms = base.clone();
        for (posting, n) in &self.vacancies {
            terms = terms.with_vacancies(*posting, *n)?;
        }
        for posting in &self.closed {
            terms = terms.without_posting(*posting)?;
        }
        for (h, household) in &self.households {
            if *h as usize >= terms.households().len() {
                return Err(TermsError::NoSuchHousehold { resident: terms.n_residents(), household: *h });
            }
            terms = terms.with_household(*h, *household);
        }
        Ok(terms)
    }
}

/// Not eligible: no suitability is as large.
const BARRED: u32 = u32::MAX;

/// The pairs of a base with an [`Edit`] made.
pub struct Edited<'b, P: Pairs> {
    base: &'b P,
    /// `listed[from[r]..from[r + 1]]` are the changed pairs of resident `r`: (posting, suitability), by ascending posting.
    from: Vec<usize>,
    listed: Vec<(u32, u32)>,
    is_closed: Vec<bool>,
    most: u32,
}

impl<'b, P: Pairs> Edited<'b, P> {
    /// # Errors
    /// A pair that does not exist in terms of this size.
    pub fn new(base: &'b P, terms: &Terms, edit: &Edit) -> Result<Self, TermsError> {
        let (n_residents, n_postings) = (terms.n_residents(), terms.n_postings());
        let exists = |pair: &Pair| (pair.resident as usize) < n_residents && (pair.posting as usize) < n_postings;
        if let Some((stray, _)) = edit.pairs.iter().find(|(pair, _)| !exists(pair)) {
            return Err(TermsError::NoSuchPair(*stray));
        }
        let mut pairs = edit.pairs.clone();
        pairs.sort_by_key(|(pair, _)| *pair);
        // The same pair twice: the later entry of the edit counts.
        pairs.dedup_by(|later, earlier| {
            let is_twin = later.0 == earlier.0;
            if is_twin {
                earlier.1 = later.1;
            }
            is_twin
        });
        let mut from = vec![0usize; n_residents + 1];
        for (pair, _) in &pairs {
            from[pair.resident as usize + 1] += 1;
        }
        for r in 0..n_residents {
            from[r + 1] += from[r];
        }
        let mut is_closed = vec![false; n_postings];
        for posting in &edit.closed {
            *is_closed.get_mut(*posting as usize).ok_or(TermsError::NoSuchPosting { posting: *posting })? = true;
        }
        let most = pairs.iter().filter_map(|(_, suitability)| *suitability).max().unwrap_or(0);
        let listed = pairs.into_iter().map(|(pair, suitability)| (pair.posting, suitability.unwrap_or(BARRED)));
        Ok(Self { base, from, listed: listed.collect(), is_closed, most: most.max(base.most_suitability()) })
    }

    fn listed(&self, r: usize) -> &[(u32, u32)] {
        &self.listed[self.from[r]..self.from[r + 1]]
    }
}

/// Reads the base and puts the changed pairs in their places.
pub struct EditedScan<'e, P: Pairs> {
    edited: &'e Edited<'e, P>,
    base: P::Scan<'e>,
}

impl<P: Pairs> Pairs for Edited<'_, P> {
    type Scan<'a>
        = EditedScan<'a, P>
    where
        Self: 'a;

    fn scan(&self) -> EditedScan<'_, P> {
        EditedScan { edited: self, base: self.base.scan() }
    }

    fn most_suitability(&self) -> u32 {
        self.most
    }
}

impl<P: Pairs> Scan for EditedScan<'_, P> {
    fn scan(&mut self, r: usize, floor: impl FnMut(usize) -> i64, mut visit: impl FnMut(usize, u32)) {
        let is_closed = &self.edited.is_closed;
        let mut listed = self.edited.listed(r).iter().peekable();
        let mut show = |p: usize, suitability: u32| {
            if suitability != BARRED && !is_closed[p] {
                visit(p, suitability);
            }
        };
        self.base.scan(r, floor, |p, suitability| {
            while let Some((posting, changed)) = listed.next_if(|(posting, _)| (*posting as usize) < p) {
                show(*posting as usize, *changed);
            }
            match listed.next_if(|(posting, _)| *posting as usize == p) {
                Some((_, changed)) => show(p, *changed),
                None => show(p, suitability),
            }
        });
        for (posting, changed) in listed {
            show(*posting as usize, *changed);
        }
    }

    fn suitability(&mut self, r: usize, p: usize) -> Option<u32> {
        if self.edited.is_closed[p] {
            return None;
        }
        let listed = self.edited.listed(r);
        match listed.binary_search_by_key(&p, |(posting, _)| *posting as usize) {
            Ok(at) => Some(listed[at].1).filter(|suitability| *suitability != BARRED),
            Err(_) => self.base.suitability(r, p),
        }
    }
}
