//! A form as it was typed, with what is wrong beside each field, for showing it again.

use crate::app::error::AppError;
use crate::domain::text::Lang;
use crate::pages::form::Form;

/// See the module. An empty one is a form nobody has filled in.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    form: Form,
    faults: Vec<(String, String)>,
}

impl Typed {
    pub fn new(form: Form, error: &AppError, lang: Lang) -> Self {
        let faults = match error {
            AppError::Invalid(fields) => fields.as_slice(),
            _ => &[],
        };
        let said = faults.iter().map(|field| {
            let name = field.pointer.trim_start_matches('/').to_owned();
            (name, field.text.get(lang).to_owned())
        });
        Self { faults: said.collect(), form }
    }

    /// A form with one value filled in.
    pub fn of(name: &str, value: &str) -> Self {
        Self { form: Form::new(vec![(name.to_owned(), value.to_owned())]), faults: Vec::new() }
    }

    pub fn text(&self, name: &str) -> &str {
        self.form.text(name)
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.form.has(name, value)
    }

    /// What is wrong with a field.
    pub fn fault(&self, name: &str) -> Option<&str> {
        self.faults.iter().find(|(field, _)| field == name).map(|(_, said)| said.as_str())
    }
}
