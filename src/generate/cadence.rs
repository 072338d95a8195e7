//! When each record is written, by arithmetic alone: what stands before an experience follows from
//! its number. Knows no record.

/// Experiences for each actor.
const PER_ACTOR: u64 = 4;
/// Experiences for each network.
const PER_NETWORK: u64 = 25;
/// Experiences for each resource.
const PER_RESOURCE: u64 = 20;
/// Experiences for each piece of news.
const PER_NEWS: u64 = 30;
/// Experiences for each event.
const PER_EVENT: u64 = 40;
/// Experiences for each model, which a path follows.
const PER_MODEL: u64 = 50;
/// Experiences for each collection.
const PER_COLLECTION: u64 = 100;
/// One experience out of so many has a self-assessment.
const ASSESSED: u64 = 10;
/// One experience out of so many may be taken over by later ones.
const ORIGIN: u64 = 3;

/// What stands before an experience.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before {
    /// The number of the experience, and how many were written before it.
    pub(crate) number: u64,
    /// How many actors have been written, at least one.
    pub(crate) actors: u64,
    /// How many networks have been written.
    pub(crate) networks: u64,
}

impl Before {
    /// What stands before the experience of this number.
    pub(crate) fn experience(number: u64) -> Self {
        Self { number, actors: number / PER_ACTOR + 1, networks: number / PER_NETWORK }
    }

    /// The actor that is written just before the experience, if one is.
    pub(crate) fn actor(self) -> Option<u64> {
        self.number.is_multiple_of(PER_ACTOR).then_some(self.actors - 1)
    }

    /// Whether the experience has a self-assessment.
    pub(crate) fn assessed(self) -> bool {
        self.number % ASSESSED == ASSESSED / 2
    }

    /// Whether later experiences may be taken over from this one. So few may, that what the others
    /// can claim is known when they are written.
    pub(crate) fn may_be_origin(self) -> bool {
        self.number.is_multiple_of(ORIGIN)
    }

    /// The nearest experience from this one back that may be taken over.
    pub(crate) fn origin(number: u64) -> u64 {
        number - number % ORIGIN
    }
}

/// What is written once so many experiences are done: each has the number of the record.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct After {
    pub(crate) network: Option<u64>,
    pub(crate) model: Option<u64>,
    pub(crate) resource: Option<u64>,
    pub(crate) news: Option<u64>,
    pub(crate) event: Option<u64>,
    pub(crate) collection: Option<u64>,
}

impl After {
    /// What follows the last of this many experiences, which are not none.
    pub(crate) fn experiences(done: u64) -> Self {
        let every = |many| done.is_multiple_of(many).then(|| done / many - 1);
        Self {
            network: every(PER_NETWORK),
            model: every(PER_MODEL),
            resource: every(PER_RESOURCE),
            news: every(PER_NEWS),
            event: every(PER_EVENT),
            collection: every(PER_COLLECTION),
        }
    }
}

/// How many models have been written once so many experiences are done.
pub(crate) fn models(done: u64) -> u64 {
    done / PER_MODEL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_an_experience_is_what_the_earlier_ones_brought() {
        let (mut actors, mut networks) = (0, 0);
        for number in 0..1_000 {
            let before = Before::experience(number);
            if let Some(actor) = before.actor() {
                assert_eq!(actor, actors);
                actors += 1;
            }
            assert_eq!((before.actors, before.networks), (actors, networks));
            networks += u64::from(After::experiences(number + 1).network.is_some());
        }
    }

    #[test]
    fn an_origin_is_never_later_and_may_be_one() {
        for number in 0..100 {
            let origin = Before::origin(number);
            assert!(origin <= number && Before::experience(origin).may_be_origin());
        }
    }
}
