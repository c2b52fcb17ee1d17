//! What a command stands on: the database and the keys its options name, and "today".

use std::path::{Path, PathBuf};

use anyhow::bail;
use chrono::{NaiveDate, Utc};

use super::fault::Usage;
use super::{Common, output};
use crate::api::scalars;
use crate::app::access::{Action, Entered, ObjectKind, enter};
use crate::app::error::{AppError, FieldCode};
use crate::app::{DatabaseUrl, Db, DbError, Keyring, now};
use crate::domain::text::Lang;

/// The database of an installation without options.
const DEFAULT_URL: &str = "sqlite://wangjia.db";
/// The key file of an installation without options.
const DEFAULT_KEY_FILE: &str = "wangjia.key";

/// Today in China, whatever the machine's clock is set to show.
#[must_use]
pub fn today() -> NaiveDate {
    crate::app::calendar_day(Utc::now().naive_utc())
}

/// Keys, and the file that was made for them just now.
pub struct Keys {
    pub ring: Keyring,
    made: Option<PathBuf>,
}

impl Keys {
    /// Says on standard error that there is a new key file. Call it when something is sealed with the keys.
    pub fn announce(&self, common: &Common) {
        let Some(path) = &self.made else { return };
        let path = path.display();
        output::note(common.text(
            &format!("已新建密钥文件 {path}（仅本人可读）。请另行备份：丢失它，身份证号、电话等加密数据将无法恢复。"),
            &format!(
                "New key file {path} (readable by you only). Back it up elsewhere: if it is lost, the encrypted ID numbers and \
                 phones are lost with it."
            ),
        ));
    }

    /// Takes a new key file away again, if nothing can have been sealed with it.
    pub fn discard(&self, url: &DatabaseUrl) {
        if let Some(path) = &self.made
            && matches!(Db::is_new(url), Ok(true) | Err(DbError::Foreign))
        {
            remove(path);
        }
    }

    /// Takes a new key file away again: the database was left alone.
    pub fn unused(&self) {
        if let Some(path) = &self.made {
            remove(path);
        }
    }
}

fn remove(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        tracing::warn!(%error, "a new key file that nothing needs was not removed");
    }
}

impl Common {
    pub fn url(&self) -> anyhow::Result<DatabaseUrl> {
        self.url_or(DEFAULT_URL)
    }

    /// The database asked for, or this one.
    pub fn url_or(&self, default: &str) -> anyhow::Result<DatabaseUrl> {
        let url = self.database_url.as_deref().unwrap_or(default);
        url.parse::<DatabaseUrl>().map_err(|error| self.said(error.into()))
    }

    /// The keys from `WANGJIA_KEYS`, or from the key file, which must exist.
    pub fn keys(&self) -> anyhow::Result<Keyring> {
        if let Some(keys) = Keyring::from_env().map_err(|error| self.said(error.into()))? {
            return Ok(keys);
        }
        let path = self.key_path(DEFAULT_KEY_FILE);
        if !path.exists() {
            bail!(
                "{}",
                self.text(
                    &format!("找不到密钥文件“{}”。请用 --key-file 指定；新建请运行 wangjia migrate。", path.display()),
                    &format!(
                        "There is no key file {}. Name it with --key-file; `wangjia migrate` makes one.",
                        path.display()
                    ),
                )
            );
        }
        Keyring::load(&path).map_err(|error| self.said(error.into()))
    }

    /// The keys as [`Common::keys`], but a missing key file is made.
    pub fn keys_or_new(&self, default_file: &str) -> anyhow::Result<Keys> {
        if let Some(keys) = Keyring::from_env().map_err(|error| self.said(error.into()))? {
            return Ok(Keys { ring: keys, made: None });
        }
        let path = self.key_path(default_file);
        let (ring, is_new) = Keyring::load_or_create(&path).map_err(|error| self.said(error.into()))?;
        Ok(Keys { ring, made: is_new.then_some(path) })
    }

    fn key_path(&self, default: &str) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| PathBuf::from(default))
    }

    /// The database, ready for use, for what only the operator does: accounts, keys, backups.
    pub fn open(&self) -> anyhow::Result<Db> {
        self.operator_only()?;
        self.open_for_anybody()
    }

    /// Refuses an account's token.
    pub fn operator_only(&self) -> anyhow::Result<()> {
        if self.token.is_some() {
            bail!(
                "{}",
                self.text(
                    "此命令只供持有密钥的操作员使用，不能用账号令牌运行。请去掉 --token（或 WANGJIA_TOKEN）。",
                    "This command is for the operator who holds the keys, not for an account's token. Leave --token (or \
                     WANGJIA_TOKEN) out.",
                )
            );
        }
        Ok(())
    }

    /// The database, ready for use, whoever asks: the policy is asked next.
    fn open_for_anybody(&self) -> anyhow::Result<Db> {
        let url = self.url()?;
        // A mistyped path is said before a missing key is.
        if let DatabaseUrl::Sqlite(path) = &url
            && !path.is_file()
        {
            return Err(self.said(DbError::NoDatabase(path.clone())));
        }
        Db::open_existing(&url, self.keys()?).map_err(|error| self.said(error))
    }

    /// The database, after the policy was asked: for the operator, or for the account of `WANGJIA_TOKEN`.
    pub fn enter(&self, operation: &str, what: (ObjectKind, Action)) -> anyhow::Result<Entered> {
        self.enter_with(operation, what, None)
    }

    /// [`Common::enter`] about one object.
    pub fn enter_with(
        &self,
        operation: &str,
        what: (ObjectKind, Action),
        target: Option<(ObjectKind, i64)>,
    ) -> anyhow::Result<Entered> {
        let db = self.open_for_anybody()?;
        enter(&db, self.token.as_deref(), operation, what, target, now()).map_err(|error| self.failed(&error))
    }

    /// A sentence in the user's language.
    #[must_use]
    pub fn text(&self, zh: &str, en: &str) -> String {
        match self.lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    /// A database error as people read it; the chain of causes goes to the log.
    #[must_use]
    pub fn said(&self, error: DbError) -> anyhow::Error {
        tracing::debug!(cause = crate::app::chain(&error), "database error");
        anyhow::anyhow!(error.text().get(self.lang).to_owned())
    }

    /// A use case that was not carried out, as people read it; the chain of causes goes to the log.
    #[must_use]
    pub fn failed(&self, error: &AppError) -> anyhow::Error {
        let text = match error {
            AppError::Refused(refusal, because) => refusal.told(because.as_deref()).get(self.lang).to_owned(),
            AppError::Invalid(fields) | AppError::Unlawful(fields) => {
                // The file of a request body is the command's argument, and named around this.
                let lines = fields.iter().map(|field| match field.pointer.as_str() {
                    "" | "/file" => field.text.get(self.lang).to_owned(),
                    pointer => format!("{pointer}: {}", field.text.get(self.lang)),
                });
                lines.collect::<Vec<_>>().join("\n")
            }
            AppError::Unavailable(error) | AppError::Db(error) => error.text().get(self.lang).to_owned(),
            AppError::NotFound => {
                self.text("没有这条记录。请核对编号。", "There is no such record. Please check the id.")
            }
            AppError::NotAllowed => self.text(
                "此账号不能进行此操作，或令牌已失效。",
                "This account may not do that, or its token is no longer valid.",
            ),
            AppError::SignInRefused => self.text("登录名、密码或验证码不对。", "Login, password or code is not right."),
            AppError::TooManyAttempts => self
                .text("尝试次数过多。请一分钟后再试。", "There were too many attempts. Please try again in a minute."),
            AppError::Busy => {
                self.text("正忙，未处理。请稍后再试。", "Busy; nothing was done. Please try again shortly.")
            }
            AppError::Stale => {
                self.text("记录已被他人修改。请重新读取。", "The record has changed. Please read it again.")
            }
            AppError::Cancelled => self.text("已取消，数据没有改动。", "Cancelled; nothing was changed."),
            AppError::KeyTaken | AppError::Internal(_) => self
                .text("程序内部出错，数据没有改动。详情见日志。", "Internal error; nothing was changed. See the log."),
        };
        if matches!(error, AppError::Internal(_)) {
            tracing::error!(cause = error.for_log(), "command failed");
        }
        anyhow::anyhow!(text)
    }

    /// The date asked for, by the same rule as the API's, or today.
    pub fn day(&self, as_of: Option<&str>) -> anyhow::Result<NaiveDate> {
        match as_of {
            None => Ok(today()),
            Some(text) => scalars::day(text).ok_or_else(|| {
                let rule = FieldCode::BadDate.text();
                Usage(self.text(&format!("“{text}”：{}", rule.zh), &format!("{text}: {}", rule.en))).into()
            }),
        }
    }
}
