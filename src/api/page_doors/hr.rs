//! Pages of the factory's HR clerk.

use super::PageDoor;

pub const DOORS: &[PageDoor] = &[];
