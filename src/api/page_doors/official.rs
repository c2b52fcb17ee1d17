//! Pages of the official.

use super::PageDoor;
use crate::api::operations::of;
use crate::domain::access::{Action, ObjectKind};

pub const DOORS: &[PageDoor] = &[("GET", "/coverage", of("page_coverage", ObjectKind::Coverage, Action::Read))];
