//! Pages: both languages, figures that add up, nothing a strict browser refuses.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::{App, test as actix_test};
use chrono::NaiveDate;
use wangjia::domain::coverage::Tally;
use wangjia::domain::text::{Lang, Text};
use wangjia::pages::home::{GridView, HomeView, render};
use wangjia::pages::{answer, configure, problem};

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

fn view(grids: &[(&str, Tally)], vacancies: u64) -> HomeView {
    let mut total = Tally::default();
    for (_, tally) in grids {
        total.merge(tally);
    }
    HomeView {
        as_of: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        community: "旺家社区".to_owned(),
        total,
        grids: grids.iter().map(|(name, tally)| GridView { name: (*name).to_owned(), tally: *tally }).collect(),
        postings: vacancies.min(1),
        vacancies,
        decent_pay: 2600,
        verified_days: 180,
        at_risk_days: 90,
    }
}

/// The text between the end of the tag with this id and the next tag.
fn text_of(html: &str, id: &str) -> String {
    let from = html.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no {id} in {html}"));
    let rest = &html[from..];
    let open = rest.find('>').unwrap() + 1;
    rest[open..].split('<').next().unwrap().trim().to_owned()
}

fn number(html: &str, id: &str) -> u64 {
    text_of(html, id).replace(',', "").parse().unwrap()
}

#[test]
fn the_sum_on_the_page_reconciles_in_both_languages() {
    let town = view(&[("网格一", tally(1724, 31, 106)), ("网格二", tally(748, 380, 116))], 60);
    for lang in [Lang::Zh, Lang::En] {
        let html = render(town.clone(), lang).unwrap();
        let parts: u64 = ["covered", "uncovered", "exempt"].iter().map(|id| number(&html, id)).sum();
        assert_eq!(parts, number(&html, "households"));
        assert_eq!(parts, 3105);
        assert_eq!(text_of(&html, "rate"), "85.7", "2472 / 2883 = 85.74 %, rounded down");
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
    assert!(zh.contains("href=\"/?lang=en\""));
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
        html.contains("确定的 80.0%，照记录算 90.0%")
            && html.contains("相差的 10 户")
            && html.contains("有矛盾的 12 户")
    );
    let clean = render(view(&[("网格一", tally(90, 10, 5))], 3), Lang::Zh).unwrap();
    assert!(clean.contains("没有互相矛盾的") && !clean.contains("照记录算"));
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

#[actix_web::test]
async fn pages_forbid_what_they_do_not_need_and_need_nothing_forbidden() {
    let html = render(view(&[("网格一", tally(90, 10, 5))], 3), Lang::Zh).unwrap();
    for refused in ["<script", "style=\"", "<style", "onclick", "http://", "https://", "javascript:"] {
        assert!(!html.contains(refused), "{refused}");
    }
    let response = answer(StatusCode::OK, Lang::Zh, html.clone());
    let policy = response.headers().get(CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));

    let app = actix_test::init_service(App::new().configure(configure)).await;
    for (mark, kind) in
        [("rel=\"stylesheet\" href=\"", "text/css; charset=utf-8"), ("svg+xml\" href=\"", "image/svg+xml")]
    {
        let path = html.split(mark).nth(1).unwrap().split('"').next().unwrap();
        let response = actix_test::call_service(&app, actix_test::TestRequest::get().uri(path).to_request()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers().get("content-type").unwrap(), kind);
        assert!(response.headers().get("cache-control").unwrap().to_str().unwrap().contains("immutable"));
    }
}

#[test]
fn a_problem_page_says_what_to_do() {
    let (title, advice) = (Text::new("没取到数据", "No data"), Text::new("请稍后再刷新", "Reload in a moment"));
    let html = problem(&title, &advice, Lang::En).unwrap();
    assert!(html.contains("<h1>No data</h1>") && html.contains("Reload in a moment"));
}
