//! What do people here do for a living? One table of trades: who tends to do them, what one can do afterwards, what the
//! work asks of the body and what it pays. Postings, jobs, skills and wishes all come from it, so they fit each other.
//!
//! The names are those of the skill vocabulary or its aliases; `tests/it/town` holds nearly all of them to that.

use super::dice::Dice;
use super::model::Person;
use crate::domain::codes::{Hazard, Sex};

/// Branch of trade; park tenants and other employers belong to one each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Industry {
    Embroidery,
    Garments,
    Electronics,
    Packaging,
    Shoes,
    Toys,
    Food,
    Building,
    Machines,
    Logistics,
    Catering,
    Care,
    Security,
    Retail,
    Internet,
    Farming,
    Repair,
    Public,
}

impl Industry {
    /// As the 行业 column has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Embroidery => "民族手工艺",
            Self::Garments => "服装",
            Self::Electronics => "电子",
            Self::Packaging => "包装",
            Self::Shoes => "鞋包",
            Self::Toys => "玩具",
            Self::Food => "食品加工",
            Self::Building => "建筑",
            Self::Machines => "机械制造",
            Self::Logistics => "物流",
            Self::Catering => "餐饮",
            Self::Care => "家政护理",
            Self::Security => "安保",
            Self::Retail => "零售",
            Self::Internet => "互联网",
            Self::Farming => "农业",
            Self::Repair => "修理",
            Self::Public => "公共服务",
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Trade {
    /// Job title in ledgers and postings; also the name of the occupation.
    pub title: &'static str,
    pub industry: Industry,
    /// What one can do afterwards; the first is what the work itself asks for.
    pub skills: &'static [&'static str],
    /// How often men below 30, 30 to 45 and above 45 do it, then women.
    who: [u32; 6],
    /// Yuan a month in or near the park.
    pub pay: (u32, u32),
    /// Physical grade 1..=4 and heaviest load.
    pub grade: u8,
    pub load_kg: u32,
    pub lifts_per_hour: u32,
    /// Line work with forced posture and more than 50 movements a minute.
    pub forced_posture: bool,
    pub hazards: &'static [(Hazard, Option<u8>)],
    pub licence: Option<&'static str>,
    /// Days in which a beginner learns it on the job, and months of experience asked for where it cannot be.
    pub training_days: u32,
    pub experience_months: u32,
}

impl Trade {
    const fn work(mut self, grade: u8, load_kg: u32, lifts_per_hour: u32) -> Self {
        self.grade = grade;
        self.load_kg = load_kg;
        self.lifts_per_hour = lifts_per_hour;
        self
    }

    const fn line(mut self) -> Self {
        self.forced_posture = true;
        self
    }

    const fn hazards(mut self, hazards: &'static [(Hazard, Option<u8>)]) -> Self {
        self.hazards = hazards;
        self
    }

    const fn licence(mut self, licence: &'static str) -> Self {
        self.licence = Some(licence);
        self
    }

    const fn skilled(mut self, months: u32) -> Self {
        self.experience_months = months;
        self.training_days = 0;
        self
    }

    /// Whether people of this sex and age do it at all.
    pub(super) fn is_done_by(&self, sex: Sex, age: u32) -> bool {
        self.weight(sex, age) > 0
    }

    /// Work that weak hands can do: no heavy loads, no line and no hazards.
    pub(super) const fn is_light(&self) -> bool {
        self.grade <= 2 && self.load_kg <= 10 && !self.forced_posture && self.hazards.is_empty()
    }

    /// How often people of this sex and age do it.
    fn weight(&self, sex: Sex, age: u32) -> u32 {
        let band = match age {
            0..30 => 0,
            30..46 => 1,
            _ => 2,
        };
        self.who[band + if sex == Sex::Male { 0 } else { 3 }]
    }
}

const fn trade(
    title: &'static str,
    industry: Industry,
    skills: &'static [&'static str],
    who: [u32; 6],
    pay: (u32, u32),
) -> Trade {
    Trade {
        title,
        industry,
        skills,
        who,
        pay,
        grade: 1,
        load_kg: 5,
        lifts_per_hour: 0,
        forced_posture: false,
        hazards: &[],
        licence: None,
        training_days: 7,
        experience_months: 0,
    }
}

use Hazard::{Dust, Flammable, Heat, Height, Noise, Toxic};
use Industry::{
    Building, Care, Catering, Electronics, Embroidery, Farming, Food, Garments, Internet, Logistics, Machines,
    Packaging, Public, Repair, Retail, Security, Shoes, Toys,
};

/// Every trade of the town.
#[rustfmt::skip] // one trade a line reads as the table it is
pub const TRADES: &[Trade] = &[
    trade("苗绣工", Embroidery, &["苗绣", "手工刺绣"], [1, 1, 1, 10, 40, 45], (2400, 3200)).skilled(6),
    trade("机绣工", Embroidery, &["电脑绣花", "机绣"], [2, 2, 0, 10, 14, 3], (2600, 3400)),
    trade("蜡染工", Embroidery, &["蜡染"], [0, 1, 2, 2, 6, 9], (2400, 3000)),
    trade("整烫工(绣品)", Embroidery, &["整烫", "剪线"], [0, 0, 1, 1, 6, 10], (2300, 2800)),
    trade("质检员(绣品)", Embroidery, &["质检", "手工刺绣"], [0, 0, 0, 3, 6, 2], (2500, 3100)),
    trade("手工编织工", Embroidery, &["手工编织"], [0, 0, 1, 1, 5, 10], (2300, 2900)),
    trade("裁剪工(绣片)", Embroidery, &["裁剪", "剪线"], [0, 1, 1, 1, 4, 3], (2400, 2900)),
    trade("平缝工", Garments, &["平缝", "锁边", "剪线"], [10, 8, 2, 40, 85, 22], (2500, 3600)).work(2, 5, 0).line(),
    trade("锁边工", Garments, &["锁边", "平缝"], [3, 3, 1, 12, 25, 9], (2400, 3300)).work(2, 5, 0).line(),
    trade("裁剪工", Garments, &["裁剪", "拉布"], [6, 8, 3, 4, 8, 2], (2700, 3600)).work(2, 15, 10),
    trade("整烫工", Garments, &["整烫"], [4, 5, 3, 6, 12, 6], (2500, 3200)).work(2, 8, 0).hazards(&[(Heat, Some(1))]),
    trade("剪线工", Garments, &["剪线", "钉扣"], [0, 0, 2, 2, 10, 22], (2250, 2700)),
    trade("服装质检员", Garments, &["质检", "平缝"], [1, 1, 0, 6, 10, 3], (2600, 3200)),
    trade("服装包装工", Garments, &["包装", "装箱"], [2, 2, 4, 4, 8, 12], (2300, 2800)).work(2, 10, 20),
    trade("电子装配工", Electronics, &["电子装配", "插件"], [60, 30, 4, 60, 45, 6], (2500, 3300)).line(),
    trade("插件工", Electronics, &["插件", "电子装配"], [6, 3, 0, 10, 10, 2], (2400, 3000)).line(),
    trade("焊锡工", Electronics, &["焊锡", "电子装配"], [8, 6, 1, 8, 8, 1], (2500, 3200)).hazards(&[(Toxic, Some(1))]),
    trade("电子检验员", Electronics, &["质检", "电子装配"], [4, 2, 0, 8, 6, 1], (2600, 3200)),
    trade("线束加工工", Electronics, &["线束加工"], [3, 2, 2, 4, 6, 6], (2300, 2900)),
    trade("包装工(电子)", Electronics, &["包装", "贴标"], [2, 1, 3, 3, 5, 8], (2300, 2800)),
    trade("仓库管理员", Electronics, &["仓库管理", "盘点"], [6, 6, 3, 4, 4, 1], (2600, 3200)).work(2, 15, 10),
    trade("糊盒工", Packaging, &["糊盒", "包装"], [1, 1, 4, 2, 6, 12], (2250, 2800)),
    trade("包装工", Packaging, &["包装", "打包"], [12, 10, 10, 14, 22, 20], (2300, 2900)).work(2, 10, 20),
    trade("贴标工", Packaging, &["贴标", "包装"], [1, 0, 2, 2, 4, 9], (2250, 2700)),
    trade("打包工", Packaging, &["打包", "装箱"], [6, 6, 6, 2, 4, 4], (2500, 3100)).work(3, 15, 30),
    trade("印刷工", Packaging, &["印刷", "包装"], [4, 5, 2, 1, 2, 1], (2700, 3400)).hazards(&[(Toxic, Some(1)), (Noise, Some(1))]),
    trade("模切工", Packaging, &["模切"], [4, 5, 2, 0, 1, 0], (2700, 3500)).work(2, 15, 10).hazards(&[(Noise, Some(1))]),
    trade("质检员(包装)", Packaging, &["质检", "包装"], [1, 1, 1, 3, 4, 2], (2500, 3000)),
    trade("针车工", Shoes, &["针车", "平缝"], [8, 8, 1, 18, 30, 6], (2600, 3600)).work(2, 5, 0).line(),
    trade("箱包缝纫工", Shoes, &["箱包缝制", "平缝"], [4, 4, 1, 8, 14, 4], (2500, 3400)).work(2, 5, 0).line(),
    trade("鞋垫缝制工", Shoes, &["做鞋垫", "手工"], [1, 1, 2, 2, 8, 12], (2300, 2900)),
    trade("制鞋工", Shoes, &["制鞋", "刷胶"], [20, 18, 4, 10, 12, 3], (2700, 3500)).work(2, 8, 10).hazards(&[(Toxic, Some(2))]),
    trade("箱包手工", Shoes, &["手工", "包装"], [1, 0, 2, 2, 5, 10], (2250, 2800)),
    trade("质检员(鞋)", Shoes, &["质检", "制鞋"], [1, 1, 0, 3, 4, 1], (2600, 3200)),
    trade("玩具装配工", Toys, &["玩具装配", "组装"], [6, 4, 4, 10, 14, 12], (2300, 2900)),
    trade("毛绒玩具缝纫工", Toys, &["平缝", "毛绒玩具缝制"], [1, 1, 0, 6, 12, 5], (2500, 3300)).work(2, 5, 0).line(),
    trade("充棉工", Toys, &["充棉"], [1, 1, 2, 1, 4, 6], (2400, 2900)).hazards(&[(Dust, Some(1))]),
    trade("手缝工", Toys, &["手工", "钉扣"], [0, 0, 1, 1, 5, 12], (2250, 2750)),
    trade("质检员(玩具)", Toys, &["质检"], [1, 0, 1, 3, 4, 2], (2500, 3000)),
    trade("包装工(玩具)", Toys, &["包装", "装箱"], [1, 1, 3, 2, 4, 8], (2250, 2750)).work(2, 10, 20),
    trade("注塑工", Toys, &["注塑", "机器操作"], [10, 12, 3, 3, 4, 1], (2700, 3500)).work(2, 15, 10).hazards(&[(Heat, Some(1)), (Noise, Some(1))]),
    trade("食品加工工", Food, &["食品加工", "分拣"], [5, 4, 5, 8, 14, 14], (2300, 2900)).work(2, 10, 20).licence("健康证"),
    trade("农产品分拣工", Food, &["农产品分拣", "食品加工"], [1, 1, 3, 2, 6, 12], (2250, 2700)).licence("健康证"),
    trade("食品包装工", Food, &["包装", "真空包装"], [1, 1, 3, 3, 6, 10], (2250, 2750)).work(2, 10, 20).licence("健康证"),
    trade("腌制工", Food, &["腌制", "食品加工"], [0, 1, 3, 0, 3, 6], (2300, 2900)).work(2, 15, 10).licence("健康证"),
    trade("烘焙工", Food, &["烘焙", "面点"], [3, 3, 1, 4, 5, 1], (2600, 3300)).work(2, 10, 5).hazards(&[(Heat, Some(1))]).licence("健康证"),
    trade("食品质检员", Food, &["质检", "食品检验"], [1, 0, 0, 3, 2, 0], (2600, 3200)).licence("健康证"),
    trade("拣茶工", Food, &["拣茶", "分拣"], [0, 0, 3, 0, 3, 8], (2250, 2700)).work(2, 10, 20).licence("健康证"),
    trade("砌筑工", Building, &["砌筑", "抹灰"], [8, 50, 90, 0, 0, 0], (4800, 7000)).work(4, 30, 20).hazards(&[(Dust, Some(1)), (Height, Some(1))]).skilled(12),
    trade("钢筋工", Building, &["钢筋绑扎"], [12, 50, 60, 0, 1, 1], (4800, 6800)).work(4, 30, 20).hazards(&[(Height, Some(1))]).skilled(6),
    trade("木工", Building, &["木工", "支模"], [6, 30, 50, 0, 0, 0], (5000, 7200)).work(3, 25, 15).hazards(&[(Dust, Some(1)), (Noise, Some(1))]).skilled(12),
    trade("架子工", Building, &["搭脚手架"], [8, 22, 16, 0, 0, 0], (5200, 7500)).work(4, 25, 20).hazards(&[(Height, Some(2))]).licence("架子工证").skilled(12),
    trade("水电工", Building, &["水电安装", "低压电工"], [12, 24, 14, 0, 0, 0], (4500, 6500)).work(3, 20, 5).licence("低压电工证").skilled(12),
    trade("油漆工", Building, &["刷漆", "刮腻子"], [4, 16, 14, 0, 1, 1], (4500, 6200)).work(3, 20, 10).hazards(&[(Toxic, Some(2))]).skilled(6),
    trade("建筑小工", Building, &["搬运", "工地杂工"], [14, 24, 70, 0, 4, 14], (3600, 4800)).work(4, 25, 30).hazards(&[(Dust, Some(1))]),
    trade("焊工", Machines, &["电焊"], [20, 26, 12, 0, 0, 0], (3600, 5200)).work(3, 20, 5).hazards(&[(Dust, Some(1)), (Flammable, None)]).licence("焊工证").skilled(12),
    trade("数控车工", Machines, &["数控车床操作", "机器操作"], [20, 14, 2, 1, 1, 0], (3400, 4800)).work(2, 15, 5).hazards(&[(Noise, Some(1))]).skilled(6),
    trade("冲压工", Machines, &["冲压", "机器操作"], [16, 16, 4, 2, 2, 1], (3000, 4200)).work(3, 15, 10).hazards(&[(Noise, Some(2))]),
    trade("电工", Machines, &["低压电工", "设备维修"], [10, 14, 6, 0, 0, 0], (3400, 4800)).work(2, 15, 5).licence("低压电工证").skilled(12),
    trade("搬运工", Logistics, &["搬运", "装卸"], [14, 16, 18, 0, 1, 2], (3000, 4200)).work(4, 30, 40),
    trade("快递分拣员", Logistics, &["快递分拣", "打包"], [26, 12, 4, 16, 8, 3], (2600, 3600)).work(3, 15, 30),
    trade("叉车司机", Logistics, &["叉车驾驶", "仓库管理"], [12, 16, 3, 1, 1, 0], (3200, 4500)).work(2, 10, 2).licence("叉车证").skilled(6),
    trade("货车司机", Logistics, &["货车驾驶"], [8, 24, 8, 0, 0, 0], (3800, 5600)).work(2, 20, 5).licence("驾驶证B2").skilled(12),
    trade("配送员", Logistics, &["送货", "快递分拣"], [24, 14, 3, 5, 4, 1], (3000, 4600)).work(2, 15, 10),
    trade("厨师", Catering, &["烹饪", "切配"], [12, 20, 10, 2, 8, 6], (3200, 4800)).work(2, 15, 5).hazards(&[(Heat, Some(1))]).licence("健康证").skilled(12),
    trade("切配工", Catering, &["切配", "洗碗"], [4, 4, 4, 4, 12, 14], (2400, 3000)).work(2, 10, 10).licence("健康证"),
    trade("洗碗工", Catering, &["洗碗", "保洁"], [0, 1, 2, 0, 6, 18], (2250, 2600)).work(2, 8, 10).licence("健康证"),
    trade("餐厅服务员", Catering, &["餐饮服务", "传菜"], [18, 5, 1, 34, 24, 6], (2400, 3100)).work(2, 8, 10).licence("健康证"),
    trade("面点师", Catering, &["面点", "做早餐"], [2, 4, 2, 3, 8, 4], (2800, 3800)).work(2, 10, 5).licence("健康证").skilled(6),
    trade("保洁员", Care, &["保洁"], [0, 1, 8, 0, 14, 50], (2250, 2700)).work(2, 8, 5),
    trade("家政服务员", Care, &["家政服务", "保洁", "做饭"], [0, 0, 1, 3, 22, 24], (2600, 3600)).work(2, 8, 5),
    trade("养老护理员", Care, &["养老护理", "陪护"], [1, 1, 2, 4, 16, 20], (2700, 3600)).work(3, 20, 5).licence("健康证"),
    trade("育婴员", Care, &["育婴", "做饭"], [0, 0, 0, 5, 14, 6], (3000, 4500)).licence("健康证").skilled(3),
    trade("保安员", Security, &["保安", "巡逻"], [10, 12, 40, 0, 1, 2], (2400, 3000)).work(2, 5, 0).licence("保安员证"),
    trade("收银员", Retail, &["收银"], [4, 1, 0, 22, 14, 2], (2400, 3000)),
    trade("营业员", Retail, &["导购", "理货"], [8, 4, 1, 28, 20, 4], (2400, 3200)),
    trade("理货员", Retail, &["理货", "搬运"], [6, 4, 3, 8, 10, 4], (2400, 2900)).work(3, 15, 20),
    trade("电商客服", Internet, &["电商客服", "打字"], [16, 3, 0, 32, 9, 0], (2600, 3600)),
    trade("数据标注员", Internet, &["数据标注", "办公软件"], [18, 2, 0, 24, 5, 0], (2500, 3400)),
    trade("直播助理", Internet, &["直播带货", "短视频剪辑"], [8, 1, 0, 14, 3, 0], (2600, 3800)),
    trade("打单员", Internet, &["打单", "打包"], [6, 2, 1, 10, 6, 1], (2400, 3000)).work(2, 10, 10),
    trade("茶叶采摘工", Farming, &["采茶"], [0, 1, 6, 1, 8, 22], (2200, 2800)).work(2, 8, 5),
    trade("食用菌种植工", Farming, &["食用菌种植"], [1, 4, 10, 1, 6, 12], (2300, 2900)).work(3, 15, 10),
    trade("养殖工", Farming, &["养鸡", "养猪"], [1, 6, 18, 0, 4, 12], (2300, 3200)).work(3, 20, 10),
    trade("种植工", Farming, &["蔬菜种植", "果树种植"], [1, 6, 30, 1, 8, 30], (2200, 2800)).work(3, 15, 10),
    trade("理发师", Repair, &["理发"], [10, 6, 1, 10, 6, 1], (2800, 4200)).skilled(12),
    trade("汽车维修工", Repair, &["汽车维修"], [14, 10, 2, 0, 0, 0], (3000, 4500)).work(3, 20, 5).hazards(&[(Toxic, Some(1))]).skilled(6),
    trade("家电维修工", Repair, &["家电维修"], [5, 6, 2, 0, 0, 0], (2800, 4200)).work(2, 20, 5).skilled(6),
    trade("绿化养护工", Public, &["绿化养护"], [0, 1, 10, 0, 3, 10], (2150, 2500)).work(3, 15, 10),
    trade("环卫工", Public, &["道路清扫", "保洁"], [0, 1, 10, 0, 3, 16], (2150, 2500)).work(2, 10, 5),
    trade("楼栋管理员", Public, &["社区工作", "办公软件"], [1, 1, 4, 2, 5, 5], (2150, 2600)),
    trade("治安巡逻员", Public, &["巡逻", "保安"], [1, 2, 12, 0, 0, 1], (2150, 2500)).work(2, 5, 0),
];

/// Trades of a branch, as indices into [`TRADES`].
pub(super) fn of_industry(industry: Industry) -> Vec<usize> {
    (0..TRADES.len()).filter(|&index| TRADES[index].industry == industry).collect()
}

/// The trade with this title. The titles asked for are the generator's own; an unknown one would be the first trade.
pub(super) fn index_of(title: &str) -> usize {
    TRADES.iter().position(|trade| trade.title == title).unwrap_or(0)
}

/// A trade for a person of this sex and age, among those that `fits` lets through.
pub(super) fn likely(dice: &mut Dice, person: &Person, fits: impl Fn(&Trade) -> bool) -> Option<usize> {
    let weights: Vec<(usize, u32)> = TRADES
        .iter()
        .enumerate()
        .filter(|(_, trade)| fits(trade))
        .map(|(index, trade)| (index, trade.weight(person.sex, person.age)))
        .filter(|&(_, weight)| weight > 0)
        .collect();
    if weights.is_empty() { None } else { Some(dice.weighted(&weights)) }
}
