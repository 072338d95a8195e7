//! How much memory one query may hold. Knows no terms and no rows, only bytes.

use super::error::EngineError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that one query may still hold; shared by all that remembers something for it.
#[derive(Debug)]
pub struct Budget {
    limit: usize,
    used: AtomicUsize,
}

impl Budget {
    /// A budget of so many bytes.
    pub fn new(limit: usize) -> Self {
        Self { limit, used: AtomicUsize::new(0) }
    }

    /// Counts bytes that are held from now on; says so where that is too much.
    pub fn take(&self, bytes: usize) -> Result<(), EngineError> {
        let before = self.used.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > self.limit {
            self.give_back(bytes);
            return Err(EngineError::Memory { limit: self.limit });
        }
        Ok(())
    }

    /// Counts bytes that are held no longer.
    pub fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// Bytes that are held together, and given back when they are dropped.
#[derive(Debug)]
pub struct Share {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Share {
    /// None yet.
    pub fn of(budget: &Arc<Budget>) -> Self {
        Self { budget: Arc::clone(budget), bytes: 0 }
    }

    /// Counts bytes that are held as well.
    pub fn take(&mut self, bytes: usize) -> Result<(), EngineError> {
        self.budget.take(bytes)?;
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.give_back(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_is_refused_and_not_counted() {
        let budget = Budget::new(10);
        budget.take(8).unwrap();
        assert!(matches!(budget.take(3), Err(EngineError::Memory { limit: 10 })));
        budget.take(2).unwrap();
        budget.give_back(10);
        let budget = Arc::new(budget);
        let mut share = Share::of(&budget);
        share.take(10).unwrap();
        assert!(share.take(1).is_err());
        drop(share);
        budget.take(10).unwrap();
    }
}
