//! `familylab key`: the key by which the node signs what others take over, also while it is running.

use crate::config::Settings;
use crate::federation::Key as Public;
use crate::signing::{Keyring, Keys, PublicKey, thumbprint};
use clap::Subcommand;
use jiff::Timestamp;
use std::process::ExitCode;

/// What can be done with the key.
#[derive(Debug, Clone, Default, Subcommand)]
pub enum Key {
    /// Print the public key, as `familylab peer add --key` takes it, and those of before
    #[default]
    Show,
    /// Make a key where there is none yet
    New,
    /// Put a new key in the place of this one, which stays published as retired
    Rotate,
}

/// Reads or changes the keys of a data folder.
pub fn key(settings: &Settings, ask: &Key) -> anyhow::Result<ExitCode> {
    let keyring = Keyring::new(&settings.data, settings.signing_key.as_deref());
    let now = Timestamp::now();
    let keys = match ask {
        Key::Show => keyring.read(now)?,
        Key::New => {
            keyring.make()?;
            keyring.read(now)?
        }
        Key::Rotate => keyring.rotate(now)?,
    };
    show(&keys);
    if matches!(ask, Key::Rotate) {
        eprintln!(
            "Nodes that pinned the key of before take nothing from this one until they are given the \
             new key: tell those who run them."
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The key on the first line, for programs; then what people may want to know.
fn show(keys: &Keys) {
    let public = keys.pair.public();
    println!("{}", spelled(&public));
    println!("    name (RFC 7638): {}", thumbprint(&public));
    println!("    signs since {}", keys.since);
    for retired in &keys.retired {
        let Some(key) = retired.public() else { continue };
        println!("retired: {}", spelled(&key));
        println!("    signed from {} to {}", retired.since, retired.until);
    }
}

fn spelled(key: &PublicKey) -> String {
    Public::from(*key).to_string()
}
