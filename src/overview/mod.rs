//! What records say together: in brief on a card, who took what over from whom, who works with
//! whom, how an experience judges itself and what its level of evidence rests on, how good the
//! records of a source are.

mod brief;
mod evidence;
mod graph;
mod network;
mod profile;
mod quality;
mod transfer;

pub use brief::{Brief, brief};
pub use evidence::earned;
pub use graph::Facts;
pub use network::{Level, Web, WebLink, WebNode, web};
pub use profile::{Profile, Score, profiles};
pub use quality::{SourceQuality, quality};
pub use transfer::{Transfer, TransferTree, transfers};
