//! SHA-256 of what is written while it is written, and short marks.
//! Knows nothing of what is hashed.

use crate::store::hex;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// A writer that counts and hashes what goes through it.
pub(super) struct Hashing<W> {
    inner: W,
    hasher: Sha256,
    bytes: u64,
}

impl<W: Write> Hashing<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, hasher: Sha256::new(), bytes: 0 }
    }

    /// What was written to, how many bytes, and their SHA-256 in hexadecimal.
    pub fn finish(self) -> (W, u64, String) {
        (self.inner, self.bytes, hex(&self.hasher.finalize()))
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.hasher.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A mark by which something is recognised in few bytes; the same in every run.
pub(super) fn mark(text: &str) -> u64 {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(0, |mark, byte| mark << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_counted_and_hashed() {
        let mut out = Hashing::new(Vec::new());
        out.write_all(b"ab").unwrap();
        out.write_all(b"c").unwrap();
        let (inner, bytes, sha256) = out.finish();
        assert_eq!((inner.as_slice(), bytes), (b"abc".as_slice(), 3));
        assert!(sha256.starts_with("ba7816bf8f01cfea"), "{sha256}");
        assert_eq!(mark("abc"), 0xba78_16bf_8f01_cfea);
    }
}
