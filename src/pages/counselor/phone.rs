//! `POST /residents/{id}/phone`: the phone number of one person, on demand and on record.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::app::privacy::export::{Secret, reveal};
use crate::app::residents;
use crate::pages::desk::Sent;
use crate::pages::frame::Frame;
use crate::pages::words::Words;

/// Why a counselor looks, as it stands in the audit.
const PURPOSE: &str = "联系本人";

#[derive(Template)]
#[template(path = "counselor/phone.html")]
struct PhonePage {
    words: Words,
    frame: Frame,
    name: String,
    phone: Option<String>,
    back: String,
}

pub(super) async fn show(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let (desk, id) = (sent.desk.clone(), path.into_inner());
    desk.says(PURPOSE);
    let looking = desk.clone();
    let found = sent
        .look(move |conn| {
            let phone = reveal(conn, looking.keys(), id, Secret::Phone)?;
            Ok((residents::get(conn, looking.keys(), id, looking.today())?.name, phone))
        })
        .await;
    match found {
        Ok((name, phone)) => {
            let (words, frame) = (desk.words.clone(), desk.frame());
            let back = words.to(&format!("/residents/{id}"));
            desk.show(&PhonePage { words, frame, name, phone, back })
        }
        Err(error) => desk.refuse(&error),
    }
}
