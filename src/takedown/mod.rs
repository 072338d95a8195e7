//! Records that must go and not come back.

mod class;
mod error;
mod takedowns;

pub use class::Class;
pub use error::TakedownError;
pub use takedowns::{Request, Takedowns};
