//! Provinces by their short names, as ledgers write them, and what they are called in English.

/// Short name and English name of every province-level area.
pub const PROVINCES: [(&str, &str); 34] = [
    ("北京", "Beijing"),
    ("天津", "Tianjin"),
    ("河北", "Hebei"),
    ("山西", "Shanxi"),
    ("内蒙古", "Inner Mongolia"),
    ("辽宁", "Liaoning"),
    ("吉林", "Jilin"),
    ("黑龙江", "Heilongjiang"),
    ("上海", "Shanghai"),
    ("江苏", "Jiangsu"),
    ("浙江", "Zhejiang"),
    ("安徽", "Anhui"),
    ("福建", "Fujian"),
    ("江西", "Jiangxi"),
    ("山东", "Shandong"),
    ("河南", "Henan"),
    ("湖北", "Hubei"),
    ("湖南", "Hunan"),
    ("广东", "Guangdong"),
    ("广西", "Guangxi"),
    ("海南", "Hainan"),
    ("重庆", "Chongqing"),
    ("四川", "Sichuan"),
    ("贵州", "Guizhou"),
    ("云南", "Yunnan"),
    ("西藏", "Tibet"),
    ("陕西", "Shaanxi"),
    ("甘肃", "Gansu"),
    ("青海", "Qinghai"),
    ("宁夏", "Ningxia"),
    ("新疆", "Xinjiang"),
    ("香港", "Hong Kong"),
    ("澳门", "Macao"),
    ("台湾", "Taiwan"),
];

/// Of the same order, the two digits by which ID numbers begin (GB/T 2260).
const CODES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "81", "82", "71",
];

/// Cities people go to for work, which ledgers write without their province.
const CITIES: &[(&str, &[&str])] = &[
    ("广东", &["广州", "深圳", "东莞", "佛山", "中山", "惠州", "珠海", "江门", "汕头"]),
    ("浙江", &["杭州", "宁波", "温州", "义乌", "金华", "台州", "嘉兴", "绍兴", "湖州", "永康", "慈溪", "余姚"]),
    ("江苏", &["南京", "苏州", "昆山", "无锡", "常州", "南通", "张家港"]),
    ("福建", &["福州", "厦门", "泉州", "晋江", "石狮", "莆田"]),
    ("山东", &["济南", "青岛", "烟台"]),
    ("湖北", &["武汉"]),
    ("湖南", &["长沙", "怀化"]),
    ("四川", &["成都"]),
    ("贵州", &["贵阳", "遵义", "铜仁"]),
    ("云南", &["昆明"]),
    ("陕西", &["西安"]),
    ("河南", &["郑州"]),
    ("安徽", &["合肥"]),
    ("广西", &["南宁", "柳州", "桂林"]),
];

/// The province an ID number was given out in, by its short name.
#[must_use]
pub fn of_id(number: &str) -> Option<&'static str> {
    let code = number.trim_start_matches(['\'', '’', '`']).get(..2)?;
    let place = CODES.iter().position(|known| *known == code)?;
    Some(PROVINCES[place].0)
}

/// The province a place lies in that begins with its name or with that of a city people go to: `广东省 东莞市`, `浙江宁波`, 在义乌.
#[must_use]
pub fn of_place(place: &str) -> Option<&'static str> {
    let place = place.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '在' | '去' | '到' | '往'));
    if let Some((name, _)) = PROVINCES.iter().find(|(name, _)| begins(place, name)) {
        return Some(name);
    }
    CITIES.iter().find(|(_, cities)| cities.iter().any(|city| begins(place, city))).map(|(province, _)| *province)
}

/// A street may be named after a city: 中山路.
fn begins(place: &str, name: &str) -> bool {
    place.strip_prefix(name).is_some_and(|rest| {
        !["路", "街", "大道", "东路", "西路", "南路", "北路"].iter().any(|road| rest.starts_with(road))
    })
}

/// The English name of a province by its short or full name; `None` for any other name, whatever it begins with.
#[must_use]
pub fn english(name: &str) -> Option<&'static str> {
    let full = |rest: &str| {
        matches!(rest, "" | "省" | "市" | "自治区" | "壮族自治区" | "回族自治区" | "维吾尔自治区" | "特别行政区")
    };
    PROVINCES.iter().find(|(zh, _)| name.strip_prefix(zh).is_some_and(full)).map(|(_, en)| *en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provinces_of_numbers_and_places() {
        assert_eq!((of_id("522121198001011234"), of_id("99"), of_id("贵州")), (Some("贵州"), None, None));
        for (place, province) in [
            ("广东省 东莞市", Some("广东")),
            ("浙江宁波", Some("浙江")),
            ("在义乌", Some("浙江")),
            ("贵阳", Some("贵州")),
            ("中山路12号", None),
            ("省外", None),
            ("", None),
        ] {
            assert_eq!(of_place(place), province, "{place}");
        }
    }

    #[test]
    fn provinces_have_an_english_name() {
        assert_eq!(english("广东"), Some("Guangdong"));
        assert_eq!(english("陕西省"), Some("Shaanxi"));
        assert_eq!(english("广西壮族自治区"), Some("Guangxi"));
        assert_eq!(english("贵州苗绣"), None);
    }
}
