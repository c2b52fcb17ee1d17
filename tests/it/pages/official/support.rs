//! An official at a desk, and a small town in which something of everything happened.

use chrono::{Days, NaiveDate, NaiveDateTime};
use wangjia::app::access::Grant;
use wangjia::app::settings;
use wangjia::db::areas::{self, AreaData};
use wangjia::db::memberships::{self, MembershipData};
use wangjia::db::recognitions::{self, RecognitionData};
use wangjia::db::referrals::{self, ReferralData, moves};
use wangjia::db::residents::{self, ResidentData};
use wangjia::db::spells::{self, SpellData};
use wangjia::db::{AnyConnection, DbResult, employers, households, postings};
use wangjia::domain::access::{ActorKind, Role};
use wangjia::domain::codes::*;
use wangjia::domain::referral::{ReferralReason, ReferralState};

use crate::accounts::support::{PASSWORD, account, noon};
use crate::db::fixtures::{day, employer, household, posting, spell, time, unknown_resident};
use crate::support::TestDb;
use crate::support::site::{Answer, Site};

pub const OFFICIAL: Grant = Grant { role: Role::Official, area: None, employer: None };

pub fn today() -> NaiveDate {
    noon().date()
}

/// Somebody signed in, with a reason given.
pub struct Desk {
    pub site: Site,
    pub token: String,
    reason: (String, String),
}

impl Desk {
    #[track_caller]
    pub fn new(test: &TestDb) -> Self {
        Self::of(test, "official", OFFICIAL, noon())
    }

    #[track_caller]
    pub fn of(test: &TestDb, login: &str, grant: Grant, at: NaiveDateTime) -> Self {
        account(test, login, &[grant]);
        settings::set(&test.db, settings::SECOND_FACTOR_REQUIRED, "none", settings::since_ever()).unwrap();
        let site = Site::new(test, at);
        let token = site.sign_in(login, PASSWORD, "").token.expect("signed in");
        let given = site.submit("/reason", &token, "", &[("reason", "核对名单"), ("then", "/coverage")]);
        let reason = given.cookies.into_iter().next().expect("a reason");
        Self { site, token, reason }
    }

    /// A page, with the reason.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.site.get_with(path, &self.token, (&self.reason.0, &self.reason.1))
    }

    /// A page that must be there.
    #[track_caller]
    pub fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {} {:?}", answer.html, answer.location);
        answer.html
    }

    /// A page without a reason.
    #[track_caller]
    pub fn without_reason(&self, path: &str) -> Answer {
        self.site.get(path, Some(&self.token))
    }
}

/// The text of the first element with this id.
#[track_caller]
pub fn text(html: &str, id: &str) -> String {
    let (_, rest) = html.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no {id} in {html}"));
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split('<').next().unwrap().trim().to_owned()
}

#[track_caller]
pub fn number(html: &str, id: &str) -> u64 {
    let shown = text(html, id);
    shown.replace(',', "").parse().unwrap_or_else(|_| panic!("{id} is {shown:?}"))
}

/// Every link of a page that is a number, with that number; the address as a browser reads it.
pub fn numbers_with_links(html: &str) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    for link in html.split("<a ").skip(1) {
        let Some((head, rest)) = link.split_once('>') else { continue };
        let shown = rest.split("</a>").next().unwrap_or_default().replace("<b>", "").replace("</b>", "");
        let digits = shown.trim().trim_end_matches(" 户").replace(',', "");
        if let (Ok(number), Some((_, href))) = (digits.parse(), head.split_once("href=\"")) {
            found.push((href.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&"), number));
        }
    }
    found
}

/// How many entries a list page says it has.
#[track_caller]
pub fn entries(html: &str) -> u64 {
    let (_, rest) = html.split_once("<h1>").expect("a heading");
    let (_, small) = rest.split_once("<small>").expect("a count");
    let digits: String = small.trim().chars().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
    digits.replace(',', "").parse().unwrap_or_else(|_| panic!("{small}"))
}

/// A town with two grids in which: one household works since long, one since lately, one lost its job this month, two never worked (one
/// of them is unwilling), one cannot work; one was recognised and served late, one not at all; referrals that came to each stage.
pub struct Town {
    pub community: i64,
    /// In the order above.
    pub homes: Vec<(i64, i64)>,
}

pub fn town(test: &TestDb, name: impl Fn(&str) -> String) -> Town {
    wangjia::app::setup::migrate(&test.db).unwrap();
    test.write(|conn| {
        let community = area(conn, None, AreaKind::Community, name("旺家社区"))?;
        let mut buildings = Vec::new();
        for grid in ["第一网格", "第二网格"] {
            let grid = area(conn, Some(community), AreaKind::Grid, name(grid))?;
            buildings.push(area(conn, Some(grid), AreaKind::Building, name("1栋"))?);
        }
        let firm = wangjia::db::employers::EmployerData { name: name("锦程服饰"), ..employer(1) };
        let firm = employers::insert(conn, &firm, time())?;
        let place = postings::PostingData { title: name("平缝工"), age_is_soft: false, ..posting(firm, 1, 4) };
        let place = postings::insert(conn, &place, time())?;
        let mut homes = Vec::new();
        for n in 1..=6 {
            let data = wangjia::db::households::HouseholdData {
                township: (n % 2 == 0).then(|| name("鲁容乡")),
                code: Some(name(&format!("H{n:04}"))),
                ..household(buildings[n as usize % 2], n)
            };
            let home = households::insert(conn, &data, time())?;
            homes.push((home, person(conn, home, n, &name)?));
        }
        let years_ago = today() - Days::new(900);
        job(conn, homes[0].1, years_ago, None, Some(3_000))?;
        let lately = job(conn, homes[1].1, today() - Days::new(200), None, Some(2_000))?;
        job(conn, homes[2].1, years_ago, Some(today() - Days::new(3)), None)?;
        recognised(conn, homes[2].0, today() - Days::new(2))?;
        recognised(conn, homes[3].0, today() - Days::new(15))?;
        referral(conn, (homes[3].1, place, firm), today() - Days::new(20), None, None)?;
        referral(
            conn,
            (homes[1].1, place, firm),
            today() - Days::new(210),
            Some(today() - Days::new(205)),
            Some(lately),
        )?;
        mistaken(conn, (homes[4].1, place, firm))?;
        Ok(Town { community, homes })
    })
}

fn area(conn: &mut AnyConnection, parent_id: Option<i64>, kind: AreaKind, name: String) -> DbResult<i64> {
    areas::insert(conn, &AreaData { parent_id, kind, name, minutes_to_park: Some(8) })
}

/// The head of household `n`: the fifth is unwilling, the sixth cannot work.
fn person(conn: &mut AnyConnection, home: i64, n: u32, name: impl Fn(&str) -> String) -> DbResult<i64> {
    let data = ResidentData {
        name: name(&format!("杨·阿{n}")),
        birth_date: if n == 1 { day(1975, 1, 1) } else { day(1990, 1, 1) },
        labour_class: Some(match n {
            2 => LabourClass::WeakOrHalf,
            6 => LabourClass::Lost,
            _ => LabourClass::Ordinary,
        }),
        school_status: Some(SchoolStatus::NotInSchool),
        willing: Some(n != 5),
        ..unknown_resident(n)
    };
    let id = residents::insert(conn, &data, time())?;
    let row = MembershipData {
        household_id: home,
        resident_id: id,
        relation: Relation::Head,
        valid_from: None,
        valid_until: None,
    };
    memberships::insert(conn, &row)?;
    Ok(id)
}

fn job(
    conn: &mut AnyConnection,
    resident: i64,
    from: NaiveDate,
    end_on: Option<NaiveDate>,
    monthly_income: Option<i64>,
) -> DbResult<i64> {
    let data = SpellData {
        start_on: Some(from),
        counted_from: from,
        end_on,
        monthly_income,
        contract_until: None,
        channel: Channel::Local,
        ..spell(resident)
    };
    spells::insert(conn, &data, time())
}

fn recognised(conn: &mut AnyConnection, household_id: i64, recognised_on: NaiveDate) -> DbResult<i64> {
    let data = RecognitionData {
        household_id,
        recognised_on,
        recognised_by: None,
        ended_on: None,
        end_reason: None,
        ended_by: None,
        end_note_cipher: None,
    };
    recognitions::insert(conn, &data, time())
}

fn referral(
    conn: &mut AnyConnection,
    (resident_id, posting_id, employer_id): (i64, i64, i64),
    proposed_on: NaiveDate,
    referred_on: Option<NaiveDate>,
    spell_id: Option<i64>,
) -> DbResult<i64> {
    let state = if spell_id.is_some() { ReferralState::Hired } else { ReferralState::Proposed };
    let data = ReferralData {
        resident_id,
        posting_id,
        employer_id,
        state,
        suitable: true,
        consent_id: None,
        spell_id,
        moved_on: proposed_on,
        referred_on,
        answered_on: referred_on,
        reminded_on: None,
    };
    let id = referrals::insert(conn, &data, time())?;
    moves::insert_all(conn, &[step(id, 1, (None, ReferralState::Proposed), None, proposed_on)])?;
    Ok(id)
}

/// One entered by mistake: it counts nowhere.
fn mistaken(conn: &mut AnyConnection, about: (i64, i64, i64)) -> DbResult<()> {
    let on = today() - Days::new(5);
    let id = referral(conn, about, on, None, None)?;
    let to = (Some(ReferralState::Proposed), ReferralState::Withdrawn);
    moves::insert_all(conn, &[step(id, 2, to, Some(ReferralReason::EnteredByMistake), on)])
}

fn step(
    referral_id: i64,
    step: i64,
    (from_state, to_state): (Option<ReferralState>, ReferralState),
    reason: Option<ReferralReason>,
    happened_on: NaiveDate,
) -> moves::MoveRow {
    moves::MoveRow {
        referral_id,
        step,
        from_state,
        to_state,
        reason,
        note_cipher: None,
        happened_on,
        actor_kind: ActorKind::Operator,
        account_id: None,
        role: None,
        created_at: time(),
    }
}
