//! Other nodes and publishers: who is on the list, and how they are.

mod endpoint;
mod error;
mod federated;
mod found;
mod health;
mod key;
mod kind;
mod look;
mod peer;
mod peers;
mod proposal;
mod reports;
mod searched;
mod signed;
mod watch;

pub use error::PeerError;
pub use federated::{Asked, Federated, FederatedError};
pub use found::{Fused, Fusion, Page, fuse, short, sum};
pub use health::{Counts, Health, Problem, ProblemKind};
pub use key::Key;
pub use kind::{Kind, Trust};
pub use peer::Peer;
pub use peers::Peers;
pub use proposal::Proposal;
pub use reports::Reports;
pub use searched::{Heard, search_peers};
pub use signed::{SignedError, verifiable, verified};
pub use watch::Watch;
