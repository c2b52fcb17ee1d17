//! Jobs, their ends, self-employment and training.

use wangjia::app::imports::ImportOptions;
use wangjia::db::memberships;

use super::{codes, counts, fingerprint, import, import_with, number, options, prepared, rows, words};
use crate::ledger::{V, day, id};
use crate::row;
use crate::support::{TestDb, on_both};

/// One person, 王五, with these job columns.
fn person(titles: &[&str], values: &[&str]) -> Vec<Vec<V>> {
    let mut head = row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋"];
    let mut row = row!["A1", "王五", "户主", id(1980, 1, 1, 1), "1栋"];
    head.extend(titles.iter().map(|title| V::from(*title)));
    row.extend(values.iter().map(|value| V::from(*value)));
    vec![head, row]
}

fn a_status_alone_counts_from_the_as_of_day(test: &TestDb) {
    prepared(test);
    let report = import(test, person(&["就业状态"], &["已就业"]));
    assert_eq!(codes(&report), ["status_without_job"]);
    assert_eq!(
        number(
            test,
            "SELECT count(*) AS n FROM employment_spells WHERE start_on IS NULL AND counted_from = '2026-11-01'"
        ),
        1
    );
    // A later ledger says the same: no second spell, and it still counts from the first day.
    let later = ImportOptions { as_of: day(2026, 12, 1), ..options() };
    let report = import_with(test, &[("S", person(&["就业状态"], &["已就业"]))], &later);
    assert_eq!(counts(&report), (0, 0, 1, 0));
    // The job becomes known.
    let report = import_with(
        test,
        &[("S", person(&["就业状态", "就业单位", "起始时间"], &["已就业", "某厂", "2026-05-01"]))],
        &later,
    );
    assert_eq!(counts(&report), (0, 1, 0, 0));
    assert_eq!(rows(test, "employment_spells"), 1);
    assert_eq!(
        number(
            test,
            "SELECT count(*) AS n FROM employment_spells WHERE start_on = '2026-05-01' AND counted_from = '2026-05-01'"
        ),
        1
    );
}

/// Who works on the land does so beside a job; two firms at once are said.
fn farming_goes_beside_a_job(test: &TestDb) {
    prepared(test);
    let titles = ["就业渠道", "就业单位", "起始时间"];
    import(test, person(&titles, &["农业就业", "", "2020-03-01"]));
    let report = import(test, person(&titles, &["本地就业", "某厂", "2026-03-01"]));
    assert_eq!((codes(&report), rows(test, "employment_spells")), (vec![], 2));
}

fn a_start_is_corrected_and_a_new_job_added(test: &TestDb) {
    prepared(test);
    let titles = ["就业单位", "就业岗位", "起始时间", "结束时间"];
    import(test, person(&titles, &["某厂", "普工", "2026-03-01", ""]));
    let report = import(test, person(&titles, &["某厂", "普工", "2026-04-01", ""]));
    assert_eq!((counts(&report), rows(test, "employment_spells")), ((0, 1, 0, 0), 1));
    let report = import(test, person(&titles, &["某厂", "普工", "2026-04-01", "2026-08-01"]));
    assert_eq!((counts(&report), rows(test, "employment_spells")), ((0, 1, 0, 0), 1));
    // Back at the same firm after the end, then elsewhere while that job still runs.
    let report = import(test, person(&titles, &["某厂", "普工", "2026-09-01", ""]));
    assert_eq!((counts(&report), codes(&report).len(), rows(test, "employment_spells")), ((1, 0, 0, 0), 0, 2));
    let report = import(test, person(&titles, &["另一厂", "保安", "2026-10-01", ""]));
    assert_eq!(
        (counts(&report), codes(&report), rows(test, "employment_spells")),
        ((1, 0, 0, 0), vec!["job_changed"], 3)
    );
    assert_eq!(number(test, "SELECT count(*) AS n FROM employment_spells WHERE end_on IS NULL"), 1);
}

/// A ledger has one job per person: another employer with another start is the next job, or the same one put right.
fn a_job_of_a_ledger_follows_or_corrects_the_one_on_record(test: &TestDb) {
    prepared(test);
    let titles = ["就业单位", "就业岗位", "起始时间", "是否兼职"];
    let job = |employer: &str, start: &str| person(&titles, &[employer, "普工", start, ""]);
    let open = "SELECT count(*) AS n FROM employment_spells WHERE end_on IS NULL";
    import(test, job("甲厂", "2026-03-01"));
    // Later: the old job lasts to the day before, so nobody is in two jobs and no day is without one.
    let report = import(test, job("乙厂", "2026-05-01"));
    assert_eq!((codes(&report), counts(&report)), (vec!["job_changed"], (1, 0, 0, 0)));
    assert_eq!((rows(test, "employment_spells"), number(test, open)), (2, 1));
    let ended = "SELECT count(*) AS n FROM employment_spells WHERE start_on = '2026-03-01' AND end_on = '2026-05-01'";
    assert_eq!(number(test, ended), 1);
    let told = report.changes.iter().find(|change| change.field.en == "end").unwrap();
    assert_eq!(told.after.as_ref().map(|text| text.zh.as_str()), Some("2026-05-01"));
    assert_eq!(counts(&import(test, job("乙厂", "2026-05-01"))), (0, 0, 1, 0));
    // Earlier: the record was wrong.
    let report = import(test, job("丙厂", "2026-04-01"));
    assert_eq!((codes(&report), counts(&report)), (vec!["job_corrected", "overlapping_spells"], (0, 1, 0, 0)));
    assert_eq!((rows(test, "employment_spells"), number(test, open)), (2, 1));
    let told = report.changes.iter().find(|change| change.field.en == "employer").unwrap();
    let shown = |text: &Option<wangjia::domain::text::Text>| text.as_ref().map(|text| text.zh.clone());
    assert_eq!((shown(&told.before).as_deref(), shown(&told.after).as_deref()), (Some("乙厂"), Some("丙厂")));
    assert_eq!(counts(&import(test, job("丙厂", "2026-04-01"))), (0, 0, 1, 0));
    // A second, part-time job is one more job.
    let report = import(test, person(&titles, &["丁店", "店员", "2026-06-01", "是"]));
    assert_eq!((counts(&report), number(test, open)), ((1, 0, 0, 0), 2));
}

fn ends_close_the_one_open_job(test: &TestDb) {
    prepared(test);
    let a = id(1980, 1, 1, 1);
    import(test, person(&["就业单位", "起始时间"], &["某厂", "2026-03-01"]));
    let ends = |date: &str| vec![row!["身份证号码", "结束日期"], row![&a, date]];
    assert_eq!(codes(&import(test, ends("2026-02-01"))), ["end_before_start"]);
    let report = import(test, ends("2026-09-01"));
    assert_eq!((codes(&report).len(), counts(&report)), (0, (0, 1, 0, 0)));
    assert_eq!(number(test, "SELECT count(*) AS n FROM employment_spells WHERE end_on = '2026-09-01'"), 1);
    assert_eq!(counts(&import(test, ends("2026-09-01"))), (0, 0, 1, 0));
    assert_eq!(codes(&import(test, ends("2026-10-01"))), ["no_open_spell"]);
    // The ledger of before, again: the end stays.
    let report = import(test, person(&["就业单位", "起始时间"], &["某厂", "2026-03-01"]));
    assert_eq!(counts(&report), (0, 0, 1, 0));
    assert_eq!(number(test, "SELECT count(*) AS n FROM employment_spells WHERE end_on = '2026-09-01'"), 1);

    let unknown = vec![row!["身份证号码", "结束日期"], row![id(1990, 1, 1, 1), "2026-09-01"]];
    assert_eq!(codes(&import(test, unknown)), ["person_unknown"]);
    for (employer, start) in [("乙厂", "2026-10-01"), ("丙厂", "2026-10-02")] {
        import(test, person(&["就业单位", "起始时间", "是否兼职"], &[employer, start, "是"]));
    }
    assert_eq!(codes(&import(test, ends("2026-10-20"))), ["end_ambiguous"]);
}

fn an_unemployed_status_does_not_close_a_job(test: &TestDb) {
    prepared(test);
    import(test, person(&["就业单位", "起始时间"], &["某厂", "2026-03-01"]));
    let before = fingerprint(test);
    let report = import(test, person(&["就业状态"], &["未就业"]));
    assert_eq!((codes(&report), counts(&report)), (vec!["unemployed_on_record"], (0, 0, 1, 0)));
    assert_eq!(fingerprint(test), before);
}

/// A job that has ended by today frees its place for good: an older file that speaks of it again does not overfill the posting.
fn an_older_file_counts_places_by_today(test: &TestDb) {
    prepared(test);
    let on = |as_of: chrono::NaiveDate, today: chrono::NaiveDate| ImportOptions {
        as_of,
        now: today.and_hms_opt(1, 2, 3).unwrap(),
        ..options()
    };
    let (early, today) = (day(2026, 11, 1), day(2026, 11, 20));
    let list = vec![
        row![
            "岗位编号",
            "企业名称",
            "岗位名称",
            "招聘人数",
            "计薪方式",
            "薪资下限",
            "薪资上限",
            "班次",
            "职业危害",
            "工作地点"
        ],
        row!["P1", "某厂", "普工", "1", "月薪", "2600", "3800", "长白班", "无", "园区"],
    ];
    import_with(test, &[("S", list)], &on(early, early));
    let worker = |n: u16, start: &str, end: &str, income: &str| {
        let code = format!("A{n}");
        vec![
            row![
                "户编号",
                "姓名",
                "与户主关系",
                "身份证号",
                "楼栋",
                "就业单位",
                "就业岗位",
                "起始时间",
                "结束时间",
                "月收入"
            ],
            row![code, "王五", "户主", id(1980, 1, 1, n), "1栋", "某厂", "普工", start, end, income],
        ]
    };
    let places = "SELECT count(*) AS n FROM employment_spells WHERE posting_id IS NOT NULL";
    import_with(test, &[("S", worker(1, "2026-03-01", "2026-11-10", ""))], &on(early, early));
    assert_eq!((number(test, places), number(test, "SELECT filled AS n FROM postings")), (1, 1));
    // Nothing was written since, and yet the place is free.
    let report = import_with(test, &[("S", worker(2, "2026-11-15", "", ""))], &on(today, today));
    assert_eq!((codes(&report).len(), number(test, places)), (0, 2), "{:?}", report.findings);
    let report = import_with(test, &[("S", worker(1, "2026-03-01", "", "3000"))], &on(early, today));
    assert_eq!((counts(&report), number(test, "SELECT filled AS n FROM postings")), ((0, 1, 0, 0), 1));
    // Its end was a mistake and it goes on: the place is somebody else's now.
    let report = import_with(test, &[("S", worker(1, "2026-03-01", "2027-03-01", "3000"))], &on(today, today));
    assert!(codes(&report).contains(&"posting_full"), "{:?}", codes(&report));
    assert_eq!((number(test, places), number(test, "SELECT filled AS n FROM postings")), (1, 1));
}

/// School and class may stand in another sheet than the job, or on record: the contradiction is told all the same, once.
fn contradictions_across_sheets_and_records(test: &TestDb) {
    prepared(test);
    let people = |titles: &[&str], values: &[&str]| ("人员", person(titles, values));
    let pupil = || people(&["在校生状况", "劳动技能"], &["高中", "丧失劳动力"]);
    let jobs = |end: &str| {
        let titles = row!["劳动力姓名*", "劳动力身份证号*", "就业渠道*", "就业单位", "就业起始日期*", "就业终止日期"];
        ("就业", vec![titles, row!["王五", id(1980, 1, 1, 1), "组织介绍", "某厂", "2026年3月", end]])
    };
    let both = ["in_school_employed", "no_capacity_employed"];
    let report = import_with(test, &[pupil(), jobs("")], &options());
    assert_eq!(codes(&report), both);
    assert!(report.findings.iter().filter(|f| both.contains(&f.code.code())).all(|f| f.sheet == "就业" && f.row == 2));
    // The job is on record, the file speaks of the person only; and the other way round.
    assert_eq!(codes(&import_with(test, &[pupil()], &options())), both);
    assert_eq!(codes(&import_with(test, &[jobs("")], &options())), both);
    // One row that says both is told by the reader, and not again.
    let one = people(&["在校生状况", "就业单位", "起始时间"], &["高中", "某厂", "2026-03-01"]);
    assert_eq!(codes(&import_with(test, &[one], &options())), both);
    // A job that is over contradicts nothing.
    let ends = ("减员", vec![row!["身份证号码", "结束日期"], row![id(1980, 1, 1, 1), "2026-10-01"]]);
    import_with(test, &[ends], &options());
    assert!(codes(&import_with(test, &[pupil(), jobs("2026-10-01")], &options())).is_empty());
}

/// Who left a household after the day of an older file does not come back before that.
fn nobody_is_in_two_households_on_one_day(test: &TestDb) {
    prepared(test);
    let two = |first: &str, second: &str| {
        let titles = row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋"];
        let head = row!["A1", "王五", "户主", id(1980, 1, 1, 1), "1栋"];
        let relation = if first == second { "子" } else { "户主" };
        vec![titles, head, row![second, "王小五", relation, id(2000, 1, 1, 3), "1栋"]]
    };
    import(test, two("A1", "A1"));
    test.write(|conn| {
        let all = memberships::all(conn)?;
        memberships::end(conn, all[1].id, day(2026, 11, 10))
    });
    import(test, two("A1", "A2"));
    let since = "SELECT count(*) AS n FROM memberships WHERE valid_from = '2026-11-10' AND valid_until IS NULL";
    assert_eq!((rows(test, "memberships"), number(test, since)), (3, 1));
}

fn jobs_of_people_on_record(test: &TestDb) {
    prepared(test);
    let a = id(1980, 1, 1, 1);
    import(test, person(&[], &[]));
    let jobs = || {
        vec![
            row![
                "劳动力姓名*",
                "劳动力身份证号*",
                "就业渠道*",
                "就业地域*",
                "就业类型*",
                "就业单位",
                "特色就业",
                "就业起始日期*",
                "签订合同或协议（月）*"
            ],
            row!["王五", &a, "组织介绍", "乡（镇）内", "转移就业", "贵州苗绣", "社区工厂", "2026年3月", "12"],
        ]
    };
    let report = import(test, jobs());
    assert_eq!((codes(&report).len(), counts(&report)), (0, (1, 0, 0, 0)));
    assert_eq!(words(test, "SELECT channel AS word FROM employment_spells"), ["micro_factory"]);
    assert_eq!(words(test, "SELECT kind AS word FROM employers"), ["tenant"]);
    assert_eq!(number(test, "SELECT count(*) AS n FROM employment_spells WHERE contract_until = '2027-03-01'"), 1);
    assert_eq!(counts(&import(test, jobs())), (0, 0, 1, 0));

    let business = || {
        vec![
            row!["劳动力姓名*", "劳动力身份证号*", "创业项目*", "创业单位", "创业地址*", "创业起始日期*", "减免税"],
            row!["王五", &a, "养殖类", "王五养鸡场", "甲乡", "2025-01-01", "是"],
        ]
    };
    let report = import(test, business());
    assert_eq!(codes(&report), ["column_unknown", "overlapping_spells"]);
    assert_eq!(
        words(
            test,
            "SELECT employer_name AS word FROM employment_spells WHERE channel = 'self_employed' AND employer_id IS NULL"
        ),
        ["王五养鸡场"]
    );
    assert_eq!(rows(test, "employers"), 1, "one's own business is no employer");
    assert_eq!(counts(&import(test, business())), (0, 0, 1, 0));

    let training = |days: &str| {
        vec![
            row![
                "劳动力姓名*",
                "劳动力身份证号*",
                "培训类型*",
                "培训工种*",
                "培训单位名称*",
                "培训起始日期*",
                "实际培训天数",
                "备注"
            ],
            row!["王五", &a, "创业培训", "养殖类", "某校", "2026-01-05", days, "好"],
        ]
    };
    assert_eq!(counts(&import(test, training("7"))), (1, 0, 0, 0));
    assert_eq!(counts(&import(test, training("7"))), (0, 0, 1, 0));
    assert_eq!(counts(&import(test, training("9"))), (0, 1, 0, 0));
    assert_eq!((rows(test, "training_records"), number(test, "SELECT days AS n FROM training_records")), (1, 9));
}

on_both!(
    a_status_alone_counts_from_the_as_of_day,
    farming_goes_beside_a_job,
    a_start_is_corrected_and_a_new_job_added,
    a_job_of_a_ledger_follows_or_corrects_the_one_on_record,
    ends_close_the_one_open_job,
    an_unemployed_status_does_not_close_a_job,
    an_older_file_counts_places_by_today,
    contradictions_across_sheets_and_records,
    nobody_is_in_two_households_on_one_day,
    jobs_of_people_on_record,
);
