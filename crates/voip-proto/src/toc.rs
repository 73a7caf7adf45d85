//! What an Opus packet says about itself without being decoded (RFC 6716, section 3).

use std::time::Duration;

/// How much sound a packet holds. `None`: it is no Opus packet (empty, no frames, or more than 120 ms).
pub(crate) fn duration(packet: &[u8]) -> Option<Duration> {
    let toc = *packet.first()?;
    let frames = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u64::from(packet.get(1)? & 0x3F),
    };
    let micros = frame_micros(toc) * frames;
    (micros > 0 && micros <= 120_000).then(|| Duration::from_micros(micros))
}

fn frame_micros(toc: u8) -> u64 {
    let config = toc >> 3;
    match config {
        0..=11 => [10_000, 20_000, 40_000, 60_000][usize::from(config & 3)],
        12..=15 => [10_000, 20_000][usize::from(config & 1)],
        _ => [2500, 5000, 10_000, 20_000][usize::from(config & 3)],
    }
}

/// True when the packet carries in-band redundancy for the frame before it: the LBRR flag of its first SILK frame, which
/// follows one voice bit for each 20 ms (RFC 6716, 4.2.3 and 4.2.4).
pub(crate) fn has_redundancy(packet: &[u8]) -> bool {
    let Some(&toc) = packet.first() else { return false };
    if toc >> 3 >= 16 {
        return false;
    }
    let voice_bits = (frame_micros(toc) / 20_000).max(1);
    first_frame(packet).and_then(<[u8]>::first).is_some_and(|byte| byte >> (7 - voice_bits) & 1 == 1)
}

/// The first frame inside a packet, and perhaps more behind it.
fn first_frame(packet: &[u8]) -> Option<&[u8]> {
    let skip_length = |bytes: &'_ [u8]| -> Option<usize> { Some(if *bytes.first()? < 252 { 1 } else { 2 }) };
    match packet[0] & 3 {
        0 | 1 => packet.get(1..),
        2 => packet.get(1 + skip_length(packet.get(1..)?)?..),
        _ => {
            let shape = *packet.get(1)?;
            let mut rest = packet.get(2..)?;
            if shape & 0x40 != 0 {
                while *rest.first()? == 255 {
                    rest = &rest[1..];
                }
                rest = &rest[1..];
            }
            if shape & 0x80 != 0 {
                for _ in 1..shape & 0x3F {
                    rest = rest.get(skip_length(rest)?..)?;
                }
            }
            Some(rest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(packet: &[u8]) -> Option<u128> {
        duration(packet).map(|d| d.as_millis())
    }

    #[test]
    fn the_duration_follows_from_the_first_two_bytes() {
        assert_eq!(millis(&[11 << 3]), Some(60)); // SILK wide band, one frame of 60 ms
        assert_eq!(millis(&[9 << 3 | 1]), Some(40)); // two of 20 ms
        assert_eq!(millis(&[15 << 3 | 3, 3]), Some(60)); // hybrid, three of 20 ms
        assert_eq!(millis(&[31 << 3 | 2, 0]), Some(40)); // CELT, two of 20 ms
        assert_eq!(duration(&[16 << 3]), Some(Duration::from_micros(2500)));
    }

    #[test]
    fn what_is_no_packet_has_no_duration() {
        assert_eq!(duration(&[]), None);
        assert_eq!(duration(&[3]), None);
        assert_eq!(duration(&[3, 0]), None);
        assert_eq!(duration(&[11 << 3 | 3, 3]), None); // 180 ms
    }

    #[test]
    fn the_redundancy_flag_follows_the_voice_bits() {
        assert!(has_redundancy(&[11 << 3, 0b0001_0000]));
        assert!(!has_redundancy(&[11 << 3, 0b1110_1111]));
        assert!(has_redundancy(&[9 << 3, 0b0100_0000]));
        assert!(has_redundancy(&[9 << 3 | 2, 1, 0b0100_0000, 0]));
        assert!(has_redundancy(&[15 << 3 | 3, 0x83, 1, 1, 0b0100_0000, 0, 0]));
        assert!(has_redundancy(&[15 << 3 | 3, 0x43, 255, 2, 0b0100_0000]));
        assert!(!has_redundancy(&[31 << 3, 0xFF])); // CELT has none
        assert!(
            !has_redundancy(&[]) && !has_redundancy(&[9 << 3]) && !has_redundancy(&[15 << 3 | 3, 0xFF, 255])
        );
    }
}
