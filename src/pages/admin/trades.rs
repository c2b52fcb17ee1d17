//! What the trades of the vocabulary are called.

use crate::domain::text::Label;
use crate::pages::words::Words;

/// The built-in trades; one that somebody added is called by its code.
const NAMES: [(&str, Label); 17] = [
    ("care", Label { zh: "养老育婴", en: "Care" }),
    ("catering", Label { zh: "餐饮", en: "Catering" }),
    ("cleaning", Label { zh: "保洁", en: "Cleaning" }),
    ("construction", Label { zh: "建筑", en: "Construction" }),
    ("electronics", Label { zh: "电子", en: "Electronics" }),
    ("factory", Label { zh: "工厂通用", en: "Factory work" }),
    ("farming", Label { zh: "种植养殖", en: "Farming" }),
    ("food_processing", Label { zh: "食品加工", en: "Food processing" }),
    ("garments", Label { zh: "服装", en: "Garments" }),
    ("handicraft", Label { zh: "手工艺", en: "Handicraft" }),
    ("logistics", Label { zh: "驾驶物流", en: "Driving and logistics" }),
    ("metal_electric", Label { zh: "金属电气", en: "Metal and electric work" }),
    ("office_data", Label { zh: "文员数据", en: "Office and data" }),
    ("retail", Label { zh: "零售", en: "Retail" }),
    ("security_property", Label { zh: "保安物业", en: "Security and property" }),
    ("shoes_bags_toys", Label { zh: "鞋包玩具", en: "Shoes, bags, toys" }),
    ("wood_furniture", Label { zh: "木工家具", en: "Wood and furniture" }),
];

/// The name of a trade in the reader's language.
pub(super) fn name<'a>(code: &'a str, words: &Words) -> &'a str {
    let known = NAMES.iter().find(|(known, _)| *known == code);
    known.map_or(code, |(_, label)| words.label(*label))
}
