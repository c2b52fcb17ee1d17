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
    fn provinces_have_an_english_name() {
        assert_eq!(english("广东"), Some("Guangdong"));
        assert_eq!(english("陕西省"), Some("Shaanxi"));
        assert_eq!(english("广西壮族自治区"), Some("Guangxi"));
        assert_eq!(english("贵州苗绣"), None);
    }
}
