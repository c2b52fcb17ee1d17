//! The unit of work: what is stored of the records a file speaks of, and what will be, side by side in memory.
//!
//! Invariant: planning writes nothing; a row with an error leaves no trace here. Records refer to one another by position, so
//! that new ones need no id before they are written.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::changes::{Change, Log};
use super::places::Places;
use super::proposals::{self, Address, Death, ProposalDraft};
use super::{
    ImportOptions, Progress, employers, household_counts, households, jobs, known, people, posting_match, postings,
    training,
};
use crate::app::error::AppError;
use crate::app::settings::{self, MinimumWages};
use crate::app::vocabulary;
use crate::db::AnyConnection;
use crate::db::barriers::BarrierRow;
use crate::db::care::CareDutyData;
use crate::db::employers::EmployerData;
use crate::db::households::HouseholdData;
use crate::db::keyring::Keyring;
use crate::db::memberships::MembershipRow;
use crate::db::postings::PostingData;
use crate::db::residents::ResidentData;
use crate::db::rows::Stored;
use crate::db::spells::{SpellData, SpellRow};
use crate::db::training::TrainingData;
use crate::domain::codes::{BarrierKind, Relation};
use crate::domain::coverage::CoverageRules;
use crate::domain::resident_id::ResidentId;
use crate::domain::text::{Label, Text};
use crate::domain::week::Span;
use crate::engine::vocabulary::Vocabulary;
use crate::ledger::Ledger;
use crate::ledger::field::Field;
use crate::ledger::finding::{Finding, FindingCode};
use crate::ledger::record::At;

/// Position in one of the vectors of [`Work`].
pub type Index = usize;

/// What happened to a row of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Unchanged,
    Updated,
    Created,
}

/// A record with its place in the database, if it has one yet.
#[derive(Debug)]
pub struct Draft<T> {
    /// Id and version.
    pub stored: Option<(i64, i64)>,
    pub data: T,
    /// Differs from what is stored.
    pub dirty: bool,
}

impl<T> Draft<T> {
    pub const fn new(data: T) -> Self {
        Self { stored: None, data, dirty: true }
    }

    pub const fn stored(id: i64, version: i64, data: T) -> Self {
        Self { stored: Some((id, version)), data, dirty: false }
    }

    pub const fn is_new(&self) -> bool {
        self.stored.is_none()
    }
}

#[derive(Debug)]
pub struct HouseholdDraft {
    pub draft: Draft<HouseholdData>,
    /// Set instead of `data.building_id` where the building may be new.
    pub building: Option<Index>,
    /// The current head, after this file.
    pub head: Option<Index>,
    /// Current members, after this file.
    pub members: Vec<Index>,
    /// Duties as stored, and as they shall be if the file says so.
    pub care: Vec<(CareDutyData, Vec<Span>)>,
    pub new_care: Option<Vec<CareDraft>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CareDraft {
    pub kind: crate::domain::codes::CareKind,
    pub carer: Option<Index>,
    pub hours: Vec<Span>,
}

#[derive(Debug)]
pub struct ResidentDraft {
    pub id: ResidentId,
    pub draft: Draft<ResidentData>,
    pub lists: super::lists::Lists,
    /// The membership without an end, after this file: household and relation.
    pub membership: Option<(Index, Relation)>,
    /// When the last membership that has an end ended: joining again starts then, or on the as-of day if that is later.
    pub member_until: Option<NaiveDate>,
    pub spells: Vec<Index>,
    pub barriers: Vec<BarrierRow>,
    pub new_barriers: Vec<(BarrierKind, String)>,
    pub closed_barriers: Vec<i64>,
    pub trainings: Vec<Stored<TrainingData>>,
    /// Courses of the service the person is or was enrolled in: key of the name, first day.
    pub courses: Vec<(String, NaiveDate)>,
}

#[derive(Debug)]
pub struct SpellDraft {
    pub draft: Draft<SpellData>,
    pub resident: Index,
    pub employer: Option<Index>,
    pub posting: Option<Index>,
    /// Held a place of its posting before this file.
    pub held: bool,
    /// Matched by a row of this file; another row is another job.
    pub taken: bool,
}

impl SpellDraft {
    /// See the module docs of `db::spells`.
    pub fn is_active(&self, on: NaiveDate) -> bool {
        self.draft.data.counted_from <= on && self.holds_place(on)
    }

    /// Active or starting later: what holds a place of a posting.
    pub fn holds_place(&self, on: NaiveDate) -> bool {
        self.draft.data.end_on.is_none_or(|end| end > on)
    }
}

#[derive(Debug)]
pub struct PostingDraft {
    pub draft: Draft<PostingData>,
    pub employer: Index,
    /// Linked spells that hold a place, after this file.
    pub filled: i64,
    pub lists: super::postings::PostingLists,
    /// The day on which the file says that it stands.
    pub confirmed_on: Option<NaiveDate>,
}

/// A membership to add or to correct.
#[derive(Debug)]
pub enum MembershipChange {
    Add { household: Index, resident: Index, relation: Relation, valid_from: Option<NaiveDate> },
    Correct { id: i64, relation: Relation, valid_from: Option<NaiveDate> },
}

pub struct Work<'a> {
    pub ledger: &'a Ledger,
    pub keys: &'a Keyring,
    pub options: &'a ImportOptions,
    /// As they hold on the as-of day.
    pub rules: CoverageRules,
    pub vocabulary: Vocabulary,
    pub places: Places,
    pub households: Vec<HouseholdDraft>,
    pub household_of_code: HashMap<String, Index>,
    pub household_of_id: HashMap<i64, Index>,
    pub residents: Vec<ResidentDraft>,
    pub resident_of: HashMap<ResidentId, Index>,
    pub resident_of_id: HashMap<i64, Index>,
    pub membership_rows: HashMap<Index, MembershipRow>,
    pub memberships: Vec<MembershipChange>,
    /// Numbers the file gives to heads that are somebody else's on record.
    pub strangers: HashSet<ResidentId>,
    /// Households on record by the keys of their building and unit.
    pub of_door: HashMap<(String, String), Vec<Index>>,
    /// What a person is asked to decide.
    pub proposals: Vec<ProposalDraft>,
    pub deaths: Vec<Death>,
    pub rehoused: Vec<(Index, Address)>,
    pub employers: Vec<Draft<EmployerData>>,
    pub employer_of: HashMap<String, Index>,
    pub postings: Vec<PostingDraft>,
    pub posting_of_code: HashMap<String, Index>,
    pub postings_of_title: HashMap<(Index, String), Vec<Index>>,
    pub listed: posting_match::Listed<'a>,
    /// What the rows of posting lists became.
    pub posting_of_row: HashMap<At, Index>,
    /// Employers already said to have no credit code.
    pub without_code: BTreeSet<Index>,
    /// The minimum wages of the as-of day.
    pub wages: MinimumWages,
    pub spells: Vec<SpellDraft>,
    /// Stored jobs of people the file does not name, linked to a posting it brings.
    pub relinked: Vec<(SpellRow, Index)>,
    /// New course, and the stored one it replaces.
    pub trainings: Vec<(Index, Option<i64>, TrainingData)>,
    pub outcomes: BTreeMap<At, Outcome>,
    pub findings: Vec<Finding>,
    pub rejected: BTreeSet<At>,
    pub changes: Vec<Change>,
    /// Names of skills without a meaning in lists that will be written, with how often.
    pub unmapped: BTreeMap<String, (String, i64)>,
    told_names: BTreeSet<String>,
    /// Sheets whose missing column was told.
    pub told_columns: BTreeSet<(usize, FindingCode)>,
}

impl<'a> Work<'a> {
    /// Reads what the file speaks of and plans what to do about it. Writes nothing.
    pub fn plan(
        conn: &mut AnyConnection,
        keys: &'a Keyring,
        ledger: &'a Ledger,
        options: &'a ImportOptions,
        progress: &mut Progress<'_>,
    ) -> Result<Self, AppError> {
        let mut work = Self {
            ledger,
            keys,
            options,
            rules: settings::coverage_rules(conn, options.as_of)?,
            vocabulary: vocabulary::load(conn)?,
            places: Places::load(conn)?,
            households: Vec::new(),
            household_of_code: HashMap::new(),
            household_of_id: HashMap::new(),
            residents: Vec::new(),
            resident_of: HashMap::new(),
            resident_of_id: HashMap::new(),
            membership_rows: HashMap::new(),
            memberships: Vec::new(),
            strangers: HashSet::new(),
            of_door: HashMap::new(),
            proposals: Vec::new(),
            deaths: Vec::new(),
            rehoused: Vec::new(),
            employers: Vec::new(),
            employer_of: HashMap::new(),
            postings: Vec::new(),
            posting_of_code: HashMap::new(),
            postings_of_title: HashMap::new(),
            listed: posting_match::Listed::of(&ledger.records.postings),
            posting_of_row: HashMap::new(),
            without_code: BTreeSet::new(),
            wages: MinimumWages::load(conn, options.as_of)?,
            spells: Vec::new(),
            relinked: Vec::new(),
            trainings: Vec::new(),
            outcomes: BTreeMap::new(),
            findings: Vec::new(),
            rejected: BTreeSet::new(),
            changes: Vec::new(),
            unmapped: BTreeMap::new(),
            told_names: BTreeSet::new(),
            told_columns: BTreeSet::new(),
        };
        known::load(conn, &mut work)?;
        progress(40, Text::new("正在比对户、居民和岗位。", "Comparing households, residents and postings."))?;
        households::buildings(&mut work);
        employers::plan(&mut work);
        postings::plan(&mut work)?;
        let people = people::plan(&mut work)?;
        households::plan(&mut work, &people)?;
        proposals::plan(&mut work, &people);
        jobs::plan(&mut work)?;
        household_counts::compare(&mut work);
        postings::link_recorded(conn, &mut work)?;
        training::plan(&mut work)?;
        progress(50, Text::new("比对完成。", "Compared."))?;
        Ok(work)
    }

    pub fn outcome(&mut self, at: At, outcome: Outcome) {
        let known = self.outcomes.entry(at).or_insert(outcome);
        *known = (*known).max(outcome);
    }

    pub fn find(&mut self, code: FindingCode, at: At, field: Field) {
        self.find_about(code, at, field, &Text::new("", ""));
    }

    pub fn find_about(&mut self, code: FindingCode, at: At, field: Field, argument: &Text) {
        let finding = self.ledger.finding(code, at, Some(field), argument);
        self.push(finding, at);
    }

    pub fn push(&mut self, finding: Finding, at: At) {
        if finding.is_error() {
            self.rejected.insert(at);
            self.outcomes.remove(&at);
        }
        self.findings.push(finding);
    }

    /// Tells what a row changed of a stored record.
    pub fn tell(&mut self, at: At, record: Label, key: &str, log: Log) {
        let sheet = self.ledger.sheet_name(at.sheet);
        self.changes.extend(log.0.into_iter().map(|(field, before, after)| Change {
            sheet: sheet.to_owned(),
            row: at.row,
            record,
            key: key.to_owned(),
            field,
            before,
            after,
        }));
    }

    /// A name of a skill nobody knows the meaning of: said once a file, and put on the list for mapping if it is stored anew.
    pub fn unmapped_name(&mut self, at: At, field: Field, name: &str, normalised: &str, is_new: bool) {
        let times = self.unmapped.entry(normalised.to_owned()).or_insert_with(|| (name.to_owned(), 0));
        let first = times.1 == 0 && !self.told_names.contains(normalised);
        times.1 += i64::from(is_new);
        if first {
            self.told_names.insert(normalised.to_owned());
            self.find(FindingCode::SkillUnmapped, at, field);
        }
    }

    /// The row of the vocabulary a name means.
    pub fn skill_row(&self, name: &str) -> Option<i64> {
        let skill = self.vocabulary.resolve(name)?;
        self.vocabulary.entry(skill).map(|entry| entry.id)
    }
}
