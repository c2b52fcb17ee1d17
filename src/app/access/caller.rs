//! The caller of a use case, and the act the policy allowed.

use super::{Allowed, purpose};
use crate::domain::access::{Action, ActorKind, ObjectKind, Role};

/// A role somebody holds, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
    /// Counselors and officials: the community, grid or building; `None` = everywhere.
    pub area: Option<i64>,
    /// HR: the employer.
    pub employer: Option<i64>,
}

impl Grant {
    /// Whether the role is held everywhere, present and future communities included.
    #[must_use]
    pub const fn is_everywhere(&self) -> bool {
        matches!(self.role, Role::Counselor | Role::Official) && self.area.is_none()
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub kind: ActorKind,
    pub account: Option<i64>,
    /// The sign-in or API token the request came with.
    pub session: Option<i64>,
    /// The sign-in name; `operator`, `system` or `anonymous` for the others.
    pub name: String,
    pub grants: Vec<Grant>,
    /// Whether the second factor was shown at sign-in.
    pub second_factor: bool,
    /// Nothing but replacing the password (or setting up a required second factor) is allowed before that is done.
    pub must_change_password: bool,
    pub must_set_up_second_factor: bool,
}

impl Caller {
    fn other(kind: ActorKind) -> Self {
        Self {
            kind,
            account: None,
            session: None,
            name: kind.code().to_owned(),
            grants: Vec::new(),
            second_factor: false,
            must_change_password: false,
            must_set_up_second_factor: false,
        }
    }

    /// Whoever works at the command line with the key file.
    #[must_use]
    pub fn operator() -> Self {
        Self::other(ActorKind::Operator)
    }

    /// Jobs and the clock.
    #[must_use]
    pub fn system() -> Self {
        Self::other(ActorKind::System)
    }

    #[must_use]
    pub fn anonymous() -> Self {
        Self::other(ActorKind::Anonymous)
    }
}

/// One object, or all of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Object {
    pub kind: ObjectKind,
    pub id: Option<i64>,
}

/// Something the policy allowed somebody to do: what the audit writes down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    pub caller: Caller,
    /// The role that allowed it; none for operator, system and for what everybody may.
    pub role: Option<Role>,
    /// `area:3 area:4`, `employer:2` or empty.
    pub scope: String,
    /// The policy's word for what is done: `read`, `change`, ….
    pub action: &'static str,
    pub object: Object,
    /// Operation id of the API, or the command.
    pub operation: String,
    /// What it is done for.
    pub purpose: &'static str,
    /// The reason an official typed.
    pub reason: Option<String>,
    pub request_id: String,
}

impl Act {
    /// What the policy allowed a caller.
    #[must_use]
    pub fn of(caller: Caller, allowed: &Allowed, action: Action, object: Object, operation: &str) -> Self {
        Self {
            role: allowed.role,
            scope: allowed.scope.clone(),
            ..Self::without_role(caller, action.code(), object, operation)
        }
    }

    /// What the operator does at the command line about all of a kind.
    #[must_use]
    pub fn of_operator(action: &'static str, kind: ObjectKind, operation: &str) -> Self {
        Self::without_role(Caller::operator(), action, Object { kind, id: None }, operation)
    }

    /// Whose act it is, where somebody came without sign-in and showed who it is.
    pub const fn turns_out_to_be(&mut self, account: i64) {
        self.caller.kind = ActorKind::Account;
        self.caller.account = Some(account);
    }

    /// What no role is needed for: the program's own acts, and the operator's.
    #[must_use]
    pub fn without_role(caller: Caller, action: &'static str, object: Object, operation: &str) -> Self {
        Self {
            caller,
            role: None,
            scope: String::new(),
            action,
            object,
            operation: operation.to_owned(),
            purpose: purpose(object.kind),
            reason: None,
            request_id: String::new(),
        }
    }
}
