//! A refusal as a page says it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::words::Words;
use super::{answer, failure, links};
use crate::app::error::AppError;
use crate::domain::text::{Lang, Text};

#[derive(Template)]
#[template(path = "refused.html")]
struct RefusedPage {
    words: Words,
    said: String,
}

/// A page that says why there is nothing else to see.
#[must_use]
pub fn refused(status: StatusCode, said: &Text, lang: Lang) -> HttpResponse {
    let page = RefusedPage { words: Words::new(lang, links::HOME), said: said.get(lang).to_owned() };
    match page.render() {
        Ok(html) => answer(status, lang, html),
        Err(error) => failure(lang, &error.to_string()),
    }
}

/// A refusal as a page of its own.
pub(super) fn page(error: &AppError, lang: Lang) -> HttpResponse {
    match sentence(error) {
        Some(said) => refused(status(error), &said, lang),
        None => failure(lang, &error.for_log()),
    }
}

/// The form came from a page of another sign-in.
pub(super) fn stale_page(lang: Lang) -> HttpResponse {
    let said = Text::new(
        "这一页是上次登录时打开的，没有保存。请返回那一页，刷新后再填一次。",
        "This page was opened in an earlier sign-in, so nothing was saved. Please go back, reload and fill it in again.",
    );
    refused(StatusCode::FORBIDDEN, &said, lang)
}

/// The status of a page that says why a form had no effect.
pub(super) fn status(error: &AppError) -> StatusCode {
    match error {
        AppError::SignInRefused => StatusCode::UNAUTHORIZED,
        AppError::NotFound => StatusCode::NOT_FOUND,
        AppError::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        AppError::Busy | AppError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Refused(..) | AppError::Stale => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// What to tell a person; `None` for faults of ours, which get the page for those.
pub(super) fn sentence(error: &AppError) -> Option<Text> {
    Some(match error {
        AppError::Invalid(fields) | AppError::Unlawful(fields) => {
            let join =
                |pick: fn(&Text) -> &str| fields.iter().map(|field| pick(&field.text)).collect::<Vec<_>>().join(" ");
            Text::new(join(|text| &text.zh), join(|text| &text.en))
        }
        AppError::Refused(refusal, because) => refusal.told(because.as_deref()),
        AppError::SignInRefused => Text::new(
            "登录名、密码或验证码不对，没有登录。请核对；忘了密码请找管理员。",
            "Login, password or code is not right, so you are not signed in. Please check them; an administrator can reset a lost password.",
        ),
        AppError::TooManyAttempts => Text::new(
            "试的次数太多了，这一次没有处理。请过一分钟再试。",
            "There were too many attempts, so this one was not looked at. Please try again in a minute.",
        ),
        AppError::Busy | AppError::Unavailable(_) => {
            Text::new("现在很忙，没有处理。请过一会儿再试。", "Busy; nothing was done. Please try again shortly.")
        }
        AppError::Stale => Text::new(
            "刚刚有人改过，没有保存。请刷新后再试。",
            "It was changed just now and nothing was saved. Please reload and try again.",
        ),
        AppError::NotFound => Text::new(
            "没有找到，或不在您的范围内。请核对地址。",
            "There is nothing here, or it is not yours to see. Please check the address.",
        ),
        _ => return None,
    })
}
