//! How far a permission reaches: which rows of a list somebody may see.

/// The part of a list that is the caller's. Empty sets show nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Every row.
    pub everything: bool,
    /// Rows that lie in one of these areas (buildings, and the areas around and in them).
    pub areas: Vec<i64>,
    /// Rows of these employers.
    pub employers: Vec<i64>,
    /// Rows of this account.
    pub account: Option<i64>,
}

impl Reach {
    #[must_use]
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// The areas a list is narrowed to; `None` = not narrowed.
    #[must_use]
    pub fn areas(&self) -> Option<&[i64]> {
        (!self.everything).then_some(self.areas.as_slice())
    }

    /// The employers a list is narrowed to; `None` = not narrowed.
    #[must_use]
    pub fn employers(&self) -> Option<&[i64]> {
        (!self.everything).then_some(self.employers.as_slice())
    }
}
