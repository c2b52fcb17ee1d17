//! Plans as people read them on a terminal.

use super::Common;
use super::table::table;
use crate::app::plans::Worth;
use crate::app::plans::adopt::Adoption;
use crate::app::plans::amount::amount;
use crate::app::plans::gap::Ranking;
use crate::app::plans::pins::Pin;
use crate::app::plans::view::{Change, Full, Household, Placement, PostingName, Summary};
use crate::domain::codes::PinKind;
use crate::domain::text::{Label, Text};

fn rows(head: &[(&str, &str)], numeric: &[usize], rows: Vec<Vec<String>>, common: &Common) -> String {
    let head: Vec<String> = head.iter().map(|(zh, en)| common.text(zh, en)).collect();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    table(&head, numeric, rows).to_string()
}

fn word(label: Label, common: &Common) -> String {
    label.get(common.lang).to_owned()
}

fn posting(name: &PostingName) -> String {
    format!("{} · {}(#{})", name.employer, name.title, name.id)
}

fn said(text: &Text, common: &Common) -> String {
    text.get(common.lang).to_owned()
}

fn maybe(id: Option<i64>) -> String {
    id.map(|id| format!("#{id}")).unwrap_or_default()
}

pub fn summaries(plans: &[Summary], common: &Common) -> String {
    let line = |plan: &Summary| {
        let figures = &plan.figures;
        vec![
            plan.id.to_string(),
            word(plan.standing.label(), common),
            figures.as_of.to_string(),
            maybe(figures.parent_id),
            figures.covered_before.to_string(),
            figures.covered_after.to_string(),
            figures.uncovered.to_string(),
            figures.placed.to_string(),
        ]
    };
    let head = [
        ("编号", "id"),
        ("状态", "state"),
        ("日期", "date"),
        ("上一计划", "parent"),
        ("现已覆盖", "covered now"),
        ("计划后", "after"),
        ("仍未覆盖", "uncovered"),
        ("安排人数", "placed"),
    ];
    rows(&head, &[0, 4, 5, 6, 7], plans.iter().map(line).collect(), common)
}

pub fn full(plan: &Full, common: &Common) -> String {
    let figures = &plan.summary.figures;
    let (id, standing) = (plan.summary.id, word(plan.summary.standing.label(), common));
    let exempt = figures.households - figures.covered_after - figures.uncovered;
    let newly = figures.covered_after - figures.covered_before;
    let mut out = common.text(
        &format!(
            "计划 #{id}（{standing}，{}）\n全部 {} 户 = 覆盖 {}（现有 {} + 新增 {newly}）+ 未覆盖 {} + 不计入 {exempt}；安排 {} 人，保留承诺 {}/{}\n\
             方案值 {} = 上界 {}：没有更好的安排\n",
            figures.as_of, figures.households, figures.covered_after, figures.covered_before, figures.uncovered,
            figures.placed, figures.kept, figures.promises, figures.value, figures.bound,
        ),
        &format!(
            "plan #{id} ({standing}, {})\nall {} households = covered {} (now {} + new {newly}) + uncovered {} + exempt {exempt}; \
             {} placed, {} of {} promises kept\nvalue {} = bound {}: no better plan exists\n",
            figures.as_of, figures.households, figures.covered_after, figures.covered_before, figures.uncovered,
            figures.placed, figures.kept, figures.promises, figures.value, figures.bound,
        ),
    );
    let mut compared = vec![vec![
        common.text("本计划", "this plan"),
        newly.to_string(),
        figures.placed.to_string(),
        figures.suitability.to_string(),
    ]];
    compared.extend(plan.baselines.iter().map(|row| {
        vec![
            word(row.rule.label(), common),
            row.households.to_string(),
            row.placed.to_string(),
            row.suitability.to_string(),
        ]
    }));
    let head = [("做法", "rule"), ("新覆盖户", "newly covered"), ("安排人数", "placed"), ("适合度合计", "points")];
    out += &rows(&head, &[1, 2, 3], compared, common);
    if !plan.scarcest.is_empty() {
        let line = |price: &crate::app::plans::view::Price| {
            vec![posting(&price.posting), price.vacancies.to_string(), said(&amount(&price.amount), common)]
        };
        let head =
            [("岗位", "posting"), ("空缺", "vacancies"), ("再多一个名额至多增加", "one more place adds at most")];
        out += "\n";
        out += &rows(&head, &[1], plan.scarcest.iter().map(line).collect(), common);
    }
    if !plan.uncovered.is_empty() {
        let line = |(class, n): &(Option<crate::domain::codes::UncoveredClass>, i64)| {
            let class =
                class.map_or_else(|| common.text("未分类", "not classified"), |class| word(class.label(), common));
            vec![class, n.to_string()]
        };
        out += "\n";
        let head = [("仍未覆盖的原因", "why uncovered"), ("户数", "households")];
        out += &rows(&head, &[1], plan.uncovered.iter().map(line).collect(), common);
    }
    if !plan.overrides.is_empty() {
        let line = |row: &crate::app::plans::view::Override| {
            vec![
                format!("#{}", row.pin),
                word(row.kind.label(), common),
                format!("#{} → #{}", row.resident_id, row.posting_id),
                row.reason.clone(),
                row.households.to_string(),
                said(&amount(&row.cost), common),
            ]
        };
        let head = [
            ("决定", "decision"),
            ("类型", "kind"),
            ("居民 → 岗位", "resident → posting"),
            ("理由", "reason"),
            ("少覆盖户数", "fewer households covered"),
            ("代价", "cost"),
        ];
        out += "\n";
        out += &rows(&head, &[4], plan.overrides.iter().map(line).collect(), common);
    }
    out
}

pub fn placements(placements: &[Placement], common: &Common) -> String {
    let line = |placement: &Placement| {
        let row = &placement.row;
        let mark = match (row.pinned, row.kept) {
            (true, _) => word(PinKind::Pin.label(), common),
            (false, true) => common.text("保留", "kept"),
            (false, false) => String::new(),
        };
        vec![
            format!("{}(#{})", placement.resident_name, row.resident_id),
            format!("#{}", row.household_id),
            posting(&placement.posting),
            row.suitability.to_string(),
            mark,
        ]
    };
    let head =
        [("居民", "resident"), ("户", "household"), ("岗位", "posting"), ("适合度", "suitability"), ("说明", "note")];
    rows(&head, &[3], placements.iter().map(line).collect(), common)
}

pub fn changes(changes: &[Change], common: &Common) -> String {
    if changes.is_empty() {
        return common.text(
            "与上一计划相比没有变化（--all 列出全部保留的安排）。",
            "Nothing changes from the parent plan (--all lists what is kept).",
        );
    }
    let line = |change: &Change| {
        let mut why = change.row.reason.map(|reason| word(reason.label(), common)).unwrap_or_default();
        if let Some(gate) = &change.gate {
            why += &format!(" ({})", gate.get(common.lang));
        }
        if let Some(household) = change.row.for_household_id {
            why += &common.text(&format!("（#{household} 户）"), &format!(" (household #{household})"));
        }
        vec![
            format!("{}(#{})", change.resident_name, change.row.resident_id),
            word(change.row.kind.label(), common),
            change.from.as_ref().map(posting).unwrap_or_default(),
            change.to.as_ref().map(posting).unwrap_or_default(),
            why,
        ]
    };
    let head = [("居民", "resident"), ("变化", "change"), ("原岗位", "from"), ("新岗位", "to"), ("原因", "why")];
    rows(&head, &[], changes.iter().map(line).collect(), common)
}

/// What a plan makes of households, and why some stay uncovered.
pub fn households(households: &[Household], common: &Common) -> String {
    let line = |row: &Household| {
        let class = row.class.map(|class| word(class.label(), common)).unwrap_or_default();
        let code = row.code.as_deref().unwrap_or_default();
        let state = word(row.state.label(), common);
        let said: Vec<String> = row.sentences().iter().map(|text| self::said(text, common)).collect();
        vec![format!("{code}(#{})", row.household_id), state, class, said.join("\n")]
    };
    let head = [("户", "household"), ("状态", "state"), ("原因", "why"), ("依据", "evidence")];
    rows(&head, &[], households.iter().map(line).collect(), common)
}

/// What would close the gap of a plan.
pub fn gap(plan: i64, rankings: &[Ranking], common: &Common) -> String {
    let mut out = common.text(
        &format!("计划 #{plan} 之外还能多覆盖的办法，按每单位增加的覆盖权重排列："),
        &format!("What would cover more households than plan #{plan}, by covered weight per unit:"),
    );
    let line = |worth: &Worth| {
        let covers: Vec<String> = worth.covers.iter().map(|id| format!("#{id}")).collect();
        let per_unit = worth.gain.covered as f64 / f64::from(worth.units.max(1));
        vec![worth.text.get(common.lang).to_owned(), format!("{per_unit:.2}"), covers.join(" ")]
    };
    let head = [("办法", "change"), ("每单位权重", "weight per unit"), ("多覆盖的户", "households it would cover")];
    let best: Vec<Vec<String>> = rankings.iter().flat_map(|ranking| &ranking.best).map(line).collect();
    if !best.is_empty() {
        out += "\n";
        out += &rows(&head, &[1], best, common);
    }
    for ranking in rankings {
        let (kind, n) = (word(ranking.kind.label(), common), ranking.candidates);
        let (worthless, evaluated) = (ranking.worthless, ranking.evaluated);
        out += "\n";
        out += &common.text(
            &format!("{kind}：{n} 项可考虑，{worthless} 项由价格证明无助于多覆盖，精确求解 {evaluated} 项"),
            &format!("{kind}: {n} candidates, {worthless} proved useless by the prices, {evaluated} solved exactly"),
        );
        if !ranking.complete {
            out += &common.text("（其余未求解，可能更好）", " (others were not solved and may be better)");
        }
    }
    out
}

pub fn adoption(adopted: &Adoption, common: &Common) -> String {
    common.text(
        &format!(
            "计划 #{} 已采用；第 {} 次推荐中有 {} 条安排待工作人员逐一确认，{} 条已不可行。",
            adopted.plan, adopted.run, adopted.n_recommended, adopted.n_impossible
        ),
        &format!(
            "Plan #{} is in force; run {} holds {} placements for counselors to decide, {} have become impossible.",
            adopted.plan, adopted.run, adopted.n_recommended, adopted.n_impossible
        ),
    )
}

pub fn pins(pins: &[Pin], common: &Common) -> String {
    let line = |pin: &Pin| {
        vec![
            pin.id.to_string(),
            word(pin.kind.label(), common),
            format!("#{}", pin.resident_id),
            format!("#{}", pin.posting_id),
            pin.reason.clone(),
            pin.made_at.date().to_string(),
            pin.ended_at.map(|at| at.date().to_string()).unwrap_or_default(),
        ]
    };
    let head = [
        ("编号", "id"),
        ("类型", "kind"),
        ("居民", "resident"),
        ("岗位", "posting"),
        ("理由", "reason"),
        ("作出", "made"),
        ("结束", "ended"),
    ];
    rows(&head, &[0], pins.iter().map(line).collect(), common)
}
