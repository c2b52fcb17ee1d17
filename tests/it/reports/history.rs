//! A played history, drawn with dice and written as rows.

use chrono::{Days, NaiveDate};
use diesel::connection::SimpleConnection;
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use wangjia::app::imports::{ImportOptions, import_file};
use wangjia::app::{settings, setup};
use wangjia::db::AnyConnection;
use wangjia::town::{FILES, Town, TownPlan, write};

use super::recount::ids;
use crate::api::app::noon;
use crate::support::TestDb;

/// A town that was imported, and a year and a half of work in it: jobs that end, people who leave, die and join, decisions,
/// recognitions, visits, referrals, courses.
pub fn history(test: &TestDb, dice: &mut StdRng) {
    setup::migrate(&test.db).unwrap();
    let as_of = noon().date();
    let town = Town::generate(&TownPlan { seed: 11, households: 150, postings: 20, as_of }).unwrap();
    let options = ImportOptions { as_of, now: noon(), dry_run: false, accept_clean_rows: false };
    let dir = tempfile::tempdir().unwrap();
    for (path, file) in write(&town, dir.path(), false).unwrap().iter().zip(FILES) {
        import_file(&test.db, &std::fs::read(path).unwrap(), file, &options, &mut |_, _| Ok(())).unwrap();
    }
    settings::set(&test.db, settings::FARMING_COUNTS, "true", "2026-06-15".parse().unwrap()).unwrap();
    settings::set(&test.db, settings::DECENT_PAY, "2800", "2026-04-01".parse().unwrap()).unwrap();
    let first: NaiveDate = "2025-07-01".parse().unwrap();
    let span = (as_of - first).num_days() as u64;
    let mut sql: Vec<String> = Vec::new();
    let (households, residents, spells, postings) = test.read(|conn| {
        let all = |conn: &mut AnyConnection, table: &str| ids(conn, &format!("SELECT id FROM {table}"));
        Ok((all(conn, "households"), all(conn, "residents"), all(conn, "employment_spells"), all(conn, "postings")))
    });
    let day = |dice: &mut StdRng| first + Days::new(dice.random_range(0..span));
    let pick = |dice: &mut StdRng, from: &[i64], n: usize| -> Vec<i64> {
        let mut from = from.to_vec();
        from.shuffle(dice);
        from.truncate(n);
        from
    };
    for spell in pick(dice, &spells, 60) {
        let end = day(dice);
        sql.push(format!(
            "UPDATE employment_spells SET end_on = '{end}' WHERE id = {spell} AND counted_from < '{end}'"
        ));
    }
    for (nth, resident) in pick(dice, &residents, 120).into_iter().enumerate() {
        let (from, until) = (day(dice), day(dice));
        let channel = ["local", "outbound", "farming", "flexible", "public_welfare", "micro_factory"][nth % 6];
        let until = if from < until { format!("'{until}'") } else { "NULL".to_owned() };
        let pay = if nth % 4 == 0 { "NULL".to_owned() } else { (2_000 + 17 * nth).to_string() };
        let verified = day(dice);
        sql.push(format!(
            "INSERT INTO employment_spells (resident_id, channel, start_on, counted_from, end_on, monthly_income, part_time, \
             contract_until, evidence, verified_on, created_at, updated_at) VALUES ({resident}, '{channel}', '{from}', '{from}', {until}, \
             {pay}, {}, {}, {}, '{verified}', '2026-11-01 00:00:00', '2026-11-01 00:00:00')",
            if nth % 5 == 0 { "TRUE" } else { "FALSE" },
            if nth % 3 == 0 { format!("'{}'", from + Days::new(200)) } else { "NULL".to_owned() },
            if nth % 2 == 0 { "'合同'" } else { "NULL" },
        ));
    }
    for (nth, resident) in pick(dice, &residents, 40).into_iter().enumerate() {
        let set = match nth % 4 {
            0 => "absence = 'missing'".to_owned(),
            1 => format!("died_on = '{}'", day(dice)),
            2 => "school_status = 'university'".to_owned(),
            _ => "willing = FALSE".to_owned(),
        };
        sql.push(format!("UPDATE residents SET {set} WHERE id = {resident}"));
    }
    for resident in pick(dice, &residents, 25) {
        let on = day(dice);
        sql.push(format!(
            "UPDATE memberships SET valid_from = '{on}' WHERE resident_id = {resident} AND valid_until IS NULL"
        ));
    }
    for resident in pick(dice, &residents, 25) {
        let on = day(dice);
        sql.push(format!(
            "UPDATE memberships SET valid_until = '{on}' WHERE resident_id = {resident} AND relation <> 'head' AND (valid_from IS NULL OR valid_from < '{on}')"
        ));
    }
    for household in pick(dice, &households, 20) {
        let (from, until) = (day(dice), as_of);
        sql.push(format!(
            "INSERT INTO household_exemptions (household_id, decided_by, reason, valid_from, valid_until) VALUES ({household}, '社区', \
             '外出', '{from}', '{until}')"
        ));
    }
    for household in pick(dice, &households, 50) {
        let on = day(dice);
        sql.push(format!(
            "INSERT INTO recognitions (household_id, recognised_on, created_at, updated_at) VALUES ({household}, '{on}', '2026-11-01 \
             00:00:00', '2026-11-01 00:00:00')"
        ));
    }
    for nth in 0..160 {
        let (household, on) = (households[dice.random_range(0..households.len())], day(dice));
        let status = if nth % 6 == 0 { "cancelled" } else { "done" };
        sql.push(format!(
            "INSERT INTO visits (household_id, status, visit_on, channel, created_at, updated_at) VALUES ({household}, '{status}', '{on}', \
             'door', '2026-11-01 00:00:00', '2026-11-01 00:00:00')"
        ));
    }
    let stamp = "'2026-11-01 00:00:00'";
    for (nth, resident) in (1..).zip(pick(dice, &residents, 70)) {
        let posting = postings[dice.random_range(0..postings.len())];
        let on = day(dice);
        sql.push(format!(
            "INSERT INTO referrals (id, resident_id, posting_id, employer_id, state, suitable, moved_on, version, created_at, updated_at) \
             SELECT {nth}, {resident}, {posting}, p.employer_id, 'proposed', FALSE, '{on}', 1, {stamp}, {stamp} FROM postings p WHERE p.id = {posting}"
        ));
        for (step, to) in (1..).zip(["proposed", "consented", "referred", "hired"].iter().take(1 + nth as usize % 4)) {
            let from = if step == 1 { "NULL" } else { ["'proposed'", "'consented'", "'referred'"][step as usize - 2] };
            let happened = on + Days::new(9 * (step as u64 - 1));
            sql.push(format!(
                "INSERT INTO referral_moves (referral_id, step, from_state, to_state, happened_on, actor_kind, created_at) VALUES ({nth}, \
                 {step}, {from}, '{to}', '{happened}', 'operator', {stamp})"
            ));
        }
        if nth % 9 == 0 {
            sql.push(format!(
                "UPDATE referral_moves SET reason = 'entered_by_mistake' WHERE referral_id = {nth} AND step = 1"
            ));
        }
    }
    sql.push(format!(
        "INSERT INTO courses (id, name, status, first_on, last_on, seats, created_at, updated_at) VALUES (1, '护理班', 'open', \
         '2025-07-01', '2026-11-01', 500, {stamp}, {stamp})"
    ));
    for (nth, resident) in (1..).zip(pick(dice, &residents, 50)) {
        let on = day(dice);
        // Some stay enrolled, most pass; of some the result was a mistake, of some of those the second one is not.
        let steps = [
            (1, "NULL", "enrolled", 0),
            (2, "'enrolled'", "passed", 20),
            (3, "'passed'", "attended", 25),
            (4, "'attended'", "passed", 60),
        ];
        let steps = &steps[..[1, 2, 2, 2, 3, 4][nth % 6]];
        let (_, _, state, later) = steps[steps.len() - 1];
        let moved = on + Days::new(later);
        sql.push(format!(
            "INSERT INTO enrolments (id, course_id, resident_id, state, moved_on, created_at, updated_at) VALUES ({nth}, 1, {resident}, \
             '{state}', '{moved}', {stamp}, {stamp})"
        ));
        for (step, from, to, later) in steps {
            let happened = on + Days::new(*later);
            sql.push(format!(
                "INSERT INTO enrolment_moves (enrolment_id, step, from_state, to_state, happened_on, actor_kind, created_at) VALUES ({nth}, \
                 {step}, {from}, '{to}', '{happened}', 'operator', {stamp})"
            ));
        }
        sql.push(format!(
            "UPDATE enrolment_moves SET reason = 'entered_by_mistake' WHERE enrolment_id = {nth} AND to_state = 'attended'"
        ));
    }
    test.write(|conn| {
        for statement in &sql {
            match conn {
                AnyConnection::Sqlite(c) => c.batch_execute(statement)?,
                AnyConnection::Pg(c) => c.batch_execute(statement)?,
            }
        }
        Ok(())
    });
}
