//! Age limits and sexes asked for in words.

use wangjia::domain::advert::age::{Ages, Limit, SexWanted, Wanted, read};
use wangjia::domain::codes::Sex;
use wangjia::domain::posting_law::{LawLevel, LawRule, PostingFacts, check};

const NO: Ages = Ages { min: None, max: None };
const WOMEN: Option<Sex> = Some(Sex::Female);
const MEN: Option<Sex> = Some(Sex::Male);

/// Ages with 0 for what is not stated.
fn ages(min: u8, max: u8) -> Ages {
    Ages { min: (min > 0).then_some(min), max: (max > 0).then_some(max) }
}

fn limit(of: Option<Sex>, hard: Ages, soft: Ages) -> Limit {
    Limit { of, hard, soft }
}

fn whole(text: &str) -> Wanted {
    let read = read(text).unwrap_or_else(|| panic!("{text}"));
    assert!(read.unread.is_empty(), "{text}: {:?}", read.unread);
    read.said
}

#[test]
fn one_limit_for_everybody() {
    for (text, hard, soft) in [
        ("18-45岁", ages(18, 45), NO),
        ("18至45周岁", ages(18, 45), NO),
        ("18岁到45岁", ages(18, 45), NO),
        ("１８～４５", ages(18, 45), NO),
        ("年龄要求：18—50岁之间", ages(18, 50), NO),
        ("45岁以下", ages(0, 45), NO),
        ("50周岁及以下", ages(0, 50), NO),
        ("不超过55岁", ages(0, 55), NO),
        ("年龄50以内", ages(0, 50), NO),
        ("18岁以上", ages(18, 0), NO),
        ("年满18周岁", ages(18, 0), NO),
        ("满十八周岁，五十岁以下", ages(18, 50), NO),
        ("18岁以上45岁以下", ages(18, 45), NO),
        ("18-45岁，可放宽", NO, ages(18, 45)),
        ("18-45岁，条件优秀者可适当放宽", NO, ages(18, 45)),
        ("35岁以下优先", NO, ages(0, 35)),
        ("30岁左右", NO, ages(30, 30)),
        ("原则上45岁以下", NO, ages(0, 45)),
        ("18-50岁，35岁以下优先", ages(18, 50), ages(0, 35)),
        ("18-45岁有经验者优先", ages(18, 45), NO),
        ("18-50岁，可放宽至55岁", ages(18, 55), ages(0, 50)),
        ("50岁以下，特别优秀者可适当放宽到55周岁", ages(0, 55), ages(0, 50)),
        ("男女不限，18-50岁", ages(18, 50), NO),
        ("18-50岁/男女均可", ages(18, 50), NO),
        ("18+", ages(18, 0), NO),
        ("已满18周岁", ages(18, 0), NO),
        ("不得超过50周岁", ages(0, 50), NO),
        ("45周岁（含）以下", ages(0, 45), NO),
        ("45岁以内（含45）", ages(0, 45), NO),
        ("18岁以上，55岁以下均可", ages(18, 55), NO),
        // The number itself is outside.
        ("满18不满45", ages(18, 44), NO),
        ("最低18岁，最高55岁", ages(18, 55), NO),
        ("小于50", ages(0, 49), NO),
        ("未满60岁", ages(0, 59), NO),
        ("未满18周岁勿扰", ages(18, 0), NO),
        ("超过45岁勿扰", ages(0, 45), NO),
        // Somebody of any age makes the limit soft.
        ("50岁以下，条件优秀者年龄不限", NO, ages(0, 50)),
        ("18-45岁，熟手不限", NO, ages(18, 45)),
        ("18-45岁，熟手50岁以下", ages(18, 50), ages(0, 45)),
    ] {
        assert_eq!(whole(text), Wanted { ages: vec![limit(None, hard, soft)], sex: None }, "{text}");
    }
    for text in ["不限", "年龄不限", "男女不限，年龄不限", "性别不限", "男、女", "无要求"] {
        assert_eq!(whole(text), Wanted::default(), "{text}");
    }
}

#[test]
fn limits_of_each_sex_hard_and_soft() {
    assert_eq!(
        whole("女18-45岁、男18-50岁,能力突出者可放宽").ages,
        [limit(WOMEN, NO, ages(18, 45)), limit(MEN, NO, ages(18, 50))]
    );
    assert_eq!(whole("男18-55岁，女18-50岁").ages, [limit(MEN, ages(18, 55), NO), limit(WOMEN, ages(18, 50), NO)]);
    assert_eq!(
        whole("男：50岁以下；女：45岁以下优先").ages,
        [limit(MEN, ages(0, 50), NO), limit(WOMEN, NO, ages(0, 45))]
    );
    assert_eq!(
        whole("男60女55以下").ages,
        [limit(MEN, ages(0, 60), NO), limit(WOMEN, ages(0, 55), NO)],
        "what is said once is said of both"
    );
    assert_eq!(whole("男60岁，女55岁以下"), whole("男60女55以下"));
    assert_eq!(whole("男不限，女50以下").ages, [limit(WOMEN, ages(0, 50), NO), limit(MEN, NO, NO)]);
    assert_eq!(
        whole("18-50岁，女可放宽至55岁").ages,
        [limit(None, ages(18, 50), NO), limit(WOMEN, ages(18, 55), ages(0, 50))]
    );
    for text in ["18-55(女50)", "18—55岁（女50岁）", "18-55周岁（女性50周岁以下）"] {
        assert_eq!(whole(text).ages, [limit(None, ages(18, 55), NO), limit(WOMEN, ages(0, 50), NO)], "{text}");
    }
    assert_eq!(whole("男18-50岁，女18-50岁").sex, None);
}

#[test]
fn one_sex_asked_for() {
    let wanted = |sex, is_soft| Some(SexWanted { sex, is_soft });
    for (text, sex) in [
        ("女", wanted(Sex::Female, false)),
        ("限男性", wanted(Sex::Male, false)),
        ("只招女工，18-45岁", wanted(Sex::Female, false)),
        ("女性优先", wanted(Sex::Female, true)),
        ("优先女性", wanted(Sex::Female, true)),
        ("女18-45岁", wanted(Sex::Female, false)),
        ("18-45岁，男性优先", wanted(Sex::Male, true)),
        ("18-45岁，男女不限", None),
        ("男勿扰", wanted(Sex::Female, false)),
        ("男、女18-45岁", None),
    ] {
        assert_eq!(whole(text).sex, sex, "{text}");
    }
}

/// A posting has one range: nobody is shut out by a limit of the other sex, and hard limits come before soft ones.
#[test]
fn a_posting_stores_the_widest_range() {
    let posted = |text: &str| {
        let posted = whole(text).posted();
        (posted.ages, posted.is_soft, posted.is_whole)
    };
    assert_eq!(posted("18-45岁"), (ages(18, 45), false, true));
    assert_eq!(posted("35岁以下优先"), (ages(0, 35), true, true));
    assert_eq!(posted("女18-45岁、男20-50岁"), (ages(18, 50), false, false));
    assert_eq!(posted("女18-45岁、男18岁以上"), (ages(18, 0), false, false));
    assert_eq!(posted("女18-45岁、男18-50岁,能力突出者可放宽"), (ages(18, 50), true, false));
    assert_eq!(posted("18-50岁，可放宽至55岁"), (ages(18, 55), false, false));
    assert_eq!(posted("18-50岁，女可放宽至55岁"), (ages(18, 55), false, false));
    assert_eq!(posted("女18-45岁"), (ages(18, 45), false, false));
    assert_eq!(posted("不限"), (NO, false, true));
    // A limit of one sex that is not known is none that holds for everybody.
    assert_eq!(posted("男不限，女50以下"), (NO, false, false));
    assert_eq!(posted("18-55(女50)"), (ages(18, 55), false, false));
    // What is no upper end of the range before it says nothing by itself.
    assert_eq!(read("18-55(女60)").unwrap().unread, ["60"]);
    let unknown = read("男55，女18-50岁").unwrap();
    assert_eq!((unknown.said.posted().ages, unknown.unread), (NO, vec!["55".to_owned()]));
}

/// Who is not wanted is no limit of those who are: nothing is stored and the words are shown.
#[test]
fn ages_that_are_not_wanted_are_no_limits() {
    for (text, unread) in [
        ("60以上勿扰", vec!["60以上勿扰"]),
        ("60岁以上者请勿扰", vec!["60岁以上者请勿扰"]),
        ("谢绝60岁以上", vec!["谢绝60岁"]),
        ("16-18岁勿扰", vec!["16-18岁勿扰"]),
        ("别超过50", vec!["别超过", "50"]),
        ("18-45岁，20-50岁", vec!["18-45岁", "20-50岁"]),
    ] {
        let read = read(text).unwrap();
        assert_eq!(
            (read.said.posted().ages, read.unread),
            (NO, unread.into_iter().map(str::to_owned).collect()),
            "{text}"
        );
    }
    // 以上 is of the years.
    assert_eq!(read("有10年以上经验45岁以下").unwrap().said.posted().ages, ages(0, 45));
    for text in [
        "18-45岁，60以上勿扰",
        "18-45岁，学生勿扰",
        "18-45岁学生勿扰",
        "18-45岁不要学生工",
        "18-45岁非诚勿扰",
        "体重50-80公斤，18-45岁",
    ] {
        assert_eq!(read(text).unwrap().said.posted().ages, ages(18, 45), "{text}");
    }
}

/// What is preferred stands beside the word: a preference for somebody else softens no age.
#[test]
fn a_preference_belongs_to_its_own_words() {
    let soft = |text: &str| read(text).unwrap().said.posted().is_soft;
    for text in ["18-45岁（未婚优先）", "18-45岁未婚优先", "18-48岁，会平车优先", "18-45岁，有经验者优先"]
    {
        assert!(!soft(text), "{text}");
    }
    for text in ["35岁以下优先", "45岁以下（优先）", "年轻35岁以下优先", "能力强者45岁以下优先"]
    {
        assert!(soft(text), "{text}");
    }
}

#[test]
fn what_is_not_understood_is_handed_back() {
    for (text, unread) in [
        ("18-45岁，身体健康", vec!["身体健康"]),
        ("18-45岁，2年经验", vec!["2年经验"]),
        ("45岁", vec!["45岁"]),
        ("18-50岁，无纹身", vec!["无纹身"]),
        ("18-45岁（未婚优先）", vec!["未婚"]),
        ("男55女50", vec!["55", "50"]),
        ("18-45岁，吃苦耐劳、男性优先", vec!["吃苦耐劳"]),
    ] {
        assert_eq!(read(text).map(|read| read.unread), Some(unread.into_iter().map(str::to_owned).collect()), "{text}");
    }
    for text in ["", "身体健康", "初中以上学历", "面谈"] {
        assert!(read(text).is_none_or(|read| !read.unread.is_empty()), "{text}");
    }
}

/// What the words ask for is judged by the law that reads the same words: the article is told, and a soft wording does not help.
#[test]
fn an_unlawful_limit_is_refused_with_its_article() {
    let blocked = |text: &str| -> Vec<(LawRule, &'static str)> {
        let posted = whole(text).posted();
        let facts = PostingFacts {
            note: Some(text),
            age_min: posted.ages.min,
            age_max: posted.ages.max,
            ..PostingFacts::default()
        };
        let mut found: Vec<_> = check(&facts)
            .into_iter()
            .filter(|f| f.level == LawLevel::Block && matches!(f.rule, LawRule::Sex | LawRule::UnderSixteen))
            .map(|finding| (finding.rule, finding.article.zh))
            .collect();
        found.dedup();
        found
    };
    let sex = (LawRule::Sex, LawRule::Sex.article().zh);
    let child = (LawRule::UnderSixteen, "《劳动法》第十五条、《禁止使用童工规定》第二条");
    assert_eq!(blocked("18-45岁"), []);
    assert_eq!(blocked("女18-45岁、男18-50岁,能力突出者可放宽"), []);
    assert_eq!(blocked("限男性，18-45岁"), [sex]);
    assert_eq!(blocked("18-45岁，女性优先"), [sex]);
    assert_eq!(blocked("女18-45岁"), [sex]);
    assert_eq!(blocked("15-25岁"), [child]);
    assert_eq!(blocked("15-25岁，可放宽"), [child]);
    // As an import keeps the words: behind the title of their column.
    for text in ["女18-45岁、男18-50岁,能力突出者可放宽", "男18-55，女18-50", "男60女55以下", "男不限，女50以下"]
    {
        assert_eq!(blocked(&format!("年龄要求：{text}")), [], "{text}");
    }
    assert_eq!(blocked("年龄要求：男18-45岁"), [sex]);
    assert_eq!(blocked("年龄要求：男18-45岁，女性勿扰").first(), Some(&sex));
    // Counts of each sex are no ages.
    let counts = PostingFacts { note: Some("招聘人数：男20女30"), ..PostingFacts::default() };
    assert!(check(&counts).iter().any(|finding| (finding.level, finding.rule) == (LawLevel::Block, LawRule::Sex)));
}

/// A wish for the unmarried is refused with its article wherever it stands.
#[test]
fn a_wish_for_the_unmarried_is_refused_with_its_article() {
    let facts = PostingFacts { note: Some("年龄要求：18-45岁（未婚优先）"), ..PostingFacts::default() };
    let found = check(&facts).into_iter().find(|finding| finding.rule == LawRule::Marriage).unwrap();
    assert_eq!((found.level, found.excerpt.as_str()), (LawLevel::Block, "未婚"));
    assert!(found.article.zh.contains("四十三条"), "{}", found.article.zh);
}
