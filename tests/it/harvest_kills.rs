//! A harvest that is killed on either side, again and again, ends equal to the peer.

use crate::harvests::{SETTINGS, STREAM, assert_equal, competences, insert};
use crate::support::kill::{dice, kill_after, number, tell};
use crate::support::{Node, elsewhere, familylab, run, vocabulary};
use rand::Rng;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};
use std::time::Duration;
use tempfile::TempDir;

/// Stands still while the peer behind it is killed and started at other addresses.
struct Door {
    address: String,
    behind: Arc<Mutex<String>>,
}

impl Door {
    fn open(peer: &Node) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let behind = Arc::new(Mutex::new(String::new()));
        let target = Arc::clone(&behind);
        spawn(move || {
            for client in listener.incoming().flatten() {
                let target = target.lock().expect("nobody panicked").clone();
                let Ok(server) = TcpStream::connect(target) else { continue };
                for (mut from, mut to) in [
                    (client.try_clone().expect("a socket"), server.try_clone().expect("a socket")),
                    (server, client),
                ] {
                    spawn(move || {
                        // Either side may have been killed.
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(std::net::Shutdown::Both);
                    });
                }
            }
        });
        let door = Self { address, behind };
        door.lead_to(peer);
        door
    }

    fn lead_to(&self, peer: &Node) {
        let address = peer.address.trim_start_matches("http://");
        address.clone_into(&mut self.behind.lock().expect("nobody panicked"));
    }
}

/// Runs a command of the harvesting node, which does not run itself.
#[track_caller]
fn command(data: &TempDir, arguments: &[&str]) -> crate::support::Run {
    crate::support::run_command(familylab(data.path()).args(arguments).envs(SETTINGS))
}

#[test]
fn a_harvest_killed_on_either_side_ends_equal_to_the_peer() {
    let mut dice = dice();
    let records = number("FAMILYLAB_TEST_HARVEST_RECORDS").unwrap_or(2000) as usize;
    let mut peer = Node::start_in(vocabulary(), &[]);
    for first in (0..records).step_by(500) {
        insert(&peer, &competences(first..records.min(first + 500)));
    }
    let (door, data) = (Door::open(&peer), elsewhere());
    let base = format!("{}{STREAM}", door.address);
    let add = ["peer", "add", "vicino", &base, "--kind", "ldes", "--private"];
    command(&data, &add).accepted();
    let kills = number("FAMILYLAB_TEST_HARVEST_KILLS").unwrap_or(6);
    let (mut longest, mut struck) = (3000, 0);
    for kill in 0..kills {
        let wait = Duration::from_millis(dice.random_range(500..=longest));
        struck += u64::from(if kill % 2 == 0 {
            kill_after(data.path(), &["peer", "harvest", "vicino"], wait)
        } else {
            let folder = data.path().to_owned();
            let harvest = spawn(move || run(&folder, &["peer", "harvest", "vicino"]));
            sleep(wait);
            let folder = peer.kill();
            let run = harvest.join().expect("no panic");
            peer = Node::start_in(folder, &[]);
            door.lead_to(&peer);
            !run.status.success()
        });
        longest += 100;
    }
    let said = command(&data, &["peer", "harvest", "vicino"]).accepted();
    tell(&format!("{struck} of {kills} kills struck a harvest, then: {}", said.out.trim()));
    assert!(struck > 0, "no harvest was killed");
    let again = command(&data, &["peer", "harvest", "vicino"]).accepted();
    assert!(
        again.out.contains("vicino: 0 new, 0 changed, 0 deleted, 0 unchanged"),
        "{}",
        again.out
    );
    assert!(again.out.contains(" 0 bytes"), "{}", again.out);
    command(&data, &["verify"]).accepted();
    let node = Node::start_with(data, &[], &SETTINGS);
    assert_equal(&node, &peer, records);
}
