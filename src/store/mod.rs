//! The log, the graph that follows it, and the one door through which both are reached.

mod append;
mod blank;
mod change;
mod check;
mod dataset;
mod events;
mod extent;
mod faults;
mod feedback;
mod folder;
mod follow;
mod graph;
mod group;
mod harvests;
mod hierarchy;
mod history;
mod items;
mod links;
mod list;
mod log;
mod peers;
mod step;
mod takedowns;
mod verify;
mod view;

pub use append::Append;
pub use blank::BlankError;
pub use change::{Entry, Header, Key, Triples, hex, spelled};
pub use check::{CheckError, Checker, Declared};
pub use dataset::{Dataset, DatasetError, Mode, Writer};
pub use events::Event;
pub use extent::Extent;
pub use faults::Fault;
pub use feedback::Feedback;
pub use folder::open_log;
pub use graph::{Graph, GraphError, MARK, is_mark};
pub use group::{Group, GroupError, Records};
pub use harvests::{
    HarvestRow, HarvestStep, PageRow, QuarantineRow, RunCounts, RunRow, VersionRow,
};
pub use hierarchy::Hierarchy;
pub use history::{Choice, Place, Revision, Turn};
pub use log::{ChangeInfo, Log, LogError, Tally, Version};
pub use peers::{CheckRow, PeerRow};
pub use step::Step;
pub use takedowns::{Blocks, Takedown};
pub use verify::{Difference, Verdict, verify};
pub use view::View;
