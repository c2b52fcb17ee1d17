//! Open vacancies, for everybody: what is shown without signing in, and in which terms programs read it.

use serde_json::{Value, json};

use crate::accounts::support::noon;
use crate::referrals::Park;
use crate::support::site::Site;
use crate::support::{TestDb, on_both};

on_both!(only_what_is_open_is_shown_and_nobodys_data, a_vacancy_is_a_job_posting, a_list_is_read_in_pages);

/// Changes a posting; whether it is published stays as it is.
fn change(park: &Park, posting: &str, what: &Value) {
    park.app.patch(&format!("/postings/{posting}"), what).expect(200);
}

/// The data block of a vacancy's page.
fn data(html: &str) -> Value {
    const BEGIN: &str = "<script type=\"application/ld+json\">";
    let rest = html.split_once(BEGIN).unwrap().1;
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

fn only_what_is_open_is_shown_and_nobodys_data(db: &TestDb) {
    let (park, site) = (Park::new(db), Site::new(db, noon()));
    assert!(site.get("/vacancies", None).html.contains("今天没有在招的岗位"));
    let [open, full, over, closed] = [2, 1, 1, 1].map(|places| park.app.posting(&park.employers[0], places));
    for (posting, title) in [(&open, "裁剪工"), (&full, "熨烫工"), (&over, "质检员"), (&closed, "包装工")] {
        change(&park, posting, &json!({"title": title, "note": "联系人某某 13900000000"}));
    }
    change(&park, &over, &json!({"valid_until": "2026-11-22"}));
    let etag = park.app.etag(&format!("/postings/{closed}"));
    park.app.request("POST", &format!("/postings/{closed}/close")).header("if-match", &etag).send().expect(200);
    let worker = park.person("某", 101);
    let job = json!({"channel": "micro_factory", "employer_id": park.employers[0], "posting_id": full, "start_on": "2026-11-02"});
    park.app.create(&format!("/residents/{worker}/spells"), &job);
    let draft = json!({"employer_id": park.employers[0], "title": "机修工", "channel": "micro_factory", "headcount": 1, "valid_from": "2026-01-01"});
    let draft = crate::api::app::id(&park.app.create("/postings", &draft));

    let list = site.get("/vacancies", None);
    assert_eq!(list.status, 200);
    assert!(list.html.contains("裁剪工"), "{}", list.html);
    let told = park.app.anonymous("GET", "/api/v1/published/vacancies").send().expect(200);
    assert_eq!(told.body["items"].as_array().unwrap().len(), 1, "{}", told.body);
    let one = site.get(&format!("/vacancies/{open}"), None);
    assert_eq!(one.status, 200);
    for shown in [&list.html, &one.html, &told.body.to_string()] {
        for hidden in ["熨烫工", "质检员", "包装工", "机修工", "13900000000", "某某"] {
            assert!(!shown.contains(hidden), "{hidden} in {shown}");
        }
    }
    for hidden in [&full, &over, &closed, &draft, &"999999".to_owned(), &"x".to_owned(), &"-1".to_owned()] {
        assert_eq!(site.get(&format!("/vacancies/{hidden}"), None).status, 404, "{hidden}");
    }
    // Somebody leaves, and the place is open again.
    assert!(site.get("/vacancies?title=%E7%86%A8", None).html.contains("没有这样的岗位"));
    change(&park, &full, &json!({"headcount": 2}));
    let english = site.get("/vacancies?title=%E7%86%A8&lang=en", None).html;
    assert!(english.contains("熨烫工") && !english.contains("裁剪工") && english.contains("Places left"), "{english}");
}

fn a_vacancy_is_a_job_posting(db: &TestDb) {
    let (park, site) = (Park::new(db), Site::new(db, noon()));
    let posting = park.app.posting(&park.employers[0], 3);
    let evil = "</script><script>alert(1)</script>&<b>";
    change(&park, &posting, &json!({"description": evil, "valid_until": "2026-12-31", "code": "A-7"}));
    let page = site.get(&format!("/vacancies/{posting}"), None);
    assert!(!page.html.contains("<script>alert") && !page.html.contains("<b>"), "{}", page.html);
    let said = data(&page.html);
    let told = park.app.anonymous("GET", "/api/v1/published/vacancies").send().expect(200);
    assert_eq!(told.body["items"][0], said, "the page and the interface say the same");
    assert_eq!(said["description"], evil);
    let employer = park.app.get(&format!("/employers/{}", park.employers[0]))["name"].clone();
    let expected = json!({
        "@context": "https://schema.org", "@type": "JobPosting", "title": "缝纫工", "datePosted": "2026-01-01",
        "validThrough": "2026-12-31T23:59:59+08:00", "totalJobOpenings": 3, "url": format!("/vacancies/{posting}"),
        "hiringOrganization": {"@type": "Organization", "name": employer},
        "identifier": {"@type": "PropertyValue", "name": employer, "value": "A-7"},
        "baseSalary": {"@type": "MonetaryAmount", "currency": "CNY", "value": {"@type": "QuantitativeValue", "unitText": "MONTH", "minValue": 2600, "maxValue": 3400}},
        "workHours": "长白班",
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&said[name], value, "{name}");
    }
    assert_eq!(said["jobLocation"]["address"]["streetAddress"], "园区");
    // What is not said is not guessed, and pay by the piece has no unit there.
    change(&park, &posting, &json!({"pay_kind": "piece", "shift": null, "valid_until": null}));
    let said = data(&site.get(&format!("/vacancies/{posting}"), None).html);
    for absent in ["baseSalary", "workHours", "validThrough", "experienceRequirements", "employmentType"] {
        assert!(said.get(absent).is_none(), "{absent}: {said}");
    }
}

fn a_list_is_read_in_pages(db: &TestDb) {
    let (park, site) = (Park::new(db), Site::new(db, noon()));
    let all: Vec<String> = (0..53).map(|_| park.app.posting(&park.employers[0], 1)).collect();
    let links = |html: &str| html.matches("href=\"/vacancies/").count();
    let first = site.get("/vacancies", None).html;
    assert_eq!(links(&first), 50);
    let next = first.split("class=\"btn\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let second = site.get(&next, None).html;
    assert_eq!(links(&second), 3);
    assert!(second.contains(&format!("/vacancies/{}\"", all[52])) && !second.contains("下一页"));
    assert_eq!(links(&site.get("/vacancies?after=x", None).html), 50, "a mistyped address shows the beginning");
}
