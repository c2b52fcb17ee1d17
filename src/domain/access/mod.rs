//! Who may do what: roles, and the one policy of the service.

mod codes;
mod login;

pub use codes::{ActorKind, Role, SecretKind, SessionKind};
pub use login::Login;
