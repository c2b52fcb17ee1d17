use proptest::prelude::*;
use wangjia::domain::fold::*;

#[test]
fn folding_forgets_width_case_script_and_what_cannot_be_seen() {
    for (written, folded) in [
        ("ＡＢＣ１２３", "abc123"),
        ("縫紉機維修員", "缝纫机维修员"),
        ("電 腦 繡 花", "电 脑 绣 花"),
        ("乙\u{200b}肝\u{feff}", "乙肝"),
        ("\u{202e}男\u{2060}", "男"),
        ("限制級", "限制级"),
        ("㎏", "kg"),
        ("平缝机", "平缝机"),
        ("", ""),
    ] {
        assert_eq!(fold(written), folded, "{written:?}");
    }
    assert_eq!(simplified('體'), '体');
    assert_eq!(simplified('体'), '体');
    assert_eq!(simplified('x'), 'x');
    assert_eq!(simplified('𠮷'), '𠮷');
}

#[test]
fn names_keep_every_character_and_lose_what_cannot_be_seen() {
    for (written, stored) in [
        ("张三", "张三"),
        (" 张　三 ", "张三"),
        ("阿卜杜•热合曼", "阿卜杜·热合曼"),
        ("阿卜杜・热合曼", "阿卜杜·热合曼"),
        ("阿卜杜‧热合曼", "阿卜杜·热合曼"),
        ("John  Smith", "John Smith"),
        ("張國榮", "張國榮"),
        ("𠮷野\u{e000}", "𠮷野\u{e000}"),
        ("葛\u{e0100}", "葛\u{e0100}"),
        ("Jose\u{301}", "Jos\u{e9}"),
    ] {
        assert_eq!(name(written), Ok(stored.to_owned()), "{written:?}");
    }
    assert_eq!(name("张\u{200b}三"), Err(NameError::Invisible { position: 2 }));
    assert_eq!(name("张\u{202e}三"), Err(NameError::Invisible { position: 2 }));
    assert_eq!(name("张\u{7}三"), Err(NameError::Invisible { position: 2 }));
    assert_eq!(name(" \u{3000}"), Err(NameError::Empty));
    assert!(name(&"王".repeat(MAX_NAME_CHARS)).is_ok());
    assert_eq!(name(&"王".repeat(MAX_NAME_CHARS + 1)), Err(NameError::TooLong));
}

proptest! {
    #[test]
    fn a_stored_name_is_stored_the_same_again(text in any::<String>()) {
        if let Ok(stored) = name(&text) {
            prop_assert_eq!(name(&stored), Ok(stored.clone()));
            prop_assert!(!stored.is_empty());
        }
    }

    #[test]
    fn folding_twice_is_folding_once(text in "[ -~\u{a0}-\u{ff}\u{3000}-\u{30ff}\u{4e00}-\u{9fff}\u{ff00}-\u{ffef}\u{200b}]{0,60}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once.clone());
        prop_assert!(!once.chars().any(is_invisible));
    }
}
