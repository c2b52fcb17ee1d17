//! Where a role is held: the communities, grids and employers to choose from, and the choice as a grant.

use crate::app::access::Grant;
use crate::app::areas;
use crate::app::employers::{self, EmployerFilter};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::{Connection, Page};
use crate::domain::access::{ObjectKind, Role};
use crate::domain::codes::AreaKind;
use crate::domain::text::Label;
use crate::pages::desk::Desk;
use crate::pages::form::Form;

/// What stands for every community.
pub(super) const EVERYWHERE: &str = "all";

/// A choice of a list.
pub(super) struct Choice {
    pub id: i64,
    pub name: String,
}

/// A community and its grids.
pub(super) struct Community {
    pub whole: Choice,
    pub grids: Vec<Choice>,
}

/// What may be chosen.
pub(super) struct Places {
    pub communities: Vec<Community>,
    pub employers: Vec<Choice>,
}

impl Places {
    pub fn load(conn: &mut Connection) -> Result<Self, AppError> {
        let all = Page::first(i64::MAX);
        let mut communities = Vec::new();
        for area in areas::page(conn, AreaKind::Community, None, None, all)? {
            let grids = areas::page(conn, AreaKind::Grid, Some(area.id), None, all)?;
            let grids = grids.into_iter().map(|grid| Choice { id: grid.id, name: grid.fields.name }).collect();
            communities.push(Community { whole: Choice { id: area.id, name: area.fields.name }, grids });
        }
        let employers = employers::page(conn, &EmployerFilter::default(), all)?.into_iter();
        let employers = employers.map(|employer| Choice { id: employer.id, name: employer.fields.name }).collect();
        Ok(Self { communities, employers })
    }
}

/// What a role lets somebody do, for whoever gives it.
pub(super) const fn meaning(role: &Role) -> Label {
    match role {
        Role::Counselor => Label {
            zh: "看和改本网格的住户，推荐、走访",
            en: "sees and changes the households of a grid, refers, visits",
        },
        Role::Hr => Label {
            zh: "管本单位的岗位，看同意介绍的人",
            en: "keeps the employer's postings, sees who agreed to be introduced",
        },
        Role::Official => {
            Label { zh: "看统计，写明理由才看到人", en: "sees figures, and people only with a reason" }
        }
        Role::Administrator => Label {
            zh: "管账号和技能词，看不到住户",
            en: "keeps accounts and vocabulary, sees no household",
        },
        Role::Auditor => {
            Label { zh: "看谁做过什么，别的都看不到", en: "sees who did what and nothing else" }
        }
    }
}

/// The role and place of a form.
///
/// # Errors
/// Says which field is missing.
pub(super) fn grant(form: &Form) -> Result<Grant, FieldError> {
    let missing = |name: &str| FieldError::new(format!("/{name}"), FieldCode::Missing);
    let role = form.choice("role", Role::from_code)?.ok_or_else(|| missing("role"))?;
    let (mut area, mut employer) = (None, None);
    match role {
        Role::Counselor | Role::Official if form.text("area") == EVERYWHERE => {}
        Role::Counselor | Role::Official => area = Some(form.need("area", FieldCode::NoSuchRecord)?),
        Role::Hr => employer = Some(form.need("employer", FieldCode::NoSuchRecord)?),
        Role::Administrator | Role::Auditor => {}
    }
    Ok(Grant { role, area, employer })
}

/// Whether the place of a grant is one the caller may name.
pub(super) fn refer(desk: &Desk, conn: &mut Connection, grant: &Grant) -> Result<(), AppError> {
    if let Some(area) = grant.area {
        desk.refer(conn, "/area", (ObjectKind::Area, area))?;
    }
    if let Some(employer) = grant.employer {
        desk.refer(conn, "/employer", (ObjectKind::Employer, employer))?;
    }
    Ok(())
}
