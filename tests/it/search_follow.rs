//! The index follows the log: soon after each change, after any crash, after any damage.

use crate::support::{BASE, Node, TOKEN, run, vocabulary};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

fn put(node: &Node, slug: &str, title: &str) -> u64 {
    let turtle = format!(
        "<{BASE}/id/notizia/{slug}> a <https://w3id.org/familylab/ontology#News> ;
           <http://purl.org/dc/terms/title> \"{title}\"@it ;
           <http://purl.org/dc/terms/description> \"Una notizia di prova sul nido di quartiere.\"@it ;
           <http://purl.org/dc/terms/issued> \"2026-01-01\"^^<http://www.w3.org/2001/XMLSchema#date> ."
    );
    let answer = node
        .client
        .put(node.url(&format!("/graph/prova-{slug}")))
        .bearer_auth(TOKEN)
        .header("Content-Type", "text/turtle")
        .body(turtle)
        .send()
        .expect("an answer");
    assert!(answer.status().is_success(), "{}", answer.text().expect("a text"));
    answer.headers()["familylab-seq"].to_str().expect("text").parse().expect("a number")
}

fn total(node: &Node, q: &str, seq: u64) -> u64 {
    let answer = node.get(&format!("/search?q={q}&min-seq={seq}&facets="), "*/*");
    assert_eq!(answer.status(), 200);
    let found: Value = answer.json().expect("JSON");
    found["total"].as_u64().expect("a number")
}

#[test]
fn a_record_is_found_within_a_second_of_its_write() {
    let node = Node::start_in(vocabulary(), &[]);
    node.indexed();
    for round in 0..10 {
        let word = format!("parolarara{}", char::from(b'a' + round));
        let seq = put(&node, &format!("n{round}"), &format!("Titolo {word}"));
        let start = Instant::now();
        assert_eq!(total(&node, &format!("%22{word}%22"), seq), 1);
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    }
    let name = format!("{BASE}/id/notizia/n3");
    let gone = node.update(&format!("DELETE WHERE {{ GRAPH ?g {{ <{name}> ?p ?o }} }}"));
    assert_eq!(gone.status(), 204);
    let seq = gone.headers()["familylab-seq"].to_str().expect("text").parse().expect("a number");
    assert_eq!(total(&node, "%22parolararad%22", seq), 0);
    assert_eq!(total(&node, "%22parolararae%22", seq), 1);
    let late = node.get("/search?q=nido&min-seq=999999", "*/*");
    assert_eq!(late.status(), 503);
}

#[test]
fn a_theme_s_new_name_finds_the_records_that_have_it() {
    let node = Node::start_in(vocabulary(), &[]);
    node.indexed();
    let turtle = format!(
        "<{BASE}/id/attore/ente-di-prova> a <https://w3id.org/familylab/ontology#Actor>,
             <https://w3id.org/familylab/ontology#ThirdSectorOrganization> ;
           <https://w3id.org/familylab/ontology#territory> <{BASE}/id/territorio/bari> ;
           <http://www.w3.org/2004/02/skos/core#prefLabel> \"Ente Zanzibar\"@it .
         <{BASE}/id/notizia/di-zanzibar> a <https://w3id.org/familylab/ontology#News> ;
           <http://purl.org/dc/terms/title> \"Una notizia\"@it ;
           <http://purl.org/dc/terms/description> \"Una notizia di prova su un ente.\"@it ;
           <http://purl.org/dc/terms/issued> \"2026-01-01\"^^<http://www.w3.org/2001/XMLSchema#date> ;
           <https://w3id.org/familylab/ontology#about> <{BASE}/id/attore/ente-di-prova> ."
    );
    let send = |turtle: String| {
        let answer = node
            .client
            .put(node.url("/graph/prova"))
            .bearer_auth(TOKEN)
            .header("Content-Type", "text/turtle")
            .body(turtle)
            .send()
            .expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.text().expect("a text"));
        answer.headers()["familylab-seq"].to_str().expect("text").parse::<u64>().expect("a number")
    };
    let seq = send(turtle.clone());
    assert_eq!(total(&node, "Zanzibar", seq), 2);
    let seq = send(turtle.replace("Ente Zanzibar", "Ente Madagascar"));
    assert_eq!(total(&node, "Madagascar", seq), 2);
    assert_eq!(total(&node, "tipo%3Anotizia%20Zanzibar", seq), 0);
}

/// The index holds what one made anew from the log holds.
fn agrees(data: &Path) {
    run(data, &["verify", "--index"]).accepted();
}

#[test]
fn killed_at_any_moment_the_index_equals_one_made_anew() {
    let mut data = vocabulary();
    let mut written = 0;
    for round in 0..100u64 {
        let node = Node::start_in(data, &[]);
        if round % 10 == 0 {
            node.indexed();
        }
        let until = Instant::now() + Duration::from_millis(30 + round * 37 % 400);
        while Instant::now() < until {
            put(&node, &format!("k{}", written % 37), &format!("Titolo numero {written}"));
            written += 1;
        }
        data = node.kill();
        if round % 20 == 19 {
            agrees(data.path());
        }
    }
    assert!(written > 100, "{written} writes only");
    agrees(data.path());
}

#[test]
fn a_damaged_or_missing_index_is_made_again_by_itself() {
    let (_, data) = {
        let node = Node::start_in(vocabulary(), &[]);
        node.indexed();
        let seq = put(&node, "resta", "Titolo ornitorinco");
        assert_eq!(total(&node, "ornitorinco", seq), 1);
        node.stop()
    };
    let index = data.path().join("index");
    let current = fs::read_to_string(index.join("current")).expect("a current index");
    let mut spoiled = 0;
    for entry in fs::read_dir(index.join(current.trim())).expect("a folder") {
        let path = entry.expect("an entry").path();
        let mut bytes = fs::read(&path).expect("a file");
        if path.extension().is_some_and(|extension| extension != "json" && extension != "lock")
            && bytes.len() > 100
        {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x55;
            fs::write(&path, bytes).expect("it can be spoiled");
            spoiled += 1;
        }
    }
    assert!(spoiled > 0, "nothing was spoiled");
    let node = Node::start_in(data, &[]);
    node.indexed();
    assert_eq!(total(&node, "ornitorinco", 1), 1);
    let (_, data) = node.stop();
    fs::remove_dir_all(data.path().join("index")).expect("it can be removed");
    let node = Node::start_in(data, &[]);
    node.indexed();
    assert_eq!(total(&node, "ornitorinco", 1), 1);
    let (_, data) = node.stop();
    fs::write(data.path().join("index/current"), "\u{0}../..").expect("it can be written");
    let node = Node::start_in(data, &[]);
    node.indexed();
    assert_eq!(total(&node, "ornitorinco", 1), 1);
}

#[test]
fn an_index_is_made_anew_while_the_node_answers() {
    let node = Node::start_in(vocabulary(), &[]);
    node.indexed();
    let seq = put(&node, "resta", "Titolo ornitorinco");
    assert_eq!(total(&node, "ornitorinco", seq), 1);
    let index = node.data.path().join("index");
    let before = fs::read_to_string(index.join("current")).expect("a current index");
    let data = node.data.path().to_owned();
    let rebuilt = std::thread::spawn(move || run(&data, &["rebuild", "--index"]));
    while !rebuilt.is_finished() {
        assert_eq!(total(&node, "ornitorinco", seq), 1);
    }
    rebuilt.join().expect("it ran").accepted();
    assert_ne!(fs::read_to_string(index.join("current")).expect("a current index"), before);
    let (_, data) = node.stop();
    agrees(data.path());
}

#[test]
fn searches_are_answered_while_thousands_of_records_are_written() {
    let node = Node::start_in(vocabulary(), &[]);
    node.indexed();
    let until = Instant::now() + Duration::from_secs(6);
    let written = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut written = 0;
            while Instant::now() < until {
                put(&node, &format!("w{written}"), &format!("Scrittura {written}"));
                written += 1;
            }
            written
        });
        while Instant::now() < until {
            let answer = node.get("/search?q=nido%20di%20quartiere", "*/*");
            assert_eq!(answer.status(), 200);
        }
        writer.join().expect("it ran")
    });
    assert!(written > 50, "{written}");
    assert_eq!(
        total(&node, "titolo%3AScrittura", node.metric("familylab_applied_seq") as u64),
        written
    );
}
