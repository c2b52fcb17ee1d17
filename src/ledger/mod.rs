//! Spreadsheets: reading ledgers and posting lists as offices write them, and writing templates.
