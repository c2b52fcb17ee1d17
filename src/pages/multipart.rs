//! A form with a file, part by part: what an upload sends to the API and to a page.
//!
//! Invariant: no part is read beyond its limit and nothing of a file is written to disk; a part nobody knows, or one that comes
//! twice, is refused. Cost: the file in memory once.

use actix_multipart::Multipart;
use futures_util::TryStreamExt as _;

use crate::app::error::FieldCode;

/// Largest upload, bytes: what the ledger reader takes, and a little for the form around it.
pub const UPLOAD_LIMIT: usize = 64 * 1024 * 1024 + 64 * 1024;

/// What was sent.
#[derive(Default)]
pub struct Parts {
    /// Name, as it is kept and shown, and content.
    pub file: Option<(String, Vec<u8>)>,
    /// The other parts in the order they came.
    pub texts: Vec<(String, String)>,
}

/// Why it was not read.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    Malformed,
    TooLarge,
    /// At the pointer of a part.
    Part(String, FieldCode),
}

/// Reads a form whose part `file` is a file and whose other parts are short texts of these names.
///
/// # Errors
/// A [`Fault`].
pub async fn read(mut form: Multipart, names: &[&str], text_limit: usize) -> Result<Parts, Fault> {
    let mut parts = Parts::default();
    let mut total = 0;
    while let Some(mut field) = form.try_next().await.map_err(|_| Fault::Malformed)? {
        let name = field.name().unwrap_or_default().to_owned();
        let fault = |code| Fault::Part(format!("/{name}"), code);
        let is_file = name == "file";
        if !is_file && !names.contains(&name.as_str()) {
            return Err(fault(FieldCode::Unknown));
        }
        let is_there = if is_file { parts.file.is_some() } else { parts.texts.iter().any(|(known, _)| *known == name) };
        if is_there {
            return Err(fault(FieldCode::Repeated));
        }
        let limit = if is_file { UPLOAD_LIMIT } else { text_limit };
        let file_name = field.content_disposition().and_then(|d| d.get_filename()).map(plain_name);
        let mut bytes = Vec::new();
        while let Some(chunk) = field.try_next().await.map_err(|_| Fault::Malformed)? {
            total += chunk.len();
            if total > UPLOAD_LIMIT {
                return Err(Fault::TooLarge);
            }
            if bytes.len() + chunk.len() > limit {
                return Err(fault(FieldCode::TooLong));
            }
            bytes.extend_from_slice(&chunk);
        }
        if is_file {
            parts.file = Some((file_name.unwrap_or_default(), bytes));
        } else {
            let text = String::from_utf8(bytes).map_err(|_| fault(FieldCode::WrongType))?;
            parts.texts.push((name, text));
        }
    }
    Ok(parts)
}

/// A file name as it is kept and shown: its last part, without control characters, at most 200 characters. It never becomes
/// a path.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).collect();
    // The extension is at the end and tells the kind of file.
    let skip = kept.chars().count().saturating_sub(200);
    kept.chars().skip(skip).collect()
}
