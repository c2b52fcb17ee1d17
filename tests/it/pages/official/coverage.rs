//! The coverage page: figures that add up in both languages, the widest gap first, nothing a strict browser refuses.

use chrono::{Days, NaiveDate, NaiveDateTime};
use wangjia::app::access::Grant;
use wangjia::app::coverage::report::{CoverageReport, Group, GroupBy};
use wangjia::app::overview::Overview;

use wangjia::db::areas::{self, AreaData};
use wangjia::db::employers::{self, EmployerData};
use wangjia::db::households::{self, HouseholdData};
use wangjia::db::postings::{self, OpenPlaces, PostingData};
use wangjia::db::residents;
use wangjia::db::spells::{self, SpellData};
use wangjia::db::{AnyConnection, DbError};
use wangjia::domain::access::Role;
use wangjia::domain::clock::ClockRules;
use wangjia::domain::codes::{AreaKind, Channel, EmployerKind, MonitoringClass, PostingStatus};
use wangjia::domain::coverage::{CoverageRules, Tally};
use wangjia::domain::statutory::StatutoryReport;
use wangjia::domain::text::Lang;
use wangjia::pages::official::Order;
use wangjia::pages::official::coverage::{Asked, render as render_asked};

use super::support::{Desk, number, text as text_of, today};
use crate::accounts::support::account;
use crate::db::fixtures::{spell, unknown_resident};
use crate::support::{TestDb, on_both};

/// The page as it comes unless the reader asks for another table.
fn render(town: Overview, lang: Lang) -> Result<String, String> {
    let asked = Asked { by: GroupBy::Grid, order: Order::default(), page: 1, today: today() };
    render_asked(town, &asked, lang).map_err(|error| error.to_string())
}

fn tally(covered: u64, uncovered: u64, exempt: u64) -> Tally {
    Tally {
        households: covered + uncovered + exempt,
        covered,
        uncovered,
        exempt,
        exempt_nobody_employable: exempt,
        to_help: uncovered,
        certain: covered,
        stable_6m: covered / 2,
        ..Tally::default()
    }
}

fn view(grids: &[(&str, Tally)], vacancies: u64) -> Overview {
    let mut total = Tally::default();
    for (_, tally) in grids {
        total.merge(tally);
    }
    let group = |(name, tally): &(&str, Tally)| Group { key: (*name).to_owned(), tally: *tally };
    let groups = grids.iter().map(group).collect();
    Overview {
        coverage: CoverageReport { as_of: today(), total, statutory: StatutoryReport::default(), groups },
        rules: CoverageRules::default(),
        clock_rules: ClockRules { first_service_days: 3, cover_days: 5, guidance: 1, offers: 3, training_offers: 1 },
        open: OpenPlaces { postings: vacancies.min(1), vacancies },
        community: Some("旺家社区".to_owned()),
        channels: Vec::new(),
        workers: Default::default(),
        trend: vec![(today(), total)],
        flow: Default::default(),
        funnel: Default::default(),
        kept: Vec::new(),
    }
}

#[test]
fn the_sum_on_the_page_reconciles_in_both_languages() {
    let town = view(&[("网格一", tally(1724, 31, 106)), ("网格二", tally(748, 380, 116))], 60);
    for lang in [Lang::Zh, Lang::En] {
        let html = render(town.clone(), lang).unwrap();
        let parts: u64 = ["covered", "uncovered", "exempt"].iter().map(|id| number(&html, id)).sum();
        assert_eq!(parts, number(&html, "households"));
        assert_eq!(parts, 3105);
        assert_eq!(text_of(&html, "rate"), "85.74", "2472 / 2883 = 85.744 %, rounded down as in the API");
        assert_eq!(number(&html, "vacancies"), 60);
    }
}

#[test]
fn the_page_speaks_the_language_asked_for() {
    let town = view(&[("网格一", tally(90, 10, 5))], 3);
    let zh = render(town.clone(), Lang::Zh).unwrap();
    assert!(
        zh.contains("<html lang=\"zh-CN\">") && zh.contains("一户一人以上就业") && zh.contains("2026 年 11 月 23 日")
    );
    assert!(zh.contains("href=\"/coverage?lang=en\""));
    let en = render(town, Lang::En).unwrap();
    assert!(en.contains("<html lang=\"en\">") && en.contains("At least one job in every household"));
    assert!(en.contains("23 November 2026"));
    // What stays Chinese on an English page are names out of the data and the way back.
    let chinese = en.replace("旺家社区", "").replace("网格一", "").replace("中文", "");
    assert!(!chinese.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{chinese}");
}

#[test]
fn places_are_compared_with_households_and_never_promised() {
    for (vacancies, zh, en) in [
        (3, "空缺不够：10 户待帮扶，只有 3 个空缺", "10 households share 3"),
        (0, "10 户待帮扶，现在没有空缺", "no vacancy"),
        (12, "数量够：12 个空缺，10 户待帮扶", "12 vacancies for 10"),
    ] {
        let town = view(&[("网格一", tally(90, 10, 5))], vacancies);
        assert!(render(town.clone(), Lang::Zh).unwrap().contains(zh), "{zh}");
        assert!(render(town, Lang::En).unwrap().contains(en), "{en}");
    }
}

#[test]
fn an_empty_database_says_what_to_do_next() {
    for (lang, sentence) in [(Lang::Zh, "库里还没有户"), (Lang::En, "No households yet")] {
        let html = render(view(&[], 0), lang).unwrap();
        assert!(html.contains(sentence) && html.contains("wangjia import FILE") && html.contains("wangjia demo"));
        assert!(!html.contains("<table"), "no empty table");
    }
}

#[test]
fn a_town_without_anybody_to_cover_shows_no_rate() {
    let html = render(view(&[("网格一", tally(0, 0, 7))], 0), Lang::Zh).unwrap();
    assert_eq!(text_of(&html, "rate"), "—");
    assert!(!html.contains("<progress"));
}

#[test]
fn the_range_and_its_conflicts_are_shown_only_where_there_are_any() {
    let mut doubtful = tally(90, 10, 5);
    doubtful.certain = 80;
    doubtful.contested = 12;
    let html = render(view(&[("网格一", doubtful)], 3), Lang::Zh).unwrap();
    assert!(
        html.contains("确定的 80.00%，照记录算 90.00%")
            && html.contains("相差的 10 户")
            && html.contains("有矛盾的 12 户")
    );
    let clean = render(view(&[("网格一", tally(90, 10, 5))], 3), Lang::Zh).unwrap();
    assert!(clean.contains("没有互相矛盾的") && !clean.contains("确定的 "));
    // Conflicts that leave the rate as it is are conflicts all the same.
    let mut harmless = tally(90, 10, 5);
    harmless.contested = 12;
    for lang in [Lang::Zh, Lang::En] {
        let html = render(view(&[("网格一", harmless)], 3), lang).unwrap();
        assert!(!html.contains("没有互相矛盾的") && !html.contains("are in conflict"));
        assert_eq!(text_of(&html, "contested").split(' ').next(), Some("12"));
        assert!(html.contains("figure=contested"), "the number leads to its list");
    }
}

#[test]
fn the_widest_gap_comes_first_and_names_are_escaped() {
    let town =
        view(&[("网格一", tally(90, 10, 0)), ("<b>网格</b>&二", tally(50, 50, 0)), ("网格三", tally(0, 0, 4))], 3);
    let html = render(town, Lang::Zh).unwrap();
    let (second, first) = (html.find("网格一</th>").unwrap(), html.find("网格&#60;/b&#62;").unwrap());
    assert!(first < second && second < html.find("网格三</th>").unwrap());
    assert!(!html.contains("<b>网格</b>"));
}

#[test]
fn every_count_of_the_table_and_of_the_exempt_leads_to_its_list() {
    let html = render(view(&[("网格一", tally(90, 10, 5))], 3), Lang::Zh).unwrap();
    let table = html.split("<tbody").nth(1).unwrap().split("</table>").next().unwrap();
    // Five counts in the grid's row and five in the sum; the two rates of each are no counts.
    assert_eq!(table.matches("<td").count(), 14);
    assert_eq!(table.matches("<a href=").count(), 10, "{table}");
    for reason in ["nobody_employable", "decision"] {
        assert!(html.contains(&format!("exempt_reason={reason}")), "{reason}");
    }
}

#[test]
fn pages_hold_nothing_a_strict_browser_refuses() {
    let html = render(view(&[("网格一", tally(90, 10, 5))], 3), Lang::Zh).unwrap();
    for refused in ["<script>", "style=\"", "<style", "onclick", "http://", "https://", "javascript:"] {
        assert!(!html.contains(refused), "{refused}");
    }
}

fn the_page_shows_what_is_stored(db: &TestDb) {
    let desk = Desk::new(db);
    let empty = desk.page("/coverage?from=somebody&lang=en");
    assert!(empty.contains("No households yet") && empty.contains("All communities"));
    db.write(two_households_and_three_open_places);
    let full = desk.page("/coverage");
    assert!(full.contains("旺家社区") && full.contains("网格一"), "{full}");
    for (id, count) in [("covered", 0), ("uncovered", 0), ("exempt", 2), ("households", 2), ("vacancies", 3)] {
        assert_eq!(number(&full, id), count, "{id}");
    }
    assert!(full.contains("来自 1 个岗位"), "{full}");
    assert!(full.contains("本月没有认定零就业户"), "{full}");
    // What went up the chain is read from here, and the way back leads to an official's own pages.
    assert!(full.contains("href=\"/concerns\""), "{full}");
    let concerns = desk.page("/concerns");
    assert!(concerns.contains("class=\"crumb\" href=\"/coverage\"") && !concerns.contains("/today"), "{concerns}");
    // Who visits whom is seen here; an official has no target.
    assert!(!full.contains("走访进度"), "there is no counselor yet: {full}");
    account(db, "guide", &[Grant { role: Role::Counselor, area: None, employer: None }]);
    let visits = desk.page("/coverage").split("走访进度").nth(1).unwrap().split("</table>").next().unwrap().to_owned();
    assert!(visits.contains("2026-11-23 起一周，每人目标 20 户") && visits.contains("<td>20</td>"), "{visits}");
    assert!(!desk.page("/today").contains("本周走访"));
}

on_both!(the_page_shows_what_is_stored);

/// Two households without anybody in them, a posting with three of four places open, and three that are not open.
fn two_households_and_three_open_places(conn: &mut AnyConnection) -> Result<(), DbError> {
    let now = today().and_hms_opt(4, 0, 0).unwrap();
    let mut parent_id = None;
    for (kind, name) in [(AreaKind::Community, "旺家社区"), (AreaKind::Grid, "网格一"), (AreaKind::Building, "1栋")]
    {
        let area = AreaData { parent_id, kind, name: name.to_owned(), minutes_to_park: None };
        parent_id = Some(areas::insert(conn, &area)?);
    }
    for code in ["H1", "H2"] {
        let household = HouseholdData {
            code: Some(code.to_owned()),
            building_id: parent_id.unwrap(),
            unit: None,
            township: None,
            monitoring_class: MonitoringClass::ALL[0],
            recognised_on: None,
            helper_name: None,
            note_cipher: None,
        };
        households::insert(conn, &household, now)?;
    }
    let employer = EmployerData {
        name: "锦程服饰".to_owned(),
        credit_code: None,
        kind: EmployerKind::Tenant,
        industry: None,
        address: None,
        tenant_until: None,
    };
    let employer = employers::insert(conn, &employer, now)?;
    let yesterday = today() - Days::new(1);
    let open = add_posting(conn, employer, PostingStatus::Published, None, now)?;
    hire(conn, open, 1, now)?;
    add_posting(conn, employer, PostingStatus::Draft, None, now)?;
    add_posting(conn, employer, PostingStatus::Published, Some(yesterday), now)?;
    let full = add_posting(conn, employer, PostingStatus::Published, Some(today()), now)?;
    hire(conn, full, 4, now)
}

/// Puts people into places of a posting; they are in no household, so coverage does not see them.
fn hire(conn: &mut AnyConnection, posting: i64, n: u32, now: NaiveDateTime) -> Result<(), DbError> {
    for number in 0..n {
        let number = u32::try_from(posting).unwrap() * 10 + number;
        let resident = residents::insert(conn, &unknown_resident(number), now)?;
        spells::insert(conn, &SpellData { posting_id: Some(posting), ..spell(resident) }, now)?;
    }
    postings::recount_filled(conn, &[posting], today(), now)
}

fn add_posting(
    conn: &mut AnyConnection,
    employer_id: i64,
    status: PostingStatus,
    valid_until: Option<NaiveDate>,
    now: NaiveDateTime,
) -> Result<i64, DbError> {
    let posting = PostingData {
        code: None,
        employer_id,
        title: "平缝工".to_owned(),
        skill_id: None,
        status,
        channel: Channel::MicroFactory,
        description: None,
        headcount: 4,
        pay_kind: None,
        pay_min_fen: None,
        pay_max_fen: None,
        shift: None,
        night_work: None,
        overtime: None,
        physical_grade: None,
        load_kg: None,
        lifts_per_hour: None,
        forced_posture: None,
        underground_mine: None,
        hazards_known: false,
        age_min: None,
        age_max: None,
        age_is_soft: false,
        experience_months: None,
        training_days: None,
        place: None,
        province: None,
        region: None,
        commute_minutes: None,
        special_hours_approval: None,
        start_on: None,
        valid_from: today() - Days::new(30),
        valid_until,
        note_cipher: None,
    };
    postings::insert(conn, &posting, now)
}
