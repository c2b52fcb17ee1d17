//! Which firms and which hours are there? The tables behind `openings`: tenants, branches, towns, made-up names.

use super::model::Timetable;
use super::trades::Industry;
use crate::domain::codes::Shift;

/// The seven tenants of the park; larger towns have further ones of the same branches.
pub(super) const TENANTS: [(&str, Industry, u32); 7] = [
    ("贵州苗绣", Industry::Embroidery, 18),
    ("景航服装", Industry::Garments, 24),
    ("旺芯电子", Industry::Electronics, 17),
    ("锦程包装", Industry::Packaging, 11),
    ("云岭鞋包", Industry::Shoes, 12),
    ("童趣玩具", Industry::Toys, 10),
    ("黔乡食品", Industry::Food, 8),
];

/// Towns of the eastern provinces people go to.
pub(super) const EAST: [(&str, &str); 14] = [
    ("广东省", "东莞"),
    ("广东省", "中山"),
    ("广东省", "佛山"),
    ("广东省", "惠州"),
    ("广东省", "深圳"),
    ("浙江省", "宁波"),
    ("浙江省", "温州"),
    ("浙江省", "义乌"),
    ("浙江省", "台州"),
    ("浙江省", "绍兴"),
    ("江苏省", "苏州"),
    ("江苏省", "昆山"),
    ("福建省", "晋江"),
    ("福建省", "石狮"),
];

/// Branches one goes east for, with the word that ends the firm's name and their share.
pub(super) const EASTERN: [(Industry, &str, u32); 9] = [
    (Industry::Electronics, "电子厂", 24),
    (Industry::Garments, "制衣厂", 20),
    (Industry::Shoes, "鞋业", 16),
    (Industry::Building, "建筑劳务", 16),
    (Industry::Machines, "五金制品", 9),
    (Industry::Toys, "玩具厂", 5),
    (Industry::Logistics, "物流", 6),
    (Industry::Catering, "餐饮", 3),
    (Industry::Food, "食品厂", 3),
];

/// Firms in town or in the county.
pub(super) const LOCAL: [(Industry, &str); 9] = [
    (Industry::Catering, "饭店"),
    (Industry::Retail, "超市"),
    (Industry::Care, "家政服务部"),
    (Industry::Security, "物业服务"),
    (Industry::Logistics, "快递服务站"),
    (Industry::Internet, "电商服务部"),
    (Industry::Building, "装饰工程队"),
    (Industry::Farming, "种养殖合作社"),
    (Industry::Repair, "修理厂"),
];

/// Two characters of a made-up firm name.
pub(super) const BRANDS: (&str, &str) = ("鑫恒顺达盛泰隆华祥瑞美佳兴宏丰嘉永万", "源发旺成辉联和信通利来益安康诚捷");

/// Where handicraft is done; the ledgers' word for it.
pub(super) const HOME: &str = "居家";

/// Weekly hours of a post; the longest is 44 (law.md §5).
#[derive(Clone, Copy)]
pub(super) enum Hours {
    /// 40 hours.
    Week,
    /// 44 hours, Saturday morning included.
    SixDays,
    /// Between bringing a child to school and fetching it.
    WhileAtSchool,
    Evening,
    /// The day half of two shifts.
    TwoShifts,
}

impl Hours {
    pub(super) fn timetable(self) -> Timetable {
        const HALF: [(u16, u16); 2] = [(480, 720), (810, 1050)];
        match self {
            Self::Week | Self::TwoShifts => Timetable::new(&[(1, 5, &HALF)]),
            Self::SixDays => Timetable::new(&[(1, 5, &HALF), (6, 6, &[(480, 720)])]),
            Self::WhileAtSchool => Timetable::new(&[(1, 5, &[(510, 690), (810, 960)])]),
            Self::Evening => Timetable::new(&[(1, 6, &[(600, 810), (990, 1200)])]),
        }
    }

    pub(super) const fn shift(self) -> Shift {
        match self {
            Self::Week | Self::SixDays | Self::Evening => Shift::Day,
            Self::WhileAtSchool => Shift::Flexible,
            Self::TwoShifts => Shift::TwoShift,
        }
    }
}
