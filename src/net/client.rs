//! Sends requests to listed origins, follows their redirects among themselves, and hands over the
//! answer at its head. RFC 9110, section 15.4.

use super::address::{is_within, literal};
use super::answer::Answer;
use super::breaker::Breaker;
use super::error::{NetError, Phase};
use super::host::Host;
use super::origin::{Origin, Reach};
use super::request::Request;
use super::resolve::{Guard, System, is_refusal};
use reqwest::dns::Resolve;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, Url};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// The name of the program in every request. RFC 9110, section 10.1.5.
const USER_AGENT: &str = concat!("FamilyLab/", env!("CARGO_PKG_VERSION"));
/// Common servers close a connection that nobody used for five seconds; a request that goes out just
/// then would be lost.
const IDLE: Duration = Duration::from_secs(4);
/// So many redirects are followed.
const HOPS: usize = 4;

/// How the node behaves towards every host.
#[derive(Debug, Clone, Copy)]
pub struct Manners {
    /// How long a connection may take, the name and TLS included.
    pub connect: Duration,
    /// How many requests a host is sent at once; others wait for their turn.
    pub at_once: usize,
    /// So many failures in a row, and a host is left alone.
    pub failures: u32,
    /// For so long; then one request is tried.
    pub rest: Duration,
}

impl Default for Manners {
    fn default() -> Self {
        let (connect, rest) = (Duration::from_secs(5), Duration::from_secs(30));
        Self { connect, at_once: 8, failures: 5, rest }
    }
}

/// The way out. Clones share everything.
#[derive(Clone)]
pub struct Net(Arc<Inner>);

struct Inner {
    manners: Manners,
    /// For hosts of the public internet, and for those that may be private.
    clients: [Client; 2],
    hosts: RwLock<HashMap<Origin, Arc<Host>>>,
}

impl Net {
    /// A way out that leads nowhere until something is allowed.
    pub fn new(manners: Manners) -> Result<Self, NetError> {
        Self::resolving(manners, Arc::new(System))
    }

    /// The same with another resolver of names; what it finds is looked at all the same.
    pub fn resolving(manners: Manners, inner: Arc<dyn Resolve>) -> Result<Self, NetError> {
        let client = |reach| {
            Client::builder()
                .user_agent(USER_AGENT)
                .redirect(Policy::none())
                // A proxy would resolve the names itself.
                .no_proxy()
                .connect_timeout(manners.connect)
                .pool_idle_timeout(IDLE)
                .dns_resolver(Arc::new(Guard { inner: Arc::clone(&inner), reach }))
                .build()
                .map_err(NetError::Client)
        };
        let clients = [client(Reach::Public)?, client(Reach::Named)?];
        Ok(Self(Arc::new(Inner { manners, clients, hosts: RwLock::default() })))
    }

    /// Lets requests go to these origins and to no others. What is known of a host that stays on
    /// the list is kept; an origin that stands there twice leads as far as either says.
    pub fn allow(&self, origins: impl IntoIterator<Item = (Origin, Reach)>) {
        let mut reaches: HashMap<Origin, Reach> = HashMap::new();
        for (origin, reach) in origins {
            let kept = reaches.entry(origin).or_insert(reach);
            if reach == Reach::Named {
                *kept = reach;
            }
        }
        // A lock's poison means a panic between two steps that each leave the map whole.
        let mut hosts = self.0.hosts.write().unwrap_or_else(PoisonError::into_inner);
        hosts.retain(|origin, host| reaches.get(origin) == Some(&host.reach));
        let manners = self.0.manners;
        for (origin, reach) in reaches {
            hosts.entry(origin.clone()).or_insert_with(|| {
                let breaker = Breaker::new(manners.failures, manners.rest);
                Arc::new(Host::new(origin, reach, manners.at_once, breaker))
            });
        }
    }

    /// Sends a request and hands over the answer at its head. Only success and "not modified" are
    /// answers; every other status is an error that names it.
    pub async fn send(&self, request: Request) -> Result<Answer, NetError> {
        let start = Instant::now();
        let host = self.host(&request.url)?;
        let (wait, manner) = (request.limits.total, request.manner);
        let mut attempt = Arc::clone(&host).attempt(wait, manner).await?;
        let client = &self.0.clients[usize::from(host.reach == Reach::Named)];
        let connect = self.0.manners.connect;
        let mut sending = Sending { client, host: &host, request, start, connect };
        let response = match sending.follow().await {
            Ok(response) => response,
            Err(error) => return Err(attempt.failed(error)),
        };
        Answer::begin(response, attempt, sending.request.limits, start).await
    }

    /// Whether nothing is sent to an address now, since its host failed too often of late.
    pub fn is_resting(&self, url: &Url) -> bool {
        self.host(url).is_ok_and(|host| host.is_resting())
    }

    fn host(&self, url: &Url) -> Result<Arc<Host>, NetError> {
        let origin = Origin::of(url).ok_or_else(|| NetError::Address(url.clone()))?;
        let hosts = self.0.hosts.read().unwrap_or_else(PoisonError::into_inner);
        hosts.get(&origin).cloned().ok_or(NetError::NotAllowed(origin))
    }
}

/// A request on its way through redirects.
struct Sending<'a> {
    client: &'a Client,
    host: &'a Host,
    request: Request,
    start: Instant,
    /// How long a connection may take; the client sees to it.
    connect: Duration,
}

impl Sending<'_> {
    /// Sends until something other than a redirect is answered.
    async fn follow(&mut self) -> Result<Response, NetError> {
        for _ in 0..=HOPS {
            let response = self.once().await?;
            // 300 and 304 send nowhere, 305 and 306 are out of use. RFC 9110, section 15.4.
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return Ok(response);
            }
            let location = response.headers().get(LOCATION);
            let location = location.and_then(|value| value.to_str().ok());
            let Some(to) = location.and_then(|to| response.url().join(to).ok()) else {
                return Err(NetError::Redirects(self.host.origin.clone()));
            };
            if Origin::of(&to).as_ref() != Some(&self.host.origin) {
                let from = self.host.origin.clone();
                let to =
                    Origin::of(&to).map_or_else(|| to.scheme().to_owned(), |to| to.to_string());
                return Err(NetError::RedirectElsewhere { from, to });
            }
            if status == 303 && self.request.method != Method::HEAD {
                self.request.method = Method::GET;
                self.request.body = None;
                self.request.headers.remove(reqwest::header::CONTENT_TYPE);
            }
            self.request.url = to;
        }
        Err(NetError::Redirects(self.host.origin.clone()))
    }

    async fn once(&self) -> Result<Response, NetError> {
        // Addresses written as numbers are not asked of any resolver.
        if literal(&self.request.url).is_some_and(|address| !is_within(address, self.host.reach)) {
            return Err(NetError::Private(self.host.origin.clone()));
        }
        let request = &self.request;
        let mut builder = self.client.request(request.method.clone(), request.url.clone());
        builder = builder.headers(request.headers.clone());
        if let Some(body) = &request.body {
            builder = builder.body(body.clone());
        }
        let left = request.limits.total.saturating_sub(self.start.elapsed());
        let (wait, phase, after) = if left < request.limits.first_byte {
            (left, Phase::Total, request.limits.total)
        } else {
            (request.limits.first_byte, Phase::FirstByte, request.limits.first_byte)
        };
        let origin = || self.host.origin.clone();
        let response = match tokio::time::timeout(wait, builder.send()).await {
            Ok(sent) => sent.map_err(|error| failure(error, origin(), self.connect))?,
            Err(_) => return Err(NetError::TimedOut { origin: origin(), phase, after }),
        };
        // The resolver and the check of numbers should have seen to it; this is who is really there.
        match response.remote_addr() {
            Some(at) if !is_within(at.ip(), self.host.reach) => Err(NetError::Private(origin())),
            _ => Ok(response),
        }
    }
}

fn failure(error: reqwest::Error, origin: Origin, after: Duration) -> NetError {
    let error = error.without_url();
    if is_refusal(&error) {
        NetError::Private(origin)
    } else if error.is_timeout() {
        NetError::TimedOut { origin, phase: Phase::Connect, after }
    } else if error.is_connect() {
        NetError::Unreachable { origin, source: error }
    } else {
        NetError::BrokenOff { origin, source: error }
    }
}
