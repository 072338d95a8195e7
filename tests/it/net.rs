//! The way out: who may be asked, and what becomes of servers that refuse, hang, drip, redirect, cut
//! their answers or never end them.

use crate::support::odd::{Odd, answer, write};
use familylab::net::{Limits, Manners, Net, NetError, Origin, Phase, Reach, Request, Url};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::TryStreamExt;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Short where something is waited for in vain, long where nothing is.
const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(60);

fn url(text: &str) -> Url {
    text.parse().expect("an address")
}

fn origin(text: &str) -> Origin {
    Origin::of(&url(text)).expect("an origin")
}

fn limits(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits { first_byte: LONG, idle: LONG, total: LONG, bytes: 1 << 20 };
    change(&mut limits);
    limits
}

/// A way out to one server.
fn way_to(address: &str) -> Net {
    let net = Net::new(Manners::default()).expect("a client");
    net.allow([(origin(address), Reach::Named)]);
    net
}

async fn whole(net: &Net, request: Request) -> Result<String, NetError> {
    let body = net.send(request).await?.whole().await?;
    Ok(String::from_utf8(body).expect("a text"))
}

async fn fetch(server: &Odd, change: impl FnOnce(&mut Limits)) -> Result<String, NetError> {
    let request = Request::get(url(&server.url("/"))).within(limits(change));
    whole(&way_to(&server.address), request).await
}

/// Leads every name to the same addresses, or nowhere ever.
struct Leads(Option<Vec<&'static str>>);

impl Resolve for Leads {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses = self.0.clone();
        Box::pin(async move {
            let Some(addresses) = addresses else { return std::future::pending().await };
            let addresses =
                addresses.into_iter().map(|ip| SocketAddr::new(ip.parse().expect("an address"), 0));
            Ok(Box::new(addresses.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

#[tokio::test]
async fn a_request_says_who_asks_and_for_what_and_an_answer_comes_whole_or_in_parts() {
    let server = Odd::start(|request, stream| {
        write(stream, answer("200 OK", "Content-Type: text/turtle; charset=utf-8\r\n", request));
    });
    let net = way_to(&server.address);
    let asked =
        Request::post(url(&server.url("/sparql?x=1")), "application/sparql-query", "ASK {}");
    let asked = asked.accept("application/sparql-results+json");
    let told = net.send(asked.clone()).await.expect("an answer");
    assert_eq!((told.status(), told.media()), (200, Some("text/turtle")));
    assert_eq!(told.url().as_str(), server.url("/sparql?x=1"));
    let parts: Vec<_> = told.chunks().try_collect().await.expect("a body");
    let told = String::from_utf8(parts.concat()).expect("a text");
    let head = told.to_lowercase();
    assert!(head.starts_with("post /sparql?x=1 http/1.1\r\n"), "{told}");
    for line in [
        &format!("user-agent: familylab/{}\r\n", env!("CARGO_PKG_VERSION")),
        "accept: application/sparql-results+json\r\n",
        "content-type: application/sparql-query\r\n",
        "accept-encoding: gzip\r\n",
    ] {
        assert!(head.contains(line), "{line} is not in {told}");
    }
    assert!(told.ends_with("\r\n\r\nASK {}"), "{told}");
    let beginning = net.send(asked).await.expect("an answer").first(4).await.expect("a beginning");
    assert_eq!(beginning, b"POST");
}

#[tokio::test]
async fn what_is_not_listed_is_never_called() {
    let (listed, other) =
        (Odd::says(answer("200 OK", "", "a")), Odd::says(answer("200 OK", "", "b")));
    let net = way_to(&listed.address);
    let ask = |address: String| whole(&net, Request::get(url(&address)));
    assert_eq!(ask(listed.url("/")).await.expect("listed"), "a");
    for address in [other.url("/"), listed.url("/").replace("127.0.0.1", "localhost")] {
        let refused = ask(address.clone()).await;
        assert!(matches!(refused, Err(NetError::NotAllowed(_))), "{address}: {refused:?}");
    }
    let file = ask("file:///etc/passwd".to_owned()).await;
    assert!(matches!(file, Err(NetError::Address(_))), "{file:?}");
    net.allow([(origin(&other.address), Reach::Named)]);
    assert!(matches!(ask(listed.url("/")).await, Err(NetError::NotAllowed(_))));
    assert_eq!(ask(other.url("/")).await.expect("listed now"), "b");
    assert_eq!((listed.asked(), other.asked()), (1, 1));
}

#[tokio::test]
async fn a_private_address_is_not_called_unless_it_was_named() {
    let server = Odd::says(answer("200 OK", "", "a"));
    let port = url(&server.address).port().expect("a port");
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433"] {
        let address = format!("http://{host}:{port}/");
        let net = Net::new(Manners::default()).expect("a client");
        net.allow([(origin(&address), Reach::Public)]);
        let refused = whole(&net, Request::get(url(&address))).await;
        assert!(matches!(refused, Err(NetError::Private(_))), "{host}: {refused:?}");
    }
    assert_eq!(server.asked(), 0);
    assert_eq!(fetch(&server, |_| ()).await.expect("named"), "a");
    for wire in ["http://169.254.169.254/", "http://0.0.0.0/", "http://[fe80::1]/"] {
        let refused = whole(&way_to(wire), Request::get(url(wire))).await;
        assert!(matches!(refused, Err(NetError::Private(_))), "{wire}: {refused:?}");
    }
}

#[tokio::test]
async fn a_name_leads_only_where_its_peer_may_be() {
    let server = Odd::start(|request, stream| write(stream, answer("200 OK", "", request)));
    let port = url(&server.address).port().expect("a port");
    let address = format!("http://dati.bari.example:{port}/");
    let ask = async |to: Option<Vec<&'static str>>, reach| {
        let manners = Manners { connect: SHORT, ..Manners::default() };
        let net = Net::resolving(manners, Arc::new(Leads(to))).expect("a client");
        net.allow([(origin(&address), reach)]);
        whole(&net, Request::get(url(&address)).within(limits(|_| ()))).await
    };
    for inside in ["127.0.0.1", "10.1.2.3", "100.64.0.1", "::1", "fd00::1", "::ffff:127.0.0.1"] {
        let refused = ask(Some(vec![inside]), Reach::Public).await;
        assert!(matches!(refused, Err(NetError::Private(_))), "{inside}: {refused:?}");
        let words = refused.expect_err("refused").in_words();
        assert!(!words.contains(inside), "where a name leads inside is nobody's business: {words}");
    }
    assert_eq!(server.asked(), 0);
    let wire = ask(Some(vec!["169.254.169.254"]), Reach::Named).await;
    assert!(matches!(wire, Err(NetError::Private(_))), "{wire:?}");
    // What may not be reached is passed over, what may is asked under the name.
    let told = ask(Some(vec!["169.254.169.254", "127.0.0.1"]), Reach::Named).await.expect("named");
    assert!(told.to_lowercase().contains(&format!("host: dati.bari.example:{port}\r\n")), "{told}");
    let nobody = ask(Some(Vec::new()), Reach::Named).await;
    assert!(matches!(nobody, Err(NetError::Unreachable { .. })), "{nobody:?}");
    let never = ask(None, Reach::Named).await;
    assert!(matches!(never, Err(NetError::TimedOut { phase: Phase::Connect, .. })), "{never:?}");
}

#[tokio::test]
async fn a_redirect_is_followed_within_its_origin_only() {
    let other = Odd::says(answer("200 OK", "", "secret"));
    let inside = "http://169.254.169.254/latest/meta-data/".to_owned();
    for to in [other.url("/"), inside, "file:///etc/passwd".to_owned(), "//localhost/".to_owned()] {
        for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
        {
            let server = Odd::says(answer(status, &format!("Location: {to}\r\n"), ""));
            let refused = fetch(&server, |_| ()).await;
            let elsewhere = matches!(refused, Err(NetError::RedirectElsewhere { .. }));
            assert!(elsewhere, "{status} to {to}: {refused:?}");
        }
    }
    assert_eq!(other.asked(), 0);
    let server = Odd::start(|request, stream| {
        let text = match request.split_whitespace().nth(1) {
            Some("/keeps") => answer("307 Temporary", "Location: there\r\n", ""),
            Some("/drops") => answer("303 See Other", "Location: ./there\r\n", ""),
            Some("/nowhere") => answer("302 Found", "", ""),
            Some("/there") => answer("200 OK", "", request),
            _ => answer("302 Found", "Location: /round\r\n", ""),
        };
        write(stream, text);
    });
    let net = way_to(&server.address);
    let ask = |path: &str| whole(&net, Request::post(url(&server.url(path)), "text/plain", "ciao"));
    let kept = ask("/keeps").await.expect("the same origin");
    assert!(kept.starts_with("POST /there") && kept.ends_with("ciao"), "{kept}");
    let dropped = ask("/drops").await.expect("the same origin");
    assert!(dropped.starts_with("GET /there") && !dropped.contains("ciao"), "{dropped}");
    for path in ["/nowhere", "/round"] {
        assert!(matches!(ask(path).await, Err(NetError::Redirects(_))), "{path}");
    }
    assert!(server.asked() < 20, "{} requests", server.asked());
}

#[tokio::test]
async fn each_wait_has_its_limit() {
    let phase = |error: Result<String, NetError>| match error {
        Err(NetError::TimedOut { phase, after, .. }) => {
            assert_eq!(after, SHORT);
            phase
        }
        other => panic!("{other:?}"),
    };
    let silent = Odd::hangs_after("");
    assert_eq!(phase(fetch(&silent, |it| it.first_byte = SHORT).await), Phase::FirstByte);
    assert_eq!(phase(fetch(&silent, |it| it.total = SHORT).await), Phase::Total);
    let half = Odd::hangs_after("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    assert_eq!(phase(fetch(&half, |it| it.idle = SHORT).await), Phase::Idle);
    let drips = Odd::start(|_, stream| {
        write(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while stream.write_all(b"a").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    assert_eq!(phase(fetch(&drips, |it| it.total = SHORT).await), Phase::Total);
}

#[tokio::test]
async fn no_more_is_read_than_was_wanted() {
    const ENDLESS: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    let endless = Odd::start(|_, stream| {
        write(stream, ENDLESS);
        while stream.write_all(&[b'a'; 8192]).is_ok() {}
    });
    let large = Odd::hangs_after("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&vec![b'a'; 64 << 20]).expect("room");
    let packed = packed.finish().expect("room");
    assert!(packed.len() < 100_000);
    let bomb = Odd::start(move |_, stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ";
        write(stream, format!("{head}{}\r\n\r\n", packed.len()));
        write(stream, &packed);
    });
    for server in [&endless, &large, &bomb] {
        let refused = fetch(server, |it| it.bytes = 100_000).await;
        let is_refused = matches!(refused, Err(NetError::TooLarge { bytes: 100_000, .. }));
        assert!(is_refused, "{:?}", refused.map(|text| text.len()));
    }
    let net = way_to(&endless.address);
    let told = net.send(Request::get(url(&endless.url("/")))).await.expect("an answer");
    assert_eq!(told.first(1000).await.expect("a beginning"), [b'a'; 1000]);
}

#[tokio::test]
async fn an_answer_that_is_not_whole_is_an_error() {
    for text in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "",
    ] {
        let broken = fetch(&Odd::says(text), |_| ()).await;
        assert!(matches!(broken, Err(NetError::BrokenOff { .. })), "{text:?}: {broken:?}");
    }
}

#[tokio::test]
async fn an_error_of_the_server_is_told_with_its_words() {
    let server = Odd::says(answer("502 Bad Gateway", "Retry-After: 7\r\n", "non ora"));
    match fetch(&server, |_| ()).await {
        Err(NetError::Status { status: 502, text, retry_after, .. }) => {
            assert_eq!((text.as_str(), retry_after.as_deref()), ("non ora", Some("7")));
        }
        other => panic!("{other:?}"),
    }
    let known = Odd::says("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n");
    let told = way_to(&known.address).send(Request::get(url(&known.url("/")))).await;
    assert_eq!(told.expect("what the client has is no error").status(), 304);
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        format!("http://{}/", listener.local_addr().expect("an address"))
    };
    let refused = whole(&way_to(&gone), Request::get(url(&gone))).await;
    assert!(matches!(refused, Err(NetError::Unreachable { .. })), "{refused:?}");
}

#[tokio::test]
async fn who_fails_again_and_again_is_left_alone_until_a_trial_goes_well() {
    let is_well = Arc::new(AtomicBool::new(false));
    let well = Arc::clone(&is_well);
    let server = Odd::start(move |request, stream| {
        let is_missing = request.starts_with("GET /manca ");
        write(
            stream,
            match (is_missing, well.load(Ordering::SeqCst)) {
                (true, _) => answer("404 Not Found", "", ""),
                (_, true) => answer("200 OK", "", "bene"),
                (_, false) => answer("503 Service Unavailable", "", ""),
            },
        );
    });
    let manners = Manners { failures: 3, rest: LONG, ..Manners::default() };
    let net = Net::new(manners).expect("a client");
    let list = || net.allow([(origin(&server.address), Reach::Named)]);
    list();
    let request = Request::get(url(&server.url("/")));
    // What is not there says nothing against the server.
    for _ in 0..5 {
        let missing = whole(&net, Request::get(url(&server.url("/manca")))).await;
        assert!(matches!(missing, Err(NetError::Status { status: 404, .. })), "{missing:?}");
    }
    for _ in 0..5 {
        let failed = whole(&net, request.clone().aside()).await;
        assert!(matches!(failed, Err(NetError::Status { status: 503, .. })), "{failed:?}");
    }
    for _ in 0..3 {
        let failed = whole(&net, request.clone()).await;
        assert!(matches!(failed, Err(NetError::Status { status: 503, .. })), "{failed:?}");
    }
    let asked = server.asked();
    is_well.store(true, Ordering::SeqCst);
    list();
    let left = whole(&net, request.clone()).await;
    assert!(matches!(left, Err(NetError::Resting { .. })), "{left:?}");
    let left = whole(&net, request.clone().aside()).await;
    assert!(matches!(left, Err(NetError::Resting { .. })), "{left:?}");
    assert_eq!(server.asked(), asked, "it was asked nothing");
    assert_eq!(whole(&net, request.clone().insisting()).await.expect("a trial"), "bene");
    assert_eq!(whole(&net, request).await.expect("it is well again"), "bene");
}

#[tokio::test]
async fn a_host_is_sent_only_so_many_requests_at_once() {
    let server = Odd::hangs_after("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    let net = Net::new(Manners { at_once: 1, ..Manners::default() }).expect("a client");
    net.allow([(origin(&server.address), Reach::Named)]);
    let request = Request::get(url(&server.url("/")));
    let first = net.send(request.clone()).await.expect("the first one");
    let second = net.send(request.clone().within(limits(|it| it.total = SHORT))).await;
    assert!(matches!(second, Err(NetError::Crowded(_))), "{second:?}");
    assert_eq!(server.asked(), 1);
    drop(first);
    assert!(net.send(request).await.is_ok(), "its turn has come");
}
