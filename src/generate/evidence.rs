//! The published rule for levels of evidence, `ontology/vocabularies/evidence.ttl`.
//! Knows what proves an experience, not how it is drawn.

/// What speaks for an experience, apart from others that take it over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proof {
    /// An indicator has a measured value.
    pub(crate) measured: bool,
    /// A self-assessment has been reviewed.
    pub(crate) reviewed: bool,
    /// It is concluded, or was still running when looked at two years after its start.
    pub(crate) lasting: bool,
}

impl Proof {
    /// The level that an experience with an objective earns.
    fn earned(self, taken_over: bool) -> &'static str {
        let promising = self.measured || self.reviewed;
        let confirmed = taken_over || (self.measured && self.reviewed);
        match (promising, self.lasting && confirmed) {
            (true, true) => "consolidated",
            (true, false) => "promising",
            (false, _) => "emerging",
        }
    }

    /// The level it earns whatever comes later; none if being taken over would raise it.
    pub(crate) fn certain(self, may_be_taken_over: bool) -> Option<&'static str> {
        let level = self.earned(false);
        (!may_be_taken_over || level == self.earned(true)).then_some(level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_needs_proof_and_a_later_transfer_may_raise_it() {
        let proof = |measured, reviewed, lasting| Proof { measured, reviewed, lasting };
        assert_eq!(proof(false, false, true).certain(true), Some("emerging"));
        assert_eq!(proof(true, false, false).certain(true), Some("promising"));
        assert_eq!(proof(true, false, true).certain(false), Some("promising"));
        assert_eq!(proof(true, false, true).certain(true), None);
        assert_eq!(proof(true, true, true).certain(true), Some("consolidated"));
        assert_eq!(proof(true, true, false).certain(true), Some("promising"));
    }
}
