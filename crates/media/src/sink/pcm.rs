//! Samples to files, FIFOs and standard output, raw or as WAV.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::PathBuf;

use super::queue::Record;
use super::writers::{Backend, Flow, Tally};
use crate::RATE;

/// Bytes of a WAV header with nothing but format and samples.
pub(super) const WAV_HEADER: usize = 44;
/// Silence is written in pieces of this many bytes.
const ZEROS: [u8; 4096] = [0; 4096];

/// The header for so many bytes of samples; `None` for a stream whose end nobody knows.
///
/// Sizes are 32 bit: beyond 4 GiB (12 hours and 25 minutes) they stay at their largest value, which readers take for
/// "to the end of the file".
pub(super) fn wav_header(bytes: Option<u64>) -> [u8; WAV_HEADER] {
    let size =
        |extra: u64| bytes.and_then(|b| u32::try_from(b + extra).ok()).unwrap_or(u32::MAX).to_le_bytes();
    let mut header = [0; WAV_HEADER];
    let fields: [&[u8]; 13] = [
        b"RIFF",
        &size(WAV_HEADER as u64 - 8),
        b"WAVE",
        b"fmt ",
        &16_u32.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &RATE.to_le_bytes(),
        &(2 * RATE).to_le_bytes(),
        &2_u16.to_le_bytes(),
        &16_u16.to_le_bytes(),
        b"data",
        &size(0),
    ];
    header.iter_mut().zip(fields.into_iter().flatten()).for_each(|(slot, &byte)| *slot = byte);
    header
}

/// A regular file. The header of a WAV is true after every commit.
pub(super) struct PcmFile {
    file: File,
    path: PathBuf,
    wav: bool,
    buffer: Vec<u8>,
    silence: u64,
    tally: Tally,
}

impl PcmFile {
    /// Writes to `file`, which is empty; the header of a WAV goes out at once.
    pub(super) fn new(file: File, path: PathBuf, wav: bool) -> io::Result<Self> {
        let mut sink = Self { file, path, wav, buffer: Vec::new(), silence: 0, tally: Tally::default() };
        if wav {
            sink.file.write_all(&wav_header(Some(0)))?;
            sink.tally.bytes = WAV_HEADER as u64;
        }
        Ok(sink)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.tally.bytes += self.buffer.len() as u64;
        self.tally.samples += self.buffer.len() as u64 / 2;
        self.buffer.clear();
        Ok(())
    }
}

impl Backend for PcmFile {
    fn take(&mut self, record: Record<'_>) {
        match record {
            Record::Pcm(bytes) => self.buffer.extend_from_slice(bytes),
            // An hour of silence is not an hour of memory.
            Record::Gap(samples) if samples > 48_000 => self.silence += samples,
            Record::Gap(samples) => self.buffer.resize(self.buffer.len() + samples as usize * 2, 0),
            Record::Packet(_) => {}
        }
    }

    fn commit(&mut self) -> io::Result<Flow> {
        self.flush()?;
        while self.silence > 0 {
            let count = self.silence.min(ZEROS.len() as u64 / 2);
            self.file.write_all(&ZEROS[..count as usize * 2])?;
            self.tally.bytes += count * 2;
            self.tally.samples += count;
            self.silence -= count;
        }
        if self.wav {
            self.file.write_all_at(&wav_header(Some(self.tally.samples * 2)), 0)?;
        }
        Ok(Flow::Done)
    }

    fn tally(&self) -> Tally {
        self.tally
    }

    fn path(&self) -> Option<PathBuf> {
        Some(self.path.clone())
    }
}

/// A FIFO, which may have no reader, or a slow one, or another one later; or standard output, which has one.
pub(super) struct Stream {
    out: Out,
    wav: bool,
    /// What is to be written; `at` bytes of it are.
    buffer: Vec<u8>,
    at: usize,
    /// Samples of `buffer` that stand for gaps: losing them loses no sound, and a loss behind them is counted already.
    silence: u64,
    tally: Tally,
}

enum Out {
    Fifo { path: PathBuf, file: Option<File> },
    Stdout { begun: bool },
}

impl Stream {
    /// To a FIFO. Nothing is opened before there is sound.
    pub(super) fn fifo(path: PathBuf, wav: bool) -> Self {
        Self {
            out: Out::Fifo { path, file: None },
            wav,
            buffer: Vec::new(),
            at: 0,
            silence: 0,
            tally: Tally::default(),
        }
    }

    /// To standard output.
    pub(super) fn stdout(wav: bool) -> Self {
        Self {
            out: Out::Stdout { begun: false },
            wav,
            buffer: Vec::new(),
            at: 0,
            silence: 0,
            tally: Tally::default(),
        }
    }

    /// Somebody to write to; puts the header before what is written when they are new.
    fn find_reader(&mut self) -> io::Result<bool> {
        let new = match &mut self.out {
            Out::Stdout { begun } => !std::mem::replace(begun, true),
            Out::Fifo { file: Some(_), .. } => false,
            Out::Fifo { path, file } => {
                // Without a reader a FIFO cannot be opened for writing without blocking: ENXIO (fifo(7)).
                match OpenOptions::new().write(true).custom_flags(libc::O_NONBLOCK).open(path) {
                    Ok(opened) => *file = Some(opened),
                    Err(error) if error.raw_os_error() == Some(libc::ENXIO) => return Ok(false),
                    Err(error) => return Err(error),
                }
                true
            }
        };
        if new && self.wav {
            self.buffer.splice(0..0, wav_header(None));
        }
        Ok(true)
    }

    fn write_some(&mut self) -> io::Result<usize> {
        let rest = &self.buffer[self.at..];
        match &mut self.out {
            Out::Stdout { .. } => {
                let mut out = io::stdout().lock();
                out.write_all(rest)?;
                out.flush()?;
                Ok(rest.len())
            }
            Out::Fifo { file: Some(file), .. } => file.write(rest),
            Out::Fifo { file: None, .. } => Ok(0),
        }
    }

    /// Throws the rest away, counted.
    fn lose_rest(&mut self) {
        let rest = (self.buffer.len() - self.at) as u64 / 2;
        self.tally.lost += rest.saturating_sub(self.silence);
        self.begin_anew();
    }

    fn begin_anew(&mut self) {
        self.buffer.clear();
        self.at = 0;
        self.silence = 0;
    }
}

impl Backend for Stream {
    fn take(&mut self, record: Record<'_>) {
        match record {
            Record::Pcm(bytes) => {
                self.tally.samples += bytes.len() as u64 / 2;
                self.buffer.extend_from_slice(bytes);
            }
            Record::Gap(samples) => {
                self.tally.samples += samples;
                // Nobody listens to an old hour of silence: a second of it stands for the rest.
                let heard = samples.min(u64::from(RATE)) as usize;
                self.silence += heard as u64;
                self.buffer.resize(self.buffer.len() + heard * 2, 0);
            }
            Record::Packet(_) => {}
        }
    }

    fn commit(&mut self) -> io::Result<Flow> {
        if self.at == self.buffer.len() {
            return Ok(Flow::Done);
        }
        if !self.find_reader()? {
            self.lose_rest();
            return Ok(Flow::Done);
        }
        while self.at < self.buffer.len() {
            match self.write_some() {
                Ok(count) => {
                    self.at += count;
                    self.tally.bytes += count as u64;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Flow::Later),
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                    self.lose_rest();
                    return match &mut self.out {
                        // The next reader begins with a whole sample.
                        Out::Fifo { file, .. } => {
                            *file = None;
                            Ok(Flow::Done)
                        }
                        Out::Stdout { .. } => Err(error),
                    };
                }
                Err(error) => return Err(error),
            }
        }
        self.begin_anew();
        Ok(Flow::Done)
    }

    fn abandon(&mut self) {
        self.lose_rest();
    }

    fn tally(&self) -> Tally {
        self.tally
    }

    fn path(&self) -> Option<PathBuf> {
        match &self.out {
            Out::Fifo { path, .. } => Some(path.clone()),
            Out::Stdout { .. } => None,
        }
    }
}
