//! What crawlers are told: the sitemap and its files, robots.txt.

use crate::support::{BASE, Node, demo};
use std::time::{Duration, Instant};

fn text(node: &Node, path: &str) -> String {
    let answer = node.get(path, "*/*");
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().expect("a text")
}

#[test]
fn the_sitemap_names_every_record_in_both_languages_with_its_date() {
    let node = demo();
    let page = format!("{BASE}/esperienze/stanze-per-le-famiglie-nel-quartiere-san-paolo-di-bari");
    let start = Instant::now();
    let files = loop {
        let index = text(node, "/sitemap.xml");
        let files: Vec<String> = index
            .split("<loc>")
            .skip(1)
            .map(|rest| rest.split("</loc>").next().unwrap().replace(BASE, ""))
            .collect();
        let all: String = files.iter().map(|file| text(node, file)).collect();
        if all.contains(&page) {
            break files;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{index}");
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!(files[0], "/sitemap/0.xml");
    let all: Vec<String> = files.iter().map(|file| text(node, file)).collect();
    assert!(all[0].contains(&format!("<loc>{BASE}/en</loc>")), "{}", all[0]);
    let file = all.iter().find(|file| file.contains(&page)).unwrap();
    let entry = file.split("<url>").find(|url| url.contains(&format!("<loc>{page}<"))).unwrap();
    let english = page.replace("/esperienze/", "/en/esperienze/");
    assert!(entry.contains("<lastmod>20"), "{entry}");
    assert!(entry.contains(&format!("hreflang=\"en\" href=\"{english}\"")), "{entry}");
    assert!(file.contains(&format!("<loc>{english}</loc>")));
    assert!(all.iter().all(|file| file.matches("<url>").count() <= 50_000));
}

#[test]
fn a_file_that_is_known_is_not_sent_again_and_one_that_is_not_there_is_not_found() {
    let node = demo();
    let answer = node.get("/sitemap/0.xml", "*/*");
    let etag = answer.headers()["etag"].clone();
    let again = node.client.get(node.url("/sitemap/0.xml")).header("If-None-Match", etag);
    assert_eq!(again.send().unwrap().status(), 304);
    for path in ["/sitemap/999999.xml", "/sitemap/00.xml", "/sitemap/1", "/sitemap/x.xml"] {
        assert_eq!(node.get(path, "*/*").status(), 404, "{path}");
    }
}

#[test]
fn robots_are_kept_off_searches_and_off_no_data() {
    let robots = text(demo(), "/robots.txt");
    assert!(robots.contains(&format!("Sitemap: {BASE}/sitemap.xml")), "{robots}");
    let lines: Vec<&str> = robots.lines().collect();
    for path in [
        "/search?",
        "/sparql?",
        "/en/federazione?",
        "/federation/related?",
        "/en/esperienze?",
        "/esperienze?q=*&",
    ] {
        assert!(lines.contains(&format!("Disallow: {path}").as_str()), "{path}");
    }
    assert!(lines.contains(&"Allow: /esperienze?q="), "{robots}");
    for path in ["/", "/id/", "/doc/", "/dump/", "/catalog", "/feed.atom"] {
        assert!(!lines.contains(&format!("Disallow: {path}").as_str()), "{path}");
    }
}

#[test]
fn a_plain_store_has_none_of_it() {
    let node = Node::start(&["--bare"]);
    for path in [
        "/sitemap.xml",
        "/sitemap/0.xml",
        "/robots.txt",
        "/feed.atom",
        "/eventi.ics",
        "/timemap/evento/x",
        "/linkset/evento/x",
    ] {
        assert_eq!(node.get(path, "*/*").status(), 404, "{path}");
    }
}
