//! The node's own keys: the one that signs, in a file that nobody else may read, and the public ones
//! of before, by which what they signed can still be verified. Refuses to know what is signed.

use super::pair::{Pair, PublicKey, jwk, thumbprint};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fs::{DirBuilder, Permissions, read_to_string};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// The folder of the keys in the data folder, and what is in it.
const FOLDER: &str = "keys";
const SECRET: &str = "signing.pem";
const HISTORY: &str = "public.json";
const LOCK: &str = "lock";
/// The files are looked at again after this time: a command may have changed them.
const LOOK: Duration = Duration::from_secs(5);

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the node has no key yet: `familylab key new` makes one, and so does its first start")]
    None,
    #[error("there is a key already; `familylab key rotate` puts a new one in its place")]
    Exists,
    #[error(
        "the setting signing_key names the file of the key: put another key into it, and the one \
         before is retired"
    )]
    Set,
    #[error("the key file {0} holds no Ed25519 private key in PKCS #8 (PEM)")]
    NoKey(PathBuf),
    #[error("the list of keys {0} cannot be read; put it back from a backup, or take it away")]
    History(PathBuf),
    #[error("the key file {path} cannot be used: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("the system gives no random numbers, so no key can be made")]
    Chance,
}

/// A key that does not sign any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired {
    /// The public key, as JSON Web Keys write it.
    x: String,
    pub since: Timestamp,
    pub until: Timestamp,
}

impl Retired {
    /// The public key.
    pub fn public(&self) -> Option<PublicKey> {
        public(&self.x)
    }
}

/// Which key signs since when, and which did before. It holds nothing secret.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct History {
    x: String,
    since: Timestamp,
    #[serde(default)]
    retired: Vec<Retired>,
}

/// The keys of the node at a moment.
#[derive(Debug)]
pub struct Keys {
    pub pair: Pair,
    /// Since when it signs.
    pub since: Timestamp,
    /// The keys before, the last one first.
    pub retired: Vec<Retired>,
}

impl Keys {
    /// The public keys for everybody. RFC 7517, section 5; RFC 8037, section 2. `iat` and `exp` say
    /// from when to when a key signed.
    pub fn set(&self) -> Value {
        let described = |key: &PublicKey, since: Timestamp| {
            let mut jwk = jwk(key);
            jwk["kid"] = json!(thumbprint(key));
            jwk["use"] = json!("sig");
            jwk["alg"] = json!("EdDSA");
            jwk["iat"] = json!(since.as_second());
            jwk
        };
        let mut keys = vec![described(&self.pair.public(), self.since)];
        for retired in &self.retired {
            let Some(key) = retired.public() else { continue };
            let mut jwk = described(&key, retired.since);
            jwk["exp"] = json!(retired.until.as_second());
            keys.push(jwk);
        }
        json!({ "keys": keys })
    }
}

/// Where the keys are kept. Clones share what was read last.
#[derive(Debug, Clone)]
pub struct Keyring(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    /// The file that the settings name.
    named: Option<PathBuf>,
    read: RwLock<Option<(Instant, Arc<Keys>)>>,
}

impl Keyring {
    /// The keys in a data folder, or with the private one in a file of its own. Nothing is read yet.
    pub fn new(data: &Path, named: Option<&Path>) -> Self {
        let (folder, named) = (data.join(FOLDER), named.map(Path::to_owned));
        Self(Arc::new(Inner { folder, named, read: RwLock::default() }))
    }

    /// Makes a key where there is none. Blocking.
    pub fn make(&self) -> Result<(), KeyError> {
        if self.0.named.is_some() {
            return Err(KeyError::Set);
        }
        let _alone = self.alone()?;
        if self.secret().exists() {
            return Err(KeyError::Exists);
        }
        self.write()
    }

    /// Puts a new key in the place of the one that signs, which is retired. Blocking.
    pub fn rotate(&self, now: Timestamp) -> Result<Arc<Keys>, KeyError> {
        if self.0.named.is_some() {
            return Err(KeyError::Set);
        }
        let _alone = self.alone()?;
        self.look(now)?;
        self.write()?;
        self.look(now)
    }

    /// Makes a key where there must be one and reads the keys. Blocking.
    pub fn open(&self, now: Timestamp) -> Result<Arc<Keys>, KeyError> {
        let alone = self.alone()?;
        if self.0.named.is_none() && !self.secret().exists() {
            self.write()?;
        }
        drop(alone);
        let path = self.secret();
        let mode =
            path.metadata().map_err(|source| KeyError::File { path: path.clone(), source })?;
        if mode.permissions().mode() & 0o077 != 0 {
            tracing::warn!(path = %path.display(), "others on this machine may read the node's private key");
        }
        self.read(now)
    }

    /// Reads the keys, and notes where another one signs than before. Blocking.
    pub fn read(&self, now: Timestamp) -> Result<Arc<Keys>, KeyError> {
        if self.0.named.is_none() && !self.secret().exists() {
            return Err(KeyError::None);
        }
        let _alone = self.alone()?;
        self.look(now)
    }

    /// Does the same where no other process is at the files.
    fn look(&self, now: Timestamp) -> Result<Arc<Keys>, KeyError> {
        let path = self.secret();
        let text = match read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.0.named.is_none() => {
                return Err(KeyError::None);
            }
            Err(source) => return Err(KeyError::File { path, source }),
        };
        let pair = Pair::read(&text).ok_or(KeyError::NoKey(path))?;
        let history = self.history(&pair.public(), now)?;
        let retired = history.retired;
        let keys = Arc::new(Keys { pair, since: history.since, retired });
        let mut read = self.0.read.write().unwrap_or_else(PoisonError::into_inner);
        *read = Some((Instant::now(), Arc::clone(&keys)));
        Ok(keys)
    }

    /// The keys as they were a few seconds ago at the latest.
    pub async fn current(&self) -> Result<Arc<Keys>, KeyError> {
        let known = self.0.read.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((read, keys)) = &known
            && read.elapsed() < LOOK
        {
            return Ok(Arc::clone(keys));
        }
        let keyring = self.clone();
        let work = tokio::task::spawn_blocking(move || keyring.read(Timestamp::now()));
        match (work.await, known) {
            (Ok(Ok(keys)), _) => Ok(keys),
            (_, Some((_, keys))) => {
                tracing::warn!(
                    "the node's key cannot be read any more; the one read before signs on"
                );
                Ok(keys)
            }
            (Ok(Err(error)), None) => Err(error),
            (Err(_), None) => Err(KeyError::None),
        }
    }

    /// Keeps other processes off the files for as long as what it gives is held: each of them reads
    /// one and writes the other.
    fn alone(&self) -> Result<std::fs::File, KeyError> {
        let path = self.0.folder.join(LOCK);
        let open = || -> io::Result<std::fs::File> {
            DirBuilder::new().recursive(true).mode(0o700).create(&self.0.folder)?;
            let file = std::fs::File::options().create(true).append(true).open(&path)?;
            file.lock()?;
            Ok(file)
        };
        open().map_err(|source| KeyError::File { path: path.clone(), source })
    }

    fn secret(&self) -> PathBuf {
        self.0.named.clone().unwrap_or_else(|| self.0.folder.join(SECRET))
    }

    /// Writes a new private key in the place of whatever is there.
    fn write(&self) -> Result<(), KeyError> {
        let text = Pair::make().ok_or(KeyError::Chance)?;
        self.put(SECRET, &text, 0o600)
    }

    /// What is known of the keys, with the one that signs now as the last.
    fn history(&self, key: &PublicKey, now: Timestamp) -> Result<History, KeyError> {
        let path = self.0.folder.join(HISTORY);
        let mut history = match read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|_| KeyError::History(path))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => History::default(),
            Err(source) => return Err(KeyError::File { path, source }),
        };
        if public(&history.x).as_ref() == Some(key) {
            return Ok(history);
        }
        if !history.x.is_empty() {
            let retired = Retired { x: history.x, since: history.since, until: now };
            history.retired.insert(0, retired);
        }
        history.x = URL_SAFE_NO_PAD.encode(key);
        history.since = now;
        // A key that is put back is no retired one.
        history.retired.retain(|retired| retired.x != history.x);
        let text = serde_json::to_string_pretty(&history).map_err(|error| KeyError::File {
            path: self.0.folder.join(HISTORY),
            source: error.into(),
        })?;
        self.put(HISTORY, &text, 0o644)?;
        Ok(history)
    }

    /// Writes a file of the folder beside its place and puts it there once it is on disk.
    fn put(&self, name: &str, text: &str, mode: u32) -> Result<(), KeyError> {
        let path = self.0.folder.join(name);
        let write = || -> io::Result<()> {
            DirBuilder::new().recursive(true).mode(0o700).create(&self.0.folder)?;
            let mut beside = tempfile::Builder::new()
                .permissions(Permissions::from_mode(mode))
                .tempfile_in(&self.0.folder)?;
            beside.write_all(text.as_bytes())?;
            beside.as_file().sync_all()?;
            beside.persist(&path).map_err(|error| error.error)?;
            std::fs::File::open(&self.0.folder)?.sync_all()
        };
        write().map_err(|source| KeyError::File { path: path.clone(), source })
    }
}

fn public(x: &str) -> Option<PublicKey> {
    URL_SAFE_NO_PAD.decode(x).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_key_that_is_replaced_is_kept_as_retired_with_its_dates() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = Keyring::new(folder.path(), None);
        assert!(matches!(keyring.read(at(1)), Err(KeyError::None)));
        let first = keyring.open(at(1)).unwrap();
        assert!(matches!(keyring.make(), Err(KeyError::Exists)));
        assert_eq!(keyring.open(at(2)).unwrap().pair.public(), first.pair.public());
        let second = keyring.rotate(at(3)).unwrap();
        assert_ne!(second.pair.public(), first.pair.public());
        assert_eq!((second.since, second.retired.len()), (at(3), 1));
        let retired = &second.retired[0];
        assert_eq!(retired.public(), Some(first.pair.public()));
        assert_eq!((retired.since, retired.until), (at(1), at(3)));
        let set = second.set();
        assert_eq!(set["keys"][0]["kid"], thumbprint(&second.pair.public()));
        assert_eq!((&set["keys"][1]["iat"], &set["keys"][1]["exp"]), (&json!(1), &json!(3)));
        let text = set.to_string() + &format!("{second:?}");
        let secret = std::fs::read_to_string(folder.path().join("keys/signing.pem")).unwrap();
        let digits = secret.lines().nth(1).unwrap();
        assert!(!text.contains(&digits[24..]), "{text}");
        let mode = folder.path().join("keys/signing.pem").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_file_of_the_settings_is_used_and_its_change_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("chiave.pem");
        let keyring = Keyring::new(folder.path(), Some(&file));
        assert!(matches!(keyring.open(at(1)), Err(KeyError::File { .. })));
        std::fs::write(&file, "chiave").unwrap();
        assert!(matches!(keyring.open(at(1)), Err(KeyError::NoKey(_))));
        std::fs::write(&file, Pair::make().unwrap()).unwrap();
        let first = keyring.open(at(1)).unwrap();
        std::fs::write(&file, Pair::make().unwrap()).unwrap();
        let second = keyring.read(at(2)).unwrap();
        assert_eq!(second.retired[0].public(), Some(first.pair.public()));
        assert!(matches!(keyring.rotate(at(3)), Err(KeyError::Set)));
        assert!(matches!(keyring.make(), Err(KeyError::Set)));
    }
}
