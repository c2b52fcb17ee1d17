//! A form with a file that a page of the same session sent.
//!
//! Invariant: as for [`Sent`]: no file of a foreign page gets anywhere, and a form sent twice takes effect once.

use std::time::Duration;

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{Error, FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;

use super::desk::{Desk, Sent, as_answer};
use super::fault;
use super::form::Form;
use super::multipart::{self, Fault};
use crate::app::error::FieldError;
use crate::domain::text::{Lang, Text};

/// How long an upload may take: a ledger of three megabytes on a slow line.
const DEADLINE: Duration = Duration::from_secs(300);
/// Longest text beside the file.
const TEXT_LIMIT: usize = 128;
/// The texts a form may have beside its file.
const TEXTS: [&str; 3] = ["csrf", "once", "as_of"];

/// See the module.
pub(super) struct SentFile {
    pub sent: Sent,
    /// Name and content; `None` where no file was chosen.
    pub file: Option<(String, Vec<u8>)>,
}

impl FromRequest for SentFile {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let desk = Desk::from_request(request, payload);
        let form = Multipart::from_request(request, payload);
        Box::pin(async move {
            let desk = desk.await?;
            let lang = desk.lang();
            let form = form.await.map_err(|_| refused(&Fault::Malformed, lang))?;
            let read = actix_web::rt::time::timeout(DEADLINE, multipart::read(form, &TEXTS, TEXT_LIMIT)).await;
            let parts = read.unwrap_or(Err(Fault::Malformed)).map_err(|fault| refused(&fault, lang))?;
            let sent = Sent::new(desk, Form::new(parts.texts))?;
            // A browser sends an empty part without a name where nothing was chosen.
            let file = parts.file.filter(|(name, bytes)| !(name.is_empty() && bytes.is_empty()));
            Ok(Self { sent, file })
        })
    }
}

fn refused(fault: &Fault, lang: Lang) -> Error {
    let (status, said) = match fault {
        Fault::Malformed => (
            StatusCode::BAD_REQUEST,
            Text::new(
                "文件没有传完，什么也没有保存。请返回再传一次。",
                "The file did not arrive whole, so nothing was kept. Please go back and send it again.",
            ),
        ),
        Fault::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            Text::new(
                "文件超过 64 MB，没有保存。请按社区或网格拆分后分别导入。",
                "The file is larger than 64 MB and was not kept. Please split it by community or grid.",
            ),
        ),
        Fault::Part(pointer, code) => (StatusCode::UNPROCESSABLE_ENTITY, FieldError::new(pointer.clone(), *code).text),
    };
    as_answer(fault::refused(status, &said, lang))
}
