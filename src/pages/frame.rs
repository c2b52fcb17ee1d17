//! What stands around every page of somebody who is signed in: who it is, the workbench and its ways, what just happened.
//!
//! Invariant: a way is shown exactly if the policy lets some role of the caller through its door, so nobody is led to a
//! refusal.

use super::words::Words;
use crate::app::access::{Action, Caller, Grant, ObjectKind};
use crate::domain::access::policy::{Who, permissions};
use crate::domain::access::{Relation, Role};
use crate::domain::text::Label;

/// A workbench: the pages of one kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bench {
    Counselor,
    Hr,
    Official,
    Administration,
}

impl Bench {
    const ALL: [Self; 4] = [Self::Official, Self::Counselor, Self::Hr, Self::Administration];

    const fn roles(self) -> &'static [Role] {
        match self {
            Self::Counselor => &[Role::Counselor],
            Self::Hr => &[Role::Hr],
            Self::Official => &[Role::Official],
            // A counselor in charge of everything imports, maps skills and follows jobs.
            Self::Administration => &[Role::Administrator, Role::Auditor, Role::Counselor],
        }
    }

    const fn label(self) -> Label {
        match self {
            Self::Counselor => Label { zh: "走访台", en: "Counselor" },
            Self::Hr => Label { zh: "用工台", en: "Employer" },
            Self::Official => Label { zh: "统计台", en: "Figures" },
            Self::Administration => Label { zh: "管理台", en: "Administration" },
        }
    }

    /// Whether it is the caller's.
    fn is_of(self, caller: &Caller) -> bool {
        caller.grants.iter().any(|grant| self.roles().contains(&grant.role))
    }

    /// Its ways, as far as the caller's.
    fn ways(self, caller: &Caller) -> impl Iterator<Item = &'static Way> {
        WAYS.iter().filter(move |way| way.bench == self && way.is_open_to(caller))
    }
}

/// A way of a workbench, as its navigation lists it.
#[derive(Debug)]
struct Way {
    bench: Bench,
    path: &'static str,
    label: Label,
    door: (ObjectKind, Action),
}

impl Way {
    fn is_open_to(&self, caller: &Caller) -> bool {
        self.bench.is_of(caller) && may(caller, self.door, |role| self.bench.roles().contains(&role))
    }

    /// Whether an address lies on it.
    fn leads_to(&self, path: &str) -> bool {
        path.strip_prefix(self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Whether the policy names one of these roles of a caller for an act; what it needs of one record is not asked.
pub(super) fn may(caller: &Caller, (object, action): (ObjectKind, Action), as_one_of: impl Fn(Role) -> bool) -> bool {
    permissions(object, action).any(|(who, relation)| match who {
        Who::Holder(role) => {
            let reaches = |grant: &Grant| relation != Relation::WholeHouse || grant.is_everywhere();
            as_one_of(role) && caller.grants.iter().filter(|grant| grant.role == role).any(reaches)
        }
        Who::SignedIn | Who::Anybody => true,
        Who::Operator => false,
    })
}

const fn way(
    bench: Bench,
    path: &'static str,
    zh: &'static str,
    en: &'static str,
    object: ObjectKind,
    action: Action,
) -> Way {
    Way { bench, path, label: Label { zh, en }, door: (object, action) }
}

/// Every way, in the order it is listed. Six to a workbench of a telephone at most: more do not fit under a thumb.
const WAYS: &[Way] = &[
    way(Bench::Counselor, "/today", "今日", "Today", ObjectKind::Recognition, Action::List),
    way(Bench::Counselor, "/households", "住户", "Households", ObjectKind::Household, Action::List),
    way(Bench::Counselor, "/week", "本周", "This week", ObjectKind::Placement, Action::List),
    way(Bench::Counselor, "/visits", "走访", "Visits", ObjectKind::VisitProgress, Action::Read),
    way(Bench::Counselor, "/courses", "培训", "Training", ObjectKind::Course, Action::List),
    way(Bench::Hr, "/hr/postings", "岗位", "Postings", ObjectKind::Posting, Action::List),
    way(Bench::Hr, "/hr/candidates", "人选", "Candidates", ObjectKind::Card, Action::List),
    way(Bench::Hr, "/hr/referrals", "推荐", "Referrals", ObjectKind::Referral, Action::List),
    way(Bench::Hr, "/hr/roster", "在岗", "At work", ObjectKind::Worker, Action::List),
    way(Bench::Official, "/coverage", "覆盖", "Coverage", ObjectKind::Coverage, Action::Read),
    way(Bench::Official, "/gap", "缺口", "The gap", ObjectKind::Plan, Action::List),
    way(Bench::Official, "/plans", "方案", "Plans", ObjectKind::Plan, Action::List),
    way(Bench::Official, "/fairness", "公平", "Fairness", ObjectKind::Run, Action::List),
    way(Bench::Official, "/monthly", "月报", "Month", ObjectKind::Coverage, Action::Read),
    way(Bench::Official, "/exports", "导出", "Exports", ObjectKind::Coverage, Action::Read),
    way(Bench::Administration, "/admin/accounts", "账号", "Accounts", ObjectKind::Account, Action::List),
    way(Bench::Administration, "/admin/settings", "规则", "Rules", ObjectKind::Setting, Action::List),
    way(Bench::Administration, "/admin/skills", "技能词", "Skills", ObjectKind::UnmappedName, Action::List),
    way(Bench::Administration, "/courses", "培训", "Training", ObjectKind::Course, Action::List),
    way(Bench::Administration, "/admin/imports", "导入", "Imports", ObjectKind::Import, Action::List),
    way(Bench::Administration, "/admin/exports", "导出", "Exports", ObjectKind::Posting, Action::List),
    way(Bench::Administration, "/admin/audit", "审计", "Audit", ObjectKind::Audit, Action::List),
    way(Bench::Administration, "/admin/jobs", "任务", "Jobs", ObjectKind::Job, Action::List),
];

/// A link of the navigation.
#[derive(Clone, Debug)]
pub struct Link {
    pub href: String,
    pub label: &'static str,
    pub is_current: bool,
}

/// What stands above the content: what just happened, or why not.
#[derive(Clone, Debug, Default)]
pub struct Note {
    pub said: Option<String>,
    pub is_fault: bool,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    pub who: String,
    /// Whose what a telephone keeps is: another account on it neither sees nor sends it.
    pub account: i64,
    pub csrf: String,
    /// Links of the workbench the page belongs to.
    pub ways: Vec<Link>,
    /// The caller's workbenches, if there are several.
    pub benches: Vec<Link>,
    /// The reason under which an official looks at people's data.
    pub reason: Option<String>,
    pub note: Note,
}

impl Frame {
    /// The frame of a page at `path`; `role` is the one that let the caller in.
    pub(super) fn new(words: &Words, caller: &Caller, role: Option<Role>, path: &str, who: String) -> Self {
        let bench = bench(caller, role, path);
        let lang = words.lang();
        let ways: Vec<&Way> = bench.map(|bench| bench.ways(caller).collect()).unwrap_or_default();
        let nearest = ways.iter().filter(|way| way.leads_to(path)).map(|way| way.path.len()).max();
        let links = ways.iter().map(|way| Link {
            href: words.to(way.path),
            label: way.label.get(lang),
            is_current: way.leads_to(path) && Some(way.path.len()) == nearest,
        });
        let own: Vec<Bench> = Bench::ALL.into_iter().filter(|bench| bench.is_of(caller)).collect();
        let benches = own.iter().filter_map(|one| {
            let first = one.ways(caller).next()?;
            Some(Link { href: words.to(first.path), label: one.label().get(lang), is_current: bench == Some(*one) })
        });
        let benches: Vec<Link> = if own.len() > 1 { benches.collect() } else { Vec::new() };
        Self {
            who,
            account: caller.account.unwrap_or_default(),
            csrf: String::new(),
            ways: links.collect(),
            benches,
            reason: None,
            note: Note::default(),
        }
    }
}

/// The workbench a page belongs to: the one whose way leads there, else the one of the role that let the caller in.
fn bench(caller: &Caller, role: Option<Role>, path: &str) -> Option<Bench> {
    let leads = WAYS.iter().find(|way| way.bench.is_of(caller) && way.leads_to(path)).map(|way| way.bench);
    let acts = || Bench::ALL.into_iter().find(|bench| role.is_some_and(|role| bench.roles().contains(&role)));
    leads.or_else(acts).or_else(|| Bench::ALL.into_iter().find(|bench| bench.is_of(caller)))
}

/// Where the caller's work begins; `None` for who has no workbench.
pub(super) fn start(caller: &Caller) -> Option<&'static str> {
    Bench::ALL.into_iter().find_map(|bench| bench.ways(caller).next()).map(|way| way.path)
}
