//! What does one job look like? Employer, title, start, pay, contract and evidence, as a ledger would have them.
//!
//! Invariants: nothing ends before it starts or in the future; nobody began before 17; pay lies in the range of the work.

use chrono::NaiveDate;

use super::dice::Dice;
use super::firms::{EASTERN, LOCAL};
use super::home::AtHome;
use super::model::{Job, Person};
use super::openings::{Market, earlier, later};
use super::trades::{self, Industry, TRADES, Trade};
use crate::domain::codes::{Channel, Region};

/// Own businesses: what stands over the door, the trade, and monthly income.
const BUSINESSES: [(&str, &str, (u32, u32)); 12] = [
    ("小吃店", "面点师", (3000, 7000)),
    ("便利店", "营业员", (2800, 6000)),
    ("早餐店", "面点师", (3000, 6500)),
    ("理发店", "理发师", (3000, 6000)),
    ("蔬菜摊", "营业员", (2600, 4500)),
    ("服装店", "营业员", (2600, 5500)),
    ("饭馆", "厨师", (3500, 8000)),
    ("货运", "货车司机", (4500, 8500)),
    ("装修队", "木工", (4500, 8000)),
    ("家电维修部", "家电维修工", (3200, 6000)),
    ("养殖场", "养殖工", (2800, 6500)),
    ("网店", "电商客服", (2600, 6000)),
];

/// Work by the day or the piece, without an employer.
const ODD_JOBS: [&str; 7] = ["家政服务员", "搬运工", "建筑小工", "手工编织工", "苗绣工", "配送员", "保洁员"];
const HANDICRAFT: [&str; 3] = ["苗绣工", "手工编织工", "手缝工"];

/// Public bodies besides the community office that pay welfare posts.
const PUBLIC_BODIES: [&str; 4] = ["旺家社区服务中心", "丹都街道环卫所", "万山园林管理站", "旺家社区治安联防队"];

/// A job found, before its dates and pay.
pub(super) struct Offer {
    pub(super) trade: usize,
    pub(super) posting: Option<usize>,
    employer: Option<String>,
    title: String,
    region: Region,
    pay: (u32, u32),
}

impl Offer {
    /// A job of the channel for this person: a place of a posting now and then, else with somebody who advertises nothing.
    /// `light` asks for work that weak hands can do.
    pub(super) fn find(
        dice: &mut Dice,
        market: &Market,
        person: &Person,
        channel: Channel,
        light: bool,
        home: AtHome,
    ) -> Self {
        let at_posting = match channel {
            Channel::PublicWelfare => 550,
            Channel::Flexible => 300,
            Channel::Local => 120,
            Channel::Outbound => 40,
            _ => 0,
        };
        let postings = market.of(channel);
        if dice.chance(at_posting) && !postings.is_empty() {
            let index = dice.pick(postings);
            let posting = &market.postings[index];
            if fits(&TRADES[posting.trade], person, light) {
                return Self {
                    trade: posting.trade,
                    posting: Some(index),
                    employer: None,
                    title: posting.title.clone(),
                    region: market.employers[posting.employer].region,
                    pay: posting.monthly_pay,
                };
            }
        }
        Self::elsewhere(dice, market, person, channel, light, home)
    }

    /// A job of the channel that is no place of a posting.
    pub(super) fn elsewhere(
        dice: &mut Dice,
        market: &Market,
        person: &Person,
        channel: Channel,
        light: bool,
        home: AtHome,
    ) -> Self {
        match channel {
            Channel::Outbound => Self::eastern(dice, market, person, light),
            Channel::SelfEmployed => Self::business(dice, person),
            Channel::Flexible if home == AtHome::WholeDay => {
                let among = dice.pick(&HANDICRAFT);
                Self::of(trades::index_of(among), format!("居家{among}"), None, Region::Town, 65)
            }
            Channel::Flexible => {
                let trade =
                    trades::likely(dice, person, |trade| ODD_JOBS.contains(&trade.title) && fits(trade, person, light));
                Self::plain(trade.unwrap_or_else(|| trades::index_of("保洁员")), None, Region::Town, 75)
            }
            Channel::PublicWelfare => {
                let trade = trades::likely(dice, person, |trade| trade.industry == Industry::Public);
                let body = dice.pick(&PUBLIC_BODIES).to_owned();
                Self::plain(trade.unwrap_or_else(|| trades::index_of("环卫工")), Some(body), Region::Town, 100)
            }
            Channel::Farming => {
                let trade = trades::likely(dice, person, |trade| trade.industry == Industry::Farming);
                Self::plain(trade.unwrap_or_else(|| trades::index_of("种植工")), None, Region::City, 60)
            }
            Channel::Local | Channel::MicroFactory => {
                let local = |trade: &Trade| LOCAL.iter().any(|&(industry, _)| industry == trade.industry);
                let trade = trades::likely(dice, person, |trade| local(trade) && fits(trade, person, light));
                let trade = trade.unwrap_or_else(|| trades::index_of("保洁员"));
                let firm = firm(dice, &market.nearby, TRADES[trade].industry);
                let (employer, region) = firm.map_or((None, Region::Town), |(name, region)| (Some(name), region));
                Self::plain(trade, employer, region, 100)
            }
        }
    }

    fn eastern(dice: &mut Dice, market: &Market, person: &Person, light: bool) -> Self {
        let east = |trade: &Trade| EASTERN.iter().any(|&(industry, ..)| industry == trade.industry);
        let trade = trades::likely(dice, person, |trade| east(trade) && fits(trade, person, light));
        let trade = trade.unwrap_or_else(|| trades::index_of("包装工"));
        let industry = TRADES[trade].industry;
        let firm = firm(dice, &market.eastern, industry);
        let (employer, region) = firm.map_or((None, Region::OtherProvince), |(name, region)| (Some(name), region));
        // A building crew often works for a foreman with no firm's name.
        let employer = employer.filter(|_| industry != Industry::Building || !dice.chance(350));
        Self::plain(trade, employer, region, if industry == Industry::Building { 110 } else { 170 })
    }

    fn business(dice: &mut Dice, person: &Person) -> Self {
        let mut own: Vec<_> = BUSINESSES.to_vec();
        own.retain(|&(_, title, _)| TRADES[trades::index_of(title)].is_done_by(person.sex, person.age));
        let (shop, title, pay) = dice.pick(if own.is_empty() { &BUSINESSES } else { &own });
        let surname = person.name.chars().next().unwrap_or('杨');
        let mut offer = Self::plain(trades::index_of(title), Some(format!("{surname}家{shop}")), Region::Town, 100);
        offer.pay = pay;
        offer
    }

    fn plain(trade: usize, employer: Option<String>, region: Region, per_cent: u32) -> Self {
        Self::of(trade, TRADES[trade].title.to_owned(), employer, region, per_cent)
    }

    fn of(trade: usize, title: String, employer: Option<String>, region: Region, per_cent: u32) -> Self {
        let (low, high) = TRADES[trade].pay;
        let pay = (low * per_cent / 100, high * per_cent / 100);
        Self { trade, posting: None, employer, title, region, pay }
    }
}

fn fits(trade: &Trade, person: &Person, light: bool) -> bool {
    trade.is_done_by(person.sex, person.age) && (!light || trade.is_light())
}

/// A firm of the branch, if one is met in a few tries.
fn firm(dice: &mut Dice, among: &[(String, Industry, Region)], industry: Industry) -> Option<(String, Region)> {
    (0..24).find_map(|_| {
        let (name, branch, region) = among.get(dice.below(among.len()))?;
        (*branch == industry).then(|| (name.clone(), *region))
    })
}

/// The job of a person who holds a place of a posting.
pub(super) fn at_posting(dice: &mut Dice, as_of: NaiveDate, person: &Person, market: &Market, posting: usize) -> Job {
    let posting_of = &market.postings[posting];
    let employer = &market.employers[posting_of.employer];
    let offer = Offer {
        trade: posting_of.trade,
        posting: Some(posting),
        employer: Some(employer.name.clone()),
        title: posting_of.title.clone(),
        region: employer.region,
        pay: posting_of.monthly_pay,
    };
    elsewhere(dice, as_of, person, posting_of.channel, &offer)
}

/// The job an offer becomes for a person.
pub(super) fn elsewhere(dice: &mut Dice, as_of: NaiveDate, person: &Person, channel: Channel, offer: &Offer) -> Job {
    let months = dice.weighted(&[((0, 2), 12), ((3, 5), 11), ((6, 11), 22), ((12, 23), 25), ((24, 77), 30)]);
    let longest = match channel {
        // Three years is the term of a welfare post.
        Channel::PublicWelfare => 34 * 30,
        _ => 80 * 30,
    };
    let days = (dice.between(months.0, months.1) * 30 + dice.between(1, 30)).min(longest).min((person.age - 17) * 365);
    let park = channel == Channel::MicroFactory;
    let start = earlier(as_of, days);
    // A ledger without a start counts the job from the day it is read; a few rows of every ledger are like that.
    let start_known = park || !dice.chance(5);
    let (low, high) = offer.pay;
    let income = dice.between(low / 10, high / 10) * 10;
    let income_known = park || !dice.chance(45);
    let has_contract = match channel {
        Channel::MicroFactory | Channel::PublicWelfare => true,
        Channel::Outbound => dice.chance(620),
        Channel::Local => dice.chance(500),
        Channel::SelfEmployed | Channel::Flexible | Channel::Farming => false,
    };
    let contract_days = if dice.chance(110) { dice.between(3, 89) } else { dice.between(91, 700) };
    let evidence = evidence(dice, channel);
    let since = days.clamp(1, 330);
    let verified = evidence.map(|_| earlier(as_of, dice.between(0, since - 1)));
    Job {
        channel,
        region: offer.region,
        employer: offer.employer.clone(),
        title: offer.title.clone(),
        posting: offer.posting,
        start: start_known.then_some(start),
        end: None,
        income: income_known.then_some(income),
        contract_until: has_contract.then(|| later(as_of, contract_days)),
        evidence,
        verified,
    }
}

fn evidence(dice: &mut Dice, channel: Channel) -> Option<&'static str> {
    let known = !dice.chance(if channel == Channel::MicroFactory { 20 } else { 110 });
    let kind = match channel {
        Channel::MicroFactory | Channel::Local => dice.weighted(&[("劳动合同", 60), ("工资流水", 40)]),
        Channel::Outbound => dice.weighted(&[("务工证明", 45), ("工资流水", 35), ("劳动合同", 20)]),
        Channel::SelfEmployed => dice.weighted(&[("营业执照", 70), ("现场核实", 30)]),
        Channel::PublicWelfare => "公益性岗位协议",
        Channel::Flexible | Channel::Farming => "现场核实",
    };
    known.then_some(kind)
}

/// Turns a running job of a person aged 19 or more into one that ended within two years.
pub(super) fn end(dice: &mut Dice, as_of: NaiveDate, age: u32, job: &mut Job) {
    // It began at 17 at the earliest.
    let longest = (age - 17) * 365;
    let since = dice.between(8, 700.min(longest / 2));
    let ended = earlier(as_of, since);
    job.end = Some(ended);
    job.start = Some(earlier(ended, dice.between(60, 900.min(longest - since))));
    job.contract_until = None;
    job.verified = job.evidence.map(|_| ended);
}
