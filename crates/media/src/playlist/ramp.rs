//! Ramps that keep cuts from clicking.

/// Samples of a ramp: 5 ms.
pub(super) const RAMP: usize = 240;

/// The end of something cut, still to be mixed over what follows.
pub(super) struct Tail {
    pub(super) samples: [i16; RAMP],
    pub(super) left: usize,
}

/// A linear ramp to nothing at the end of `pcm`.
pub(super) fn ramp_down(pcm: &mut [i16]) {
    let len = pcm.len() as i32;
    for (n, sample) in pcm.iter_mut().enumerate() {
        *sample = (i32::from(*sample) * (len - 1 - n as i32) / len.max(1)) as i16;
    }
}

/// A linear ramp of which `left` samples are still to come; what is left after `pcm`.
pub(super) fn ramp_up_from(pcm: &mut [i16], left: usize) -> usize {
    for (n, sample) in pcm.iter_mut().take(left).enumerate() {
        let done = (RAMP - left + n + 1) as i32;
        *sample = (i32::from(*sample) * done / RAMP as i32) as i16;
    }
    left.saturating_sub(pcm.len())
}
