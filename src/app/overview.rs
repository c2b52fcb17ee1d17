//! The state of the community on one page: coverage by grid, the rules it was counted by, the places that are open.
//!
//! Invariant: everything is read in one transaction, so the figures belong to one moment. Cost: one scan of the facts.

use chrono::NaiveDate;

use crate::app::coverage::facts;
use crate::app::coverage::report::{self, CoverageReport, GroupBy};
use crate::app::error::AppError;
use crate::app::settings;
use crate::db::postings::{self, OpenPlaces};
use crate::db::rows::Page;
use crate::db::{Db, areas};
use crate::domain::codes::AreaKind;
use crate::domain::coverage::CoverageRules;

/// What the first page shows.
#[derive(Clone, Debug)]
pub struct Overview {
    /// By grid.
    pub coverage: CoverageReport,
    pub rules: CoverageRules,
    pub open: OpenPlaces,
    /// The name of the community where there is exactly one.
    pub community: Option<String>,
}

/// Reads the state on a date.
pub fn overview(db: &Db, as_of: NaiveDate, within: Option<&[i64]>) -> Result<Overview, AppError> {
    db.read(|conn| {
        let rules = settings::coverage_rules(conn, as_of)?;
        let coverage = report::report(&facts::load_within(conn, within)?, as_of, &rules, Some(GroupBy::Grid));
        let open = postings::open_places(conn, as_of)?;
        let communities = areas::AreaFilter { kind: Some(AreaKind::Community), ..areas::AreaFilter::default() };
        // Two are enough to know that there is more than one.
        let mut found = areas::page(conn, &communities, Page { after: 0, limit: 2 })?;
        let community = if found.len() == 1 { found.pop().map(|area| area.data.name) } else { None };
        Ok(Overview { coverage, rules, open, community })
    })
}
