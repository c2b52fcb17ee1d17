//! The directions between the layers, the size of files and the ways around the lints, read off the source text.
//!
//! That `domain` and `engine` need nothing of the service is proven by the compiler (`--no-default-features`); everything
//! else here is one crate, so the compiler would let a handler query the database.

use std::fs;
use std::path::{Path, PathBuf};

/// Every top-level part of `src` and what of the crate it may name. `domain` holds the words everybody speaks.
const MAY_NAME: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("engine", &["domain"]),
    ("db", &["domain"]),
    ("ledger", &["domain"]),
    ("town", &["domain", "engine"]),
    ("app", &["domain", "engine", "db", "ledger", "town", "telemetry"]),
    ("api", &["domain", "app", "pages", "telemetry"]),
    ("pages", &["domain", "app", "telemetry"]),
    ("cli", &["domain", "app", "api", "town", "telemetry"]),
    ("telemetry", &[]),
    ("main", &["cli"]),
];

/// Crates that belong to one kind of work, and the parts that may do it.
const KEPT_IN: [(&str, &[&str]); 9] = [
    ("diesel", &["db"]),
    ("diesel_migrations", &["db"]),
    ("actix_web", &["api", "pages", "cli", "telemetry"]),
    ("utoipa", &["api", "cli"]),
    ("askama", &["pages"]),
    ("clap", &["cli", "main"]),
    ("calamine", &["ledger"]),
    ("rust_xlsxwriter", &["ledger", "town"]),
    ("chacha20poly1305", &["db"]),
];

const LINE_LIMIT: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("target") {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The part of `src` a file belongs to: its first folder, or its name.
fn part(file: &Path) -> String {
    let inside = file.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The source without comments and string literals, so that prose may name anything. Good enough for rustfmt's output.
fn code_of(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string(rest) {
            let close = format!("\"{}", "#".repeat(hashes));
            let open = 2 + hashes;
            rest[open..].find(&close).map_or(rest.len(), |end| open + end + close.len())
        } else if c == '"' {
            string_length(rest)
        } else if rest.starts_with("'\"'") {
            3
        } else if rest.starts_with("'\\\"'") {
            4
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        rest = &rest[skipped..];
    }
    code
}

/// The number of `#` of a raw string that starts here.
fn raw_string(text: &str) -> Option<usize> {
    let after = text.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// The length of the string literal that starts here, its quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// The names that follow `prefix` in the code, also inside `use prefix::{a, b::c}`.
fn names_after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.push(word(rest));
            continue;
        };
        let mut depth = 0_usize;
        let mut item = String::new();
        for c in group.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => names.push(word(&std::mem::take(&mut item))),
                _ => {}
            }
            if c != ',' || depth > 0 {
                item.push(c);
            }
        }
        names.push(word(&item));
    }
    names.retain(|n| !n.is_empty());
    names
}

fn word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// What a file of `part` names that it may not.
fn trespasses(part: &str, source: &str) -> Vec<String> {
    let code = code_of(source);
    let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == part) else {
        return vec![format!("the part {part} is not in the table of layers")];
    };
    let mut found: Vec<String> = ["crate::", "wangjia::"]
        .iter()
        .flat_map(|prefix| names_after(&code, prefix))
        .filter(|name| {
            name != part && MAY_NAME.iter().any(|(layer, _)| layer == name) && !allowed.contains(&name.as_str())
        })
        .map(|name| format!("names {name}"))
        .collect();
    for (dependency, parts) in KEPT_IN {
        if !parts.contains(&part) && !names_after(&code, &format!("{dependency}::")).is_empty() {
            found.push(format!("uses {dependency}"));
        }
    }
    found
}

#[test]
fn every_layer_names_only_the_layers_below_it() {
    let files = rust_files("src");
    assert!(files.len() > 20, "the source is where it is expected");
    let mut faults = Vec::new();
    for file in files {
        let name = part(&file);
        if name == "lib" {
            continue;
        }
        let source = fs::read_to_string(&file).unwrap();
        faults.extend(trespasses(&name, &source).iter().map(|what| format!("{}: {what}", file.display())));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_file_is_longer_than_the_limit_and_no_lint_is_waved_away() {
    let mut faults = Vec::new();
    for file in ["src", "tests", "benches"].iter().filter(|f| root().join(f).exists()).flat_map(|f| rust_files(f)) {
        let source = fs::read_to_string(&file).unwrap();
        let lines = source.lines().count();
        if lines > LINE_LIMIT {
            faults.push(format!("{}: {lines} lines", file.display()));
        }
        let code = code_of(&source);
        for attribute in ["#[allow", "#![allow"] {
            if code.contains(attribute) {
                faults.push(format!("{}: {attribute}, use #[expect(.., reason = ..)]", file.display()));
            }
        }
        if file.starts_with(root().join("src")) && !source.starts_with("//!") {
            faults.push(format!("{}: does not open with the question it answers (//!)", file.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_reader_of_source_text_sees_through_groups_and_past_prose() {
    for (part, source, expected) in [
        ("api", "use crate::{app::x, db::{self, rows}};", vec!["names db"]),
        ("api", "let x = crate::db::open(); // crate::ledger", vec!["names db"]),
        ("api", "let x = \"crate::db::open\"; let y = r#\"crate::db \" \"#; let q = '\"'; crate::app::run()", vec![]),
        ("engine", "use crate::domain::week::Week;", vec![]),
        ("engine", "use mycrate::db::x;", vec![]),
        ("ledger", "use diesel::prelude::*;", vec!["uses diesel"]),
        ("db", "use diesel::prelude::*; use crate::domain::codes;", vec![]),
        ("domain", "use crate::engine::x;", vec!["names engine"]),
        ("shop", "", vec!["the part shop is not in the table of layers"]),
    ] {
        assert_eq!(trespasses(part, source), expected, "{part}: {source}");
    }
    assert_eq!(string_length(r#""a\"b\\" rest"#), 8);
}
