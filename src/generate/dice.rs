//! Chance that is the same on every machine: integers and plain arithmetic, no library logarithms.
//! Knows nothing of what is drawn.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// What a stream of chance is for; streams of different purposes never meet.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    Setting = 1,
    Actor = 2,
    Network = 3,
    Experience = 4,
    Assessment = 5,
    Money = 6,
    Transfer = 7,
    Means = 8,
    Model = 9,
    Resource = 10,
    News = 11,
    Event = 12,
    Collection = 13,
    Subject = 14,
    Fault = 15,
}

/// The root of all streams of one seed.
#[derive(Debug, Clone)]
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// The stream of one record: the same whatever was drawn before.
    pub(crate) fn dice(&self, stream: Stream, index: u64) -> Dice {
        let mut rng = self.0.clone();
        rng.set_stream(((stream as u64) << 56) | index);
        Dice(rng)
    }
}

/// A source of draws.
#[derive(Debug)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// A whole number below `limit`, which is not zero.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        let product = u128::from(self.0.next_u64()) * u128::from(limit);
        u64::try_from(product >> 64).expect("the high half of a product of two words is a word")
    }

    /// A place in a list of `length` things, which is not empty.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        // Lists in memory are shorter than 2^64, and a place in one fits where its length did.
        self.below(length as u64) as usize
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(low.abs_diff(high) + 1).cast_signed()
    }

    /// True in `share` cases out of a hundred.
    pub(crate) fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// One of the things, all alike.
    pub(crate) fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.index(things.len())]
    }

    /// A draw near to a normal one of mean 0 and deviation 1: the sum of twelve even draws.
    pub(crate) fn normal(&mut self) -> f64 {
        let sum: u64 = (0..12).map(|_| u64::from(self.0.next_u32())).sum();
        // At most 36 bits: exact in a double.
        sum as f64 / 4_294_967_296.0 - 6.0
    }

    /// A factor whose logarithm is normal with this deviation, its median 1.
    pub(crate) fn log_normal(&mut self, deviation: f64) -> f64 {
        // (1 + x/1024)^1024 by squaring: only products, which every machine rounds alike.
        (0..10).fold(1.0 + deviation * self.normal() / 1024.0, |power, _| power * power)
    }
}

/// Draws places in a list by weight.
#[derive(Debug, Clone)]
pub(crate) struct Weights(Vec<u64>);

impl Weights {
    /// Weights in the order of the list; none is taken as zero.
    pub(crate) fn of(weights: impl IntoIterator<Item = u64>) -> Self {
        let running = weights.into_iter().scan(0, |sum: &mut u64, weight| {
            *sum += weight.max(1);
            Some(*sum)
        });
        Self(running.collect())
    }

    /// Zipf's law: the thing of rank k has a weight of 1/k.
    pub(crate) fn zipf(length: usize) -> Self {
        Self::of((1..=length as u64).map(|rank| 1_000_000 / rank))
    }

    /// A place in the list, which is not empty.
    pub(crate) fn draw(&self, dice: &mut Dice) -> usize {
        let total = self.0.last().copied().unwrap_or(1);
        let point = dice.below(total);
        self.0.partition_point(|running| *running <= point)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_the_same_however_often_it_is_opened() {
        let chance = Chance::new(7);
        let draw = |stream, index| chance.dice(stream, index).below(u64::MAX);
        assert_eq!(draw(Stream::Actor, 3), draw(Stream::Actor, 3));
        assert_ne!(draw(Stream::Actor, 3), draw(Stream::Actor, 4));
        assert_ne!(draw(Stream::Actor, 3), draw(Stream::Network, 3));
    }

    #[test]
    fn half_the_log_normal_draws_are_below_the_median() {
        let mut dice = Chance::new(1).dice(Stream::Setting, 0);
        let below = (0..10_000).filter(|_| dice.log_normal(0.9) < 1.0).count();
        assert!((4_800..5_200).contains(&below), "{below}");
    }

    #[test]
    fn the_first_rank_is_drawn_twice_as_often_as_the_second() {
        let (zipf, mut dice) = (Weights::zipf(50), Chance::new(2).dice(Stream::Setting, 0));
        let mut seen = [0_u32; 50];
        (0..20_000).for_each(|_| seen[zipf.draw(&mut dice)] += 1);
        let ratio = f64::from(seen[0]) / f64::from(seen[1]);
        assert!((1.8..2.2).contains(&ratio), "{ratio}");
    }
}
