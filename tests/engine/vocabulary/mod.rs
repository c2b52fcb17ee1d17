//! Tests of the vocabulary: the built-in tables, what names resolve to, what must not, and the table of points.

use std::sync::LazyLock;

use wangjia::engine::vocabulary::Vocabulary;

mod built_in;
mod garment_positions;
mod golden;
mod meaning;
mod meaning_measured;
mod misses;
mod normal_form;
mod table;

pub(crate) use garment_positions::data_folder;

/// The built-in vocabulary, made once for all tests.
#[expect(clippy::unwrap_used, reason = "built-in tables that contradict each other must stop every test")]
fn builtin() -> &'static Vocabulary {
    static BUILTIN: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::builtin().unwrap());
    &BUILTIN
}
