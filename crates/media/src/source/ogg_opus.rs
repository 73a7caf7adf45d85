//! Opus in Ogg, as packets (RFC 7845).
//!
//! Samples are counted from the first decoded one, pre-skip included. The granule position of the last page says where
//! the sound ends, so the last packet may be cut (section 4.5); the first page may begin later than zero when the
//! stream was captured from the middle of another (section 4.3). A file may hold several streams one after the other
//! (chaining); streams beside ours are ignored. Packets that are no Opus are left out.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use ogg::{OggReadError, PacketReader};

use super::reader::{Piece, Reader, Step};
use super::{Info, SourceError};
use crate::opus_head::{HeadError, OpusHead};
use crate::{MediaTime, RATE};

/// Decoding must begin this far before the wanted place for the decoder to have settled (section 4.6): 80 ms.
const PRE_ROLL: u64 = 3840;
/// The longest packet passed on: 120 ms at the highest rate. Longer ones are padding or an attack.
pub(super) const MAX_PACKET: usize = 8000;
/// The end of the file that is searched for the last page: larger than any page.
const TAIL: u64 = 66 * 1024;

/// A file of Opus in Ogg.
pub(super) struct OggOpus {
    reader: PacketReader<BufReader<File>>,
    link: Link,
    /// Place of the next packet's first sample, pre-skip included, in the whole file.
    at: u64,
    /// First sample to be heard, on the same scale.
    from: u64,
    info: Info,
}

/// One stream of a chain.
#[derive(Clone, Copy, Debug)]
struct Link {
    head: OpusHead,
    serial: u32,
    /// Samples in the pages so far.
    samples: u64,
    /// What granule positions are ahead of the samples seen: not zero for captures. Known after the first page.
    offset: Option<u64>,
}

impl Link {
    fn new(head: OpusHead, serial: u32) -> Self {
        Self { head, serial, samples: 0, offset: None }
    }
}

/// Why a file cannot be played as Opus in Ogg.
pub(super) enum OggError {
    Truncated,
    NoChannels,
    Unsupported(&'static str),
    Io(io::Error),
}

impl From<OggReadError> for OggError {
    fn from(error: OggReadError) -> Self {
        match error {
            OggReadError::ReadError(error) if error.kind() != io::ErrorKind::UnexpectedEof => Self::Io(error),
            _ => Self::Truncated,
        }
    }
}

impl OggOpus {
    /// Reads headers and length.
    pub(super) fn new(mut file: File, title: String) -> Result<Self, OggError> {
        let last = last_granule(&mut file).map_err(OggError::Io)?;
        file.rewind().map_err(OggError::Io)?;
        let mut reader = PacketReader::new(BufReader::with_capacity(16 * 1024, file));
        let link = first_link(&mut reader)?;
        let head = link.head;
        let duration = last
            .filter(|&(serial, _)| serial == link.serial)
            .map(|(_, granule)| MediaTime::from_samples(granule.saturating_sub(u64::from(head.pre_skip))));
        let info = Info {
            title,
            duration,
            live: false,
            rate: RATE,
            channels: u16::from(head.channels),
            format: "ogg opus",
            remark: None,
        };
        Ok(Self { reader, link, at: 0, from: u64::from(head.pre_skip), info })
    }

    /// Header gain in 1/256 dB.
    pub(super) fn gain(&self) -> i16 {
        self.link.head.gain
    }

    fn failure(&self, error: OggReadError) -> SourceError {
        match error {
            OggReadError::ReadError(error) => {
                SourceError::Io { title: self.info.title.clone(), kind: error.kind() }
            }
            other => SourceError::Damaged {
                title: self.info.title.clone(),
                at: MediaTime::from_samples(self.at.saturating_sub(u64::from(self.link.head.pre_skip))),
                what: other.to_string(),
            },
        }
    }

    /// A new stream begins where the last one ended.
    fn chain(&mut self, head: OpusHead, serial: u32) {
        self.link = Link::new(head, serial);
        // A place sought earlier in the chain stays; otherwise this stream's own pre-skip is dropped.
        self.from = self.from.max(self.at + u64::from(head.pre_skip));
    }
}

impl Reader for OggOpus {
    fn next(&mut self, piece: &mut Piece) -> Result<Step, SourceError> {
        loop {
            let packet = match self.reader.read_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return Ok(Step::End),
                // A recording that was cut off in the middle of a page: what came before was heard.
                Err(OggReadError::ReadError(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Ok(Step::End);
                }
                Err(error) => return Err(self.failure(error)),
            };
            if packet.first_in_stream() {
                if let Ok(head) = OpusHead::parse(&packet.data) {
                    self.chain(head, packet.stream_serial());
                }
                continue;
            }
            if packet.stream_serial() != self.link.serial || packet.data.starts_with(b"OpusTags") {
                continue;
            }
            let samples = offhook_opus::packet::samples(&packet.data).unwrap_or(0) as u64;
            self.link.samples += samples;
            let granule = packet.absgp_page();
            if packet.last_in_page() && !packet.last_in_stream() && self.link.offset.is_none() {
                self.link.offset = Some(granule.saturating_sub(self.link.samples));
            }
            let begin = self.at;
            self.at += samples;
            if samples == 0 || packet.data.len() > MAX_PACKET || self.at + PRE_ROLL <= self.from {
                continue;
            }
            let skip = self.from.saturating_sub(begin).min(samples);
            let mut end = samples;
            if packet.last_in_stream() && packet.last_in_page() {
                let last = granule.saturating_sub(self.link.offset.unwrap_or(0));
                let surplus = self.link.samples.saturating_sub(last);
                end = samples.saturating_sub(surplus).max(skip);
            }
            piece.packet.clear();
            piece.packet.extend_from_slice(&packet.data);
            return Ok(Step::Packet { skip: skip as u16, keep: (end - skip) as u16 });
        }
    }

    /// Runs forward from the beginning without decoding: a page is a few microseconds, so an hour is a few
    /// milliseconds, and the place is exact in files whose granule positions are not.
    fn seek(&mut self, to: MediaTime) -> Result<(), SourceError> {
        let rewound = self.reader.seek_bytes(SeekFrom::Start(0));
        rewound.map_err(|error| SourceError::Io { title: self.info.title.clone(), kind: error.kind() })?;
        match first_link(&mut self.reader) {
            Ok(link) => self.link = link,
            Err(OggError::Io(error)) => return Err(self.failure(OggReadError::ReadError(error))),
            Err(_) => return Err(self.failure(OggReadError::NoCapturePatternFound)),
        }
        self.at = 0;
        self.from = u64::from(self.link.head.pre_skip) + to.samples();
        Ok(())
    }

    fn info(&self) -> &Info {
        &self.info
    }
}

/// The first Opus stream of the file; both its header packets have been read.
fn first_link(reader: &mut PacketReader<BufReader<File>>) -> Result<Link, OggError> {
    let mut found = None;
    // A file may begin with a handful of other streams; each begins with one header packet.
    for _ in 0..64 {
        let packet = reader.read_packet()?.ok_or(OggError::Truncated)?;
        match found {
            None if packet.first_in_stream() => match OpusHead::parse(&packet.data) {
                Ok(head) => found = Some(Link::new(head, packet.stream_serial())),
                Err(HeadError::NotOpus) => {}
                Err(HeadError::Truncated) => return Err(OggError::Truncated),
                Err(HeadError::NoChannels) => return Err(OggError::NoChannels),
                Err(HeadError::Unsupported) => {
                    return Err(OggError::Unsupported("Opus of more than two channels"));
                }
            },
            None => return Err(OggError::Unsupported("no Opus stream in this Ogg file")),
            Some(link) if packet.stream_serial() == link.serial => {
                return if packet.data.starts_with(b"OpusTags") {
                    Ok(link)
                } else {
                    Err(OggError::Truncated)
                };
            }
            Some(_) => {}
        }
    }
    Err(OggError::Unsupported("no Opus stream in this Ogg file"))
}

/// Serial number and granule position of the last page that has one.
fn last_granule(file: &mut File) -> io::Result<Option<(u32, u64)>> {
    let len = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(len.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    let pages = tail.windows(18).rev().filter(|page| page.starts_with(b"OggS\0"));
    let place = |page: &[u8]| {
        let granule: [u8; 8] = page[6..14].try_into().ok()?;
        let serial: [u8; 4] = page[14..18].try_into().ok()?;
        Some((u32::from_le_bytes(serial), u64::from_le_bytes(granule)))
    };
    // A page in which no packet ends has a position of all ones (RFC 3533, section 6).
    Ok(pages.filter_map(place).find(|&(_, granule)| granule != u64::MAX))
}
