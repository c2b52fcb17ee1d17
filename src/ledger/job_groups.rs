//! Heads with a block of columns for each job: 外出务工 | 本地就业 | 公益性岗位, or 务工情况一 | 务工情况二.
//!
//! Invariant: columns are a block of their own only where two of them speak of two jobs for certain: labels name different ways of
//! working, or the same things are asked twice. Columns outside of the blocks are common to all jobs of a row.

use std::collections::BTreeMap;

use super::field::Field;
use super::words;
use crate::domain::codes::Channel;

/// Columns of one job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobGroup {
    /// By a label above its columns.
    pub channel: Option<Channel>,
    pub columns: BTreeMap<Field, usize>,
}

impl JobGroup {
    /// Both ask for a thing that tells jobs apart, and for another.
    fn asks_the_same_as(&self, other: &Self) -> bool {
        let shared: Vec<&Field> = self.columns.keys().filter(|field| other.columns.contains_key(field)).collect();
        let tells = |field: &&Field| matches!(field, Field::Employer | Field::JobTitle | Field::StartOn);
        shared.len() >= 2 && shared.iter().any(tells)
    }

    fn is_of_another_job(&self, other: &Self) -> bool {
        let differ = self.channel.zip(other.channel).is_some_and(|(one, other)| one != other);
        differ || self.asks_the_same_as(other)
    }
}

/// What only a job has.
pub(super) const fn is_of_a_job(field: Field) -> bool {
    use Field as F;
    matches!(
        field,
        F::Employer
            | F::EmployerNature
            | F::JobTitle
            | F::JobType
            | F::Feature
            | F::Channel
            | F::Region
            | F::Place
            | F::StartOn
            | F::EndOn
            | F::Income
            | F::PostingCode
            | F::ContractUntil
            | F::ContractMonths
            | F::Evidence
            | F::VerifiedOn
            | F::PartTime
    )
}

/// The blocks of a head, left to right; empty for one that has a single job in a row. `columns` are paths with what they are read as.
pub(super) fn of<'a>(columns: impl Iterator<Item = (&'a [String], Option<Field>)>) -> Vec<JobGroup> {
    let mut found: Vec<(&[String], JobGroup)> = Vec::new();
    for (column, (path, field)) in columns.enumerate() {
        let Some((_, labels)) = path.split_last().filter(|(_, labels)| !labels.is_empty()) else { continue };
        let Some(field) = field.filter(|field| is_of_a_job(*field)) else { continue };
        let named = labels.iter().enumerate().rev().find_map(|(at, label)| Some((at, words::channel(label)?)));
        let (labels, channel) = named.map_or((labels, None), |(at, channel)| (&labels[..=at], Some(channel)));
        let place = found.iter().position(|(known, _)| *known == labels).unwrap_or_else(|| {
            found.push((labels, JobGroup { channel, columns: BTreeMap::new() }));
            found.len() - 1
        });
        found[place].1.columns.entry(field).or_insert(column);
    }
    let groups: Vec<JobGroup> = found.into_iter().map(|(_, group)| group).collect();
    let others = |at: usize| groups.iter().enumerate().filter(move |(other, _)| *other != at).map(|(_, group)| group);
    let is_one_of_several = |at: usize| others(at).any(|other| other.is_of_another_job(&groups[at]));
    (0..groups.len()).filter(|&at| is_one_of_several(at)).map(|at| groups[at].clone()).collect()
}
