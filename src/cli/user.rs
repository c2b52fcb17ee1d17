//! `wangjia user`: accounts from the command line, for whoever holds the key file.
//!
//! A password never stands on the command line, where other users of the machine and the shell's history see it: it is typed
//! without echo, read from standard input, or made here and printed once.

use std::io::{IsTerminal, Read};
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::fault::Usage;
use super::table::table;
use super::{Common, output};
use crate::app::access::{Act, Caller, Grant, Object, ObjectKind};
use crate::app::accounts::passwords::{self, Password};
use crate::app::accounts::rules::AccessRules;
use crate::app::accounts::{self, Account, Initial, NewAccount, reset, secrets};
use crate::app::audit::{self, Happened};
use crate::app::error::{AppError, FieldCode};
use crate::app::{Connection, Db, Page, areas, employers, now};
use crate::domain::access::{Login, Role};

/// Who may sign in, what they may do and where.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    wangjia user add wu.zhuren --name 吴主任 --role administrator\n  \
    wangjia user add yang.xiuying --name 杨秀英 --role counselor:area=旺家社区/第一网格\n  \
    wangjia user add hr.luhe --name 绿河人事 --role hr:employer=绿河制衣 --role auditor\n  \
    wangjia user scope yang.xiuying --role counselor:area=17\n  \
    wangjia user reset yang.xiuying\n\n\
    A role is administrator, auditor, counselor or official (everywhere), counselor:area=PLACE, official:area=PLACE or\n\
    hr:employer=NAME. A place is a\n\
    community, community/grid or community/grid/building by name, or an id; an employer is a name or an id.")]
pub struct UserArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add an account. Without a typed password one is made, printed once, and must be replaced at the first sign-in.
    Add {
        /// 3 to 64 of a-z, 0-9, dot, hyphen, underscore.
        login: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// What the person may do and where; may be given several times.
        #[arg(long, value_name = "ROLE")]
        role: Vec<String>,
        /// Read the password from standard input: its first line.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Every account with its roles.
    List {
        /// JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// Let nobody sign in with an account; its sign-ins and tokens end.
    Disable { login: String },
    /// Let its owner sign in again.
    Enable { login: String },
    /// Replace the roles of an account; its sign-ins end.
    Scope {
        login: String,
        /// What the person may do and where; none takes every role away.
        #[arg(long, value_name = "ROLE")]
        role: Vec<String>,
    },
    /// End a lost password, with every sign-in and token: prints a secret with which the owner sets a new one.
    Reset {
        login: String,
        /// The second factor goes too: the phone is lost as well.
        #[arg(long)]
        second_factor: bool,
        /// Set the password read from standard input instead.
        #[arg(long)]
        password_stdin: bool,
    },
}

pub fn run(args: &UserArgs, common: &Common) -> anyhow::Result<ExitCode> {
    let db = common.open()?;
    match &args.action {
        Action::Add { login, name, role, password_stdin } => add(&db, login, name, role, *password_stdin, common)?,
        Action::List { json } => list(&db, *json, common)?,
        Action::Disable { login } => set_disabled(&db, login, true, common)?,
        Action::Enable { login } => set_disabled(&db, login, false, common)?,
        Action::Scope { login, role } => scope(&db, login, role, common)?,
        Action::Reset { login, second_factor, password_stdin } => {
            reset(&db, login, *second_factor, *password_stdin, common)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The login somebody typed as an argument.
pub(super) fn login(text: &str, common: &Common) -> anyhow::Result<Login> {
    let rule = FieldCode::BadLogin.text();
    Login::parse(text).ok_or_else(|| Usage(format!("“{text}”：{}", common.text(rule.zh, rule.en))).into())
}

/// A write of the operator, with its entry in the audit.
pub(super) fn write<T>(
    db: &Db,
    operation: &str,
    action: &'static str,
    common: &Common,
    mut work: impl FnMut(&mut Connection) -> Result<(T, Object), AppError>,
) -> anyhow::Result<T> {
    let done = db.write_in_turn(|conn| -> Result<T, AppError> {
        let (value, object) = work(conn)?;
        let act = Act::without_role(Caller::operator(), action, object, operation);
        audit::append(conn, db.keys(), &act, &Happened::default(), now())?;
        Ok(value)
    });
    done.map_err(|error| common.failed(&error))
}

fn of(account: &Account) -> Object {
    Object { kind: ObjectKind::Account, id: Some(account.id) }
}

fn add(db: &Db, typed: &str, name: &str, roles: &[String], from_stdin: bool, common: &Common) -> anyhow::Result<()> {
    let login = login(typed, common)?;
    anyhow::ensure!(!name.trim().is_empty(), common.text("姓名不能为空。", "The name may not be empty."));
    let grants = grants(db, roles, common)?;
    let words = db.read(|conn| accounts::own_words(conn, login.as_str(), name, &grants));
    let words = words.map_err(|error| common.failed(&error))?;
    let (initial, shown) = password(db, &words, from_stdin, common)?;
    let new = NewAccount { login, display_name: name.trim().to_owned(), grants };
    let account = write(db, "user add", "create", common, |conn| {
        let account = accounts::create(conn, &new, Some(&initial), now())?;
        Ok((account.clone(), of(&account)))
    })?;
    output::line(common.text(
        &format!("已建立账号 {}（{}）。", account.login, account.display_name),
        &format!("Account {} ({}) was made.", account.login, account.display_name),
    ))?;
    if let Some(shown) = shown {
        let shown = shown.reveal();
        output::line(common.text(
            &format!("初始密码（只显示一次，7 天内有效，首次登录须更换）：{shown}"),
            &format!("First password (shown once, for 7 days, to be replaced at the first sign-in): {shown}"),
        ))?;
    }
    Ok(())
}

/// A password from standard input, from the keyboard, or made here.
fn password(
    db: &Db,
    own: &[String],
    from_stdin: bool,
    common: &Common,
) -> anyhow::Result<(Initial, Option<secrets::Secret>)> {
    let typed = if from_stdin {
        let mut text = Zeroizing::new(String::new());
        // One line of the longest password and a little: whatever follows is none of it.
        std::io::stdin().take(4_096).read_to_string(&mut text)?;
        Some(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
    } else if std::io::stdin().is_terminal() {
        let prompt = common.text("密码（直接回车则自动生成）：", "Password (empty: one is made): ");
        Some(Zeroizing::new(rpassword::prompt_password(prompt)?)).filter(|text| !text.is_empty())
    } else {
        None
    };
    let hash = |password: &Password| passwords::hash(password).map_err(|error| common.failed(&error));
    let Some(typed) = typed else {
        let made = secrets::temporary_password();
        let password = Password::new(made.reveal()).ok_or_else(|| anyhow::anyhow!("password"))?;
        return Ok((Initial { hash: hash(&password)?, is_temporary: true }, Some(made)));
    };
    let too_long = FieldCode::TooLong.text();
    let password = Password::new(&typed).ok_or_else(|| anyhow::anyhow!(common.text(too_long.zh, too_long.en)))?;
    let checked =
        db.read(|conn| AccessRules::load(conn, now())).and_then(|rules| passwords::check(&rules, &password, own, ""));
    checked.map_err(|error| common.failed(&error))?;
    Ok((Initial { hash: hash(&password)?, is_temporary: false }, None))
}

/// How many accounts are read at once.
const PAGE: i64 = 500;

fn list(db: &Db, as_json: bool, common: &Common) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    let mut page = Page::first(PAGE);
    loop {
        let found = db.read(|conn| -> Result<_, AppError> {
            let accounts = accounts::page(conn, page)?;
            accounts
                .into_iter()
                .map(|account| Ok((accounts::held(conn, &account.grants)?, account)))
                .collect::<Result<Vec<_>, AppError>>()
        });
        let found = found.map_err(|error| common.failed(&error))?;
        let Some((_, last)) = found.last() else { break };
        page.after = last.id;
        rows.extend(found);
    }
    if as_json {
        let entries = rows.iter().map(|(held, account)| {
            let role = |held: &accounts::Held| {
                json!({
                    "role": held.grant.role.code(),
                    "area_id": held.grant.area.map(|id| id.to_string()),
                    "employer_id": held.grant.employer.map(|id| id.to_string()),
                    "place": held.place,
                })
            };
            json!({
                "id": account.id.to_string(),
                "login": account.login,
                "display_name": account.display_name,
                "roles": held.iter().map(role).collect::<Vec<_>>(),
                "has_password": account.has_password,
                "second_factor": account.second_factor,
                "disabled_at": account.disabled_at.map(|at| at.and_utc().to_rfc3339()),
            })
        });
        output::line(format_args!("{:#}", Value::from_iter(entries)))?;
        return Ok(());
    }
    let head = [
        common.text("登录名", "login"),
        common.text("姓名", "name"),
        common.text("角色", "roles"),
        common.text("两步验证", "second factor"),
        common.text("状态", "state"),
    ];
    let rows = rows.into_iter().map(|(held, account)| {
        let role = |held: &accounts::Held| {
            let name = held.grant.role.label().get(common.lang);
            held.place.as_ref().map_or_else(|| name.to_owned(), |place| format!("{name}：{place}"))
        };
        let state = match (account.disabled_at, account.has_password) {
            (Some(_), _) => common.text("已停用", "disabled"),
            (None, false) => common.text("无密码", "no password"),
            (None, true) => common.text("可登录", "can sign in"),
        };
        let factor = if account.second_factor { common.text("有", "yes") } else { common.text("无", "no") };
        let roles = held.iter().map(role).collect::<Vec<_>>().join("\n");
        vec![account.login, account.display_name, roles, factor, state]
    });
    output::line(table(&head.each_ref().map(String::as_str), &[], rows.collect()))?;
    Ok(())
}

fn set_disabled(db: &Db, typed: &str, disable: bool, common: &Common) -> anyhow::Result<()> {
    let login = login(typed, common)?;
    let (operation, action) = if disable { ("user disable", "disable") } else { ("user enable", "enable") };
    write(db, operation, action, common, |conn| {
        let account = accounts::by_login(conn, &login)?;
        let set = if disable { accounts::disable } else { accounts::enable };
        set(conn, account.id, account.version, now())?;
        Ok(((), of(&account)))
    })?;
    let said = if disable {
        common.text(
            &format!("{login} 已停用，其登录和令牌已全部失效。"),
            &format!("{login} is disabled; its sign-ins and tokens have ended."),
        )
    } else {
        common.text(&format!("{login} 可以登录了。"), &format!("{login} can sign in again."))
    };
    Ok(output::line(said)?)
}

fn scope(db: &Db, typed: &str, roles: &[String], common: &Common) -> anyhow::Result<()> {
    let login = login(typed, common)?;
    let grants = grants(db, roles, common)?;
    write(db, "user scope", "change", common, |conn| {
        let account = accounts::by_login(conn, &login)?;
        accounts::replace_roles(conn, account.id, account.version, &grants, now())?;
        Ok(((), of(&account)))
    })?;
    Ok(output::line(common.text(
        &format!("{login} 现有 {} 个角色，请重新登录。", grants.len()),
        &format!("{login} holds {} roles now and has to sign in again.", grants.len()),
    ))?)
}

fn reset(db: &Db, typed: &str, second_factor: bool, from_stdin: bool, common: &Common) -> anyhow::Result<()> {
    let login = login(typed, common)?;
    if from_stdin {
        let words = db.read(|conn| -> Result<_, AppError> {
            let account = accounts::by_login(conn, &login)?;
            accounts::own_words(conn, login.as_str(), &account.display_name, &account.grants)
        });
        let words = words.map_err(|error| common.failed(&error))?;
        let (initial, _) = password(db, &words, true, common)?;
        write(db, "user reset", "reset", common, |conn| {
            let account = accounts::by_login(conn, &login)?;
            reset::set_password(conn, account.id, &initial, second_factor, now())?;
            Ok(((), of(&account)))
        })?;
        return Ok(output::line(common.text(
            &format!("{login} 的密码已更换，其登录和令牌已全部失效。"),
            &format!("{login} has the new password; its sign-ins and tokens have ended."),
        ))?);
    }
    let made = write(db, "user reset", "reset", common, |conn| {
        let account = accounts::by_login(conn, &login)?;
        Ok((reset::begin(conn, db.keys(), account.id, second_factor, now())?, of(&account)))
    })?;
    let secret = made.secret.reveal();
    Ok(output::line(common.text(
        &format!("{login} 的旧密码已失效。一次性密钥（只显示一次，72 小时内有效，在登录页用它设新密码）：\n{secret}"),
        &format!(
            "The old password of {login} has ended. One-time secret (shown once, for 72 hours; it sets a new password on the \
             sign-in page):\n{secret}"
        ),
    ))?)
}

/// The roles of the arguments.
fn grants(db: &Db, roles: &[String], common: &Common) -> anyhow::Result<Vec<Grant>> {
    roles.iter().map(|text| grant(db, text, common)).collect()
}

fn grant(db: &Db, text: &str, common: &Common) -> anyhow::Result<Grant> {
    let wrong = || {
        Usage(common.text(
            &format!(
                "--role {text}：应为 administrator、auditor、counselor[:area=区域]、official[:area=区域] 或 hr:employer=企业。"
            ),
            &format!(
                "--role {text}: give administrator, auditor, counselor[:area=PLACE], official[:area=PLACE] or hr:employer=NAME."
            ),
        ))
    };
    let (role, place) = text.split_once(':').map_or((text, None), |(role, place)| (role, Some(place)));
    let role = Role::from_code(role).ok_or_else(wrong)?;
    let named = place.map(|place| place.split_once('=').ok_or_else(wrong)).transpose()?;
    let missing = |what: &str| {
        anyhow::anyhow!(common.text(
            &format!("没有“{what}”。请核对名称或编号。"),
            &format!("There is no {what}. Please check the name or the id."),
        ))
    };
    let failed = |error: AppError| common.failed(&error);
    match (role, named) {
        // Without an area: everywhere.
        (Role::Administrator | Role::Auditor | Role::Counselor | Role::Official, None) => {
            Ok(Grant { role, area: None, employer: None })
        }
        (Role::Counselor | Role::Official, Some(("area", name))) => {
            let area = db.read(|conn| areas::find(conn, name)).map_err(failed)?.ok_or_else(|| missing(name))?;
            Ok(Grant { role, area: Some(area), employer: None })
        }
        (Role::Hr, Some(("employer", name))) => {
            let id = db.read(|conn| employers::find(conn, name)).map_err(failed)?.ok_or_else(|| missing(name))?;
            Ok(Grant { role, area: None, employer: Some(id) })
        }
        _ => Err(wrong().into()),
    }
}
