//! Lists beside the ledger, and who a row is of: names are compared, and what is not certain is stored of nobody.

use super::{accepting, codes, counts, import, import_with, number, options, prepared, rows, words};
use crate::ledger::{V, id};
use crate::row;
use crate::support::{TestDb, on_both};

const SPELLS: &str = "SELECT count(*) AS n FROM employment_spells";

/// Rows of a list with somebody's name in it.
type List<'a> = &'a dyn Fn(&str) -> Vec<Vec<V>>;

fn people(rows: &[(&str, &str, &str, &str)]) -> Vec<Vec<V>> {
    let mut all = vec![row!["户编号", "楼栋", "姓名", "与户主关系", "身份证号"]];
    all.extend(rows.iter().map(|(code, name, relation, id)| row![*code, "1栋", *name, *relation, *id]));
    all
}

/// An ID number in a list of jobs, businesses or courses is the person's whose name stands beside it.
fn names_in_other_lists_are_compared(test: &TestDb) {
    prepared(test);
    let a = id(1980, 1, 1, 1);
    import(test, people(&[("A1", "王五", "户主", &a)]));
    let job = |name: &str| vec![row!["姓名", "身份证号", "就业单位", "起始时间"], row![name, &a, "某厂", "2026-01-01"]];
    let ends = |name: &str| vec![row!["姓名", "身份证号", "结束日期"], row![name, &a, "2026-06-01"]];
    let business = |name: &str| vec![row!["姓名", "身份证号", "创业项目"], row![name, &a, "小卖部"]];
    let course =
        |name: &str| vec![row!["姓名", "身份证号", "培训类型", "培训起始日期"], row![name, &a, "缝纫", "2026-01-05"]];
    let lists: [List<'_>; 4] = [&job, &ends, &business, &course];
    for list in lists {
        let report = import(test, list("别人"));
        assert!(report.stopped && codes(&report).contains(&"id_of_somebody_else"), "{:?}", codes(&report));
    }
    assert_eq!((number(test, SPELLS), rows(test, "training_records")), (0, 0));
    for list in lists {
        let report = import(test, list("王 五"));
        assert!(!report.stopped, "{:?}", report.findings);
    }
    assert_eq!(counts(&import(test, job("王*"))), (0, 0, 1, 0), "a hidden part of a name is no other name");
    assert_eq!((number(test, SPELLS), rows(test, "training_records")), (2, 1));
    // A person's row that says nothing of a household proves no more.
    let list = vec![row!["姓名", "身份证号", "就业状态", "联系电话"], row!["别人", &a, "未就业", "13900000001"]];
    assert!(codes(&import(test, list)).contains(&"id_of_somebody_else"));
    assert_eq!(words(test, "SELECT name AS word FROM residents"), ["王五"]);
}

/// Who has no job by a list gets none, and one on record is told.
fn a_list_of_statuses_makes_no_jobs(test: &TestDb) {
    prepared(test);
    let ids: Vec<String> = (0..4).map(|n| id(1980 + n, 1, 1, 1)).collect();
    let names = ["王五", "李四", "赵六", "周九"];
    let codes_of = ["A1", "A2", "A3", "A4"];
    let all: Vec<_> = (0..4).map(|n| (codes_of[n], names[n], "户主", ids[n].as_str())).collect();
    import(test, people(&all));
    let list = || {
        vec![
            row!["姓名", "身份证号", "就业创业状态", "就业单位名称", "就业起始年月"],
            row![names[0], &ids[0], "已就业", "某厂", "2025.3"],
            row![names[1], &ids[1], "未就业", "", ""],
            row![names[2], &ids[2], "未就业", "无", ""],
            row![names[3], &ids[3], "", "", ""],
        ]
    };
    let report = import(test, list());
    assert_eq!((codes(&report), counts(&report)), (vec!["job_missing"], (1, 0, 3, 0)));
    assert_eq!(number(test, SPELLS), 1);
    let gone = vec![row!["姓名", "身份证号", "就业创业状态", "就业单位名称"], row![names[0], &ids[0], "未就业", ""]];
    assert_eq!(codes(&import(test, gone)), ["unemployed_on_record"]);
}

/// A ledger with a business and a course in some rows, twice.
fn what_a_ledger_tells_beside_the_person(test: &TestDb) {
    prepared(test);
    let (a, b) = (id(1980, 1, 1, 1), id(1982, 1, 1, 2));
    let ledger = || {
        vec![
            row![
                "户编号",
                "楼栋",
                "姓名",
                "与户主关系",
                "身份证号",
                "就业状态",
                "就业单位",
                "创业项目",
                "培训类型",
                "培训开始时间"
            ],
            row!["A1", "1栋", "王五", "户主", &a, "已就业", "某厂", "小卖部", "", ""],
            row!["A1", "1栋", "李四", "配偶", &b, "未就业", "", "", "缝纫", "2025-03-01"],
        ]
    };
    import(test, ledger());
    let channels = "SELECT channel AS word FROM employment_spells ORDER BY channel";
    assert_eq!(words(test, channels), ["local", "self_employed"]);
    assert_eq!(rows(test, "training_records"), 1);
    let again = import(test, ledger());
    assert_eq!((again.created, again.updated, rows(test, "training_records")), (0, 0, 1), "{:?}", again.changes);
}

/// The rows that came back are corrected together: the family is in its own household.
fn a_family_waits_for_its_head(test: &TestDb) {
    prepared(test);
    let ids: Vec<String> = (0..4).map(|n| id(1980 + n, 1, 1, 1)).collect();
    let bad = format!("{}{}", &ids[2][..17], if ids[2].ends_with('1') { '2' } else { '1' });
    let sheet = |head: &str| {
        vec![
            row!["户编号", "楼栋", "姓名", "与户主关系", "身份证号"],
            row!["H1", "1栋", "王五", "户主", &ids[0]],
            row!["", "", "李四", "配偶", &ids[1]],
            row!["H2", "2栋", "赵六", "户主", head],
            row!["", "", "赵小", "之子", &ids[3]],
        ]
    };
    let report = import_with(test, &[("S", sheet(&bad))], &accepting());
    assert_eq!((counts(&report).0, counts(&report).3, rows(test, "households")), (2, 2, 1));
    let returned = wangjia::ledger::workbook::read(&report.rejected_file.unwrap(), "b.xlsx").unwrap();
    let rows_back: Vec<Vec<V>> = returned.sheets[0]
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| V::T(cell.display().replace(&bad, &ids[2]))).collect())
        .collect();
    assert_eq!(rows_back.len(), 3);
    import(test, rows_back);
    let homes = "SELECT h.code AS word FROM memberships m JOIN households h ON h.id = m.household_id \
                 JOIN residents r ON r.id = m.resident_id ORDER BY r.birth_date";
    assert_eq!(words(test, homes), ["H1", "H1", "H2", "H2"]);
}

/// A door number in the column of household codes, building by building.
fn a_code_on_record_in_another_building_is_no_code(test: &TestDb) {
    prepared(test);
    let ids: Vec<String> = (0..3).map(|n| id(1980 + n, 1, 1, 1)).collect();
    let file = |building: &str, rows: &[(&str, &str, &str)]| {
        let mut all = vec![row!["楼栋", "户号", "姓名", "与户主关系", "身份证号"]];
        all.extend(rows.iter().map(|(name, relation, id)| row![building, "101", *name, *relation, *id]));
        all
    };
    import(test, file("1栋", &[("王五", "户主", &ids[0])]));
    let report = import(test, file("2栋", &[("赵六", "户主", &ids[1]), ("赵小", "之子", &ids[2])]));
    assert_eq!(codes(&report), ["household_code_shared", "household_code_shared"]);
    assert_eq!((rows(test, "households"), rows(test, "residents")), (1, 1));
    // The household itself, moved to another building, is known by its people.
    let report = import(test, file("2栋", &[("王五", "户主", &ids[0])]));
    assert_eq!((codes(&report), counts(&report)), (vec!["household_rehoused"], (0, 0, 1, 0)));
}

/// In a ledger without codes a wrong number is the only key there is: it neither renames nor moves a stranger's family.
fn a_wrong_number_of_a_head_joins_no_strangers(test: &TestDb) {
    prepared(test);
    let ids: Vec<String> = (0..3).map(|n| id(1980 + n, 1, 1, 1)).collect();
    let file = |rows: &[(&str, &str, &str, &str)]| {
        let mut all = vec![row!["楼栋", "姓名", "与户主关系", "身份证号", "联系电话"]];
        all.extend(rows.iter().map(|(name, relation, id, phone)| row!["1栋", *name, *relation, *id, *phone]));
        all
    };
    import(test, file(&[("王五", "户主", &ids[0], "13900000001"), ("李四", "配偶", &ids[1], "")]));
    let report = import(test, file(&[("赵六", "户主", &ids[0], ""), ("赵小", "之子", &ids[2], "")]));
    assert_eq!(codes(&report), ["household_unidentified", "id_of_somebody_else"]);
    assert_eq!(words(test, "SELECT name AS word FROM residents ORDER BY birth_date"), ["王五", "李四"]);
    // With the phone, or another member, on record it is the same head under a corrected name.
    let report = import(test, file(&[("王武", "户主", &ids[0], "13900000001")]));
    assert_eq!(codes(&report), ["name_differs"]);
    let report = import(test, file(&[("王五", "户主", &ids[0], ""), ("李四", "配偶", &ids[1], "")]));
    assert_eq!(codes(&report), ["name_differs"]);
}

/// One title by day and by night is two postings, the next time too.
fn postings_of_one_title_and_two_shifts(test: &TestDb) {
    prepared(test);
    let list = |day: &str, night: &str| {
        vec![
            row!["企业名称", "岗位名称", "班次", "招聘人数", "薪资"],
            row!["景航服装", "操作工", "长白班", day, "3000-3500"],
            row!["景航服装", "操作工", "夜班", night, "3500-4000"],
        ]
    };
    let report = import(test, list("5", "3"));
    assert!(!report.stopped, "{:?}", report.findings);
    let report = import(test, list("5", "4"));
    assert_eq!(counts(&report), (0, 1, 1, 0));
    assert_eq!(words(test, "SELECT shift AS word FROM postings WHERE headcount = 4"), ["night"]);
    let mut same = list("5", "3");
    same[2][2] = "长白班".into();
    assert!(codes(&import_with(test, &[("S", same)], &options())).contains(&"duplicate_posting"));
}

on_both!(
    names_in_other_lists_are_compared,
    a_list_of_statuses_makes_no_jobs,
    what_a_ledger_tells_beside_the_person,
    a_family_waits_for_its_head,
    a_code_on_record_in_another_building_is_no_code,
    a_wrong_number_of_a_head_joins_no_strangers,
    postings_of_one_title_and_two_shifts,
);
