//! One pair read alone is what it is among all: the gates a referral is asked are those of the lists.

use wangjia::app::snapshot::{self, FullPostings, Scope};
use wangjia::app::{calendar_day, now};
use wangjia::db::{DatabaseUrl, Db, Keyring};
use wangjia::engine::explain::explain;
use wangjia::engine::words;

use crate::support::command;

#[test]
fn a_pair_alone_is_explained_like_among_all() {
    let folder = tempfile::tempdir().unwrap();
    let made = command::wangjia(folder.path(), &["demo", "--once", "--households", "200", "--json"]);
    assert!(made.status.success(), "{}", command::text(&made.stderr));
    let keys = Keyring::load(&folder.path().join("wangjia-demo.key")).unwrap();
    let db = Db::open_existing(&DatabaseUrl::sqlite(folder.path().join("wangjia-demo.db")), keys).unwrap();
    let today = calendar_day(now());
    let load = |scope| db.read(|conn| snapshot::load_with(conn, None, today, FullPostings::Closed, scope)).unwrap();
    let all = load(Scope::Everything);
    let (residents, postings) = (all.names.residents.len(), all.names.postings.len());
    let (mut eligible, mut barred) = (0, 0);
    for n in 0..120 {
        // Steps that meet every resident and posting sooner or later.
        let (r, p) = (n * 7 % residents, n * 11 % postings);
        let among = explain(&all.snapshot, r, p);
        let household = all.facts.households[all.names.residents[r].household as usize].id;
        let alone = load(Scope::Pair { household, posting: among.posting });
        let (own, its) = (alone.resident_index(among.resident).unwrap(), alone.posting_index(among.posting).unwrap());
        let single = explain(&alone.snapshot, own, its);
        assert_eq!((single.eligible, single.points), (among.eligible, among.points));
        let outcomes = |e: &wangjia::engine::explain::Explanation| {
            e.gates.iter().map(|result| (result.gate, result.check.outcome, result.lets_pass)).collect::<Vec<_>>()
        };
        assert_eq!(outcomes(&single), outcomes(&among));
        assert_eq!(words::sentences(&single, &alone.names), words::sentences(&among, &all.names));
        *(if among.eligible { &mut eligible } else { &mut barred }) += 1;
    }
    assert!(eligible > 10 && barred > 10, "{eligible} {barred}");
}
