//! What meaning is worth, measured on data of third parties where they are at hand: `benches/README.md` has the figures.
//!
//! ```text
//! cargo test --release --no-default-features --test engine measured -- --nocapture
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::PathBuf;

use wangjia::engine::input::SkillId;
use wangjia::engine::similarity::SkillTable;
use wangjia::engine::vocabulary::meaning::{Concepts, Meaning, Occupation};
use wangjia::engine::vocabulary::{builtin_skills, normalise};

use super::builtin;
use super::data_folder;
use super::misses::FAR_APART;

/// The lines of a file of the data folder; `None`, said aloud, where it is absent.
#[expect(clippy::unwrap_used, reason = "a file that is there but cannot be read must stop the test")]
fn lines(file: &str) -> Option<Vec<String>> {
    let found = data_folder().map(|folder| folder.join(file)).filter(|file: &PathBuf| file.is_file());
    if found.is_none() {
        println!("DATA ABSENT: {file} is not at hand (WANGJIA_TEST_DATA); nothing is measured with it");
    }
    Some(fs::read_to_string(found?).unwrap().lines().map(str::to_owned).collect())
}

/// The national classification: `level,code,name,definition`, no quotes, marks S and L behind some names.
fn national() -> Option<Meaning> {
    let occupations = lines("occupations/occupations_2022.csv")?.into_iter().skip(1).filter_map(|line| {
        let mut fields = line.split(',').skip(1).map(str::to_owned);
        let (code, name, definition) = (fields.next()?, fields.next()?, fields.next()?);
        let name = name.trim_end_matches(['S', 'L', '/']).to_owned();
        Some(Occupation { code, name, definition })
    });
    Some(Meaning::new(occupations))
}

/// Related terms of a job portal, by term.
fn related() -> Option<BTreeMap<String, BTreeSet<String>>> {
    let pairs = lines("text/related_job_terms.tsv")?.into_iter().skip(1).filter_map(|line| {
        let (head, related) = line.split_once('\t')?;
        Some((head.to_owned(), related.split(',').filter(|term| *term != head).map(str::to_owned).collect()))
    });
    Some(pairs.collect())
}

/// TF-IDF of characters and their pairs, and nothing else: what meaning is compared with.
struct Characters {
    n: f64,
    texts: HashMap<String, f64>,
}

impl Characters {
    fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let (mut n, mut texts) = (0.0, HashMap::new());
        for name in names {
            n += 1.0;
            for gram in grams(name).into_iter().collect::<HashSet<_>>() {
                *texts.entry(gram).or_default() += 1.0;
            }
        }
        Self { n, texts }
    }

    fn vector(&self, name: &str) -> HashMap<String, f64> {
        let mut vector: HashMap<String, f64> = HashMap::new();
        for gram in grams(name) {
            *vector.entry(gram).or_default() += 1.0;
        }
        for (gram, times) in &mut vector {
            *times = (1.0 + times.log2()) * ((self.n + 1.0) / self.texts.get(gram).unwrap_or(&1.0)).log2();
        }
        let length = vector.values().map(|x| x * x).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
        vector.values_mut().for_each(|x| *x /= length);
        vector
    }
}

fn grams(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    letters.iter().map(char::to_string).chain(letters.windows(2).map(|pair| pair.iter().collect())).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cosine, times 10,000")]
fn cosine(a: &HashMap<String, f64>, b: &HashMap<String, f64>) -> u16 {
    (a.iter().filter_map(|(gram, x)| Some(x * b.get(gram)?)).sum::<f64>() * 10_000.0).round() as u16
}

/// Mean average precision of a likeness that ranks all terms for each head; equals in the order of terms.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn mean_average_precision<V>(
    judged: &BTreeMap<String, BTreeSet<String>>,
    terms: &BTreeSet<String>,
    vector: impl Fn(&str) -> V,
    likeness: impl Fn(&V, &V) -> u16,
) -> f64 {
    let vectors: BTreeMap<&str, V> = terms.iter().map(|term| (term.as_str(), vector(term))).collect();
    let average = |(head, relevant): (&String, &BTreeSet<String>)| {
        let others = terms.iter().filter(|term| *term != head);
        let mut ranked: Vec<_> =
            others.map(|term| (likeness(&vectors[head.as_str()], &vectors[term.as_str()]), term)).collect();
        ranked.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
        let (mut hits, mut sum) = (0.0, 0.0);
        for (rank, (points, term)) in ranked.into_iter().enumerate() {
            if points > 0 && relevant.contains(term) {
                hits += 1.0;
                sum += hits / (rank + 1) as f64;
            }
        }
        sum / relevant.len() as f64
    };
    judged.iter().map(average).sum::<f64>() / judged.len() as f64
}

#[test]
fn measured_on_related_terms() {
    let (Some(meaning), Some(judged)) = (national(), related()) else { return };
    let terms: BTreeSet<String> = judged.iter().flat_map(|(head, terms)| terms.iter().chain([head])).cloned().collect();
    let characters = Characters::new(terms.iter().map(String::as_str));
    let letters = mean_average_precision(&judged, &terms, |name| characters.vector(name), cosine);
    let by_meaning = mean_average_precision(&judged, &terms, |name| meaning.concepts(name), Concepts::likeness);
    println!("{} heads, {} terms, {} occupations", judged.len(), terms.len(), meaning.occupations().len());
    println!("mean average precision: characters {letters:.3}, meaning {by_meaning:.3}");
    assert!(by_meaning > letters + 0.02, "{by_meaning} against {letters}");
}

/// Of each built-in name that has no character in common with the skill's other names: at which rank does it find its skill?
/// Letters find none of them.
#[test]
fn measured_on_names_without_a_common_character() {
    let Some(meaning) = national() else { return };
    let chinese = |name: &&str| !name.is_ascii();
    let skills: Vec<Vec<&str>> = builtin_skills().iter().map(|skill| skill.names().filter(chinese).collect()).collect();
    let whole: Vec<Concepts> = skills.iter().map(|names| meaning.concepts_of_all(names.iter().copied())).collect();
    let characters = |name: &str| name.chars().filter(|c| !"工员师".contains(*c)).collect::<HashSet<char>>();
    let (mut n, mut reciprocals, mut first_five) = (0_u32, 0.0, 0_u32);
    for (own, names) in skills.iter().enumerate() {
        for name in names {
            let others: Vec<&str> = names.iter().copied().filter(|other| other != name).collect();
            if others.is_empty() || others.iter().any(|other| !characters(name).is_disjoint(&characters(other))) {
                continue;
            }
            let asked = meaning.concepts(&normalise(name));
            let mine = meaning.concepts_of_all(others).likeness(&asked);
            let better = (0_u32..).zip(
                whole
                    .iter()
                    .enumerate()
                    .filter(|(skill, concepts)| *skill != own && concepts.likeness(&asked) >= mine.max(1)),
            );
            let rank = 1 + better.last().map_or(0, |(at, _)| at + 1);
            n += 1;
            if mine > 0 {
                reciprocals += 1.0 / f64::from(rank);
                first_five += u32::from(rank <= 5);
            }
        }
    }
    let mean = reciprocals / f64::from(n);
    println!("{n} names without a common character: mean reciprocal rank {mean:.3}, {first_five} among the first five");
    assert!(n > 100 && mean > 0.08, "{mean}");
}

/// What a classification adds to the table of the built-in skills: little, below every link, and not where work is known to
/// be different.
#[test]
fn measured_on_the_table() {
    let Some(meaning) = national() else { return };
    let mut vocabulary = builtin().clone();
    let ids: Vec<_> = FAR_APART.iter().map(|(a, b)| (vocabulary.intern(a), vocabulary.intern(b))).collect();
    let without = SkillTable::build(&vocabulary);
    vocabulary.set_meaning(meaning);
    let with = SkillTable::build(&vocabulary);
    let known = 0..u32::try_from(vocabulary.n_known()).unwrap();
    let added: Vec<_> = known
        .clone()
        .flat_map(|a| known.clone().map(move |b| (SkillId(a), SkillId(b))))
        .filter(|(held, asked)| with.points(*held, *asked) != without.points(*held, *asked))
        .collect();
    let name = |skill| vocabulary.name(skill).unwrap().0;
    println!("{} directed pairs of {} built-in skills have points by meaning alone:", added.len(), known.len());
    println!(
        "{:?}",
        added.iter().filter(|(a, b)| a < b).map(|(a, b)| format!("{}/{}", name(*a), name(*b))).collect::<Vec<_>>()
    );
    assert!(added.iter().all(|(held, asked)| without.points(*held, *asked) == 0 && with.points(*held, *asked) < 2_500));

    let misled: Vec<_> = ids.iter().filter(|(a, b)| with.points(*a, *b).max(with.points(*b, *a)) > 0).collect();
    println!(
        "misled by a common character, of {} pairs near in letters and far in meaning: {}",
        ids.len(),
        misled.len()
    );
    println!("{:?}", misled.iter().map(|(a, b)| format!("{}/{}", name(*a), name(*b))).collect::<Vec<_>>());
    assert!(misled.len() <= ids.len() / 10, "{misled:?}");
    let skill = |name: &str| vocabulary.resolve(name).unwrap();
    assert_eq!(with.points(skill("电焊"), skill("电工")), 0);
    assert_eq!(with.points(skill("电工"), skill("电焊")), 0);
}

/// Garment positions as the trade says them are near sewing, cutting or the office, not near the fields.
#[test]
fn measured_on_garment_positions() {
    let (Some(meaning), Some(lines)) = (national(), lines("text/garment_positions.tsv")) else { return };
    let found: Vec<String> = lines
        .iter()
        .skip(1)
        .filter_map(|line| line.split('\t').nth(1))
        .map(|position| {
            let nearest: Vec<_> =
                meaning.nearest(position, 2).iter().map(|occupation| occupation.name.as_str()).collect();
            format!("{position}: {}", nearest.join(", "))
        })
        .collect();
    println!("{}", found.join("\n"));
    assert!(found.len() >= 28);
}
