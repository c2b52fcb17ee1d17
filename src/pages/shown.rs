//! A form as its page shows it: blank or filled in at first, and where it had no effect again, with what was typed and what is wrong.
//!
//! Invariant: a form that is shown again keeps its own key, so that it still takes effect once.

use actix_web::HttpResponse;
use askama::Template;

use super::desk::{Desk, Sent, once};
use super::fault;
use super::form::Form;
use super::frame::Frame;
use super::sign_in::see;
use super::words::Words;
use crate::app::error::{AppError, FieldError};

/// What is wrong with the fields of a form that is shown again.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults(Vec<(String, String)>);

impl Faults {
    fn of(error: &AppError, words: &Words) -> Self {
        let AppError::Invalid(fields) = error else { return Self::default() };
        let said = |field: &FieldError| {
            let name = field.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
            (name.to_owned(), field.text.get(words.lang()).to_owned())
        };
        Self(fields.iter().map(said).collect())
    }

    /// What to say at a field; `None` where it is right.
    pub fn at(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, said)| said.as_str())
    }
}

/// See the module.
pub(super) struct Shown {
    pub frame: Frame,
    pub typed: Form,
    pub faults: Faults,
    /// The form's own key.
    pub once: String,
}

impl Shown {
    /// Nobody has typed anything yet.
    pub fn first(frame: Frame) -> Self {
        Self { frame, typed: Form::default(), faults: Faults::default(), once: once() }
    }

    /// What was typed, and why it had no effect.
    fn again(desk: &Desk, typed: Form, error: &AppError) -> Self {
        Self {
            frame: desk.frame_with_fault(error),
            faults: Faults::of(error, &desk.words),
            once: typed.text("once").to_owned(),
            typed,
        }
    }
}

impl Sent {
    /// On to where the form led; or its page again, where there is something to correct or to try again. What is not the person's to
    /// put right is a page of its own.
    pub async fn done_or_again<P: Template>(
        self,
        done: Result<String, AppError>,
        page: impl AsyncFnOnce(&Desk, Shown) -> Result<P, AppError>,
    ) -> HttpResponse {
        let Self { desk, form } = self;
        let error = match done {
            Ok(to) => return see(&desk.words.to(&to)),
            Err(error) => error,
        };
        if fault::sentence(&error).is_none() || matches!(error, AppError::NotFound) {
            return desk.refuse(&error);
        }
        match page(&desk, Shown::again(&desk, form, &error)).await {
            Ok(page) => desk.show_as(fault::status(&error), &page),
            Err(error) => desk.refuse(&error),
        }
    }
}
