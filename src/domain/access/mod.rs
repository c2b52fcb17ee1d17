//! Who may do what: roles, and the one policy of the service.

mod codes;

pub use codes::{ActorKind, Role, SecretKind, SessionKind};
