//! Who may do what: roles, objects, and the one policy of the service.

mod codes;
mod login;
mod objects;
pub mod policy;
mod reach;

pub use codes::{ActorKind, Role, SecretKind, SessionKind};
pub use login::Login;
pub use objects::{Action, ObjectKind, Relation};
pub use reach::Reach;
