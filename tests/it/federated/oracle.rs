//! Random queries over data that is dealt out in four ways, held against one store.
//! `FAMILYLAB_ORACLE_QUERIES` says how many, `FAMILYLAB_ORACLE_SEED` where to begin.

use super::random::Chance;
use super::split::WAYS;
use super::world::{World, answer, runtime};
use familylab::engine::Options;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use spargebra::SparqlParser;

/// Answers that are larger are not compared: products of what has nothing in common.
const LARGEST: usize = 20_000;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect("a number"))
}

/// How a query went.
enum Verdict {
    TooLarge,
    /// Answered as by one store, with so many rows.
    Same(usize),
    Wrong(String),
}

/// Holds the answer to one query against that of one store.
fn check(seed: u64, runtime: &tokio::runtime::Runtime) -> Verdict {
    let mut chance = Chance(ChaCha8Rng::seed_from_u64(seed));
    let triples = chance.triples(45);
    let way = WAYS[chance.below(WAYS.len())];
    let count = 1 + chance.below(4);
    let world = World::split(&triples, count, way, &mut |end| chance.below(end));
    let text = chance.query();
    let query = match SparqlParser::new().parse_query(&text) {
        Ok(query) => query,
        Err(error) => return Verdict::Wrong(format!("seed {seed}: {error} in {text}")),
    };
    let expected = world.expected(&query);
    if expected.len() > LARGEST {
        return Verdict::TooLarge;
    }
    let federation = world.federation();
    let options = Options::default();
    let got = answer(runtime, &federation, &query, options, &world.blank_nodes);
    let told = || format!("seed {seed}, {count} sources by {way:?}\n{text}\n");
    match got {
        Err(error) => Verdict::Wrong(format!("{}{error}", told())),
        Ok(outcome) => match outcome.value {
            Err(error) => Verdict::Wrong(format!("{}{error}\n{}", told(), outcome.explanation)),
            Ok(got) if got == expected => Verdict::Same(got.len()),
            Ok(got) => {
                let lacking: Vec<_> =
                    expected.iter().filter(|line| !got.contains(line)).take(5).collect();
                let surplus: Vec<_> =
                    got.iter().filter(|line| !expected.contains(line)).take(5).collect();
                Verdict::Wrong(format!(
                    "{}{} rows, not {}\nlacking {lacking:#?}\ntoo much {surplus:#?}\n{}",
                    told(),
                    got.len(),
                    expected.len(),
                    outcome.explanation
                ))
            }
        },
    }
}

#[test]
fn random_queries_over_several_sources_are_answered_as_by_one_store() {
    let runtime = runtime();
    let first = setting("FAMILYLAB_ORACLE_SEED", 1);
    let count = setting("FAMILYLAB_ORACLE_QUERIES", 400);
    let (mut same, mut with_rows, mut wrong) = (0, 0, Vec::new());
    for seed in first..first + count {
        match check(seed, &runtime) {
            Verdict::TooLarge => {}
            Verdict::Same(rows) => {
                same += 1;
                with_rows += u64::from(rows > 0);
            }
            Verdict::Wrong(how) => wrong.push(how),
        }
    }
    let shown = wrong.iter().take(5).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{shown}", wrong.len());
    assert!(same * 10 >= count * 9, "only {same} of {count} were compared");
    assert!(with_rows * 4 >= count, "only {with_rows} of {count} have an answer that is not empty");
}
