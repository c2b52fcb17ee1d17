//! The factory's workbench, as its HR clerk meets it without JavaScript; the counselor's part is played through the API.

mod candidates;
mod corrections;
mod form;
mod notices;
mod postings;
mod referrals;
mod roster;
mod words;

use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use crate::accounts::support::{PASSWORD, account, noon};
use crate::referrals::Park;
use crate::support::TestDb;
use crate::support::site::{Answer, Site};

/// Two employers in the park, each with a clerk who is signed in.
struct Bench {
    park: Park,
    site: Site,
    tokens: [String; 2],
}

/// The clerk of one employer, signed in.
fn clerk(test: &TestDb, site: &Site, employer: &str, login: &str) -> String {
    account(test, login, &[Grant { role: Role::Hr, area: None, employer: Some(employer.parse().unwrap()) }]);
    site.sign_in(login, PASSWORD, "").token.unwrap()
}

impl Bench {
    fn new(test: &TestDb) -> Self {
        let park = Park::new(test);
        let site = Site::new(test, noon());
        let tokens = [0, 1].map(|i| clerk(test, &site, &park.employers[i], ["clerk-a", "clerk-b"][i]));
        Self { park, site, tokens }
    }

    #[track_caller]
    fn get(&self, path: &str) -> String {
        let answer = self.site.get(path, Some(&self.tokens[0]));
        assert_eq!(answer.status, 200, "{path}: {}", answer.html);
        answer.html
    }

    #[track_caller]
    fn post(&self, path: &str, once: &str, fields: &[(&str, &str)]) -> Answer {
        self.site.submit(path, &self.tokens[0], once, fields)
    }

    /// A posting's terms as a clerk types them, with changes.
    fn terms<'a>(&'a self, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut fields = vec![
            ("employer_id", self.park.employers[0].as_str()),
            ("title", "平车缝纫工"),
            ("channel", "micro_factory"),
            ("headcount", "2"),
            ("pay_kind", "monthly"),
            ("pay_min", "2800"),
            ("pay_max", "3400"),
            ("shift", "day"),
            ("night_work", "no"),
            ("overtime", "no"),
            ("physical_grade", "1"),
            ("load_kg", "5"),
            ("forced_posture", "no"),
            ("hazards_known", "none"),
            ("place", "园区"),
            ("region", "town"),
            ("valid_from", "2026-11-01"),
            ("from_0", "08:00"),
            ("to_0", "12:00"),
            ("day_0", "1"),
            ("day_0", "2"),
            ("from_1", "13:00"),
            ("to_1", "17:00"),
            ("day_1", "1"),
        ];
        fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        fields.extend(changes);
        fields
    }

    /// The postings of the first employer.
    fn postings(&self) -> Vec<serde_json::Value> {
        let all = self.park.app.get(&format!("/postings?employer_id={}", self.park.employers[0]));
        all["items"].as_array().unwrap().clone()
    }
}

/// The id at the end of `done=CODE.ID`.
fn done_id(location: &str) -> String {
    location.rsplit('.').next().unwrap().to_owned()
}
