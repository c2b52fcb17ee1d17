//! Whether the histories and the rows agree, asked by SQL and by a list of the steps written down here once more.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::support::TestDb;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = BigInt)]
    referral_id: i64,
    #[diesel(sql_type = BigInt)]
    step: i64,
    #[diesel(sql_type = Nullable<Text>)]
    from_state: Option<String>,
    #[diesel(sql_type = Text)]
    to_state: String,
    #[diesel(sql_type = Text)]
    state: String,
}

fn count(db: &TestDb, sql: &str) -> i64 {
    db.read(|conn| Ok(diesel::sql_query(sql).get_result::<Count>(conn)?.n))
}

/// Whether a step may follow, by the words of the design: one way forward, five ways out.
fn may_follow(from: &str, to: &str) -> bool {
    const FORWARD: [&str; 7] = ["proposed", "consented", "referred", "interview", "offered", "hired", "ended"];
    let place = |state: &str| FORWARD.iter().position(|known| *known == state);
    match (place(from), place(to)) {
        (Some(from), Some(to)) => to == from + 1,
        (Some(from), None) if from < 5 => match to {
            "refused_by_employer" => from >= 2,
            "refused_by_resident" | "withdrawn" | "expired" | "obsolete" => true,
            _ => false,
        },
        _ => false,
    }
}

/// Nothing over-filled, no second job, no second open referral, no step skipped or taken twice.
#[track_caller]
pub fn check(db: &TestDb) {
    let none = [
        ("SELECT COUNT(*) AS n FROM postings WHERE filled > headcount", "over-filled"),
        (
            "SELECT COUNT(*) AS n FROM postings p WHERE p.headcount < (SELECT COUNT(*) FROM employment_spells s
             WHERE s.posting_id = p.id AND s.end_on IS NULL)",
            "more jobs than places",
        ),
        (
            "SELECT COUNT(*) AS n FROM postings p WHERE p.filled <> (SELECT COUNT(*) FROM employment_spells s
             WHERE s.posting_id = p.id AND (s.end_on IS NULL OR s.end_on > '2026-11-23'))",
            "filled is not what jobs hold",
        ),
        (
            "SELECT COUNT(*) AS n FROM (SELECT resident_id FROM employment_spells WHERE end_on IS NULL
             GROUP BY resident_id HAVING COUNT(*) > 1) twice",
            "two jobs",
        ),
        (
            "SELECT COUNT(*) AS n FROM (SELECT resident_id, employer_id FROM referrals
             WHERE state IN ('proposed', 'consented', 'referred', 'interview', 'offered')
             GROUP BY resident_id, employer_id HAVING COUNT(*) > 1) twice",
            "two open referrals to an employer",
        ),
        (
            "SELECT COUNT(*) AS n FROM referrals r LEFT JOIN employment_spells s ON s.id = r.spell_id
             WHERE (r.state = 'hired') <> (s.id IS NOT NULL AND s.end_on IS NULL)",
            "hired without a job, or a job of one not hired",
        ),
        (
            "SELECT COUNT(*) AS n FROM referrals r WHERE NOT EXISTS (SELECT 1 FROM referral_moves m WHERE m.referral_id = r.id)",
            "a referral without a history",
        ),
    ];
    for (sql, what) in none {
        assert_eq!(count(db, sql), 0, "{what}");
    }
    let sql = "SELECT m.referral_id, m.step, m.from_state, m.to_state, r.state FROM referral_moves m
               JOIN referrals r ON r.id = m.referral_id ORDER BY m.referral_id, m.step";
    let steps: Vec<Step> = db.read(|conn| Ok(diesel::sql_query(sql).load(conn)?));
    let mut last: BTreeMap<i64, (i64, String)> = BTreeMap::new();
    let mut states: BTreeMap<i64, String> = BTreeMap::new();
    for step in steps {
        match last.get(&step.referral_id) {
            None => assert!(step.step == 1 && step.from_state.is_none() && step.to_state == "proposed"),
            Some((number, state)) => {
                assert_eq!((step.step, step.from_state.as_ref()), (number + 1, Some(state)));
                assert!(may_follow(state, &step.to_state), "{state} -> {}", step.to_state);
            }
        }
        last.insert(step.referral_id, (step.step, step.to_state));
        states.insert(step.referral_id, step.state);
    }
    for (referral, state) in states {
        assert_eq!(last[&referral].1, state, "the last step of {referral}");
    }
}
