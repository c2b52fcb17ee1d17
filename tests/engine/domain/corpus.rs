//! Wording of real-looking postings: what must pass and what must be found. One a line; `\u{200b}` and `\u{feff}` are written out
//! so that they can be seen.

/// Lawful texts, one posting each, written to look like breaches wherever that is possible.
pub fn lawful() -> Vec<String> {
    include_str!("corpus/lawful.txt").lines().map(unescape).collect()
}

/// Unlawful wordings with the code of the rule they break.
pub fn unlawful() -> Vec<(&'static str, String)> {
    let lines = include_str!("corpus/unlawful.txt").lines();
    lines.filter_map(|line| line.split_once('\t')).map(|(rule, text)| (rule, unescape(text))).collect()
}

fn unescape(text: &str) -> String {
    text.replace("\\u{200b}", "\u{200b}").replace("\\u{feff}", "\u{feff}")
}
