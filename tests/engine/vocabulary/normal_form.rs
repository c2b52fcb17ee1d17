//! What `normalise` forgets and what it keeps.

use proptest::prelude::*;
use wangjia::engine::vocabulary::normalise;

#[track_caller]
fn check(name: &str, normal: &str) {
    assert_eq!(normalise(name), normal, "{name}");
}

#[test]
fn forgets_width_case_script_and_marks() {
    check("ＳＭＴ　贴片", "smt贴片");
    check("Sewing Machine Operator", "sewingmachineoperator");
    check("平 車", "平车");
    check("縫紉／平車", "缝纫平车");
    check("缝\u{200b}纫", "缝纫");
    check("四线、五线，打边", "四线五线打边");
}

#[test]
fn brackets_go_and_what_they_say_of_the_trade_stays() {
    check("车工(服装)", "车工服装");
    check("车工（服装）打边", "车工服装打边");
    check("【急招】平车工", "平车工");
    check("缝纫工（包吃住，3名）", "缝纫工");
    check("保洁(女)", "保洁");
    check("保洁（女，45岁以下）", "保洁女");
    check("保洁[长期", "保洁");
    check("保洁)", "保洁");
    check("(兼职)", "兼职");
    check("焊工((二保焊))", "焊工二保焊");
}

#[test]
fn noise_goes_unless_nothing_else_is_there() {
    check("急招熟练平车工若干名", "平车工");
    check("平车3000-5000元/月", "平车");
    check("平车2年以上经验", "平车");
    check("招聘专员", "招聘专员");
    check("急聘招聘专员", "招聘专员");
    check("临时工", "临时工");
    check("3年", "3年");
}

#[test]
fn numbers_that_are_part_of_a_name_stay() {
    check("4线锁边", "4线锁边");
    check("C1驾照", "c1驾照");
    check("B2年检", "b2年检");
    check("3D效果图", "3d效果图");
}

#[test]
fn a_description_is_cut() {
    let long = "缝纫平车".repeat(2_000);
    assert_eq!(normalise(&long).chars().count(), 200);
    check(&normalise(&long), &normalise(&long));
}

proptest! {
    #[test]
    fn is_idempotent_for_any_text(name in any::<String>()) {
        let once = normalise(&name);
        prop_assert_eq!(normalise(&once), once);
    }

    #[test]
    fn is_idempotent_for_texts_made_of_what_it_takes_out(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "包", "吃", "住", "招", "聘", "专员", "急", "熟练", "工", "若干", "名", "3", "年", "以上", "元", "(", ")", "【", "】", "男", "女", "平车",
                "車", "Ａ", "B", "İ", "ß", "ﬁ", " ", "/", "临时", "长白", "班", "五", "险", "一金", "経験", "é", "e\u{301}", "\u{200d}",
            ]),
            0..12,
        )
    ) {
        let once = normalise(&words.concat());
        prop_assert_eq!(normalise(&once), once);
    }

    #[test]
    fn is_empty_only_without_letters(name in "[ -~一-龥（）【】]{0,12}") {
        let has_letters = name.chars().any(char::is_alphanumeric);
        prop_assert_eq!(normalise(&name).is_empty(), !has_letters);
    }
}
