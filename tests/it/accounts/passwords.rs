//! Which passwords are refused, and what is kept of the others.

use std::time::{Duration, Instant};

use wangjia::app::accounts::passwords::{self, Password};
use wangjia::app::accounts::rules::{AccessRules, PasswordPolicy};
use wangjia::app::{settings, setup};

use super::support::*;
use crate::support::{TestDb, on_both};

on_both!(the_policy_is_a_setting);

fn rules() -> AccessRules {
    let test = TestDb::sqlite();
    setup::migrate(&test.db).unwrap();
    test.db.read(|conn| AccessRules::load(conn, noon())).unwrap()
}

fn own() -> Vec<String> {
    ["旺家", "wangjia", "zhang.wei", "张伟", "锦江社区", "Green River Garments"].map(str::to_owned).to_vec()
}

fn code(rules: &AccessRules, text: &str) -> Option<String> {
    match passwords::check(rules, &password(text), &own(), "/password") {
        Ok(()) => None,
        refused => Some(fault(refused).1),
    }
}

#[test]
fn well_known_passwords_are_refused_whatever_their_length() {
    let rules = rules();
    // From published lists, twelve characters or more so that the length alone does not decide.
    for text in [
        "123456789012",
        "1234567890123456",
        "passwordpassword",
        "qwertyuiop123",
        "password1234",
        "Password12345!",
        "iloveyou1234",
        "111111111111",
        "abcdefghijkl",
        "abc123abc123",
        "qwertyqwerty",
        "1q2w3e4r5t6y",
        "zaq12wsxcde3",
        "administrator",
        "letmein12345",
        "aaaaaaaaaaaaaaaaaaaa",
        "woaini520520",
        "asdfghjkl1234",
        "P@ssw0rd1234",
        "adminadminadmin",
        "monkeymonkey",
        "dragondragon",
        "000000000000",
        "987654321987",
        "我爱你我爱你我爱你我爱你",
    ] {
        assert_eq!(code(&rules, text).as_deref(), Some("password_guessable"), "{text}");
    }
    for text in ["", "short", "elevenchars", "十一个字的密码也不够用"] {
        assert_eq!(code(&rules, text).as_deref(), Some("password_short"), "{text}");
    }
}

#[test]
fn own_words_are_refused_in_any_dress() {
    let rules = rules();
    for text in [
        "Wangjia-rides-nine-storks",
        "wang jia rides nine storks",
        "ＷＡＮＧＪＩＡ rides nine storks",
        "旺家好人多多我很喜欢这里",
        "zhangwei rides nine storks",
        "ZHANG.WEI rides nine storks",
        "张伟在这里骑着九只大白鹤",
        "锦江社区里骑着九只大白鹤来",
        "green-river-garments nine storks",
    ] {
        assert_eq!(code(&rules, text).as_deref(), Some("password_own_words"), "{text}");
    }
}

#[test]
fn long_and_foreign_passwords_are_taken_whole() {
    let rules = rules();
    let sixty_four = "qj4 vz8 tr1 mk6 ".repeat(4);
    let longest: String =
        "夔魑魅魍魉饕餮貔貅犼".chars().cycle().take(118).chain("甲乙丙丁戊己庚辛壬癸".chars()).collect();
    for text in [
        PASSWORD,
        OTHER_PASSWORD,
        sixty_four.as_str(),
        "梵净山上的云比昨天低",
        "ça fait déjà six nuits",
        "🚜🌾🐓 七月的雨 🐓🌾🚜 来得晚",
    ] {
        let text = if text.chars().count() < 12 { format!("{text}，路还很远") } else { text.to_owned() };
        assert_eq!(code(&rules, &text), None, "{text}");
    }
    assert_eq!(longest.chars().count(), passwords::LONGEST);
    // Nothing is cut: the last character counts.
    let hash = passwords::hash(&password(&longest)).unwrap();
    assert!(passwords::fits(&password(&longest), Some(&hash)));
    let mut other = longest;
    other.pop();
    assert!(!passwords::fits(&password(&format!("{other}子")), Some(&hash)));
    assert!(Password::new(&"x".repeat(129)).is_none());
}

#[test]
fn two_keyboards_agree() {
    let hash = passwords::hash(&password("de\u{301}ja\u{300} vu sur la montagne")).unwrap();
    assert!(passwords::fits(&password("d\u{e9}j\u{e0} vu sur la montagne"), Some(&hash)));
    assert!(!passwords::fits(&password("deja vu sur la montagne"), Some(&hash)));
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert_ne!(hash, passwords::hash(&password("d\u{e9}j\u{e0} vu sur la montagne")).unwrap(), "salted");
}

/// Work that explodes takes minutes; how fast the rest is, `benches/login.rs` measures.
const HANGS: Duration = Duration::from_secs(30);

#[test]
fn hostile_input_is_refused_at_once() {
    let rules = rules();
    // Lets the word lists load: that happens once in a process.
    code(&rules, PASSWORD);
    let started = Instant::now();
    assert!(Password::new(&"é".repeat(500_000)).is_none());
    assert!(Password::new(&"e\u{301}".repeat(400_000)).is_none());
    assert!(started.elapsed() < HANGS, "a megabyte: {:?}", started.elapsed());
    let longest = |letters: &str| letters.chars().cycle().take(passwords::LONGEST).collect::<String>();
    // Each letter stands for others: the most work for whoever looks for disguised words.
    for text in ["4@8({[<3691!|7$5+%2", "aA1", "19870604", "qwertz", "\u{1100}\u{1161}"].map(longest) {
        let started = Instant::now();
        let verdict = Password::new(&text).map(|text| passwords::check(&rules, &text, &own(), "/password").is_ok());
        assert!(started.elapsed() < HANGS, "{verdict:?} after {:?}: {text}", started.elapsed());
    }
}

#[test]
fn the_other_guideline_wants_kinds_and_eight_characters() {
    let mlps = AccessRules { policy: PasswordPolicy::Mlps, min_length: 8, ..rules() };
    assert_eq!(code(&mlps, "Tq7vhzm").as_deref(), Some("password_short"));
    assert_eq!(code(&mlps, "tqvhzmkx").as_deref(), Some("password_plain"));
    assert_eq!(code(&mlps, "tqvhzm42").as_deref(), Some("password_plain"));
    assert_eq!(code(&mlps, "P@ssw0rd").as_deref(), Some("password_guessable"));
    assert_eq!(code(&mlps, "Tq7vh#mz"), None);
}

fn the_policy_is_a_setting(test: &TestDb) {
    let account = account(test, "shen", &[AUDITOR]);
    let load = |now| test.db.read(|conn| AccessRules::load(conn, now)).unwrap();
    assert_eq!((load(noon()).policy, load(noon()).min_length), (PasswordPolicy::Asvs, 12));
    assert!(!load(noon()).is_expired(account.password_set_at, after(60 * 24 * 3_650)), "passwords do not age");
    for (key, value, pointer) in [
        ("password_policy", "none", "/value"),
        ("password_min_length", "7", "/value"),
        ("second_factor_required", "administrator,king", "/value"),
        ("session_idle_minutes", "0", "/value"),
        ("session_years", "1", "/key"),
    ] {
        assert_eq!(fault(settings::set(&test.db, key, value, noon().date())).0, pointer, "{key} {value}");
    }
    settings::set(&test.db, "password_policy", "mlps", noon().date()).unwrap();
    let rules = load(noon());
    assert_eq!((rules.policy, rules.min_length), (PasswordPolicy::Mlps, 8));
    // After 90 days whoever signs in must choose another password.
    let opened = signed_in(test, "shen", after(60 * 24 * 91));
    assert!(caller(test, &opened, after(60 * 24 * 91)).unwrap().must_change_password);
    let early = signed_in(test, "shen", after(60 * 24 * 89));
    assert!(!caller(test, &early, after(60 * 24 * 89)).unwrap().must_change_password);
}
