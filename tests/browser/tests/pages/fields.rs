//! Every field for free text takes what is meant to run in another's browser, and it is text wherever it is shown again: at once, where
//! the form was refused, or later, to whoever reads it. A field nobody typed into here is told by its template.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use thirtyfour::prelude::*;

use crate::browser::{Browser, with_browser};
use crate::hostile::{PAYLOAD, is_harmless};
use crate::site::{Database, Site};

const DESK: u64 = 1280;

/// Fields that need what no form of the demo has, a file with a row to be corrected, and those a template writes in a loop, which are
/// typed into by the names they get.
const NOT_HERE: &[(&str, &str)] = &[("admin/import.html", "fix-N"), ("hr/posting_form.html", "N")];
/// Pages before there is any account.
const FIRST: &str = "first.html";

/// Fills the fields of the form with the payload, as much as each takes, gives the others what they need, and sends it past the
/// browser's own checks. `*` is the first choice there is.
const SEND: &str = r"
const [action, fields, others, payload] = arguments;
const fits = (field, value) => field && (field.type !== 'hidden' || field.value === value);
const form = [...document.querySelectorAll('form')].find(form => form.getAttribute('action').includes(action)
    && fields.every(name => form.elements[name]) && others.every(([name, value]) => fits(form.elements[name], value)));
if (!form) return false;
for (const name of fields) {
    const field = form.elements[name];
    field.value = field.maxLength > 0 ? payload.slice(0, field.maxLength) : payload;
}
for (const [name, value] of others) {
    const found = form.elements[name];
    const all = found instanceof RadioNodeList ? [...found] : [found];
    if (all[0].tagName === 'BUTTON') {
        const extra = document.createElement('input');
        Object.assign(extra, {type: 'hidden', name, value});
        form.append(extra);
    } else if (['radio', 'checkbox'].includes(all[0].type)) {
        (all.find(one => one.value === value) ?? all[0]).checked = true;
    } else if (value === '*') {
        all[0].value = [...all[0].options].map(option => option.value).find(one => one !== '');
    } else {
        // A day that is none, so that a form which answers with a file comes back.
        if (value === 'no day') all[0].type = 'text';
        all[0].value = value;
    }
}
document.body.dataset.sent = 'yes';
HTMLFormElement.prototype.submit.call(form);
return true;";

/// Somebody who types into every form, and what was typed into: template and field.
struct Typist {
    browser: Arc<Browser>,
    site: Arc<Site>,
    typed: BTreeSet<(String, String)>,
}

impl Typist {
    async fn enter(&self, login: &str) {
        self.browser.leave(&self.site.url).await;
        self.browser.sign_in(&self.site.url, login, &self.site.password(login)).await;
    }

    async fn open(&self, path: &str) {
        self.browser.open(&format!("{}{path}", self.site.url), DESK).await;
    }

    /// The first link on the page that begins so.
    async fn link(&self, begins: &str) -> Option<String> {
        let script = format!(
            "return [...document.querySelectorAll('main a[href]')].map(a => a.pathname + a.search).find(path => path.startsWith('{begins}')) ?? ''"
        );
        let found = self.browser.script(&script).await;
        found.as_str().filter(|path| !path.is_empty()).map(str::to_owned)
    }

    /// Sends a form of a page; nothing runs, whatever the answer.
    async fn types(&mut self, (template, path): (&str, &str), action: &str, fields: &[&str], others: &[(&str, &str)]) {
        self.open(path).await;
        let arguments = vec![json!(action), json!(fields), json!(others), json!(PAYLOAD)];
        let sent = self.browser.driver.execute(SEND, arguments).await.unwrap().json().clone();
        assert_eq!(sent, json!(true), "{path} has no form to {action} with {fields:?}");
        self.browser.driver.query(By::Css("body:not([data-sent])")).first().await.unwrap();
        // A form that is refused is a complaint of the browser, too; nothing else is.
        let complaints = self.browser.complaints().await;
        assert!(complaints.iter().all(|line| line.contains("status of 4")), "{path}: {complaints:?}");
        is_harmless(&self.browser, &format!("{path} after {action}")).await;
        self.typed.extend(fields.iter().map(|field| (template.to_owned(), numbered(field))));
    }

    /// Opens a page; what was typed is there, as text, at least its first words.
    async fn reads(&self, path: &str) {
        self.open(path).await;
        is_harmless(&self.browser, path).await;
        let shown = self.browser.script("return document.body.innerText").await;
        let begins = &PAYLOAD[..40];
        assert!(shown.as_str().is_some_and(|text| text.contains(begins)), "{path} does not show it: {shown}");
    }

    async fn counselor(&mut self) -> (String, String) {
        self.enter("counselor").await;
        self.open("/households").await;
        let home = self.link("/households/").await.unwrap();
        self.open(&home).await;
        let person = self.link("/residents/").await.unwrap();
        let id = home.rsplit('/').next().unwrap().to_owned();
        self.types(("counselor/search_form.html", "/today"), "/search", &["q"], &[]).await;
        self.types(("counselor/visit.html", &format!("{home}/visit")), "/visit", &["note"], &[("found", "*")]).await;
        self.types(("counselor/household.html", &home), "/barriers", &["note"], &[]).await;
        let concern = format!("/concerns/new?household={id}");
        let about = [("resident", "*"), ("about", "*")];
        self.types(("counselor/new_concern.html", &concern), "/concerns/new", &["text"], &about).await;
        self.open("/concerns").await;
        let concern = self.link("/concerns/").await.unwrap();
        self.types(("counselor/concern.html", &concern), "/close", &["answer"], &[("outcome", "*")]).await;
        let job = [("channel", "outbound"), ("monthly_income", "2800")];
        let place = format!("{person}/work");
        self.types(("counselor/job.html", &place), "/work", &["employer", "title", "place"], &job).await;
        self.open("/week").await;
        let other = self.browser.script(
            "return [...document.querySelectorAll('main a')].map(a => a.pathname + a.search).find(path => path.includes('/decision?')) ?? ''",
        );
        let other = format!("{}&choice=no", other.await.as_str().unwrap());
        self.types(("counselor/decision.html", &other), "/decision", &["reason"], &[]).await;
        self.types(("official/ledgers.html", "/exports"), "/exports/full", &["purpose"], &[("as_of", "no day")]).await;
        let dates = [("seats", "5"), ("first_on", "2030-01-01"), ("last_on", "2030-02-01"), ("skill_0", "*")];
        let words = ["name", "place", "provider"];
        self.types(("courses/edit.html", "/courses/new"), "/courses/new", &words, &dates).await;
        (home, person)
    }

    /// Refers somebody to one of these postings; gives the household.
    async fn refers(&mut self, postings: &[String]) -> String {
        let mut homes = Vec::new();
        for page in ["/households", "/households?from=40"] {
            self.open(page).await;
            homes.extend(self.all("/households/").await.into_iter().filter(|path| !path.contains('?')));
        }
        for home in homes {
            self.open(&home).await;
            for person in self.all("/residents/").await.into_iter().filter(|path| path.matches('/').count() == 2) {
                self.open(&person).await;
                for posting in postings {
                    let offered =
                        format!("//form[contains(@action, '/refer')]//input[@name='posting'][@value='{posting}']");
                    if self.browser.has(&offered).await {
                        let said = [("posting", posting.as_str()), ("phone", "yes"), ("form", "*"), ("consent", "*")];
                        self.types(("counselor/offer.html", &person), "/refer", &[], &said).await;
                        return home;
                    }
                }
            }
        }
        panic!("nobody fits {postings:?}");
    }

    /// All links of the page that begin so, once each.
    async fn all(&self, begins: &str) -> Vec<String> {
        let script = format!(
            "return [...new Set([...document.querySelectorAll('main a[href]')].map(a => a.pathname + a.search).filter(path => path.startsWith('{begins}')))]"
        );
        let found = self.browser.script(&script).await;
        found.as_array().unwrap().iter().map(|path| path.as_str().unwrap().to_owned()).collect()
    }

    /// The factory's postings.
    async fn postings(&self) -> Vec<String> {
        self.enter("factory-hr").await;
        self.open("/hr/postings").await;
        let paths = self.all("/hr/postings/").await;
        let ids = paths.iter().filter_map(|path| path.split('/').nth(3));
        ids.filter(|id| id.chars().all(|c| c.is_ascii_digit())).map(str::to_owned).collect()
    }

    async fn clerk(&mut self) {
        self.enter("factory-hr").await;
        let page = ("hr/posting_form.html", "/hr/postings/new");
        let words =
            ["title", "description", "special_hours_approval", "skill_0", "certificates", "place", "province", "note"];
        self.types(page, "/hr/postings/new", &words, &[("do", "draft")]).await;
        self.reads("/hr/postings?show=draft").await;
        let advertised = ["advert_pay", "advert_age", "advert_time", "advert_places"];
        self.types(page, "/hr/postings/new", &advertised, &[("do", "draft")]).await;
        self.types(page, "/hr/postings/new", &["title", "code"], &[("do", "draft")]).await;
        self.open("/hr/roster").await;
        let worker = self.link("/hr/roster/").await.unwrap();
        self.types(("hr/worker.html", &worker), "/correct", &["why"], &[]).await;
        self.open("/hr/referrals").await;
        let referral = self.link("/hr/referrals/").await.unwrap();
        // Without a reason: it comes back as it was typed.
        self.types(("hr/referral.html", &referral), "/answer", &["note"], &[]).await;
        self.types(("hr/referral.html", &referral), "/answer", &[], &[("to", "hired"), ("monthly_income", "2800")])
            .await;
        self.open("/hr/roster").await;
        for worker in self.all("/hr/roster/").await {
            self.open(&worker).await;
            if self.browser.has("//form[contains(@action, '/no-start')]").await {
                let reason = [("reason", "did_not_appear")];
                self.types(("hr/worker.html", &worker), "/no-start", &["said"], &reason).await;
                return self.reads(&referral).await;
            }
        }
        panic!("nobody has just started");
    }

    async fn official(&mut self) {
        self.enter("official").await;
        self.types(("reason.html", "/reason?then=/"), "/reason", &["reason"], &[]).await;
        self.reads("/coverage").await;
        self.types(("official/gap.html", "/gap"), "/gap", &["skill"], &[]).await;
        self.types(("picker.html", "/exports"), "/exports/views", &["name"], &[]).await;
        self.types(("official/monthly.html", "/monthly"), "/monthly/freeze", &[], &[]).await;
        let report = self.browser.address().await;
        self.types(("official/report.html", &report), "/correct", &["reason"], &[]).await;
    }

    /// Names of accounts, and of skills somebody wrote; the counselor is called so from then on.
    async fn administrator(&mut self) {
        self.enter("admin").await;
        let new = [("login", "hostile.one"), ("role", "auditor")];
        self.types(("admin/accounts.html", "/admin/accounts"), "/admin/accounts", &["display_name"], &new).await;
        self.types(("admin/accounts.html", "/admin/accounts"), "/admin/accounts", &["display_name", "login"], &[])
            .await;
        self.open("/admin/accounts").await;
        let account = self.browser.script(
            "return [...document.querySelectorAll('main tr')].find(row => row.innerText.includes('counselor')).querySelector('a').pathname",
        );
        let account = account.await.as_str().unwrap().to_owned();
        self.types(("admin/account.html", &account), "/name", &["display_name"], &[]).await;
        self.reads("/admin/accounts").await;
        self.open("/admin/skills").await;
        let name = self.link("/admin/skills/names/").await.unwrap();
        let words = ["name_zh", "name_en", "code"];
        self.types(("admin/skill_name.html", &name), "/make", &words, &[("category", "*")]).await;
    }

    /// Whoever is not signed in.
    async fn visitor(&mut self) {
        self.browser.leave(&self.site.url).await;
        let password = [("password", "not the right one")];
        self.types(("sign_in.html", "/sign-in"), "/sign-in", &["login"], &password).await;
        let passwords = [("password", "eleven blue herons"), ("again", "eleven blue herons")];
        self.types(("reset.html", "/reset"), "/reset", &["secret"], &passwords).await;
        self.types(("vacancies/list.html", "/vacancies"), "/vacancies", &["title"], &[]).await;
    }
}

#[tokio::test]
async fn every_text_field_is_typed_into_and_nothing_runs() {
    let site = Arc::new(Site::demo(Database::Sqlite).await);
    let shown = Arc::clone(&site);
    with_browser(|browser| async move {
        let mut typist = Typist { browser, site: shown, typed: BTreeSet::new() };
        let postings = typist.postings().await;
        let (home, person) = typist.counselor().await;
        let referred = typist.refers(&postings).await;
        typist.clerk().await;
        typist.official().await;
        typist.administrator().await;
        typist.enter("auditor").await;
        typist
            .types(("admin/audit.html", "/admin/audit"), "/admin/audit", &["account", "object_id", "resident"], &[])
            .await;
        typist.visitor().await;
        // The counselor bears the name at the top of every page, and reads what the others wrote.
        typist.enter("counselor").await;
        for path in [home.as_str(), &person, &referred, "/today", "/courses"] {
            typist.reads(path).await;
        }
        let left: Vec<_> = fields().into_iter().filter(|field| !typist.typed.contains(field)).collect();
        assert!(left.is_empty(), "nobody typed into {left:?}");
    })
    .await;
    assert!(!site.log().contains("ERROR"), "{}", site.log());
}

#[tokio::test]
async fn what_is_typed_before_there_is_an_account_does_not_run() {
    let site = Arc::new(Site::untouched().await);
    with_browser(|browser| async move {
        let mut typist = Typist { browser, site, typed: BTreeSet::new() };
        let passwords = [("password", "eleven blue herons"), ("again", "eleven blue herons")];
        let words = ["secret", "login", "display_name"];
        typist.types((FIRST, "/"), "/first-administrator", &words, &passwords).await;
        let left: Vec<_> =
            of_template(&templates(), FIRST).into_iter().filter(|field| !typist.typed.contains(field)).collect();
        assert!(left.is_empty(), "nobody typed into {left:?}");
    })
    .await;
}

fn templates() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src/pages/templates")
}

/// Template and name of every field for free text that the demo's pages have.
fn fields() -> BTreeSet<(String, String)> {
    let folder = templates();
    let mut found = BTreeSet::new();
    let mut folders = vec![String::new()];
    while let Some(inside) = folders.pop() {
        for entry in std::fs::read_dir(folder.join(&inside)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{inside}{}", entry.file_name().into_string().unwrap());
            if entry.file_type().unwrap().is_dir() {
                folders.push(format!("{name}/"));
            } else if name != FIRST {
                found.extend(of_template(&folder, &name));
            }
        }
    }
    found.retain(|(template, field)| !NOT_HERE.contains(&(template.as_str(), field.as_str())));
    assert!(found.len() > 30, "{found:?}");
    found
}

/// The fields of one template: what is typed as words, so no numbers, days, choices, files and passwords.
fn of_template(folder: &Path, name: &str) -> BTreeSet<(String, String)> {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let begins = text.match_indices("<input").chain(text.match_indices("<textarea"));
    let field = |(at, _): (usize, &str)| {
        let tag = &text[at..];
        let tag = &tag[..tag.find(" value=").unwrap_or(tag.len()).min(tag.find('>').unwrap_or(tag.len()))];
        let is_words = !tag.contains("inputmode=") && (!tag.contains("type=") || tag.contains("type=\"search\""));
        let (_, rest) = tag.split_once(" name=\"")?;
        let (field, _) = rest.split_once('"')?;
        is_words.then(|| (name.to_owned(), numbered(field)))
    };
    begins.filter_map(field).collect()
}

/// A field of a row, whichever row it is: `skill_3` and `skill_{{ row }}` are `skill_N`.
fn numbered(field: &str) -> String {
    match field.split_once("{{") {
        Some((begin, _)) => format!("{begin}N"),
        None => {
            let begin = field.trim_end_matches(|c: char| c.is_ascii_digit());
            if begin.len() == field.len() { field.to_owned() } else { format!("{begin}N") }
        }
    }
}
