//! Pages: what the templates in `web/templates/` are filled with.

mod about;
mod card;
mod catalogue;
mod compare;
mod diagram;
mod drawings;
mod entity;
mod error;
mod explain;
mod facets;
mod frame;
mod front;
mod groups;
mod home;
mod map;
mod notes;
mod record;
mod search;
mod structured;
mod value;

pub use about::{SourceCount, data_page, quality_page, sitemap_page, text_page};
pub use catalogue::{Branch, CardSource, Listing, SpotSource, VIEWS, catalogue_page};
pub use compare::{Needed, compare_page, similar_page};
pub use diagram::diagram;
pub use entity::entity_page;
pub use error::pages_for_people;
pub use explain::explain_page;
pub use front::{Front, front_page};
pub use home::{KindCount, list_page, sparql_page};
pub use map::Spot;
pub use record::{Around, record_page};
pub use search::{COUNTED, search_page};
