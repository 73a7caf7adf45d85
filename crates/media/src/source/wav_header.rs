//! The header of RIFF WAVE files, streams and RF64 files (EBU Tech 3306), read forward only so that pipes work too.

use std::io::{self, Read};

use super::layout::{Coding, Layout};

/// What a WAV header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WavHeader {
    pub(super) layout: Layout,
    pub(super) rate: u32,
    /// Bytes before the first sample.
    pub(super) start: u64,
    /// Bytes of samples, unless the writer did not know.
    pub(super) bytes: Option<u64>,
}

/// Why there is no WAV header here.
#[derive(Debug)]
pub(super) enum WavError {
    NotWav,
    Truncated,
    NoChannels,
    Unsupported(String),
    Io(io::Error),
}

/// Chunks before the samples may be long (pictures, cue lists) but not absurd.
const MAX_SKIPPED: u64 = 64 << 20;

impl WavHeader {
    /// Reads up to the first byte of the samples.
    pub(super) fn read(reader: &mut impl Read) -> Result<Self, WavError> {
        let mut riff = [0; 12];
        fill(reader, &mut riff)?;
        if !matches!(&riff[..4], b"RIFF" | b"RF64") || &riff[8..] != b"WAVE" {
            return Err(WavError::NotWav);
        }
        let (mut start, mut long, mut format) = (12, None, None);
        loop {
            let mut head = [0; 8];
            fill(reader, &mut head)?;
            let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
            start += 8;
            match &head[..4] {
                b"data" => {
                    let (layout, rate) =
                        format.ok_or_else(|| WavError::Unsupported("no format chunk".into()))?;
                    let bytes = match size {
                        // ffmpeg and sox write the largest numbers, or none, when they cannot go back.
                        u32::MAX => long,
                        0 | 0x7FFF_F000.. => None,
                        size => Some(u64::from(size)),
                    };
                    return Ok(Self { layout, rate, start, bytes });
                }
                b"fmt " if (16..=4096).contains(&size) => {
                    let mut body = vec![0; padded(size) as usize];
                    fill(reader, &mut body)?;
                    format = Some(parse_format(&body)?);
                }
                b"ds64" if (28..=4096).contains(&size) => {
                    let mut body = vec![0; padded(size) as usize];
                    fill(reader, &mut body)?;
                    let field: [u8; 8] = body[8..16].try_into().map_err(|_| WavError::Truncated)?;
                    long = Some(u64::from_le_bytes(field));
                }
                _ if padded(size) > MAX_SKIPPED => {
                    return Err(WavError::Unsupported("a chunk of absurd size before the samples".into()));
                }
                _ => {
                    let skipped = io::copy(&mut reader.by_ref().take(padded(size)), &mut io::sink());
                    if skipped.map_err(WavError::Io)? < padded(size) {
                        return Err(WavError::Truncated);
                    }
                }
            }
            start += padded(size);
        }
    }
}

/// Chunks are padded to even lengths.
const fn padded(size: u32) -> u64 {
    size as u64 + (size & 1) as u64
}

fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> Result<(), WavError> {
    reader.read_exact(buffer).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => WavError::Truncated,
        _ => WavError::Io(error),
    })
}

fn parse_format(body: &[u8]) -> Result<(Layout, u32), WavError> {
    let half = |at: usize| u16::from_le_bytes([body[at], body[at + 1]]);
    let rate = u32::from_le_bytes([body[4], body[5], body[6], body[7]]);
    let (channels, bits) = (half(2), half(14));
    // WAVE_FORMAT_EXTENSIBLE names the real format in the first two bytes of a GUID.
    let tag = if half(0) == 0xFFFE && body.len() >= 26 { half(24) } else { half(0) };
    let coding = match (tag, bits) {
        (1, 8) => Coding::U8,
        (1, 16) => Coding::S16,
        (1, 24) => Coding::S24,
        (1, 32) => Coding::S32,
        (3, 32) => Coding::F32,
        (3, 64) => Coding::F64,
        (6, 8) => Coding::ALaw,
        (7, 8) => Coding::MuLaw,
        _ => return Err(WavError::Unsupported(format!("WAV coding {tag:#06x} of {bits} bits"))),
    };
    if channels == 0 {
        return Err(WavError::NoChannels);
    }
    Ok((Layout { coding, channels }, rate))
}
