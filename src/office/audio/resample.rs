//! From any rate to that of Opus, sample by sample, so that nobody holds more than a piece. Begin with [`Resampler`].

use std::sync::LazyLock;

use crate::content::sound::RATE;

/// Zero crossings of the kernel on each side.
const CROSSINGS: usize = 24;

/// Values of the kernel between two zero crossings; what lies between them is drawn as a line.
const STEPS: usize = 512;

/// Of the band that the lower of the two rates can hold, so much is kept; the rest is where the filter falls.
const KEPT: f64 = 0.94;

/// One half of a sinc under a Blackman window; the other half is its mirror image.
static KERNEL: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let last = CROSSINGS * STEPS;
    let value = |at: usize| {
        let at = small(at);
        let x = std::f64::consts::PI * at / small(STEPS);
        let sinc = if at == 0.0 { 1.0 } else { x.sin() / x };
        let w = std::f64::consts::PI * at / small(last);
        let window = 0.42 + 0.5 * w.cos() + 0.08 * (2.0 * w).cos();
        #[expect(clippy::cast_possible_truncation, reason = "samples have no more digits")]
        let value = (sinc * window) as f32;
        value
    };
    (0..=last).map(value).collect()
});

/// Makes 48,000 samples a second of as many as there are.
pub(super) struct Resampler {
    rate: u64,
    /// How much of the kernel lies between two samples that come in.
    cutoff: f64,
    /// Samples on each side that a sample that goes out is made of.
    reach: usize,
    /// What came in and is still needed; `first` is the number of its first sample. Before the first of all it is silent.
    held: Vec<f32>,
    first: i64,
    came: i64,
    went: u64,
}

impl Resampler {
    pub(super) fn new(rate: u32) -> Self {
        let cutoff = KEPT * (f64::from(RATE) / f64::from(rate)).min(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "some hundreds at the highest rate"
        )]
        let reach = (small(CROSSINGS) / cutoff).ceil() as usize;
        Self {
            rate: rate.into(),
            cutoff,
            reach,
            held: vec![0.0; reach],
            first: -signed(reach),
            came: 0,
            went: 0,
        }
    }

    /// Takes what comes in, and appends what can be said by now.
    pub(super) fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        if self.rate == u64::from(RATE) {
            out.extend_from_slice(samples);
            return;
        }
        self.held.extend_from_slice(samples);
        self.came += signed(samples.len());
        self.make(self.came, out);
    }

    /// Appends the end: behind the last sample it is silent.
    pub(super) fn finish(mut self, out: &mut Vec<f32>) {
        if self.rate == u64::from(RATE) {
            return;
        }
        self.held.extend(std::iter::repeat_n(0.0, self.reach + 1));
        let end = self.came + signed(self.reach) + 1;
        let came = self.came;
        let keep = out.len() + self.count_before(came);
        self.make(end, out);
        out.truncate(keep);
    }

    /// How many more there are whose place lies before this sample.
    fn count_before(&self, sample: i64) -> usize {
        let all = u64::try_from(sample).unwrap_or_default() * u64::from(RATE);
        usize::try_from(all.div_ceil(self.rate).saturating_sub(self.went)).unwrap_or(usize::MAX)
    }

    /// Makes all samples whose surroundings lie before `end`.
    fn make(&mut self, end: i64, out: &mut Vec<f32>) {
        let rate = u64::from(RATE);
        loop {
            let place = self.went * self.rate;
            let (before, between) = (place / rate, place % rate);
            let before = i64::try_from(before).unwrap_or(i64::MAX / 2);
            if before + signed(self.reach) + 1 >= end {
                break;
            }
            let from = usize::try_from(before - signed(self.reach) + 1 - self.first).unwrap_or_default();
            let near = &self.held[from..from + 2 * self.reach];
            out.push(self.weigh(near, small_of(between) / f64::from(RATE)));
            self.went += 1;
        }
        // What no later sample looks back to.
        let place = i64::try_from(self.went * self.rate / rate).unwrap_or(i64::MAX / 2);
        let gone = usize::try_from(place - signed(self.reach) + 1 - self.first).unwrap_or_default();
        let gone = gone.min(self.held.len());
        self.held.drain(..gone);
        self.first += signed(gone);
    }

    /// The sum under the kernel; the sample stands `between` behind the last of the first half.
    fn weigh(&self, near: &[f32], between: f64) -> f32 {
        let kernel = &*KERNEL;
        let step = self.cutoff * small(STEPS);
        let mut sum = 0.0_f32;
        for (number, sample) in near.iter().enumerate() {
            let distance = (small(number) - small(self.reach - 1) - between).abs() * step;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "not negative, and a few thousands"
            )]
            let (at, part) = (distance as usize, distance.fract() as f32);
            if let [one, other, ..] = kernel[at.min(kernel.len())..] {
                sum += sample * (one + (other - one) * part);
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "samples have no more digits")]
        let cutoff = self.cutoff as f32;
        sum * cutoff
    }
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / 2)
}

#[expect(clippy::cast_precision_loss, reason = "a few thousands")]
fn small(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "less than the rate")]
fn small_of(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a second of sound"
)]
mod tests {
    use super::*;

    /// A tone of a second through the resampler, in pieces.
    fn resampled(rate: u32, tone: f64) -> Vec<f32> {
        let sample = |number: u32| (f64::from(number) / f64::from(rate) * tone * std::f64::consts::TAU).sin() as f32;
        let samples: Vec<f32> = (0..rate).map(sample).collect();
        let mut resampler = Resampler::new(rate);
        let mut out = Vec::new();
        for piece in samples.chunks(997) {
            resampler.push(piece, &mut out);
        }
        resampler.finish(&mut out);
        out
    }

    #[test]
    fn a_tone_stays_the_tone_it_is_at_every_rate() {
        for rate in [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000] {
            let out = resampled(rate, 440.0);
            assert_eq!(out.len(), 48_000, "{rate}");
            let middle = out.iter().enumerate().skip(2_000).take(44_000);
            let worst = middle
                .map(|(number, sample)| {
                    let wanted = (number as f64 / 48_000.0 * 440.0 * std::f64::consts::TAU).sin() as f32;
                    (sample - wanted).abs()
                })
                .fold(0.0, f32::max);
            assert!(worst < 0.001, "{rate}: {worst}");
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_left_out() {
        let out = resampled(96_000, 30_000.0);
        let loudest = out[2_000..46_000]
            .iter()
            .fold(0.0_f32, |most, sample| most.max(sample.abs()));
        assert!(loudest < 0.001, "{loudest}");
    }
}
