//! Pages: what the templates in `web/templates/` are filled with.

mod diagram;
mod entity;
mod error;
mod explain;
mod frame;
mod home;
mod search;
mod value;

pub use diagram::diagram;
pub use entity::entity_page;
pub use error::pages_for_people;
pub use explain::explain_page;
pub use home::{KindCount, Overview, home_page, list_page, sparql_page};
pub use search::{COUNTED, search_page};
