//! Chance that repeats: the same seed gives the same people on every machine and with every version of every library.

/// `SplitMix64` (Steele, Lea, Flood 2014).
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.next() % span).unwrap_or(0)
    }

    /// True in so many cases out of a hundred.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of several; there must be one.
    pub fn pick<T: Copy>(&mut self, options: &[T]) -> T {
        let last = i64::try_from(options.len()).unwrap_or(1) - 1;
        options[usize::try_from(self.between(0, last)).unwrap_or(0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_throws_for_ever() {
        let mut dice = Dice::new(1);
        let throws: Vec<i64> = (0..6).map(|_| dice.between(1, 100)).collect();
        let mut again = Dice::new(1);
        assert_eq!(throws, (0..6).map(|_| again.between(1, 100)).collect::<Vec<_>>());
        assert!(throws.iter().all(|throw| (1..=100).contains(throw)));
        assert_eq!(Dice::new(0).next(), 0xE220_A839_7B1D_CDAF);
    }
}
