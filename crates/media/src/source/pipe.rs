//! FIFOs, pipes, standard input: sound made by another program, now.
//!
//! The descriptor does not block, so a read on the media thread costs half a microsecond, whatever the writer does:
//!
//! | writer | heard |
//! |---|---|
//! | not there yet | silence, counted as dry; waited for |
//! | slow | what there is, then silence for the rest of the frame, counted |
//! | faster than sound | waits: the pipe holds 64 KiB and then blocks it |
//! | gone | silence until the next one comes; or the end, when asked for ([`super::SourceSpec::end_with_writer`]) |
//!
//! Each writer begins anew: half a sample the last one left is padded, and a WAV header is read if there is one.

use std::io::{ErrorKind, Read};

use super::layout::{Coding, Layout, to_i16};
use super::wav_header::WavHeader;
use super::{Info, Pulled, Source, SourceError};
use crate::resample::Polyphase;
use crate::{MediaTime, RATE};

/// Bytes taken from the pipe at once: 85 ms of engine sound.
const BUFFER: usize = 8 * 1024;
/// A WAV header must be complete within this many bytes.
const MAX_HEADER: usize = 4 * 1024;

/// What is known about a writer's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The first bytes decide between a header and samples.
    Undecided,
    /// A header has begun and is not complete.
    Header,
    /// Samples.
    Samples,
}

/// A descriptor that does not block.
pub(super) struct PipeSource<R> {
    pipe: R,
    raw: Layout,
    raw_rate: u32,
    layout: Layout,
    resampler: Option<Polyphase>,
    stage: Stage,
    sniff: bool,
    buffer: Box<[u8; BUFFER]>,
    filled: std::ops::Range<usize>,
    /// Bytes of the present writer since it came.
    heard_writer: bool,
    wait_for_writers: bool,
    over: bool,
    failed: Option<SourceError>,
    position: MediaTime,
    dry: u64,
    info: Info,
}

/// What reading without blocking found.
enum Found {
    Bytes,
    NothingYet,
    WriterGone,
}

impl<R: Read + Send> PipeSource<R> {
    /// Reads `raw` samples at `rate` (or WAV, if `sniff` and the first bytes say so) from `pipe`, which must not block.
    pub(super) fn new(
        pipe: R,
        title: String,
        raw: Layout,
        rate: u32,
        sniff: bool,
        wait_for_writers: bool,
    ) -> Self {
        let info = Info {
            title,
            duration: None,
            live: true,
            rate,
            channels: raw.channels,
            format: "pipe",
            remark: None,
        };
        let mut source = Self {
            pipe,
            raw,
            raw_rate: rate,
            layout: raw,
            resampler: None,
            stage: Stage::Samples,
            sniff,
            buffer: Box::new([0; BUFFER]),
            filled: 0..0,
            heard_writer: false,
            wait_for_writers,
            over: false,
            failed: None,
            position: MediaTime::ZERO,
            dry: 0,
            info,
        };
        source.expect_writer();
        source
    }

    fn expect_writer(&mut self) {
        self.stage = if self.sniff { Stage::Undecided } else { Stage::Samples };
        self.heard_writer = false;
        self.filled = 0..0;
        self.take_layout(self.raw, self.raw_rate);
    }

    fn take_layout(&mut self, layout: Layout, rate: u32) {
        self.layout = layout;
        if rate != self.info.rate || (rate != RATE && self.resampler.is_none()) {
            self.resampler = (rate != RATE).then(|| Polyphase::new(rate));
        }
        self.info.rate = rate;
        self.info.channels = layout.channels;
    }

    /// Reads what is there behind what is left.
    fn read(&mut self) -> Found {
        if self.filled.start > 0 {
            self.buffer.copy_within(self.filled.clone(), 0);
            self.filled = 0..self.filled.len();
        }
        loop {
            let room = &mut self.buffer[self.filled.end..];
            if room.is_empty() {
                return Found::Bytes;
            }
            match self.pipe.read(room) {
                Ok(0) => return Found::WriterGone,
                Ok(count) => {
                    self.heard_writer = true;
                    self.filled.end += count;
                    return Found::Bytes;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Found::NothingYet,
                Err(error) => {
                    self.failed =
                        Some(SourceError::Io { title: self.info.title.clone(), kind: error.kind() });
                    return Found::WriterGone;
                }
            }
        }
    }

    /// Looks at the first bytes of a writer; true when samples may be taken.
    fn decide(&mut self) -> bool {
        let bytes = &self.buffer[self.filled.clone()];
        if self.stage == Stage::Undecided {
            let known = bytes.len().min(4);
            if !b"RIFF".starts_with(&bytes[..known]) && !b"RF64".starts_with(&bytes[..known]) {
                self.stage = Stage::Samples;
            } else if known == 4 {
                self.stage = Stage::Header;
            }
        }
        if self.stage == Stage::Header {
            let mut rest = bytes;
            if let Ok(header) = WavHeader::read(&mut rest) {
                let used = bytes.len() - rest.len();
                self.filled.start += used;
                self.stage = Stage::Samples;
                if (1..=768_000).contains(&header.rate) {
                    self.take_layout(header.layout, header.rate);
                }
            } else if bytes.len() >= MAX_HEADER {
                // No header after all, or one we cannot read: sound of the asked-for layout.
                self.stage = Stage::Samples;
            }
        }
        self.stage == Stage::Samples
    }

    /// One mono sample of the source's rate.
    fn next_native(&mut self) -> Option<f32> {
        let block = self.layout.block();
        if self.filled.len() < block {
            return None;
        }
        let value = self.layout.mono_sample(&self.buffer[self.filled.start..self.filled.start + block]);
        self.filled.start += block;
        Some(value)
    }

    /// Fills `out` from the buffer as far as it goes.
    fn drain(&mut self, out: &mut [i16]) -> usize {
        for (done, slot) in out.iter_mut().enumerate() {
            let value = match self.resampler.take() {
                None => self.next_native(),
                Some(mut resampler) => {
                    let mut ready = true;
                    while ready && resampler.is_hungry() {
                        match self.next_native() {
                            Some(sample) => resampler.push(sample),
                            None => ready = false,
                        }
                    }
                    let value = ready.then(|| resampler.next());
                    self.resampler = Some(resampler);
                    value
                }
            };
            match value {
                Some(value) => *slot = to_i16(value),
                None => return done,
            }
        }
        out.len()
    }

    /// The writer left: pads half a sample, and expects the next writer or ends.
    fn writer_gone(&mut self, out: &mut [i16]) -> usize {
        let mut done = 0;
        if self.stage != Stage::Samples && !self.filled.is_empty() {
            // Too short to be a header: samples after all.
            self.stage = Stage::Samples;
            done = self.drain(out);
        }
        let left = self.filled.len();
        if left > 0 && self.stage == Stage::Samples && done < out.len() {
            let whole = self.layout.block();
            self.buffer.copy_within(self.filled.clone(), 0);
            self.buffer[left..whole.max(left)].fill(0);
            self.filled = 0..whole.max(left);
            self.info.remark = Some("the last sample is incomplete and was padded with zeros");
            done += self.drain(&mut out[done..]);
        }
        if self.wait_for_writers && self.failed.is_none() {
            self.expect_writer();
        } else {
            self.over = true;
        }
        done
    }
}

impl<R: Read + Send> Source for PipeSource<R> {
    fn pull(&mut self, out: &mut [i16]) -> Pulled {
        let mut done = 0;
        while done < out.len() && !self.over {
            if self.stage == Stage::Samples {
                done += self.drain(&mut out[done..]);
                if done == out.len() {
                    break;
                }
            }
            match self.read() {
                Found::Bytes => {
                    self.decide();
                }
                Found::NothingYet => break,
                Found::WriterGone if !self.heard_writer && self.failed.is_none() => {
                    // Nobody has come yet. Standard input is never without its writer: nothing is its end.
                    if !self.wait_for_writers && self.info.format == "stdin" {
                        self.over = true;
                    }
                    break;
                }
                Found::WriterGone => done += self.writer_gone(&mut out[done..]),
            }
        }
        self.position += MediaTime::from_samples(done as u64);
        if self.over {
            return match self.failed.clone() {
                Some(error) => Pulled::Failed(done, error),
                None => Pulled::End(done),
            };
        }
        if done == out.len() {
            return Pulled::Pcm;
        }
        out[done..].fill(0);
        self.dry += (out.len() - done) as u64;
        Pulled::Dry(done)
    }

    fn position(&self) -> MediaTime {
        self.position
    }

    fn info(&self) -> &Info {
        &self.info
    }

    fn dry_samples(&self) -> u64 {
        self.dry
    }
}

impl<R> PipeSource<R> {
    /// Says what kind of pipe it is.
    pub(super) fn of_format(mut self, format: &'static str) -> Self {
        self.info.format = format;
        self
    }
}

/// Raw 16-bit samples of `channels`.
pub(super) fn raw_layout(channels: u16) -> Layout {
    Layout { coding: Coding::S16, channels }
}
