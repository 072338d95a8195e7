//! Outbound HTTP, the only way out of the node: listed origins, with limits of time and size.
//! Refuses to know who is asked for what.

mod address;
mod answer;
mod breaker;
mod client;
mod error;
mod host;
mod origin;
mod request;
mod resolve;

pub use address::may_reach;
pub use answer::Answer;
pub use client::{Manners, Net};
pub use error::{NetError, Phase};
pub use origin::{Origin, Reach};
pub use request::{Limits, Request};
pub use reqwest::{Url, header};
