//! Columns and words of a file, said in the browser before anything is written, and remembered.

use super::imports::{led, people, upload, work_off};
use super::{COUNSELOR, chinese, signed_in, site};
use crate::imports::{number, rows, words};
use crate::ledger::{V, id, xlsx};
use crate::row;
use crate::support::site::Site;
use crate::support::{TestDb, on_both};

on_both!(
    a_column_and_a_word_are_said_once_and_remembered,
    a_table_of_no_known_kind_is_told_what_it_is,
    what_does_not_exist_is_not_taken,
);

/// The ID numbers stand under a title nobody knows; so does something else, and one word is on no list.
fn strange(first: u16, n: u16) -> Vec<u8> {
    let head = ["户编号", "姓名", "与户主关系", "证件", "楼栋", "就业单位", "务工地域", "随访"];
    let mut all: Vec<Vec<V>> = vec![head.map(V::from).to_vec()];
    for i in first..first + n {
        all.push(row![
            format!("A{i}"),
            "王五",
            "户主",
            id(1980, 1, 1, 2 * i + 1),
            "1栋",
            "某厂",
            "镇上",
            "<b>李某</b>"
        ]);
    }
    xlsx(&[("台账", all)])
}

/// The name of the select beside a text.
#[track_caller]
fn select<'a>(page: &'a str, label: &str) -> &'a str {
    let before = page.split(&format!("aria-label=\"{label}")).next().unwrap();
    assert!(before.len() < page.len(), "no choice for {label}: {page}");
    before.rsplit("name=\"").next().unwrap().split('"').next().unwrap()
}

#[track_caller]
fn checked(test: &TestDb, site: &Site, token: &str, bytes: &[u8]) -> String {
    let check = led(&upload(site, token, "", "台账.xlsx", bytes));
    work_off(test);
    check
}

fn a_column_and_a_word_are_said_once_and_remembered(test: &TestDb) {
    let site = site(test);
    let token = signed_in(test, &site, "owner", &[COUNSELOR]);
    let other = signed_in(test, &site, "other", &[COUNSELOR]);
    let check = checked(test, &site, &token, &strange(0, 4));
    let page = site.get(&check, Some(&token)).html;
    assert!(page.contains("缺必需的列") && page.contains("2 列拿不准") && page.contains("column_missing"), "{page}");
    let columns = format!("{check}/columns");
    assert_eq!(site.get(&columns, Some(&other)).status, 404, "another's file");
    let page = site.get(&columns, Some(&token)).html;
    assert!(page.contains("缺少必需的列：身份证号") && page.contains("可能是 身份证号 75%，内容相符"), "{page}");
    assert!(!page.contains(&id(1980, 1, 1, 1)[..17]) && !page.contains("<b>李某</b>"), "masked and escaped: {page}");
    assert!(page.contains("有把握的 6 列也要看") && !page.contains("aria-label=\"姓名："), "{page}");
    let all = site.get(&format!("{columns}?all=yes"), Some(&token)).html;
    assert!(all.contains("aria-label=\"姓名：") && !all.contains("也要看"), "{all}");
    let english = site.get(&format!("{columns}?lang=en"), Some(&token)).html;
    let data = ["台账.xlsx", "台账", "证件", "随访", "务工地域", "镇上", "李某"];
    let left = chinese(english.split("<select").next().unwrap(), &data);
    assert_eq!(left, "", "{english}");
    assert!(english.contains(">id number</option>"), "{english}");

    // Nothing said is nothing done; what is said is not written yet.
    let none = site.submit(&columns, &token, "", &[]);
    assert!(none.status == 422 && none.html.contains("没有改动任何一列"), "{}", none.html);
    let (column, word) = (select(&page, "证件："), "w-0-0");
    let said = [(column, "id_number")];
    let second = led(&site.submit(&columns, &token, "said", &said));
    assert_eq!(led(&site.submit(&columns, &token, "said", &said)), second, "once");
    assert_eq!(second.split('?').nth(1), Some("done=said"));
    work_off(test);
    let second = second.split('?').next().unwrap();
    let page = site.get(second, Some(&token)).html;
    assert!(page.contains("没有错误，可以写入") && page.contains("1 个词不认识"), "{page}");
    let columns = format!("{second}/columns");
    let page = site.get(&columns, Some(&token)).html;
    assert!(page.contains("人工指定") && page.contains("务工地域 镇上：意思是"), "{page}");
    assert_eq!(select(&page, "务工地域 镇上："), word);
    let third = led(&site.submit(&columns, &token, "", &[(word, "乡(镇)内")]));
    work_off(test);
    let third = third.split('?').next().unwrap();
    assert!(!site.get(third, Some(&token)).html.contains("个词不认识"));
    assert_eq!((people(test), rows(test, "column_mappings"), rows(test, "word_mappings")), (0, 0, 0));
    led(&site.submit(&format!("{third}/write"), &token, "", &[]));
    work_off(test);
    assert_eq!((people(test), rows(test, "column_mappings"), rows(test, "word_mappings")), (4, 1, 1));
    assert_eq!(words(test, "SELECT DISTINCT region AS word FROM employment_spells"), ["town"]);
    assert!(site.get(&format!("{second}/columns"), Some(&token)).html.contains("这里只能看"));
    assert_eq!(site.submit(&format!("{second}/columns"), &token, "", &[(word, "省外")]).status, 409);

    // The next file of the same source is read so by itself, whoever sends it.
    let next = checked(test, &site, &other, &strange(10, 3));
    let page = site.get(&next, Some(&other)).html;
    assert!(
        page.contains("没有错误，可以写入") && !page.contains("个词不认识") && page.contains("写入 3 行"),
        "{page}"
    );
}

fn a_table_of_no_known_kind_is_told_what_it_is(test: &TestDb) {
    let site = site(test);
    let token = signed_in(test, &site, "owner", &[COUNSELOR]);
    let file = xlsx(&[(
        "名册",
        vec![row!["代号", "称呼", "性别", "与户主关系", "住哪"], row![id(1980, 1, 1, 1), "王五", "男", "户主", "1栋"]],
    )]);
    let check = checked(test, &site, &token, &file);
    let page = site.get(&check, Some(&token)).html;
    assert!(page.contains("sheet_kind_unknown") && page.contains("缺必需的列"), "{page}");
    let columns = format!("{check}/columns");
    let page = site.get(&format!("{columns}?all=yes"), Some(&token)).html;
    let said = [
        (select(&page, "代号："), "id_number"),
        (select(&page, "称呼："), "name"),
        (select(&page, "住哪："), "building"),
    ];
    let second = led(&site.submit(&columns, &token, "", &said));
    work_off(test);
    let second = second.split('?').next().unwrap();
    let page = site.get(second, Some(&token)).html;
    assert!(page.contains("没有错误，可以写入"), "{page}");
    led(&site.submit(&format!("{second}/write"), &token, "", &[]));
    work_off(test);
    assert_eq!(people(test), 1);
    assert_eq!(number(test, "SELECT count(*) AS n FROM column_mappings WHERE field = 'id_number'"), 1);
}

fn what_does_not_exist_is_not_taken(test: &TestDb) {
    let site = site(test);
    let token = signed_in(test, &site, "owner", &[COUNSELOR]);
    let check = checked(test, &site, &token, &strange(0, 3));
    let columns = format!("{check}/columns");
    for said in [[("c-0-3", "<script>")], [("c-0-3", "no_field")], [("w-0-0", "月亮上")]] {
        let answer = site.submit(&columns, &token, "", &said);
        assert_eq!(answer.status, 422, "{said:?}");
        assert!(!answer.html.contains("<script>alert"), "{}", answer.html);
    }
    assert_eq!(number(test, "SELECT count(*) AS n FROM jobs"), 1);
    assert_eq!(site.get("/admin/imports/999/columns", Some(&token)).status, 404);
}
