//! Another solver on the same instances: a linear program, stated from the definition and solved by the simplex method.
//!
//! The relaxation is integral (the constraints are those of a flow), so its optimum is the plan's value; it is compared with the
//! plan's folded value, stated with the folded rewards the certificate computes.

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, default_solver, variable};
use wangjia::engine::plan::certificate::least_fold;

use super::support::{Dice, Shape, Small, random};

fn optimum(small: &Small) -> f64 {
    let fold = least_fold(&small.terms(), &small.rows()).unwrap_or_else(|fault| panic!("small numbers fit: {fault:?}"));
    let mut variables = ProblemVariables::new();
    let x: Vec<Variable> = small.pairs.iter().map(|_| variables.add(variable().min(0).max(1))).collect();
    // y = 1: the household is covered.
    let y: Vec<Variable> = small.households.iter().map(|_| variables.add(variable().min(0).max(1))).collect();
    let sum_of = |wanted: &dyn Fn(&(u32, u32, u32)) -> bool| -> Expression {
        small.pairs.iter().zip(&x).filter(|(pair, _)| wanted(pair)).map(|(_, x)| *x).sum()
    };
    let points: Expression = small.pairs.iter().zip(&x).map(|(pair, x)| f64::from(pair.2) * *x).sum();
    let covered: Expression =
        small.households.iter().zip(&y).map(|((weight, _), y)| fold.covered as f64 * f64::from(*weight) * *y).sum();
    let mut model = variables.maximise(points + covered).using(default_solver);
    for r in 0..small.household_of.len() as u32 {
        model = model.with(sum_of(&|pair| pair.0 == r).leq(1));
    }
    for (p, vacancies) in (0..).zip(&small.vacancies) {
        model = model.with(sum_of(&|pair| pair.1 == p).leq(*vacancies));
    }
    for (h, (_, limit)) in (0..).zip(&small.households) {
        let placed = || sum_of(&|pair| small.household_of[pair.0 as usize] == h);
        model = model.with(placed().leq(*limit));
        model = model.with((Expression::from(y[h as usize]) - placed()).leq(0));
    }
    let solution = model.solve().unwrap_or_else(|error| panic!("the empty plan is feasible: {error}"));
    let x = small.pairs.iter().zip(&x).map(|(pair, x)| f64::from(pair.2) * solution.value(*x));
    let y = small
        .households
        .iter()
        .zip(&y)
        .map(|((weight, _), y)| fold.covered as f64 * f64::from(*weight) * solution.value(*y));
    x.sum::<f64>() + y.sum::<f64>()
}

#[test]
fn a_linear_program_finds_the_same_optimum_on_medium_towns() {
    let mut dice = Dice(11);
    let shape = Shape {
        households: 40,
        members: 4,
        residents: 120,
        postings: 12,
        vacancies: 6,
        eligible: 25,
        levels: 1_000,
        decided: 0,
    };
    for _ in 0..40 {
        let mut small = random(&mut dice, shape);
        // Suitabilities near each other keep the program's floating point far from its limits.
        small.pairs.iter_mut().for_each(|pair| pair.2 %= 1_000);
        let plan = small.proved(small.outcome());
        let (value, optimum) = (plan.value as f64, optimum(&small));
        assert!((value - optimum).abs() < 0.5, "plan {value}, linear program {optimum}\n{small:?}");
    }
}
