//! The files: the same bytes for the same plan, text where numbers would be corrupted, nothing overwritten.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx, open_workbook};
use wangjia::domain::codes::MonitoringClass;
use wangjia::domain::week::Span;
use wangjia::ledger::finding::FindingCode;
use wangjia::ledger::{self, Ledger};
use wangjia::town::{FILES, Town, TownError, TownPlan, write};

use super::{day, small};

fn bytes(town: &Town) -> Vec<Vec<u8>> {
    let dir = tempfile::tempdir().unwrap();
    write(town, dir.path(), false).unwrap().iter().map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn equal_plans_give_equal_bytes() {
    let first = bytes(&small(1));
    assert_eq!(first, bytes(&small(1)));
    assert_ne!(first, bytes(&small(2)));
    let later = TownPlan { as_of: day(2026, 11, 24), ..small(1).plan };
    assert_ne!(first, bytes(&Town::generate(&later).unwrap()));
}

#[test]
fn the_properties_are_the_towns_day() {
    for file in bytes(&small(1)) {
        let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
        let core = std::io::read_to_string(archive.by_name("docProps/core.xml").unwrap()).unwrap();
        assert_eq!(core.matches("2026-11-23T00:00:00Z").count(), 2, "created and modified: {core}");
        assert!(core.contains("虚构数据"), "the file says that it is invented");
    }
}

#[test]
fn nothing_is_overwritten_unless_asked() {
    let dir = tempfile::tempdir().unwrap();
    let mine = dir.path().join(FILES[2]);
    std::fs::write(&mine, "my own ledger").unwrap();
    let town = small(1);
    assert!(matches!(write(&town, dir.path(), false), Err(TownError::Exists(path)) if path == mine));
    assert_eq!(std::fs::read(&mine).unwrap(), b"my own ledger");
    assert!(!dir.path().join(FILES[0]).exists(), "nothing is written before all is clear");
    write(&town, dir.path(), true).unwrap();
    assert_ne!(std::fs::read(&mine).unwrap(), b"my own ledger");
}

#[test]
fn cells_are_text_where_numbers_would_be_corrupted() {
    let dir = tempfile::tempdir().unwrap();
    let town = small(3);
    let paths = write(&town, &dir.path().join("deep").join("er"), false).unwrap();
    assert!(paths.is_sorted(), "they import in alphabetical order");
    let mut ledger: Xlsx<_> = open_workbook(&paths[2]).unwrap();
    let sheet = ledger.worksheet_range("劳动力台账").unwrap();
    let rows: Vec<&[Data]> = sheet.rows().collect();
    assert_eq!(rows.len(), town.people.len() + 2, "a title, the heads and one row a person");
    let column = |name: &str| rows[1].iter().position(|cell| cell == &Data::String(name.to_owned())).unwrap();
    let (id, phone, name) = (column("身份证号"), column("联系电话"), column("姓名"));
    for (row, person) in rows[2..].iter().zip(town.households.iter().flat_map(|h| &h.members).map(|&m| &town.people[m]))
    {
        assert_eq!(row[name], Data::String(person.name.clone()));
        assert_eq!(row[id], Data::String(person.id_number.clone()));
        match &person.phone {
            Some(number) => assert_eq!(row[phone], Data::String(number.clone())),
            None => assert_eq!(row[phone], Data::Empty),
        }
    }
}

fn read(town: &Town) -> [Ledger; 3] {
    let dir = tempfile::tempdir().unwrap();
    let paths = write(town, dir.path(), false).unwrap();
    FILES.map(|file| {
        let path = paths.iter().find(|path| path.ends_with(file)).unwrap();
        ledger::read(&std::fs::read(path).unwrap(), file, town.plan.as_of).unwrap()
    })
}

#[test]
fn the_reader_reads_everything_back() {
    let town = small(4);
    let [buildings, postings, people] = read(&town);
    assert_eq!(buildings.records.buildings.len(), town.buildings.len());
    assert_eq!(postings.records.postings.len(), town.postings.len());
    assert_eq!(people.records.people.len(), town.people.len());
    assert_eq!(people.households.len(), town.households.len());
    for ledger in [&buildings, &postings, &people] {
        let unexpected = ledger.findings.iter().filter(|finding| finding.code != FindingCode::StartMissing);
        assert_eq!(unexpected.map(|finding| finding.text.to_string()).collect::<Vec<_>>(), Vec::<String>::new());
    }
    let order = town.households.iter().flat_map(|household| &household.members).map(|&member| &town.people[member]);
    for (row, person) in people.records.people.iter().zip(order) {
        let facts = &row.facts;
        assert_eq!(
            (row.id.as_str(), &row.name, row.relation),
            (person.id_number.as_str(), &person.name, Some(person.relation))
        );
        assert_eq!(
            (facts.education, facts.health, facts.labour_class),
            (person.education, person.health, person.labour_class)
        );
        assert_eq!((facts.school, facts.absence, &facts.phone), (person.school, person.absence, &person.phone));
        assert_eq!((facts.willing, facts.willing_to_train), (person.wishes.willing, person.wishes.training));
        assert_eq!(facts.expected_pay, person.wishes.expected_pay.map(i64::from));
        assert_eq!(facts.pay_floor, person.wishes.pay_floor.map(i64::from));
        assert_eq!(facts.max_physical_grade, person.capacity.max_grade.map(i64::from));
        assert_eq!(facts.no_forced_posture, person.capacity.no_forced_posture);
        assert_eq!(facts.unavailable.clone().unwrap_or_default(), person.unavailable.spans());
        assert_eq!(facts.ruled_out.clone().unwrap_or_default(), person.wishes.ruled_out);
        assert_eq!(facts.hazard_check_until, person.hazard_check_until);
        let barriers = facts.barriers.clone().unwrap_or_default();
        assert_eq!(barriers.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), Vec::from_iter(person.barrier));
        let skills = facts.skills.clone().unwrap_or_default();
        assert_eq!(skills.len(), person.skills.len());
        for (read, held) in skills.iter().zip(&person.skills) {
            assert_eq!(read.name, held.name);
            assert_eq!(read.months.is_some(), held.months.is_some());
        }
        let certificates = facts.certificates.clone().unwrap_or_default();
        let written: Vec<(&str, _)> = certificates.iter().map(|read| (read.name.as_str(), read.valid_until)).collect();
        assert_eq!(written, person.certificates);
        assert_eq!(row.job.is_some(), person.job.is_some());
        if let Some((read, job)) = row.job.as_ref().zip(person.job.as_ref()) {
            assert_eq!((read.channel, read.region), (job.channel, Some(job.region)));
            assert_eq!((&read.employer, read.title.as_deref()), (&job.employer, Some(job.title.as_str())));
            assert_eq!((read.start, read.end, read.contract_until), (job.start, job.end, job.contract_until));
            assert_eq!((read.income, read.verified_on), (job.income.map(i64::from), job.verified));
        }
    }
    for household in &town.households {
        let head =
            people.records.people.iter().find(|row| row.household.code.as_ref() == Some(&household.code)).unwrap();
        assert_eq!(head.household.monitoring.unwrap_or(MonitoringClass::None), household.monitoring);
        assert_eq!(head.household.care.len(), household.care.len());
        for (read, duty) in head.household.care.iter().zip(&household.care) {
            assert_eq!((read.kind, &read.hours), (duty.kind, &sorted(duty.hours.spans())));
            assert_eq!(read.carer_name.as_ref(), duty.carer.map(|carer| &town.people[carer].name));
        }
    }
}

fn sorted(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans
}

#[test]
fn the_demo_has_a_handful_of_findings_and_no_error() {
    let town = Town::generate(&TownPlan::demo(1, day(2026, 11, 23))).unwrap();
    let [buildings, postings, people] = read(&town);
    assert_eq!(people.records.people.len(), town.people.len());
    assert_eq!(people.households.len(), town.households.len());
    let mut seen: BTreeMap<FindingCode, usize> = BTreeMap::new();
    for finding in [&buildings, &postings, &people].into_iter().flat_map(|ledger| &ledger.findings) {
        assert!(!finding.is_error(), "{}", finding.text);
        *seen.entry(finding.code).or_default() += 1;
    }
    let starts = seen.remove(&FindingCode::StartMissing).unwrap_or_default();
    let jobs = town.people.iter().filter(|person| person.job.is_some()).count();
    assert!(starts * 100 <= jobs, "{starts} of {jobs} jobs have no start");
    let slips = [
        (FindingCode::PhoneFormat, 2),
        (FindingCode::InSchoolEmployed, 2),
        (FindingCode::NoCapacityEmployed, 1),
        (FindingCode::HealthyButWeak, 2),
        (FindingCode::OldButOrdinary, 2),
    ];
    assert_eq!(seen, BTreeMap::from(slips));
}
