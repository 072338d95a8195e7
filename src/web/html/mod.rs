//! Pages: what the templates in `web/templates/` are filled with.

mod answer;
mod diagram;
mod entity;
mod error;
mod explain;
mod frame;
mod home;
mod queries;
mod search;
mod snippets;
mod sparql;
mod value;

pub use answer::{AnswerTable, ROWS, answer_table};
pub use diagram::diagram;
pub use entity::entity_page;
pub use error::pages_for_people;
pub use explain::explain_page;
pub use home::{KindCount, Overview, home_page, list_page};
pub use queries::{Answered, Choice, Choices, Outcome as QueryOutcome, queries_page, query_page};
pub use search::{COUNTED, search_page};
pub use snippets::Reply;
pub use sparql::{Asked, Outcome, sparql_page};
