use wangjia::domain::codes::Hazard;
use wangjia::domain::work_limits::*;

/// Light day work with every field stated.
const LIGHT: WorkFacts<'static> = WorkFacts {
    underground_mine: Some(false),
    night_work: Some(false),
    overtime: Some(false),
    hazards: Some(&[]),
    physical_grade: Some(2),
    load_kg: Some(10),
    lifts_per_hour: None,
    forced_posture: Some(false),
};

#[test]
fn light_day_work_is_open_to_minors() {
    assert_eq!(minor_prohibition(&LIGHT), None);
    assert_eq!(minor_prohibition(&WorkFacts { underground_mine: None, ..LIGHT }), None);
}

#[test]
fn each_stated_fact_closes_work_to_minors() {
    for (work, why) in [
        (WorkFacts { underground_mine: Some(true), ..LIGHT }, MinorLimit::Mine),
        (WorkFacts { night_work: Some(true), ..LIGHT }, MinorLimit::Night),
        (WorkFacts { overtime: Some(true), ..LIGHT }, MinorLimit::Overtime),
        (WorkFacts { physical_grade: Some(4), ..LIGHT }, MinorLimit::GradeFour),
        (WorkFacts { load_kg: Some(21), lifts_per_hour: Some(6), ..LIGHT }, MinorLimit::RepeatedLoad),
        (WorkFacts { load_kg: Some(26), ..LIGHT }, MinorLimit::HeavyLoad),
        (WorkFacts { forced_posture: Some(true), ..LIGHT }, MinorLimit::ForcedPosture),
    ] {
        assert_eq!(minor_prohibition(&work), Some(why));
    }
    for work in [
        WorkFacts { physical_grade: Some(3), ..LIGHT },
        WorkFacts { load_kg: Some(20), lifts_per_hour: Some(30), ..LIGHT },
        WorkFacts { load_kg: Some(25), lifts_per_hour: Some(5), ..LIGHT },
    ] {
        assert_eq!(minor_prohibition(&work), None, "{work:?}");
    }
}

#[test]
fn what_a_posting_does_not_say_counts_as_prohibited_for_minors() {
    for (work, why) in [
        (WorkFacts { night_work: None, ..LIGHT }, MinorLimit::NightUnknown),
        (WorkFacts { overtime: None, ..LIGHT }, MinorLimit::OvertimeUnknown),
        (WorkFacts { hazards: None, ..LIGHT }, MinorLimit::HazardsUnknown),
        (WorkFacts { physical_grade: None, ..LIGHT }, MinorLimit::GradeUnknown),
        (WorkFacts { load_kg: None, ..LIGHT }, MinorLimit::LoadUnknown),
        (WorkFacts { load_kg: Some(21), lifts_per_hour: None, ..LIGHT }, MinorLimit::LoadUnknown),
        (WorkFacts { forced_posture: None, ..LIGHT }, MinorLimit::PostureUnknown),
    ] {
        assert_eq!(minor_prohibition(&work), Some(why));
    }
    assert_eq!(minor_prohibition(&WorkFacts::default()), Some(MinorLimit::NightUnknown));
    // A stated breach is told before what is missing.
    let heavy = WorkFacts { physical_grade: Some(4), ..WorkFacts::default() };
    assert_eq!(minor_prohibition(&heavy), Some(MinorLimit::GradeFour));
}

#[test]
fn hazards_close_work_to_minors_from_their_grade_on() {
    for (hazard, first_closed) in [
        (Hazard::Dust, 1),
        (Hazard::Toxic, 1),
        (Hazard::Height, 2),
        (Hazard::ColdWater, 2),
        (Hazard::Heat, 3),
        (Hazard::LowTemperature, 3),
        (Hazard::Flammable, 1),
        (Hazard::Noise, 1),
        (Hazard::Radiation, 1),
        (Hazard::Other, 1),
    ] {
        for grade in 1..=4 {
            let hazards = [(hazard, Some(grade))];
            let closed = minor_prohibition(&WorkFacts { hazards: Some(&hazards), ..LIGHT });
            assert_eq!(closed, (grade >= first_closed).then_some(MinorLimit::HazardousWork), "{hazard:?} {grade}");
        }
        assert!(hazard_closed_to_minors(hazard, None), "an unknown grade is closed");
    }
}

#[test]
fn only_stated_facts_are_on_the_womens_list() {
    assert_eq!(forbidden_to_women(&WorkFacts::default()), None);
    assert_eq!(forbidden_to_women(&LIGHT), None);
    for (work, why) in [
        (WorkFacts { underground_mine: Some(true), ..LIGHT }, WomenLimit::Mine),
        (WorkFacts { physical_grade: Some(4), ..LIGHT }, WomenLimit::GradeFour),
        (WorkFacts { load_kg: Some(21), lifts_per_hour: Some(6), ..LIGHT }, WomenLimit::RepeatedLoad),
        (WorkFacts { load_kg: Some(26), lifts_per_hour: Some(1), ..LIGHT }, WomenLimit::HeavyLoad),
    ] {
        assert_eq!(forbidden_to_women(&work), Some(why));
        assert!(minor_prohibition(&work).is_some(), "what is closed to women is closed to minors");
    }
    for work in [
        WorkFacts { load_kg: Some(21), lifts_per_hour: Some(5), ..LIGHT },
        WorkFacts { load_kg: Some(21), lifts_per_hour: None, ..LIGHT },
        WorkFacts { load_kg: Some(25), lifts_per_hour: None, ..LIGHT },
        WorkFacts { load_kg: Some(20), lifts_per_hour: Some(6), ..LIGHT },
        WorkFacts { physical_grade: Some(3), ..LIGHT },
        WorkFacts { night_work: Some(true), ..LIGHT },
    ] {
        assert_eq!(forbidden_to_women(&work), None, "{work:?}");
    }
}
