//! Pages of the administrator and of the auditor.

use super::PageDoor;

pub const DOORS: &[PageDoor] = &[];
