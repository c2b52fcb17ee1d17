//! Household changes a ledger proposes, as a counselor decides them in the browser.

use super::{ADMINISTRATOR, COUNSELOR, TYPED, chinese, signed_in, site};
use crate::imports::{import, number};
use crate::ledger::{V, id};
use crate::row;
use crate::support::{TestDb, on_both};

on_both!(a_change_is_accepted_or_rejected_on_its_page, records_are_looked_at_on_their_page);

fn ledger(second: [&str; 2]) -> Vec<Vec<V>> {
    let mut rows: Vec<Vec<V>> = vec![row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋"]];
    rows.push(row!["A1", "王五", second[0], id(1980, 1, 1, 1), "1栋"]);
    rows.push(row!["A1", TYPED, second[1], id(1981, 2, 2, 3), "1栋"]);
    rows
}

fn a_change_is_accepted_or_rejected_on_its_page(test: &TestDb) {
    let site = site(test);
    let token = signed_in(test, &site, "counselor", &[COUNSELOR]);
    let owner = signed_in(test, &site, "owner", &[ADMINISTRATOR]);
    assert!(site.get("/changes", Some(&token)).html.contains("没有待核实的变动"));
    import(test, ledger(["户主", "配偶"]));
    import(test, ledger(["配偶", "户主"]));
    let today = site.get("/today", Some(&token)).html;
    assert!(today.contains("台账与登记不同（变更户主）") && today.contains("href=\"/changes\""), "{today}");
    let page = site.get("/changes", Some(&token)).html;
    assert!(
        page.contains("变更户主：") && page.contains("台账上的户主换了人") && page.contains("登记在：A1"),
        "{page}"
    );
    assert!(!page.contains(TYPED) && page.contains("&#60;script&#62;"), "escaped: {page}");
    let english = site.get("/changes?lang=en", Some(&token)).html;
    assert_eq!(chinese(&english, &["王五"]), "", "{english}");
    assert!(site.get("/households", Some(&token)).html.contains("href=\"/changes\""));

    let household = number(test, "SELECT id AS n FROM households WHERE code = 'A1'");
    let proposal = number(test, "SELECT id AS n FROM household_proposals").to_string();
    let path = format!("/households/{household}/change");
    let heads = "SELECT count(*) AS n FROM memberships WHERE relation = 'head'";
    // Not by who has no right to, nor of another household, nor on a day to come.
    let accept = [("proposal", proposal.as_str()), ("decision", "accept"), ("on", "2026-11-01")];
    assert!(matches!(site.submit(&path, &owner, "", &accept).status, 403 | 404));
    assert_eq!(site.submit("/households/999/change", &token, "", &accept).status, 404);
    let late = [("proposal", proposal.as_str()), ("decision", "accept"), ("on", "2027-01-01")];
    assert_eq!(site.submit(&path, &token, "", &late).status, 422);
    assert_eq!(number(test, heads), 1);
    let done = site.submit(&path, &token, "o", &accept);
    assert_eq!((done.status, done.location.as_deref()), (303, Some("/changes?done=accepted")), "{}", done.html);
    assert_eq!(site.submit(&path, &token, "o", &accept).status, 303, "sent twice, done once");
    assert_eq!(number(test, heads), 2, "the former one stays on record");
    assert!(site.get("/changes?decided=yes", Some(&token)).html.contains("已采纳"));

    // The old ledger comes again: another proposal, which is not accepted.
    import(test, ledger(["户主", "配偶"]));
    let second = number(test, "SELECT max(id) AS n FROM household_proposals").to_string();
    assert_ne!(second, proposal);
    let reject = [("proposal", second.as_str()), ("decision", "reject")];
    let done = site.submit(&path, &token, "", &reject);
    assert_eq!(done.location.as_deref(), Some("/changes?done=rejected"), "{}", done.html);
    assert_eq!(number(test, heads), 2);
}

fn records_are_looked_at_on_their_page(test: &TestDb) {
    let site = site(test);
    let token = signed_in(test, &site, "counselor", &[COUNSELOR]);
    let owner = signed_in(test, &site, "owner", &[ADMINISTRATOR]);
    assert!(site.get("/records", Some(&token)).html.contains("没有要核的资料"));
    assert_eq!(site.get("/records", Some(&owner)).status, 403);
    let titles = row!["户编号", "姓名", "与户主关系", "身份证号", "楼栋", "联系电话", "在校生状况"];
    import(test, vec![titles, row!["A1", TYPED, "户主", id(1980, 1, 1, 1), "1栋", "0856-5221234", "不在校"]]);
    let today = site.get("/today", Some(&token)).html;
    assert!(today.contains("<a href=\"/records\">资料待核 2</a>"), "{today}");
    let page = site.get("/records", Some(&token)).html;
    assert!(page.contains("test.xlsx · Sheet1 第 2 行“联系电话”写着"), "{page}");
    assert!(page.contains("电话不是11位手机号") && page.contains("劳动技能未登记；就业意愿未登记"), "{page}");
    assert!(!page.contains(TYPED) && page.contains("&#60;script&#62;") && !page.contains("5221234"), "{page}");
    let resident = number(test, "SELECT id AS n FROM residents");
    assert!(page.contains(&format!("href=\"/residents/{resident}/profile\"")), "{page}");
    assert!(!site.get("/records?kind=contradiction", Some(&token)).html.contains("第 2 行"));
    let household = number(test, "SELECT id AS n FROM households");
    let finding = number(test, "SELECT id AS n FROM record_findings").to_string();
    let path = format!("/households/{household}/confirm");
    let fields = [("finding", finding.as_str())];
    assert!(matches!(site.submit(&path, &owner, "", &fields).status, 403 | 404));
    let done = site.submit(&path, &token, "", &fields);
    assert_eq!(done.location.as_deref(), Some("/records?done=confirmed"), "{}", done.html);
    let left = site.get("/records?done=confirmed", Some(&token)).html;
    assert!(left.contains("看过，没有错") && !left.contains("第 2 行"), "{left}");
    let english = site.get("/records?lang=en", Some(&token)).html;
    assert_eq!(chinese(&english, &["1栋"]), "");
}
