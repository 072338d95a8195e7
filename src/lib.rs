//! FamilyLab: a federated linked-data node for the experience of family policies.
//! `ARCHITECTURE.md` draws the layers; this file lists the rooms from the lowest up.

pub mod config;
pub mod iri;
pub mod media;
pub mod vocab;

pub mod net;
pub mod schema;
pub mod signing;
pub mod sparql;

pub mod engine;
pub mod store;

pub mod entity;
pub mod generate;
pub mod infer;
pub mod ingest;
pub mod query;
pub mod search;

pub mod federation;
pub mod overview;
pub mod publish;
pub mod services;
pub mod takedown;

pub mod app;

pub mod web;

pub mod cli;
