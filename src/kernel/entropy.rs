//! Where randomness comes from: an argument, like the clock.

/// A source of random bytes. The one implementation of the product asks the operating system
/// (`platform::crypto::OsEntropy`); it ends the process rather than return weak bytes (CVE-156, CR-09).
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with random data.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Entropy + '_ {
    /// An array of random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}
