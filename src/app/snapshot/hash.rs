//! One keyed hash of everything a snapshot was built from: the same input, the same hash, on both databases.

use std::fmt::{self, Debug, Write};

use chrono::NaiveDate;

use crate::db::Keyring;
use crate::db::seal::{IndexField, KeyedHash};
use crate::engine::input::{Household, Posting, Resident};
use crate::engine::policy::Policy;
use crate::engine::vocabulary::Link;
use crate::engine::vocabulary::meaning::Occupation;

/// Feeds formatted values to the hash, a few pages at a time: they come a word at a time.
struct Feed {
    hash: KeyedHash,
    pending: String,
}

impl Feed {
    const PENDING: usize = 16 * 1024;

    fn flush(&mut self) {
        self.hash.update(self.pending.as_bytes());
        self.pending.clear();
    }
}

impl Write for Feed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.pending.push_str(text);
        if self.pending.len() >= Self::PENDING {
            self.flush();
        }
        Ok(())
    }
}

/// Hexadecimal. Keyed, because residents' data could otherwise be guessed from it. `words` are the names of the skills and the
/// classification they are compared with; none leaves no trace.
pub fn of(
    keys: &Keyring,
    as_of: NaiveDate,
    policy: &Policy,
    residents: &[Resident],
    postings: &[Posting],
    households: &[Household],
    (names, links, occupations): (&[(String, String)], &[Link], &[Occupation]),
) -> String {
    let parts: [&dyn Debug; 7] = [&as_of, policy, &residents, &postings, &households, &names, &links];
    let occupations: Option<&dyn Debug> = if occupations.is_empty() { None } else { Some(&occupations) };
    let parts: Vec<&dyn Debug> = parts.into_iter().chain(occupations).collect();
    keyed(keys, IndexField::RunInput, &parts)
}

/// Keyed hash, in hexadecimal, of the `Debug` form of each part in turn.
pub fn keyed(keys: &Keyring, field: IndexField, parts: &[&dyn Debug]) -> String {
    let mut feed = Feed { hash: keys.hasher(field), pending: String::new() };
    for part in parts {
        // Writing to a hash cannot fail.
        let _: fmt::Result = writeln!(feed, "{part:?}");
    }
    feed.flush();
    feed.hash.finish().to_hex()
}
