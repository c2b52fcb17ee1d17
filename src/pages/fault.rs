//! A refusal as a page says it.

use crate::app::error::AppError;
use crate::domain::text::Text;

/// What to tell a person; `None` for faults of ours, which get the page for those.
pub(super) fn sentence(error: &AppError) -> Option<Text> {
    Some(match error {
        AppError::Invalid(fields) => {
            let join =
                |pick: fn(&Text) -> &str| fields.iter().map(|field| pick(&field.text)).collect::<Vec<_>>().join(" ");
            Text::new(join(|text| &text.zh), join(|text| &text.en))
        }
        AppError::Refused(refusal) => refusal.text().into(),
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
            "账号刚刚被改动，没有保存。请刷新后再试。",
            "The account was changed just now and nothing was saved. Please reload and try again.",
        ),
        _ => return None,
    })
}
