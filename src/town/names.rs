//! What is everybody called? Names as one meets them in eastern Guizhou, put together at random; none is a person's.
//!
//! Invariant: two members of one household never share a name, so a care duty can name its carer.

use super::dice::Dice;
use crate::domain::codes::Sex;

/// Townships the families moved from: made up in the style of the region.
pub(super) const TOWNSHIPS: [&str; 12] = [
    "枫木寨乡",
    "青岩坪镇",
    "石笋沟乡",
    "大杉树镇",
    "云盘岭乡",
    "长滩河镇",
    "马鞍坳乡",
    "茶园冲乡",
    "龙洞湾镇",
    "黑水坝乡",
    "桐子坡乡",
    "雷打岩乡",
];

/// Ethnic groups with their share in a thousand.
const ETHNICITIES: [(&str, u32); 6] =
    [("苗族", 320), ("土家族", 290), ("汉族", 190), ("侗族", 140), ("仡佬族", 45), ("布依族", 15)];

const SURNAMES: [(&str, u32); 40] = [
    ("杨", 95),
    ("吴", 70),
    ("龙", 70),
    ("田", 65),
    ("张", 60),
    ("石", 50),
    ("罗", 50),
    ("李", 50),
    ("刘", 48),
    ("王", 48),
    ("陈", 46),
    ("冉", 40),
    ("麻", 30),
    ("安", 30),
    ("姚", 30),
    ("向", 30),
    ("彭", 30),
    ("黄", 28),
    ("任", 25),
    ("黎", 25),
    ("杜", 25),
    ("滕", 25),
    ("周", 24),
    ("覃", 20),
    ("严", 20),
    ("代", 20),
    ("舒", 20),
    ("潘", 20),
    ("何", 20),
    ("文", 15),
    ("谢", 15),
    ("熊", 15),
    ("唐", 15),
    ("邓", 15),
    ("蒋", 12),
    ("肖", 12),
    ("欧", 10),
    ("梁", 10),
    ("邹", 10),
    ("袁", 10),
];

/// First and second characters of given names by year of birth: before 1965, 1984, 2004 and later.
const MEN: [(&str, &str); 4] = [
    ("正昌光文国再胜通明德仁宗永世绍廷元万", "贵华明军发祥林海清全福富荣高平云忠友江才"),
    ("正昌光建国志文永小云明海再胜通世绍金", "军华勇平强飞兵林江波松刚云辉成生祥忠毅"),
    ("小志俊文建海晓家子明正光昌永国云胜振", "涛鹏伟杰浩鑫俊磊超龙斌旭峰洋亮凯勇飞"),
    ("梓浩宇子俊奕博家思皓承嘉睿泽宏晨文景", "轩宇涵豪杰辰泽铭阳瑞航霖睿然诚逸凡乐"),
];
const WOMEN: [(&str, &str); 4] = [
    ("秀桂金玉凤菊兰翠银春冬素腊清香莲仁再", "英花珍香兰梅凤莲芝秀珠仙菊桃云芬连妹"),
    ("秀红小春桂金艳丽玉海晓冬腊水美凤银爱", "英梅芳丽霞琴芬燕群花珍香兰菊艳平飞云"),
    ("小晓丽艳婷雪海红春玉佳思冰文金美露秋", "婷燕丽娟霞芳艳敏琴玲慧莉静萍倩雪梅兰"),
    ("梓欣思雨诗语子佳雅可嘉梦紫依若一艺芷", "涵怡彤萱琪瑶妍欣悦宁雪瑞晴溪雯然馨朵"),
];

/// Given names still heard in Miao and Dong villages among people born before 1985.
const VILLAGE_MEN: [&str; 9] = ["老满", "岩生", "岩保", "金保", "银保", "长生", "满生", "补生", "老岩"];
const VILLAGE_WOMEN: [&str; 9] = ["银秀", "银花", "金妹", "满妹", "培兰", "培仙", "阿朵", "仰兰", "妹香"];

pub(super) fn surname(dice: &mut Dice) -> &'static str {
    dice.weighted(&SURNAMES)
}

pub(super) fn ethnicity(dice: &mut Dice) -> &'static str {
    dice.weighted(&ETHNICITIES)
}

fn character(dice: &mut Dice, of: &str) -> char {
    let n = of.chars().count();
    of.chars().nth(dice.below(n)).unwrap_or('文')
}

/// The character the boys of one generation of a family share.
pub(super) fn generation_character(dice: &mut Dice, birth_year: i32) -> char {
    character(dice, MEN[cohort(birth_year)].0)
}

const fn cohort(birth_year: i32) -> usize {
    match birth_year {
        ..1965 => 0,
        1965..1985 => 1,
        1985..2005 => 2,
        _ => 3,
    }
}

/// A given name for a person born in `birth_year`; `shared` is the family's generation character.
pub(super) fn given(dice: &mut Dice, sex: Sex, birth_year: i32, ethnicity: &str, shared: Option<char>) -> String {
    if birth_year < 1985 && matches!(ethnicity, "苗族" | "侗族") && dice.chance(120) {
        return dice.pick(if sex == Sex::Male { &VILLAGE_MEN } else { &VILLAGE_WOMEN }).to_owned();
    }
    let (first, second) = if sex == Sex::Male { MEN[cohort(birth_year)] } else { WOMEN[cohort(birth_year)] };
    let last = character(dice, second);
    // Among the young a name of one character is common.
    if birth_year >= 1975 && shared.is_none() && dice.chance(180) {
        return last.to_string();
    }
    let start = shared.filter(|_| sex == Sex::Male).unwrap_or_else(|| character(dice, first));
    [start, last].iter().collect()
}

/// A whole name of an adult that belongs to no family of the town: a cadre, say.
pub(super) fn cadre(dice: &mut Dice) -> String {
    let sex = dice.pick(&[Sex::Male, Sex::Female]);
    let year = 1970 + dice.below(25) as i32;
    format!("{}{}", surname(dice), given(dice, sex, year, "汉族", None))
}
