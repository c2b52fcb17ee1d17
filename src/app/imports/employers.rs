//! Employers: found by name or credit code, made where a posting or a job names a new one.

use super::changes::{self, Log, label};
use super::work::{Draft, Index, Work};
use crate::db::employers::EmployerData;
use crate::domain::codes::{Channel, EmployerKind};
use crate::domain::text::Label;
use crate::ledger::key;
use crate::ledger::record::PostingRow;

const EMPLOYER: Label = label("企业", "employer");

/// Employers of the posting lists, with what these say about them.
pub fn plan(work: &mut Work<'_>) {
    let ledger = work.ledger;
    for row in &ledger.records.postings {
        // Such a row is refused; it must not change the employer either.
        if super::posting_match::is_refused(work, row) {
            continue;
        }
        let known = of_posting(work, row);
        let employer = known.unwrap_or_else(|| add(work, &row.employer, kind_of(row)));
        let is_new = work.employers[employer].is_new();
        // Two names with one code are one company; the code is unique.
        let taken = row
            .credit_code
            .as_deref()
            .and_then(|code| by_credit_code(work, code))
            .is_some_and(|other| other != employer);
        let data = &mut work.employers[employer].data;
        let mut log = Log::default();
        if !taken {
            log.set(
                label("统一社会信用代码", "credit code"),
                &mut data.credit_code,
                row.credit_code.clone(),
                changes::open,
            );
        }
        log.put(label("企业类型", "kind"), &mut data.kind, row.employer_kind, changes::coded!());
        log.set(label("行业", "industry"), &mut data.industry, row.industry.clone(), changes::open);
        log.set(label("企业地址", "address"), &mut data.address, row.address.clone(), changes::open);
        if !log.is_empty() && !is_new {
            let name = work.employers[employer].data.name.clone();
            work.employers[employer].dirty = true;
            work.outcome(row.at, super::work::Outcome::Updated);
            work.tell(row.at, EMPLOYER, &name, log);
        }
    }
}

/// The employer of a posting row, by name, else by credit code.
pub fn of_posting(work: &Work<'_>, row: &PostingRow) -> Option<Index> {
    let by_name = work.employer_of.get(&key(&row.employer)).copied();
    by_name.or_else(|| by_credit_code(work, row.credit_code.as_deref()?))
}

fn by_credit_code(work: &Work<'_>, code: &str) -> Option<Index> {
    work.employers.iter().position(|employer| employer.data.credit_code.as_deref() == Some(code))
}

const fn kind_of(row: &PostingRow) -> EmployerKind {
    match (row.employer_kind, row.channel) {
        (Some(kind), _) => kind,
        (None, Some(channel)) => kind_for(channel),
        (None, None) => EmployerKind::Local,
    }
}

const fn kind_for(channel: Channel) -> EmployerKind {
    match channel {
        Channel::MicroFactory => EmployerKind::Tenant,
        Channel::Outbound => EmployerKind::Outbound,
        Channel::PublicWelfare => EmployerKind::PublicWelfare,
        Channel::Local | Channel::SelfEmployed | Channel::Flexible | Channel::Farming => EmployerKind::Local,
    }
}

/// The channel of people who work for this kind of employer, where nothing more exact is said.
pub const fn channel_of(kind: EmployerKind) -> Channel {
    match kind {
        EmployerKind::Tenant => Channel::MicroFactory,
        EmployerKind::Outbound => Channel::Outbound,
        EmployerKind::PublicWelfare => Channel::PublicWelfare,
        EmployerKind::Local => Channel::Local,
    }
}

/// The employer a job names. One's own business, odd jobs and farming make no employer, but may name a known one.
pub fn of_job(work: &mut Work<'_>, name: &str, channel: Channel) -> Option<Index> {
    match (work.employer_of.get(&key(name)), channel) {
        (Some(&known), _) => Some(known),
        (None, Channel::SelfEmployed | Channel::Flexible | Channel::Farming) => None,
        (None, channel) => Some(add(work, name, kind_for(channel))),
    }
}

fn add(work: &mut Work<'_>, name: &str, kind: EmployerKind) -> Index {
    let index = work.employers.len();
    work.employer_of.insert(key(name), index);
    work.employers.push(Draft::new(EmployerData {
        name: name.to_owned(),
        credit_code: None,
        kind,
        industry: None,
        address: None,
        tenant_until: None,
    }));
    index
}
