//! Who offers work, and what? Park tenants, firms in the east, local firms and the community, with their postings.
//!
//! Invariants: employer names are unique, and so are the titles of one employer, because a ledger links a job to a posting by
//! these two; the park has the plan's number of places; no posting says anything the posting law forbids.

use chrono::{Days, NaiveDate};

use super::dice::{Dice, Stage};
use super::firms::{BRANDS, EAST, EASTERN, HOME, Hours, LOCAL, TENANTS};
use super::model::{Employer, Posting};
use super::trades::{Industry, TRADES, of_industry};
use super::{TownError, TownPlan};
use crate::domain::codes::{Channel, EmployerKind, Hazard, Importance, PayKind, Region};
use crate::domain::credit_code::CreditCode;
use crate::domain::money;

pub(super) struct Market {
    pub(super) employers: Vec<Employer>,
    /// `headcount` holds the places of the park, and the open places elsewhere until people have been placed.
    pub(super) postings: Vec<Posting>,
    /// Postings of each channel, by the channel's place in [`Channel::ALL`].
    by_channel: Vec<Vec<usize>>,
    /// Firms that advertise nothing, in the east and nearby: name, branch, region.
    pub(super) eastern: Vec<(String, Industry, Region)>,
    pub(super) nearby: Vec<(String, Industry, Region)>,
}

impl Market {
    /// Postings of a channel.
    pub(super) fn of(&self, channel: Channel) -> &[usize] {
        &self.by_channel[channel as usize]
    }
}

struct Builder<'a> {
    plan: &'a TownPlan,
    dice: Dice,
    market: Market,
    names: Vec<String>,
}

/// Employers and postings of a plan.
pub(super) fn build(plan: &TownPlan) -> Result<Market, TownError> {
    let dice = Dice::new(plan.seed, Stage::Openings);
    let market = Market {
        employers: Vec::new(),
        postings: Vec::new(),
        by_channel: vec![Vec::new(); Channel::ALL.len()],
        eastern: Vec::new(),
        nearby: Vec::new(),
    };
    let mut builder = Builder { plan, dice, market, names: Vec::new() };
    let share = |per_cent: u32| plan.postings * per_cent / 100;
    let (outbound, local, welfare, flexible) = (share(18), share(14), share(5), share(3));
    builder.park(plan.postings.saturating_sub(outbound + local + welfare + flexible))?;
    builder.outbound(outbound)?;
    builder.local(local)?;
    builder.welfare(welfare)?;
    builder.flexible(flexible)?;
    for _ in 0..(plan.households / 70).max(30) {
        let (industry, word, _) = builder.eastern();
        // One in twelve stayed in the province.
        let (region, town) = if builder.dice.chance(85) {
            (Region::Province, "贵阳")
        } else {
            (Region::OtherProvince, builder.dice.pick(&EAST).1)
        };
        let name = builder.name(town, word);
        builder.market.eastern.push((name, industry, region));
    }
    for nth in 0..(plan.households as usize / 100).max(3 * LOCAL.len()) {
        let (industry, word) = LOCAL[nth % LOCAL.len()];
        let name = builder.name("万山", word);
        let region = builder.dice.weighted(&[(Region::Town, 60), (Region::County, 40)]);
        builder.market.nearby.push((name, industry, region));
    }
    Ok(builder.market)
}

impl Builder<'_> {
    fn eastern(&mut self) -> (Industry, &'static str, u32) {
        let weights: Vec<_> = EASTERN.iter().map(|&entry| (entry, entry.2)).collect();
        self.dice.weighted(&weights)
    }

    /// A firm's name not used before.
    fn name(&mut self, town: &str, word: &str) -> String {
        let part = |dice: &mut Dice, of: &str| of.chars().nth(dice.below(of.chars().count())).unwrap_or('兴');
        loop {
            let mut brand = String::from(part(&mut self.dice, BRANDS.0));
            brand.push(part(&mut self.dice, BRANDS.1));
            // Once pairs run short a third character tells them apart.
            if self.names.len() > 400 {
                brand.push(part(&mut self.dice, BRANDS.0));
            }
            let name = format!("{town}{brand}{word}");
            if !self.names.contains(&name) {
                self.names.push(name.clone());
                return name;
            }
        }
    }

    fn employ(
        &mut self,
        name: String,
        kind: EmployerKind,
        industry: Industry,
        place: &'static str,
        province: &'static str,
    ) -> Result<usize, TownError> {
        let index = self.market.employers.len();
        let body = format!("91529900MA{index:07}");
        let credit_code = CreditCode::compose(&body).ok_or(TownError::Employers(index))?.as_str().to_owned();
        let region = match kind {
            EmployerKind::Outbound => Region::OtherProvince,
            EmployerKind::Tenant | EmployerKind::PublicWelfare => Region::Town,
            EmployerKind::Local if place == HOME => Region::Town,
            EmployerKind::Local => self.dice.weighted(&[(Region::Town, 60), (Region::County, 40)]),
        };
        let industry = industry.name();
        self.market.employers.push(Employer { name, credit_code, kind, industry, place, province, region });
        Ok(index)
    }

    fn park(&mut self, n_postings: u32) -> Result<(), TownError> {
        let n_postings = n_postings as usize;
        let n_tenants = n_postings.div_ceil(7).max(TENANTS.len());
        let mut weights = Vec::with_capacity(n_postings);
        for tenant in 0..n_tenants {
            let (name, industry, size) = TENANTS[tenant % TENANTS.len()];
            let name = if tenant < TENANTS.len() { name.to_owned() } else { self.name("万山", industry.name()) };
            let employer = self.employ(name, EmployerKind::Tenant, industry, "园区", "贵州省")?;
            let trades = of_industry(industry);
            for (nth, _) in (tenant..n_postings).step_by(n_tenants).enumerate() {
                let index = trades[nth % trades.len()];
                let trade = &TRADES[index];
                let hours = self.dice.weighted(&[(Hours::SixDays, 40), (Hours::Week, 34), (Hours::WhileAtSchool, 26)]);
                let hours = if nth < trades.len() { hours } else { Hours::WhileAtSchool };
                let title = match nth / trades.len() {
                    0 => trade.title.to_owned(),
                    1 => format!("{}(弹性班)", trade.title),
                    group => format!("{}({group}组)", trade.title),
                };
                self.post(employer, Channel::MicroFactory, index, title, hours, 100, 0);
                // The trade a branch lives on comes first and is the largest.
                weights.push(size * if nth == 0 { 3 } else { 1 } + self.dice.between(0, 6));
            }
        }
        let places = self.plan.n_places(&mut self.dice).max(u32::try_from(n_postings).unwrap_or(u32::MAX));
        for (posting, places) in self.market.postings.iter_mut().zip(apportion(places, &weights)) {
            posting.headcount = places;
        }
        Ok(())
    }

    fn outbound(&mut self, n_postings: u32) -> Result<(), TownError> {
        let mut employer = None;
        let mut posted = 0;
        while posted < n_postings {
            // Now and then a firm wants people for a second job.
            let (firm, industry) = match employer.take() {
                Some(firm) if self.dice.chance(300) => firm,
                _ => {
                    let (industry, word, _) = self.eastern();
                    let (province, town) = self.dice.pick(&EAST);
                    let name = self.name(town, word);
                    (self.employ(name, EmployerKind::Outbound, industry, town, province)?, industry)
                }
            };
            let hours = match industry {
                Industry::Building => Hours::SixDays,
                Industry::Catering => Hours::Evening,
                _ => self.dice.weighted(&[(Hours::TwoShifts, 45), (Hours::Week, 55)]),
            };
            let open = self.dice.between(3, 7);
            let per_cent = if industry == Industry::Building { 115 } else { 180 };
            if self.post_any(firm, Channel::Outbound, industry, hours, per_cent, open) {
                employer = Some((firm, industry));
                posted += 1;
            }
        }
        Ok(())
    }

    fn local(&mut self, n_postings: u32) -> Result<(), TownError> {
        for nth in 0..n_postings as usize {
            let (industry, word) = LOCAL[nth % LOCAL.len()];
            let name = self.name("万山", word);
            let employer = self.employ(name, EmployerKind::Local, industry, "万山城区", "贵州省")?;
            let hours = match industry {
                Industry::Catering | Industry::Retail => Hours::Evening,
                _ => self.dice.weighted(&[(Hours::Week, 60), (Hours::SixDays, 40)]),
            };
            let open = self.dice.between(1, 3);
            self.post_any(employer, Channel::Local, industry, hours, 100, open);
        }
        Ok(())
    }

    fn welfare(&mut self, n_postings: u32) -> Result<(), TownError> {
        if n_postings == 0 {
            return Ok(());
        }
        let name = "旺家社区居民委员会".to_owned();
        let employer = self.employ(name, EmployerKind::PublicWelfare, Industry::Public, "旺家社区", "贵州省")?;
        for nth in 0..n_postings as usize {
            let trades = of_industry(Industry::Public);
            let index = trades[nth % trades.len()];
            let trade = &TRADES[index];
            let title = match nth / trades.len() {
                0 => trade.title.to_owned(),
                round => format!("{}({}组)", trade.title, round + 1),
            };
            let open = self.dice.between(1, 3);
            self.post(employer, Channel::PublicWelfare, index, title, Hours::Week, 100, open);
        }
        Ok(())
    }

    /// Handicraft done at home.
    fn flexible(&mut self, n_postings: u32) -> Result<(), TownError> {
        for nth in 0..n_postings {
            let name = self.name("旺家", "手工合作社");
            let employer = self.employ(name, EmployerKind::Local, Industry::Embroidery, HOME, "贵州省")?;
            let wanted = if nth % 2 == 0 { "苗绣工" } else { "手工编织工" };
            let Some(trade) = TRADES.iter().position(|trade| trade.title == wanted) else { continue };
            let open = self.dice.between(5, 9);
            self.post(employer, Channel::Flexible, trade, format!("居家{wanted}"), Hours::WhileAtSchool, 95, open);
        }
        Ok(())
    }

    /// Posts a trade of the branch that the employer does not advertise yet; `false` where there is none left.
    fn post_any(
        &mut self,
        employer: usize,
        channel: Channel,
        industry: Industry,
        hours: Hours,
        per_cent: u32,
        open: u32,
    ) -> bool {
        let posted = self.market.postings.iter().filter(|posting| posting.employer == employer);
        let taken: Vec<usize> = posted.map(|posting| posting.trade).collect();
        let free: Vec<usize> = of_industry(industry).into_iter().filter(|index| !taken.contains(index)).collect();
        let Some(&first) = free.first() else { return false };
        let index = if taken.is_empty() && self.dice.chance(500) { first } else { self.dice.pick(&free) };
        self.post(employer, channel, index, TRADES[index].title.to_owned(), hours, per_cent, open);
        true
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a posting is these things; a struct of them would be used here only"
    )]
    fn post(
        &mut self,
        employer: usize,
        channel: Channel,
        index: usize,
        title: String,
        hours: Hours,
        per_cent: u32,
        open: u32,
    ) {
        let trade = &TRADES[index];
        let as_of = self.plan.as_of;
        let dice = &mut self.dice;
        let park = channel == Channel::MicroFactory;
        let two_shifts = matches!(hours, Hours::TwoShifts);
        let short = matches!(hours, Hours::WhileAtSchool);
        // Short days pay less, but never below what the park's average needs.
        let per_cent = if short && park { per_cent - 6 } else { per_cent };
        let round = |yuan: u32| (yuan * per_cent / 100).div_ceil(50) * 50;
        let pay = (round(trade.pay.0), round(trade.pay.1) + dice.between(0, 4) * 50);
        let pay_kind = match (channel, trade.industry) {
            (Channel::Flexible, _) => PayKind::Piece,
            (Channel::MicroFactory, Industry::Embroidery | Industry::Garments | Industry::Shoes)
                if dice.chance(500) =>
            {
                PayKind::Piece
            }
            (Channel::Outbound, Industry::Building) if dice.chance(500) => PayKind::Daily,
            (Channel::Local, Industry::Catering | Industry::Care) if dice.chance(400) => PayKind::Hourly,
            _ => PayKind::Monthly,
        };
        // Hours by the hour are few, so an hour pays half as much again as one of a whole month.
        let pay = if pay_kind == PayKind::Hourly { (pay.0 * 3 / 2, pay.1 * 3 / 2) } else { pay };
        let pay_fen = (posted(pay_kind, pay.0), posted(pay_kind, pay.1));
        let monthly_pay = (
            money::monthly_yuan(pay_kind, pay_fen.0).unwrap_or(pay.0),
            money::monthly_yuan(pay_kind, pay_fen.1).unwrap_or(pay.1),
        );
        let overtime =
            two_shifts || (channel == Channel::Outbound && dice.chance(600)) || (park && !short && dice.chance(180));
        // Some name a highest age and add that it may be relaxed.
        let soft = channel == Channel::Outbound && dice.chance(160);
        let dangerous = trade.hazards.iter().any(|&(kind, _)| kind != Hazard::Noise);
        let lowest = (dangerous || two_shifts).then_some(18);
        let must = trade.experience_months > 0 || dice.chance(250);
        let skills = trade.skills.iter().enumerate();
        let skills = skills
            .map(|(nth, &skill)| (skill, if nth == 0 && must { Importance::Must } else { Importance::Nice }))
            .collect();
        let staff = &self.market.employers[employer];
        let commute_minutes = match (channel, staff.region) {
            (Channel::Local | Channel::PublicWelfare, Region::Town) => Some(dice.between(8, 20)),
            (Channel::Local, _) => Some(dice.between(20, 45)),
            _ => None,
        };
        let teach =
            if trade.training_days > 0 { format!("，带教{}天", trade.training_days) } else { String::new() };
        let offered = match channel {
            Channel::Outbound => "提供食宿",
            Channel::Flexible => "材料统一发放，成品统一收取",
            _ => "提供工作餐",
        };
        let posting = Posting {
            code: format!("GW{:05}", self.market.postings.len() + 1),
            employer,
            title,
            trade: index,
            channel,
            headcount: open,
            filled: 0,
            pay_kind,
            pay_fen,
            monthly_pay,
            shift: hours.shift(),
            hours: hours.timetable(),
            night: two_shifts,
            overtime,
            grade: trade.grade,
            load_kg: trade.load_kg,
            lifts_per_hour: trade.lifts_per_hour,
            forced_posture: trade.forced_posture,
            hazards: Some(trade.hazards.to_vec()),
            age: (lowest, soft.then_some(45)),
            age_is_soft: soft,
            skills,
            certificates: trade.licence.into_iter().collect(),
            experience_months: trade.experience_months,
            training_days: trade.training_days,
            commute_minutes,
            place: staff.place,
            start: later(as_of, dice.between(3, 20)),
            valid_from: earlier(as_of, dice.between(2, 60)),
            valid_until: later(as_of, dice.between(30, 150)),
            description: format!("从事{}{teach}，{offered}。", trade.skills.join("、")),
        };
        self.market.by_channel[channel as usize].push(self.market.postings.len());
        self.market.postings.push(posting);
    }
}

/// Fen in the unit of `kind` that come to at least `monthly` yuan, in the round figures of advertisements.
fn posted(kind: PayKind, monthly: u32) -> i64 {
    i64::from(match kind {
        PayKind::Monthly | PayKind::Piece => monthly * 100,
        // Tens of yuan a day, half yuan an hour.
        PayKind::Daily => (monthly * 100).div_ceil(2175).div_ceil(10) * 1000,
        PayKind::Hourly => (monthly * 100).div_ceil(2175 * 8 / 2) * 50,
    })
}

/// A day so many days before; the day itself at the end of the calendar.
pub(super) fn earlier(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(days))).unwrap_or(day)
}

/// A day so many days later; the day itself at the end of the calendar.
pub(super) fn later(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(day)
}

/// Shares `total` out by weight, at least one each where `total` allows; the parts add up to `total`.
fn apportion(total: u32, weights: &[u32]) -> Vec<u32> {
    let sum: u64 = weights.iter().map(|&weight| u64::from(weight)).sum::<u64>().max(1);
    let spare = total.saturating_sub(u32::try_from(weights.len()).unwrap_or(u32::MAX));
    let mut below = 0_u64;
    let mut given = 0_u64;
    weights
        .iter()
        .map(|&weight| {
            below += u64::from(weight);
            let until = u64::from(spare) * below / sum;
            let part = until - given;
            given = until;
            u32::try_from(part).unwrap_or(u32::MAX).saturating_add(1)
        })
        .collect()
}
