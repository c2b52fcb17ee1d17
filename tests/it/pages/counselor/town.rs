//! Two grids with a household each, a company with a posting that suits, and a counselor for each grid.

use serde_json::{Value, json};
use wangjia::app::access::Grant;
use wangjia::domain::access::Role;

use crate::accounts::support::{PASSWORD, account, noon};
use crate::api::app::{TestApp, id, id_number};
use crate::support::TestDb;
use crate::support::site::{Answer, Site};

pub const PHONE: &str = "13987654321";
pub const NAME: &str = "Shi Axiang";

pub struct Town {
    pub app: TestApp,
    pub site: Site,
    /// Sign-ins of the counselors of the first and the second grid.
    pub counselors: [String; 2],
    pub households: [String; 2],
    pub residents: [String; 2],
    pub employer: String,
    pub posting: String,
}

impl Town {
    pub fn new(db: &TestDb) -> Self {
        let app = TestApp::new(db);
        let community = id(&app.create("/communities", &json!({"name": "Riverside"})));
        let grids =
            ["North", "South"].map(|name| id(&app.create("/grids", &json!({"community_id": community, "name": name}))));
        let buildings = grids
            .clone()
            .map(|grid| id(&app.create("/buildings", &json!({"grid_id": grid, "name": "B7", "minutes_to_park": 8}))));
        let households = [0, 1].map(|n| {
            let body = json!({"building_id": buildings[n], "code": format!("WJ-{n}-0712"), "unit": format!("{n}-301")});
            id(&app.create("/households", &body))
        });
        let residents = [(NAME, 12), ("Yang Awu", 14)].map(|(name, order)| {
            let body = json!({
                "id_number": id_number("1990-03-07", order), "name": name, "phone": if order == 12 { PHONE } else { "13900000000" },
                "profile": {"willing": true, "labour_class": "ordinary", "school_status": "not_in_school",
                    "max_physical_grade": 3, "max_load_kg": 30, "no_forced_posture": false, "max_minutes": 60},
            });
            id(&app.create("/residents", &body))
        });
        for (household, resident) in households.iter().zip(&residents) {
            let member = json!({"resident_id": resident, "relation": "head", "valid_from": "2026-01-01"});
            app.request("POST", &format!("/households/{household}/members")).json(&member).send().expect(200);
        }
        let employer = json!({"name": "Jincheng", "kind": "tenant", "address": "Park 3"});
        let employer = id(&app.create("/employers", &employer));
        let posting = app.posting(&employer, 3);
        let terms = json!({"hours": [{"weekday": 1, "from": "08:00", "to": "17:00"}], "region": "town"});
        app.patch(&format!("/postings/{posting}"), &terms).expect(200);
        let site = Site::new(db, noon());
        let counselors = [0, 1].map(|n| {
            let login = ["north", "south"][n];
            account(db, login, &[Grant { role: Role::Counselor, area: grids[n].parse().ok(), employer: None }]);
            site.sign_in(login, PASSWORD, "").token.unwrap()
        });
        Self { app, site, counselors, households, residents, employer, posting }
    }

    /// A page of the first counselor.
    #[track_caller]
    pub fn see(&self, path: &str) -> String {
        let answer = self.site.get(path, Some(&self.counselors[0]));
        assert_eq!(answer.status, 200, "{path}: {}", answer.html);
        answer.html
    }

    /// A form of the first counselor; each with a key of its own unless it is to come twice.
    #[track_caller]
    pub fn send(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.site.submit(path, &self.counselors[0], &format!("{path}{fields:?}"), fields)
    }

    /// [`Town::send`] that must take effect; gives the page it leads to.
    #[track_caller]
    pub fn done(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.send(path, fields);
        assert_eq!(answer.status, 303, "{path}: {}", answer.html);
        self.see(&answer.location.unwrap())
    }

    pub fn home(&self, more: &str) -> String {
        format!("/households/{}{more}", self.households[0])
    }

    pub fn person(&self, more: &str) -> String {
        format!("/residents/{}{more}", self.residents[0])
    }

    /// What the first resident's consent lets an employer know.
    #[track_caller]
    pub fn agreed(&self) -> Vec<String> {
        let consents = self.items(&format!("/residents/{}/consents", self.residents[0]));
        let kinds = consents[0]["kinds"].as_array().unwrap().iter();
        let mut kinds: Vec<String> = kinds.map(|kind| kind.as_str().unwrap().to_owned()).collect();
        kinds.sort();
        kinds
    }

    #[track_caller]
    pub fn items(&self, path: &str) -> Vec<Value> {
        self.app.get(path)["items"].as_array().unwrap().clone()
    }
}
