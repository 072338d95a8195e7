//! A node killed at random moments under load loses nothing that it acknowledged and keeps
//! nothing by halves. FAMILYLAB_TEST_KILLS sets how often (200), FAMILYLAB_TEST_SEED repeats a run's dice.

use crate::support::kill::{dice, kill_after, number, tell};
use crate::support::load::{Ledger, client};
use crate::support::{Node, Verdict};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::blocking::Client;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

const CLIENTS: usize = 4;
/// The latest moment of a kill after the load has begun, in milliseconds; a machine on which writes
/// take longer than that is given twice as long until some succeed.
const LONGEST: u64 = 150;
const LONGEST_EVER: u64 = 10_000;
/// Every this many kills the next start is killed as well.
const KILL_START_EVERY: usize = 10;

#[test]
fn a_node_killed_at_random_moments_keeps_every_acknowledged_write_whole() {
    // A node holds its vocabularies too, which takes a while to compare.
    kill_often(&[], 5, number("FAMILYLAB_TEST_KILLS").unwrap_or(200).div_ceil(2));
}

#[test]
fn a_plain_store_killed_at_random_moments_keeps_every_acknowledged_write_whole() {
    kill_often(&["--bare"], 1, number("FAMILYLAB_TEST_KILLS").unwrap_or(200).div_ceil(2));
}

/// Log and graph are compared after each `verify_every` kills, and at the end.
fn kill_often(arguments: &[&str], verify_every: usize, kills: u64) {
    let mut dice = dice();
    let mut ledger = Ledger::default();
    let mut longest = LONGEST;
    let mut node = Node::start(arguments);
    for kill in 1..=usize::try_from(kills).expect("a small number") {
        let wait = Duration::from_millis(dice.random_range(0..=longest));
        let data = load_and_kill(node, &mut ledger, wait, dice.random());
        if !ledger.was_tested(kill) {
            longest = (longest * 2).min(LONGEST_EVER);
        }
        if kill % KILL_START_EVERY == 0 {
            // A start that is catching up may be cut off too.
            let serve = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
            let wait = Duration::from_millis(dice.random_range(0..=LONGEST));
            kill_after(data.path(), &serve, wait);
        }
        if kill % verify_every == 0 {
            Verdict::of(data.path()).assert_agrees();
        }
        node = Node::start_in(data, arguments);
        ledger.check(&node);
    }
    tell(&format!("{kills} kills of a node {arguments:?}: {}", ledger.summary()));
    let kills = usize::try_from(kills).expect("a small number");
    assert!(ledger.was_tested(kills), "too little in {kills} kills: {}", ledger.summary());
    Verdict::of(node.kill().path()).assert_agrees();
}

/// Lets several clients write until the node is gone; they begin together.
fn load_and_kill(node: Node, ledger: &mut Ledger, wait: Duration, seed: u64) -> TempDir {
    let begun = AtomicUsize::new(0);
    let address = node.address.clone();
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|name| {
                let (begun, address) = (&begun, address.as_str());
                let dice = ChaCha8Rng::seed_from_u64(seed.wrapping_add(name as u64));
                let first = ledger.next_version();
                scope.spawn(move || {
                    let http = Client::new();
                    begun.fetch_add(1, Ordering::Relaxed);
                    client(&http, address, name, first, dice)
                })
            })
            .collect();
        while begun.load(Ordering::Relaxed) < CLIENTS {
            thread::yield_now();
        }
        thread::sleep(wait);
        let data = node.kill();
        for client in clients {
            ledger.note(client.join().expect("a client wrote until the node was gone"));
        }
        data
    })
}
