//! Pages of the job counselor.

use super::PageDoor;

pub const DOORS: &[PageDoor] = &[];
