//! Kinds of pages: addresses without what differs between pages of one kind. Shared by the benchmark of the pages and the walk of
//! the browser tests, so that both mean the same pages.

/// Parts of a query that choose among pages of one kind.
const CHOOSING: [&str; 10] = ["", "lang", "done", "after", "cursor", "as_of", "sort", "desc", "key", "month"];

/// The kind of an address: ids are `N`, of the query only the names count, and the place on the page does not.
pub fn kind_of(address: &str) -> String {
    let (address, _) = address.split_once('#').unwrap_or((address, ""));
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let is_id = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let path: Vec<&str> = path.split('/').map(|part| if is_id(part) { "N" } else { part }).collect();
    let mut names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    names.retain(|name| !CHOOSING.contains(name));
    names.sort_unstable();
    names.dedup();
    if names.is_empty() { path.join("/") } else { format!("{}?{}", path.join("/"), names.join("&")) }
}

/// Whether a link of a page leads to another page, not to the API, a file or a part of the same page.
pub fn is_page(link: &str) -> bool {
    let path = link.split(['?', '#']).next().unwrap_or_default();
    let elsewhere = ["/api/", "/docs", "/assets/"].iter().any(|prefix| path.starts_with(prefix));
    let is_file = [".xlsx", ".csv", ".json", ".txt"].iter().any(|end| path.ends_with(end));
    path.starts_with('/') && !path.starts_with("//") && !elsewhere && !is_file
}
