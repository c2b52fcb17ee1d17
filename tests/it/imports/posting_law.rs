//! Posting lists and what the law, the codes and a person's decision make of them.

use chrono::NaiveDate;
use wangjia::app::imports::ImportReport;
use wangjia::app::postings::{self, AskedSkill, PostingFields};
use wangjia::app::settings::{self, MINIMUM_WAGE_HOURLY, MINIMUM_WAGE_MONTHLY, MinimumWages};
use wangjia::db::employers;
use wangjia::domain::codes::{Channel, Importance, PayKind, PostingStatus, Region, Severity};
use wangjia::domain::posting_law::{LawLevel, MinimumWage};

use super::{codes, counts, fingerprint, import, number, options, prepared, rows, words};
use crate::ledger::{V, day, id};
use crate::row;
use crate::support::{TestDb, keys, on_both};

/// A sound posting of 贵州苗绣, 平缝工, with these columns more or otherwise.
fn list(postings: &[&[(&str, &str)]]) -> Vec<Vec<V>> {
    const SOUND: [(&str, &str); 10] = [
        ("企业名称", "贵州苗绣"),
        ("岗位名称", "平缝工"),
        ("招聘人数", "3"),
        ("计薪方式", "月薪"),
        ("薪资下限", "2600"),
        ("班次", "长白班"),
        ("工作时间", "周一至周五 08:00-12:00、13:30-17:30"),
        ("职业危害", "无"),
        ("工作地点", "园区"),
        ("岗位描述", "缝制校服"),
    ];
    let mut titles: Vec<&str> = SOUND.iter().map(|(title, _)| *title).collect();
    for (title, _) in postings.iter().flat_map(|given| given.iter()) {
        if !titles.contains(title) {
            titles.push(title);
        }
    }
    let row = |given: &&[(&str, &str)]| {
        let value = |title: &&str| {
            let of = |list: &[(&str, &str)]| list.iter().find(|(t, _)| t == title).map(|(_, value)| V::from(*value));
            of(given).or_else(|| of(&SOUND)).unwrap_or_else(|| V::from(""))
        };
        titles.iter().map(value).collect::<Vec<V>>()
    };
    let mut all = vec![titles.iter().map(|title| V::from(*title)).collect()];
    all.extend(postings.iter().map(row));
    all
}

#[track_caller]
fn status(test: &TestDb) -> Vec<String> {
    words(test, "SELECT status AS word FROM postings ORDER BY id")
}

fn severity(report: &ImportReport, code: &str) -> Option<Severity> {
    report.findings.iter().find(|finding| finding.code.code() == code).map(|finding| finding.severity)
}

/// The same posting as a person enters it.
fn fields(test: &TestDb, title: &str) -> PostingFields {
    let employer = test.read(|conn| employers::by_name(conn, "贵州苗绣")).unwrap().id;
    PostingFields {
        code: None,
        employer_id: employer,
        title: title.to_owned(),
        channel: Channel::MicroFactory,
        description: None,
        headcount: 3,
        pay_kind: Some(PayKind::Monthly),
        pay_min_fen: Some(260_000),
        pay_max_fen: None,
        shift: None,
        night_work: None,
        overtime: None,
        physical_grade: None,
        load_kg: None,
        lifts_per_hour: None,
        forced_posture: None,
        underground_mine: None,
        hazards: Some(Vec::new()),
        age_min: None,
        age_max: None,
        age_is_soft: false,
        experience_months: None,
        training_days: None,
        place: Some("园区".to_owned()),
        province: None,
        region: None,
        commute_minutes: None,
        special_hours_approval: None,
        start_on: None,
        valid_from: day(2026, 1, 1),
        valid_until: None,
        hours: Vec::new(),
        skills: vec![AskedSkill { name: "平缝".to_owned(), skill_id: None, importance: Importance::Must, level: 2 }],
        certificates: Vec::new(),
        note: None,
    }
}

fn create(test: &TestDb, title: &str) -> i64 {
    let fields = fields(test, title);
    test.db.write(|conn| postings::create(conn, &keys(), fields.clone(), (options().now, options().as_of))).unwrap().id
}

fn a_stored_note_is_checked_with_the_rest(test: &TestDb) {
    prepared(test);
    let report = import(test, list(&[&[("备注", "只招男工，押金200")]]));
    assert_eq!(codes(&report), ["posting_unlawful", "posting_unlawful"]);
    assert_eq!(status(test), ["draft"]);
    // Notes are sealed: no finding repeats their words.
    for column in ["message_zh", "message_en", "masked_value"] {
        let said = words(test, &format!("SELECT {column} AS word FROM import_findings"));
        assert!(said.iter().all(|said| !said.contains('男') && !said.contains("押金2")), "{said:?}");
    }
    // The list without the column does not take the note away, so it does not publish what is in it.
    let report = import(test, list(&[&[]]));
    assert_eq!((codes(&report).len(), counts(&report)), (2, (0, 0, 1, 0)));
    assert_eq!(status(test), ["draft"]);
    import(test, list(&[&[("备注", "包吃住")]]));
    assert_eq!(status(test), ["published"]);
}

fn an_approval_is_a_number(test: &TestDb) {
    prepared(test);
    let long = |approval| {
        let hours = ("工作时间", "周一至周六 08:00-18:00");
        import(test, list(&[&[hours, ("特殊工时批准文号", approval)]]))
    };
    for none in ["无", "没有", "否", "不适用", ""] {
        let report = long(none);
        assert_eq!(codes(&report), ["posting_caution", "posting_unlawful"], "{none}");
        assert_eq!(status(test), ["draft"], "{none}");
    }
    assert!(codes(&long("已批准")).contains(&"approval_unreadable"));
    assert_eq!(status(test), ["draft"]);
    let report = long("铜人社工时〔2026〕12号");
    assert_eq!((codes(&report), severity(&report, "posting_allowed")), (vec!["posting_allowed"], Some(Severity::Info)));
    assert_eq!(status(test), ["published"]);
    // An empty cell says nothing, 无 takes the approval back.
    assert_eq!(counts(&long("")), (0, 0, 1, 0));
    assert_eq!(counts(&long("无")), (0, 1, 0, 0));
    assert_eq!(status(test), ["draft"]);
    assert_eq!(number(test, "SELECT count(*) AS n FROM postings WHERE special_hours_approval IS NULL"), 1);
}

fn pay_is_compared_with_the_wages_on_file(test: &TestDb) {
    prepared(test);
    let unchecked = Some(Severity::Warning);
    assert_eq!(severity(&import(test, list(&[&[]])), "posting_wage_unchecked"), unchecked);
    assert_eq!(status(test), ["published"]);
    // The figures here are made up; none is shipped.
    settings::set(&test.db, MINIMUM_WAGE_MONTHLY, "2500", day(2026, 1, 1)).unwrap();
    settings::set(&test.db, MINIMUM_WAGE_MONTHLY, "2700", day(2027, 1, 1)).unwrap();
    let report = import(test, list(&[&[]]));
    assert_eq!((codes(&report).len(), severity(&report, "posting_wage_unchecked")), (0, None));
    settings::set(&test.db, MINIMUM_WAGE_MONTHLY, "2601", day(2026, 6, 1)).unwrap();
    let report = import(test, list(&[&[]]));
    assert_eq!(codes(&report), ["posting_unlawful"]);
    assert_eq!(status(test), ["draft"]);
    // A person who publishes is asked the same.
    let check = |on: NaiveDate| {
        let findings = test.db.read(|conn| postings::law_check(conn, &keys(), 1, on)).unwrap();
        findings
            .into_iter()
            .filter(|finding| finding.level == LawLevel::Block)
            .map(|f| f.rule.code())
            .collect::<Vec<_>>()
    };
    assert_eq!((check(day(2026, 5, 31)), check(day(2026, 6, 1))), (vec![], vec!["below_minimum_wage"]));
    // Another province has its own figures or none.
    let there = [("岗位名称", "缝盘工"), ("省份", "广东省"), ("就业地域", "省外")];
    let report = import(test, list(&[&there]));
    assert_eq!(severity(&report, "posting_wage_unchecked"), unchecked);
    settings::set(&test.db, &format!("{MINIMUM_WAGE_MONTHLY}:广东"), "2900", day(2026, 1, 1)).unwrap();
    assert_eq!(codes(&import(test, list(&[&there]))), ["posting_unlawful"]);
}

fn wages_by_day_and_place(test: &TestDb) {
    prepared(test);
    let set = |key: &str, value: &str, from| settings::set(&test.db, key, value, from);
    let of = |on, province, region| test.db.read(|conn| MinimumWages::load(conn, on)).unwrap().of(province, region);
    assert_eq!(of(day(2026, 1, 1), None, None), None);
    set(MINIMUM_WAGE_MONTHLY, "2000", day(2025, 1, 1)).unwrap();
    set(MINIMUM_WAGE_HOURLY, "1900", day(2026, 1, 1)).unwrap();
    set("minimum_wage_hourly_fen:浙江", "2200", day(2026, 1, 1)).unwrap();
    let wage = |monthly_yuan, hourly_fen| Some(MinimumWage { monthly_yuan, hourly_fen });
    assert_eq!(of(day(2024, 12, 31), None, None), None);
    assert_eq!(of(day(2025, 12, 31), None, None), wage(Some(2000), None));
    assert_eq!(of(day(2026, 1, 1), None, None), wage(Some(2000), Some(1900)));
    assert_eq!(of(day(2026, 1, 1), Some("浙江省"), None), wage(None, Some(2200)));
    assert_eq!(of(day(2026, 1, 1), Some("贵州"), Some(Region::County)), wage(Some(2000), Some(1900)));
    assert_eq!(of(day(2026, 1, 1), Some("江苏"), Some(Region::OtherProvince)), None);
    assert_eq!(of(day(2026, 1, 1), None, Some(Region::Abroad)), None);

    for (key, value) in [
        ("minimum_wage", "1"),
        ("decent_pay:浙江", "1"),
        ("minimum_wage_hourly_fen:", "1"),
        (MINIMUM_WAGE_MONTHLY, "两千"),
        (MINIMUM_WAGE_MONTHLY, "0"),
        ("farming_counts", "yes"),
        ("labour_age_from", "60"),
        ("labour_age_to", "15"),
    ] {
        assert!(set(key, value, day(2026, 1, 1)).is_err(), "{key}={value}");
    }
    assert_eq!(settings::list(&test.db).unwrap().len(), settings::defaults().count() + 3);
}

fn codes_added_to_a_list_add_no_places(test: &TestDb) {
    prepared(test);
    import(test, list(&[&[], &[("岗位名称", "锁边工")]]));
    let coded: [&[(&str, &str)]; 2] = [&[("岗位编号", "P1")], &[("岗位编号", "P2"), ("岗位名称", "锁边工")]];
    let report = import(test, list(&coded));
    assert_eq!((codes(&report).len(), counts(&report)), (0, (0, 2, 0, 0)));
    assert_eq!(words(test, "SELECT code AS word FROM postings ORDER BY id"), ["P1", "P2"]);
    let before = fingerprint(test);
    assert_eq!(counts(&import(test, list(&coded))), (0, 0, 2, 0));
    assert_eq!(fingerprint(test), before);
    // A second posting of the title under a code of its own is another posting; so is one without, beside the first.
    assert_eq!(counts(&import(test, list(&[&[("岗位编号", "P3")]]))), (1, 0, 0, 0));
    let beside: [&[(&str, &str)]; 3] = [&[("岗位编号", "P1")], &[], &[("岗位编号", "P3")]];
    assert_eq!(counts(&import(test, list(&beside))), (1, 0, 2, 0));
    assert_eq!(counts(&import(test, list(&beside))), (0, 0, 3, 0));
    assert_eq!(rows(test, "postings"), 4);
}

fn a_code_of_another_employer_is_an_error(test: &TestDb) {
    prepared(test);
    import(test, list(&[&[("岗位编号", "P1")]]));
    let before = fingerprint(test);
    for employer in ["景航服装", "新来的厂"] {
        let row = [("岗位编号", "P1"), ("企业名称", employer), ("行业", "服装"), ("招聘人数", "9")];
        let report = import(test, list(&[&row]));
        assert_eq!((report.stopped, codes(&report)), (true, vec!["posting_code_taken"]));
        assert_eq!(fingerprint(test), before);
    }
}

fn several_postings_of_one_title_are_not_guessed(test: &TestDb) {
    prepared(test);
    import(test, list(&[&[("岗位编号", "P9"), ("岗位名称", "检验工")]]));
    create(test, "平缝工");
    create(test, "平缝工");
    let before = fingerprint(test);
    for code in ["", "P1"] {
        let report = import(test, list(&[&[("岗位编号", code)]]));
        assert_eq!((report.stopped, codes(&report)), (true, vec!["posting_title_ambiguous"]), "{code}");
    }
    assert_eq!(fingerprint(test), before);
}

fn a_draft_kept_back_stays_one(test: &TestDb) {
    prepared(test);
    import(test, list(&[&[("岗位名称", "检验工")]]));
    let posting = create(test, "平缝工");
    let report = import(test, list(&[&[("招聘人数", "5")]]));
    assert_eq!((codes(&report), counts(&report)), (vec!["posting_kept_draft"], (0, 1, 0, 0)));
    assert_eq!(status(test), ["published", "draft"]);
    // Published by a person, it is as any other.
    let publish = || {
        test.db.write(|conn| {
            let version = postings::get(conn, &keys(), posting, options().as_of)?.version;
            let moment = (options().now, day(2026, 11, 1));
            postings::set_status(conn, &keys(), (posting, version), PostingStatus::Published, moment)
        })
    };
    publish().unwrap();
    assert_eq!(codes(&import(test, list(&[&[("招聘人数", "6")]]))).len(), 0);
    assert_eq!(status(test), ["published", "published"]);
    // Made a draft by the law and corrected, it is published.
    import(test, list(&[&[("岗位描述", "限男性")]]));
    assert_eq!(status(test), ["published", "draft"]);
    import(test, list(&[&[("岗位描述", "缝制校服")]]));
    assert_eq!(status(test), ["published", "published"]);
}

fn an_employer_without_a_credit_code_is_told_once(test: &TestDb) {
    prepared(test);
    let row = |title: &'static str, code: &'static str| [("岗位名称", title), ("统一社会信用代码", code)];
    assert_eq!(codes(&import(test, list(&[&row("甲", ""), &row("乙", "")]))), ["employer_code_missing"]);
    assert_eq!(codes(&import(test, list(&[&row("甲", "91520603MA6DHY0J50"), &row("乙", "")]))).len(), 0);
    // A list that does not ask says nothing about it.
    assert_eq!(codes(&import(test, list(&[&[("企业名称", "乙厂")]]))).len(), 0);
}

/// A worker of this employer with these job columns.
fn worker(n: u16, columns: &[(&str, &str)]) -> Vec<Vec<V>> {
    let mut head = row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "就业状态"];
    let mut row = row![format!("A{n}"), format!("工人{n}"), "户主", id(1980, 1, 1, n), "1栋", "已就业"];
    head.extend(columns.iter().map(|(title, _)| V::from(*title)));
    row.extend(columns.iter().map(|(_, value)| V::from(*value)));
    vec![head, row]
}

fn a_job_is_linked_by_code_as_by_title(test: &TestDb) {
    prepared(test);
    import(test, list(&[&[("岗位编号", "P1")], &[("岗位编号", "P2"), ("岗位描述", "限男性")]]));
    let start = ("起始时间", "2026-03-01");
    let job = |n, employer, code| import(test, worker(n, &[("就业单位", employer), ("岗位编号", code), start]));
    assert_eq!(codes(&job(1, "景航服装", "P1")), ["posting_other_employer"]);
    assert_eq!(codes(&job(2, "贵州苗绣", "P2")), ["posting_is_draft"]);
    assert_eq!(number(test, "SELECT count(*) AS n FROM employment_spells WHERE posting_id IS NOT NULL"), 0);
    assert_eq!(codes(&job(3, "贵州苗绣", "P1")).len(), 0);
    // A code alone says who employs and as what: it is a job, not a mere status.
    let report = import(test, worker(4, &[("岗位编号", "P1")]));
    assert_eq!((codes(&report), counts(&report)), (vec!["start_missing"], (1, 0, 0, 0)));
    assert_eq!(number(test, "SELECT CAST(sum(filled) AS BIGINT) AS n FROM postings"), 2);
    let linked =
        "SELECT count(*) AS n FROM employment_spells WHERE posting_id = 1 AND employer_id = 1 AND job_title = '平缝工'";
    assert_eq!(number(test, linked), 1);
    assert_eq!(counts(&import(test, worker(4, &[("岗位编号", "P1")]))), (0, 0, 1, 0));
}

fn a_draft_beside_an_open_posting_takes_no_link(test: &TestDb) {
    prepared(test);
    // Stored before its posting came; two postings of the title, one of them a draft.
    import(test, worker(1, &[("就业单位", "贵州苗绣"), ("就业岗位", "平缝工"), ("起始时间", "2026-03-01")]));
    import(test, list(&[&[("岗位编号", "P1")], &[("岗位编号", "P2"), ("岗位描述", "限男性")]]));
    assert_eq!(words(test, "SELECT code AS word FROM postings WHERE filled = 1"), ["P1"]);
}

/// A sex or ages asked for in a column in words: the law reads them, and the finding names the article.
fn what_an_advertisement_may_not_ask_is_refused(test: &TestDb) {
    prepared(test);
    let refused = |column: (&str, &str), title: &str, article: &str| {
        let report = import(test, list(&[&[("岗位名称", title), column]]));
        let found = report.findings.iter().find(|finding| finding.code.code() == "posting_unlawful");
        let text = found.map(|finding| finding.text.zh.clone()).unwrap_or_default();
        assert!(text.contains(article), "{column:?}: {text}");
    };
    refused(("性别", "女"), "平缝工", "《就业促进法》第二十七条");
    refused(("性别要求", "男性优先"), "锁边工", "《就业促进法》第二十七条");
    refused(("年龄要求", "女18-45岁"), "钉扣工", "《就业促进法》第二十七条");
    refused(("年龄要求", "15-25岁，可放宽"), "整烫工", "《劳动法》第十五条");
    assert_eq!(status(test), ["draft"; 4]);
    let lawful = list(&[&[("岗位名称", "裁剪工"), ("性别", "男女不限"), ("年龄要求", "18-50岁，35岁以下优先")]]);
    import(test, lawful.clone());
    assert_eq!(status(test)[4], "published");
    let before = fingerprint(test);
    assert_eq!(counts(&import(test, lawful)), (0, 0, 1, 0));
    assert_eq!(fingerprint(test), before);
}

on_both!(
    what_an_advertisement_may_not_ask_is_refused,
    a_stored_note_is_checked_with_the_rest,
    an_approval_is_a_number,
    pay_is_compared_with_the_wages_on_file,
    wages_by_day_and_place,
    codes_added_to_a_list_add_no_places,
    a_code_of_another_employer_is_an_error,
    several_postings_of_one_title_are_not_guessed,
    a_draft_kept_back_stays_one,
    an_employer_without_a_credit_code_is_told_once,
    a_job_is_linked_by_code_as_by_title,
    a_draft_beside_an_open_posting_takes_no_link,
);
