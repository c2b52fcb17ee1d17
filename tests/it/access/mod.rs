//! Who may do what, asked of the running service.

mod attacks;
mod canary;
mod golden;
mod trail;
mod world;

/// A text in a header: percent-encoded UTF-8.
fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
