//! Leave to keep a core busy: one permit a core; who finds none free is turned away and may try again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many computations may run at once. Cloning shares the count.
#[derive(Clone)]
pub struct Permits(Arc<AtomicUsize>);

impl Permits {
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(count)))
    }

    /// A permit, given back when dropped; `None` when all are out.
    #[must_use]
    pub fn take(&self) -> Option<Permit> {
        let free = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, |free| free.checked_sub(1));
        free.ok().map(|_| Permit(Arc::clone(&self.0)))
    }
}

/// Leave to keep a core busy, until it is dropped.
pub struct Permit(Arc<AtomicUsize>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permits_run_out_and_come_back() {
        let permits = Permits::new(2);
        let first = permits.take().unwrap();
        let second = permits.take();
        assert!(second.is_some() && permits.take().is_none());
        drop(first);
        assert!(permits.take().is_some());
    }
}
