//! The sending side of the sound.
//!
//! Timestamps count the frames that were handed to the network, times the frame length (libtgvoip.md 5.4): they stand
//! still while muted, since old receivers take every missing timestamp for a loss.
//!
//! Redundancy: from a measured loss of 2 per cent on, each packet carries copies of the frames before it (5.5), as they
//! were sent. Unlike the original, which speaks at 8 kbit/s then so that its second encoder's copies fit, one encoder runs
//! at a rate whose packets fit the list. The last entry of the list belongs to the current frame; it stays empty, since
//! receivers store a copy only where no primary is, and the primary is read first.

use crate::wire::MAX_DATAGRAM;
use crate::wire::stream::{MAX_COPY, Record};
use crate::{FrameLen, toc};

/// What the path would like the encoder to do. It changes about once a second; apply it before the next frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncoderHints {
    /// Highest useful bitrate, bits per second: a ceiling over what the profile wants. It keeps datagrams below 1200 bytes,
    /// leaves room for redundant copies under loss, and follows congestion.
    pub max_bitrate: u32,
    /// Loss the encoder should expect, per cent, 0 to 30.
    pub expected_loss: u8,
    /// Use Opus in-band redundancy (FEC).
    pub fec: bool,
}

/// Frames that can be remembered: four that wait and the copies behind them.
const RING: usize = 8;
/// Frames that can wait to be polled.
pub(crate) const WAITING: usize = 4;
/// Copies a packet can carry.
pub(crate) const MOST_COPIES: usize = 3;
/// Room for seal, header, extras and the record's own fields in a datagram: what is left is sound.
const OVERHEAD: usize = 130;
/// Another copy is added while more than this share of the frames would stay lost.
const TOLERABLE: f32 = 0.006;
/// Copies stop when the loss has fallen below this share of what started them.
const HYSTERESIS: f32 = 0.5;

/// What is known about the loss of our packets, all as shares of the packets sent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Loss {
    pub(crate) all: f32,
    /// Lost together with the next packet, and with the next two.
    pub(crate) in_row: [f32; MOST_COPIES - 1],
}

impl Loss {
    fn scaled(self, factor: f32) -> Self {
        Self { all: self.all * factor, in_row: self.in_row.map(|share| share * factor) }
    }
}

/// Frames on their way out, and how much protection they get.
#[derive(Debug)]
pub(crate) struct Uplink {
    frame: FrameLen,
    ring: [Vec<u8>; RING],
    /// How many frames have been taken.
    count: u32,
    copies: usize,
    loss: Loss,
    loss_for_copies: f32,
    /// The peer reads the list (or STREAM_EC packets).
    listable: bool,
    /// Congestion: the share of the bitrate that may be used.
    share: f32,
}

impl Uplink {
    pub(crate) fn new(frame: FrameLen, loss_for_copies: f64) -> Self {
        Self {
            frame,
            ring: std::array::from_fn(|_| Vec::with_capacity(512)),
            count: 0,
            copies: 0,
            loss: Loss::default(),
            loss_for_copies: loss_for_copies as f32,
            listable: false,
            share: 1.0,
        }
    }

    /// Takes a frame and gives its number.
    pub(crate) fn push(&mut self, opus: &[u8]) -> u32 {
        let number = self.count;
        let slot = &mut self.ring[number as usize % RING];
        slot.clear();
        slot.extend_from_slice(opus);
        self.count = number.wrapping_add(1);
        number
    }

    /// True when `opus` holds one frame length of sound.
    pub(crate) fn is_one_frame(&self, opus: &[u8]) -> bool {
        toc::duration(opus) == Some(self.frame.duration())
    }

    /// The timestamp of a frame.
    pub(crate) fn pts(&self, number: u32) -> u32 {
        number.wrapping_mul(u32::from(self.frame.millis()))
    }

    /// A frame that has been taken.
    pub(crate) fn frame(&self, number: u32) -> &[u8] {
        &self.ring[number as usize % RING]
    }

    /// Fills `list` with the copies that go with a frame, oldest first, the frame's own empty entry last.
    pub(crate) fn list<'a>(&'a self, number: u32, list: &mut [&'a [u8]; MOST_COPIES + 1]) -> usize {
        let fits = |n: u32| (1..=MAX_COPY).contains(&self.frame(n).len());
        let wanted = self.copies.min(number as usize) as u32;
        // The list has no gaps: it begins after the last frame that is too long to be copied.
        let mut copies = (1..=wanted).take_while(|distance| fits(number - distance)).count() as u32;
        while copies > 0 {
            let filled = copies as usize;
            for (entry, distance) in list.iter_mut().zip((1..=copies).rev()) {
                *entry = self.frame(number - distance);
            }
            list[filled] = &[];
            if Record::len(self.frame(number), &list[..=filled]) + OVERHEAD <= MAX_DATAGRAM {
                return filled + 1;
            }
            copies -= 1;
        }
        0
    }

    /// The peer understands copies, or not.
    pub(crate) fn set_listable(&mut self, listable: bool) {
        self.listable = listable;
        let _ = self.set_loss(self.loss, true);
    }

    /// Takes the measured loss. The protection rises at once and falls only when `calm`. True when copies are switched
    /// on or off.
    pub(crate) fn set_loss(&mut self, loss: Loss, calm: bool) -> bool {
        self.loss = loss;
        let before = self.copies;
        let wanted = self.wanted(loss);
        if !self.listable {
            self.copies = 0;
        } else if wanted > before {
            self.copies = wanted;
        } else if calm {
            self.copies = before.min(self.wanted(loss.scaled(1.0 / HYSTERESIS)));
        }
        (before > 0) != (self.copies > 0)
    }

    /// As many copies as leave a tolerable rest, by what was seen and by what single losses would do.
    fn wanted(&self, loss: Loss) -> usize {
        if loss.all <= self.loss_for_copies {
            return 0;
        }
        let rest = |copies: usize| loss.in_row[copies - 1].max(loss.all.powi(copies as i32 + 1));
        (1..MOST_COPIES).find(|copies| rest(*copies) <= TOLERABLE).unwrap_or(MOST_COPIES)
    }

    /// How many copies go with each frame.
    pub(crate) fn copies(&self) -> usize {
        self.copies
    }

    /// Takes the verdict of the last second about queues on the way.
    pub(crate) fn set_congested(&mut self, congested: bool) {
        self.share = if congested { (self.share * 0.8).max(0.05) } else { (self.share * 1.05).min(1.0) };
    }

    pub(crate) fn hints(&self) -> EncoderHints {
        let frames_per_second = 1000.0 / f32::from(self.frame.millis());
        // A copy must fit its list entry, and the whole its datagram. Variable bitrate exceeds its mean by a tenth or so.
        let frame_limit = match self.copies {
            0 => MAX_DATAGRAM - OVERHEAD - 70,
            copies => ((MAX_DATAGRAM - OVERHEAD) / (copies + 1)).min(MAX_COPY) * 9 / 10,
        };
        let ceiling = frame_limit as f32 * 8.0 * frames_per_second * self.share;
        let percent = (self.loss.all * 100.0).ceil().clamp(0.0, 30.0) as u8;
        EncoderHints {
            max_bitrate: (ceiling as u32).clamp(6000, 256_000),
            // With copies the encoder need not protect itself: what little is lost then is concealed.
            expected_loss: if self.copies > 0 { 0 } else { percent },
            fec: self.copies == 0 && self.loss.all > 0.005,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Single losses only.
    fn single(all: f32) -> Loss {
        Loss { all, in_row: [0.0; 2] }
    }

    fn uplink(loss: f32) -> Uplink {
        let mut uplink = Uplink::new(FrameLen::Ms60, 0.02);
        uplink.set_listable(true);
        uplink.set_loss(single(loss), true);
        uplink
    }

    fn lengths(uplink: &Uplink, number: u32) -> Vec<usize> {
        let mut list = [&[][..]; MOST_COPIES + 1];
        let count = uplink.list(number, &mut list);
        list[..count].iter().map(|copy| copy.len()).collect()
    }

    #[test]
    fn timestamps_count_frames() {
        let mut uplink = uplink(0.0);
        for pts in [0, 60, 120] {
            let number = uplink.push(b"frame");
            assert_eq!(uplink.pts(number), pts);
        }
    }

    #[test]
    fn the_list_holds_earlier_frames_and_an_empty_entry_for_this_one() {
        let mut uplink = uplink(0.08);
        for len in [10, 20, 30, 40] {
            uplink.push(&vec![1; len]);
        }
        assert_eq!(uplink.copies(), 2);
        assert_eq!(lengths(&uplink, 3), [20, 30, 0]);
        assert_eq!(lengths(&uplink, 1), [10, 0]);
        assert_eq!(lengths(&uplink, 0), [0; 0]);
    }

    #[test]
    fn a_frame_too_long_to_copy_ends_the_list() {
        let mut uplink = uplink(0.5);
        for len in [10, 256, 30, 40] {
            uplink.push(&vec![1; len]);
        }
        assert_eq!(lengths(&uplink, 3), [30, 0]);
        assert_eq!(lengths(&uplink, 2), [0; 0]);
    }

    #[test]
    fn a_list_never_makes_a_datagram_too_long() {
        let mut uplink = uplink(0.5);
        for len in [250, 250, 250, 700] {
            uplink.push(&vec![1; len]);
        }
        assert_eq!(lengths(&uplink, 3), [250, 0]);
    }

    #[test]
    fn protection_follows_loss_quickly_up_and_slowly_down() {
        let mut uplink = uplink(0.0);
        let hints = uplink.hints();
        assert_eq!((hints.fec, hints.expected_loss), (false, 0));
        assert!(!uplink.set_loss(single(0.011), true));
        assert_eq!((uplink.hints().fec, uplink.hints().expected_loss), (true, 2));
        assert!(uplink.set_loss(single(0.03), false));
        assert_eq!((uplink.copies(), uplink.hints().fec), (1, false));
        assert!(!uplink.set_loss(single(0.2), false));
        assert_eq!(uplink.copies(), 3);
        assert!(!uplink.set_loss(single(0.0), false));
        assert_eq!(uplink.copies(), 3);
        assert!(!uplink.set_loss(single(0.015), true));
        assert_eq!(uplink.copies(), 1);
        assert!(uplink.set_loss(single(0.005), true));
        assert_eq!(uplink.copies(), 0);
    }

    #[test]
    fn losses_in_a_row_ask_for_more_copies_than_single_ones() {
        let mut uplink = uplink(0.05);
        assert_eq!(uplink.copies(), 1);
        uplink.set_loss(Loss { all: 0.05, in_row: [0.02, 0.001] }, false);
        assert_eq!(uplink.copies(), 2);
        uplink.set_loss(Loss { all: 0.05, in_row: [0.03, 0.02] }, false);
        assert_eq!(uplink.copies(), 3);
    }

    #[test]
    fn with_copies_the_bitrate_keeps_frames_within_their_list_entry() {
        for loss in [0.03, 0.1, 0.3] {
            let rate = uplink(loss).hints().max_bitrate;
            assert!(rate * 60 / 8000 <= MAX_COPY as u32 && rate > 24_000, "{rate}");
        }
        assert_eq!(uplink(0.0).hints().max_bitrate * 60 / 8000, 999);
    }

    #[test]
    fn congestion_lowers_the_ceiling_and_its_end_raises_it_again() {
        let mut uplink = uplink(0.0);
        let full = uplink.hints().max_bitrate;
        (0..5).for_each(|_| uplink.set_congested(true));
        assert!(uplink.hints().max_bitrate < full / 2);
        (0..100).for_each(|_| uplink.set_congested(false));
        assert_eq!(uplink.hints().max_bitrate, full);
    }
}
