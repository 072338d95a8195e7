//! Names to addresses, so that a connection is only ever made to one that was looked at: what a name
//! leads to is asked once, here, and what may not be reached is taken out before anything connects.

use super::address::is_within;
use super::origin::Reach;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

/// A name led only to addresses that may not be reached.
#[derive(Debug, thiserror::Error)]
#[error("its name leads to no address that may be reached")]
pub(super) struct Refused;

/// Asks another resolver and passes on what is within reach.
pub(super) struct Guard {
    pub inner: Arc<dyn Resolve>,
    pub reach: Reach,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (asked, reach) = (self.inner.resolve(name), self.reach);
        Box::pin(async move {
            let all: Vec<SocketAddr> = asked.await?.collect();
            let were_there = !all.is_empty();
            let within: Vec<SocketAddr> =
                all.into_iter().filter(|address| is_within(address.ip(), reach)).collect();
            if were_there && within.is_empty() {
                return Err(Refused.into());
            }
            Ok(Box::new(within.into_iter()) as Addrs)
        })
    }
}

/// The resolver of the system.
pub(super) struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is that of the request.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Whether an error comes from the guard.
pub(super) fn is_refusal(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if error.is::<Refused>() {
            return true;
        }
        cause = error.source();
    }
    false
}
