//! What is done to the sound on its way out: counting, cutting, ramps, gain.

use super::ramp::{RAMP, Tail, ramp_down, ramp_up_from};
use super::{Event, Playing, Playlist};
use crate::Pulled;

impl Playlist {
    /// Counts what left, and says so when it was the first.
    pub(super) fn heard(&mut self, samples: u64) {
        if samples == 0 {
            return;
        }
        let hold = self.playing == Playing::Hold;
        let Some(track) = self.current_track_mut() else { return };
        track.played += samples;
        let id = track.id;
        if !std::mem::replace(&mut track.started, true) {
            self.emit(Event::TrackStarted { id });
        }
        if hold && !std::mem::replace(&mut self.hold_told, true) {
            self.emit(Event::HoldStarted);
        }
    }

    /// Takes the next 5 ms of what plays as a ramp to lay over what follows.
    pub(super) fn cut(&mut self) {
        if self.paused || self.playing == Playing::Nothing || !self.is_under_way() {
            return;
        }
        let mut samples = [0; RAMP];
        let Some(track) = self.current_track_mut() else { return };
        let count = match track.source.pull(&mut samples) {
            Pulled::Pcm => RAMP,
            Pulled::Dry(count) | Pulled::End(count) | Pulled::Failed(count, _) => count.min(RAMP),
        };
        samples[count..].fill(0);
        // What began with a ramp that is not over is cut at the level it has reached.
        let fade_in = std::mem::take(&mut self.fade_in);
        ramp_up_from(&mut samples, fade_in);
        ramp_down(&mut samples);
        // A cut within the ramp of the cut before: both ramps sound.
        let left = std::mem::take(&mut self.tail.left);
        for (sample, old) in samples.iter_mut().zip(&self.tail.samples[RAMP - left..]) {
            *sample = sample.saturating_add(*old);
        }
        self.tail = Tail { samples, left: RAMP };
    }

    pub(super) fn mix_tail(&mut self, out: &mut [i16]) {
        let left = std::mem::take(&mut self.tail.left);
        for (slot, tail) in out.iter_mut().zip(&self.tail.samples[RAMP - left..]) {
            *slot = slot.saturating_add(*tail);
        }
    }

    pub(super) fn ramp_up(&mut self, pcm: &mut [i16]) {
        self.fade_in = ramp_up_from(pcm, self.fade_in);
    }

    /// Gain and mute, moving over one frame from the level before.
    pub(super) fn apply_gain(&mut self, out: &mut [i16]) {
        let target = if self.muted { 0.0 } else { self.gain };
        let from = std::mem::replace(&mut self.applied, target);
        if from == 1.0 && target == 1.0 {
            return;
        }
        let step = (target - from) / RAMP as f32;
        for (n, sample) in out.iter_mut().enumerate() {
            let gain = if n < RAMP { from + step * (n + 1) as f32 } else { target };
            *sample = (f32::from(*sample) * gain).round().clamp(-32_768.0, 32_767.0) as i16;
        }
    }
}
