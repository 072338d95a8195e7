//! FamilyLab: a federated linked-data node for the experience of family policies.
//! `ARCHITECTURE.md` draws the layers; this file lists the rooms from the lowest up.

pub mod generate;
pub mod iri;
pub mod media;
pub mod vocab;
