//! Other nodes and publishers: who is on the list, and how they are.

mod endpoint;
mod error;
mod federated;
mod found;
mod harvest;
mod health;
mod key;
mod kind;
mod likes;
mod look;
mod peer;
mod peers;
mod proposal;
mod reports;
mod searched;
mod signed;
mod suggested;
mod summaries;
mod watch;

pub use error::PeerError;
pub use federated::{Asked, Federated, FederatedError, Seen};
pub use found::{Count, Facet, Fused, Fusion, Hit, Page, fuse, short, sum};
pub use harvest::{HarvestError, Harvests, Run, Schedule};
pub use health::{Counts, Health, Problem, ProblemKind};
pub use key::Key;
pub use kind::{Kind, Trust};
pub use likes::{Known, Like, Likes, likes_at_peers, rank};
pub use peer::Peer;
pub use peers::Peers;
pub use proposal::Proposal;
pub use reports::Reports;
pub use searched::{Heard, search_peers};
pub use signed::{SignedError, verifiable, verified};
pub use suggested::{Completion, Completions, Offered, merge, suggest_at_peers};
pub use summaries::{Ages, Counted, OwnSummary};
pub use watch::Watch;
