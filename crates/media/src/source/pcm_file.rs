//! Raw and WAV files.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use super::layout::Layout;
use super::reader::Native;
use super::{Info, SourceError};
use crate::MediaTime;

/// Bytes read from the system at once: a quarter of the cost of reading frame by frame.
const BUFFER: usize = 64 * 1024;
/// Bytes converted at once.
const PIECE: usize = 4 * 1024;

/// A file of samples, with or without a header before them.
#[derive(Debug)]
pub(super) struct PcmFile {
    file: BufReader<File>,
    layout: Layout,
    start: u64,
    /// Bytes of samples the header promises, or the file had when it was opened.
    bytes: u64,
    at: u64,
    info: Info,
    piece: Vec<u8>,
}

/// What is known about a file of samples before its first sample is read.
pub(super) struct Found {
    pub(super) title: String,
    pub(super) format: &'static str,
    pub(super) layout: Layout,
    pub(super) rate: u32,
    pub(super) start: u64,
    pub(super) bytes: Option<u64>,
}

impl PcmFile {
    /// Reads `file` from the first sample on.
    pub(super) fn new(mut file: File, found: Found) -> std::io::Result<Self> {
        let Found { title, format, layout, rate, start, bytes } = found;
        let present = file.metadata()?.len().saturating_sub(start);
        let promised = bytes.unwrap_or(present);
        let bytes = promised.min(present);
        let block = layout.block() as u64;
        let remark = if promised > present {
            Some("the file is shorter than its header says")
        } else if !bytes.is_multiple_of(block) {
            Some("the last sample is incomplete and was padded with zeros")
        } else {
            None
        };
        file.seek(SeekFrom::Start(start))?;
        let duration = Some(MediaTime::from_samples_at(bytes.div_ceil(block), rate));
        let info = Info { title, duration, live: false, rate, channels: layout.channels, format, remark };
        let piece = vec![0; PIECE / layout.block().min(PIECE) * layout.block()];
        Ok(Self { file: BufReader::with_capacity(BUFFER, file), layout, start, bytes, at: 0, info, piece })
    }

    fn io(&self, error: &std::io::Error) -> SourceError {
        SourceError::Io { title: self.info.title.clone(), kind: error.kind() }
    }
}

impl Native for PcmFile {
    fn read(&mut self, out: &mut Vec<f32>) -> Result<bool, SourceError> {
        let want = (self.piece.len() as u64).min(self.bytes - self.at) as usize;
        let mut got = 0;
        while got < want {
            match self.file.read(&mut self.piece[got..want]) {
                Ok(0) => break,
                Ok(count) => got += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.io(&error)),
            }
        }
        self.at += got as u64;
        if got == 0 {
            return Ok(false);
        }
        if got < want {
            // Cut short while it was read: what is there is all there is.
            self.bytes = self.at;
        }
        let block = self.layout.block();
        let whole = got.next_multiple_of(block);
        self.piece[got..whole].fill(0);
        self.layout.mono(&self.piece[..whole], out);
        Ok(true)
    }

    fn seek(&mut self, to: u64) -> Result<(), SourceError> {
        self.at = (to * self.layout.block() as u64).min(self.bytes);
        let target = SeekFrom::Start(self.start + self.at);
        self.file.seek(target).map_err(|error| self.io(&error))?;
        Ok(())
    }

    fn info(&self) -> &Info {
        &self.info
    }
}
