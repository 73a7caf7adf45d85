//! What a file yields to whoever reads it: pieces of PCM or Opus packets, in order. Runs where blocking is allowed.

use super::layout::to_i16;
use super::{Info, SourceError};
use crate::{MediaTime, Resampler};

/// Room for one piece; reused.
#[derive(Debug, Default)]
pub(super) struct Piece {
    /// 48 kHz mono, when the step was [`Step::Pcm`].
    pub(super) pcm: Vec<i16>,
    /// One Opus packet, when the step was [`Step::Packet`].
    pub(super) packet: Vec<u8>,
}

/// What [`Reader::next`] read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Samples, possibly none.
    Pcm,
    /// A packet, of whose samples `skip` are not to be heard and `keep` after them are.
    Packet { skip: u16, keep: u16 },
    /// Nothing more.
    End,
}

/// A file open for reading.
pub(super) trait Reader: Send {
    /// Reads the next piece into `piece`.
    fn next(&mut self, piece: &mut Piece) -> Result<Step, SourceError>;
    /// Makes the next piece begin exactly at `to`.
    fn seek(&mut self, to: MediaTime) -> Result<(), SourceError>;
    /// What is known about it.
    fn info(&self) -> &Info;
}

/// A file of samples at a rate of its own.
pub(super) trait Native: Send {
    /// Appends some mono samples; false at the end.
    fn read(&mut self, out: &mut Vec<f32>) -> Result<bool, SourceError>;
    /// Makes the next samples begin at sample `to` of its own rate.
    fn seek(&mut self, to: u64) -> Result<(), SourceError>;
    /// What is known about it.
    fn info(&self) -> &Info;
}

/// A [`Native`] brought to the engine's rate.
pub(super) struct Converted<N> {
    native: N,
    resampler: Resampler,
    input: Vec<f32>,
    output: Vec<f32>,
    ended: bool,
    /// Output samples to drop after a seek, where a native sample is longer than one of ours.
    drop: usize,
}

impl<N: Native> Converted<N> {
    /// `None` when the rate cannot be converted.
    pub(super) fn new(native: N) -> Option<Self> {
        let resampler = Resampler::new(native.info().rate)?;
        Some(Self { native, resampler, input: Vec::new(), output: Vec::new(), ended: false, drop: 0 })
    }
}

impl<N: Native> Reader for Converted<N> {
    fn next(&mut self, piece: &mut Piece) -> Result<Step, SourceError> {
        if self.ended {
            return Ok(Step::End);
        }
        self.input.clear();
        self.output.clear();
        if self.native.read(&mut self.input)? {
            self.resampler.process(&self.input, &mut self.output);
        } else {
            self.ended = true;
            self.resampler.finish(&mut self.output);
        }
        let drop = self.drop.min(self.output.len());
        self.drop -= drop;
        piece.pcm.clear();
        piece.pcm.extend(self.output[drop..].iter().map(|&value| to_i16(value)));
        Ok(Step::Pcm)
    }

    fn seek(&mut self, to: MediaTime) -> Result<(), SourceError> {
        let hz = self.native.info().rate;
        let native = to.samples_at(hz);
        self.native.seek(native)?;
        self.resampler.reset();
        self.ended = false;
        self.drop = (to.samples() - MediaTime::from_samples_at(native, hz).samples()) as usize;
        Ok(())
    }

    fn info(&self) -> &Info {
        self.native.info()
    }
}
