//! Other nodes and publishers: who is on the list, and how they are.

mod error;
mod health;
mod key;
mod kind;
mod look;
mod peer;
mod peers;
mod proposal;
mod watch;

pub use error::PeerError;
pub use health::{Counts, Health, Problem, ProblemKind};
pub use key::Key;
pub use kind::{Kind, Trust};
pub use peer::Peer;
pub use peers::Peers;
pub use proposal::Proposal;
pub use watch::Watch;
