//! Opus in Ogg (RFC 7845): the packets of the call as they came, or what was heard, encoded again.
//!
//! A granule position is time, so gaps must hold packets. A short gap (a loss) repeats the kind of the last packet with
//! frames of no bytes, which decoders conceal (RFC 6716, 3.2.1: "a length of zero"); from 120 ms on it is packets of
//! coded silence. Pages end every second, so that at most the last second is missing while a recording goes on. The
//! last packet is held back, because the page it is on must say that it is the last.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use offhook_opus::packet::{Packet, Toc};
use offhook_opus::{Application, Bitrate, Channels, Encoder, SampleRate};
use ogg::{PacketWriteEndInfo, PacketWriter};

use super::queue::Record;
use super::writers::{Backend, Flow, Tally};
use crate::opus_head::{OpusHead, opus_tags};
use crate::{FRAME_SAMPLES, RATE};

/// 20 ms of silence: a CELT full-band frame whose first coded bit says so (RFC 6716, 4.3.7.1 and table 56).
const SILENCE: [u8; 3] = [0xF8, 0xFF, 0xFE];
/// Losses up to this long are left to the player's concealment.
const CONCEALED: u64 = 5760;
/// The look-ahead of libopus at 48 kHz, which every known peer has.
const LOOKAHEAD: u16 = 312;
/// Samples on a page at most: one second.
const PAGE: u64 = RATE as u64;
/// Bits a second when encoding here.
const BITRATE: u32 = 32_000;

/// One Ogg stream in a file.
pub(super) struct OggFile {
    writer: PacketWriter<'static, Counted>,
    path: PathBuf,
    serial: u32,
    /// What players drop at the beginning: the look-ahead of the encoder, so that sound is at the time it was made.
    pre_skip: u16,
    begun: bool,
    /// The packet held back and the position at its end.
    held: Option<(Vec<u8>, u64)>,
    granule: u64,
    page_began: u64,
    toc: Option<Toc>,
    encoding: Option<Encoding>,
    /// Time given, which is the length of the recording.
    samples: u64,
    error: Option<io::Error>,
}

/// A file that knows how much was written into it, page headers included.
struct Counted {
    file: File,
    bytes: u64,
}

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// PCM on its way into packets.
struct Encoding {
    encoder: Encoder,
    pcm: Vec<i16>,
}

impl OggFile {
    /// The packets of the call as they came.
    pub(super) fn of_packets(file: File, path: PathBuf, serial: u32) -> Self {
        Self {
            writer: PacketWriter::new(Counted { file, bytes: 0 }),
            path,
            serial,
            pre_skip: LOOKAHEAD,
            begun: false,
            held: None,
            granule: 0,
            page_began: 0,
            toc: None,
            encoding: None,
            samples: 0,
            error: None,
        }
    }

    /// What was heard, encoded here.
    pub(super) fn encoded(file: File, path: PathBuf, serial: u32) -> Result<Self, offhook_opus::Error> {
        let mut encoder = Encoder::new(SampleRate::Hz48000, Channels::Mono, Application::Voip)?;
        encoder.set_bitrate(Bitrate::Bits(BITRATE))?;
        encoder.set_complexity(5)?;
        let pre_skip = encoder.lookahead()? as u16;
        let mut sink = Self::of_packets(file, path, serial);
        sink.pre_skip = pre_skip;
        sink.encoding = Some(Encoding { encoder, pcm: Vec::with_capacity(FRAME_SAMPLES) });
        Ok(sink)
    }

    fn begin(&mut self, channels: u8) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        let head = OpusHead { channels, pre_skip: self.pre_skip, input_rate: RATE, gain: 0 };
        self.page(head.write(), PacketWriteEndInfo::EndPage, 0);
        self.page(opus_tags(), PacketWriteEndInfo::EndPage, 0);
    }

    fn page(&mut self, packet: Vec<u8>, end: PacketWriteEndInfo, granule: u64) {
        if self.error.is_none() {
            self.error = self.writer.write_packet(packet, self.serial, end, granule).err();
        }
    }

    /// Adds a packet of so many samples; the one before it may go.
    fn push(&mut self, packet: Vec<u8>, samples: u64) {
        self.release(PacketWriteEndInfo::NormalPacket);
        self.granule += samples;
        self.held = Some((packet, self.granule));
    }

    fn release(&mut self, end: PacketWriteEndInfo) {
        let Some((packet, granule)) = self.held.take() else { return };
        let full = granule - self.page_began >= PAGE;
        let end = match end {
            PacketWriteEndInfo::NormalPacket if full => PacketWriteEndInfo::EndPage,
            other => other,
        };
        if full {
            self.page_began = granule;
        }
        self.page(packet, end, granule);
    }

    fn gap(&mut self, samples: u64) {
        self.samples += samples;
        if let Some(mut encoding) = self.encoding.take() {
            for _ in 0..samples / FRAME_SAMPLES as u64 {
                self.encode(&mut encoding, &[0; FRAME_SAMPLES]);
            }
            self.encode(&mut encoding, &[0; FRAME_SAMPLES][..samples as usize % FRAME_SAMPLES]);
            self.encoding = Some(encoding);
            return;
        }
        self.begin(1);
        // Measured from what has been written, so that what is not a multiple of 20 ms is made up for later.
        if samples <= CONCEALED {
            self.conceal();
        }
        while self.granule + FRAME_SAMPLES as u64 <= self.samples {
            self.push(SILENCE.to_vec(), FRAME_SAMPLES as u64);
        }
    }

    /// Frames of no bytes, of the kind heard last, up to the present time.
    fn conceal(&mut self) {
        let Some(toc) = self.toc else { return };
        let frame = toc.frame_samples() as u64;
        while self.granule + frame <= self.samples {
            self.push(vec![toc.kind()], frame);
        }
    }

    fn packet(&mut self, bytes: &[u8]) {
        let Ok(packet) = Packet::parse(bytes) else { return };
        self.begin(packet.toc().channels().count() as u8);
        self.toc = Some(packet.toc());
        self.samples += packet.samples() as u64;
        self.push(bytes.to_vec(), packet.samples() as u64);
    }

    fn encode(&mut self, encoding: &mut Encoding, mut pcm: &[i16]) {
        self.begin(1);
        while !pcm.is_empty() {
            let take = pcm.len().min(FRAME_SAMPLES - encoding.pcm.len());
            encoding.pcm.extend_from_slice(&pcm[..take]);
            pcm = &pcm[take..];
            if encoding.pcm.len() == FRAME_SAMPLES {
                let mut packet = vec![0; offhook_opus::MAX_FRAME_BYTES];
                match encoding.encoder.encode(&encoding.pcm, &mut packet) {
                    Ok(len) => packet.truncate(len),
                    Err(_) => packet = SILENCE.to_vec(),
                }
                encoding.pcm.clear();
                self.push(packet, FRAME_SAMPLES as u64);
            }
        }
    }
}

impl Backend for OggFile {
    fn take(&mut self, record: Record<'_>) {
        match record {
            Record::Packet(bytes) => self.packet(bytes),
            Record::Gap(samples) => self.gap(samples),
            Record::Pcm(bytes) => {
                let Some(mut encoding) = self.encoding.take() else { return };
                let mut pcm = [0; FRAME_SAMPLES];
                let pairs = bytes.chunks_exact(2);
                let count = pairs.len();
                pcm.iter_mut()
                    .zip(pairs)
                    .for_each(|(slot, pair)| *slot = i16::from_le_bytes([pair[0], pair[1]]));
                self.samples += count as u64;
                self.encode(&mut encoding, &pcm[..count.min(FRAME_SAMPLES)]);
                self.encoding = Some(encoding);
            }
        }
    }

    fn commit(&mut self) -> io::Result<Flow> {
        match self.error.take() {
            Some(error) => Err(error),
            None => Ok(Flow::Done),
        }
    }

    fn finish(&mut self) {
        self.begin(1);
        // Everything given must come out of the player: the look-ahead is pushed through with silence, and the position
        // of the last page cuts what is too much (RFC 7845, 4.5). An empty stream still has a packet to end with.
        let end = self.samples + u64::from(self.pre_skip);
        while self.granule < end || self.held.is_none() {
            match self.encoding.take() {
                Some(mut encoding) => {
                    let missing = FRAME_SAMPLES - encoding.pcm.len();
                    self.encode(&mut encoding, &[0; FRAME_SAMPLES][..missing]);
                    self.encoding = Some(encoding);
                }
                None => self.push(SILENCE.to_vec(), FRAME_SAMPLES as u64),
            }
        }
        if let Some((_, granule)) = &mut self.held {
            *granule = end;
        }
        self.release(PacketWriteEndInfo::EndStream);
    }

    fn tally(&self) -> Tally {
        Tally { samples: self.samples, bytes: self.writer.inner().bytes, lost: 0 }
    }

    fn path(&self) -> Option<PathBuf> {
        Some(self.path.clone())
    }
}
