//! Obfuscated2: a random header from which both AES-CTR streams are keyed.
//!
//! Source: core.telegram.org/mtproto/mtproto-transports, "Transport obfuscation". The header is 64 bytes: 56 random
//! ones in clear, then the transport's tag, a DC id and two more, encrypted. Both streams run on from there for
//! the life of the connection; the client's has then used 64 bytes.

use super::{Kind, TransportError};
use offhook_crypto::ctr::Ctr;
use offhook_crypto::hash::sha256_parts;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::RngCore;

/// Bytes of the header.
pub(super) const HEADER: usize = 64;
const TAG: std::ops::Range<usize> = 56..60;
const DC: std::ops::Range<usize> = 60..62;

/// First words that would be taken for another protocol: HTTP verbs, TLS, unobfuscated tags.
const RESERVED: [[u8; 4]; 7] =
    [*b"HEAD", *b"POST", *b"GET ", *b"OPTI", [0x16, 0x03, 0x01, 0x02], [0xdd; 4], [0xee; 4]];

/// A proxy secret of 16 bytes. Hidden from `Debug`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ProxySecret(pub [u8; 16]);

impl std::fmt::Debug for ProxySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProxySecret(..)")
    }
}

/// How a client obfuscates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Obfuscation {
    /// Mixed into both keys when the other end is a proxy.
    pub secret: Option<ProxySecret>,
    /// DC id for a proxy: +10000 on test servers, negative for media. Random bytes when `None`.
    pub dc: Option<i16>,
}

/// The two streams, named from the client's side.
#[derive(Debug)]
pub(super) struct Streams {
    pub(super) to_server: Ctr,
    pub(super) to_client: Ctr,
}

/// What a server reads from a header.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) streams: Streams,
    pub(super) kind: Kind,
    pub(super) dc: i16,
}

/// Draws a header and returns it as it goes on the wire.
pub(super) fn header(
    kind: Kind,
    obfuscation: Obfuscation,
    rng: &mut ChaCha20Rng,
) -> Result<([u8; HEADER], Streams), TransportError> {
    loop {
        let mut init = [0; HEADER];
        rng.fill_bytes(&mut init);
        if is_mistakable(&init) {
            continue;
        }
        return header_from(init, kind, obfuscation);
    }
}

fn header_from(
    mut init: [u8; HEADER],
    kind: Kind,
    obfuscation: Obfuscation,
) -> Result<([u8; HEADER], Streams), TransportError> {
    init[TAG].copy_from_slice(&[tag(kind).ok_or(TransportError::FullObfuscated)?; 4]);
    if let Some(dc) = obfuscation.dc {
        init[DC].copy_from_slice(&dc.to_le_bytes());
    }
    let mut streams = streams(&init, obfuscation.secret);
    let mut wire = init;
    streams.to_server.apply(&mut wire);
    wire[..TAG.start].copy_from_slice(&init[..TAG.start]);
    Ok((wire, streams))
}

/// Decrypts a header; `None` when the tag is none, so the secret is wrong or it is no header at all.
pub(super) fn open(wire: &[u8; HEADER], secret: Option<ProxySecret>) -> Option<Opened> {
    let mut streams = streams(wire, secret);
    let mut init = *wire;
    streams.to_server.apply(&mut init);
    let kind = match init[TAG] {
        [0xef, 0xef, 0xef, 0xef] => Kind::Abridged,
        [0xee, 0xee, 0xee, 0xee] => Kind::Intermediate,
        [0xdd, 0xdd, 0xdd, 0xdd] => Kind::PaddedIntermediate,
        _ => return None,
    };
    let dc = i16::from_le_bytes([init[DC.start], init[DC.start + 1]]);
    Some(Opened { streams, kind, dc })
}

fn tag(kind: Kind) -> Option<u8> {
    match kind {
        Kind::Abridged => Some(0xef),
        Kind::Intermediate => Some(0xee),
        Kind::PaddedIntermediate => Some(0xdd),
        Kind::Full => None,
    }
}

fn is_mistakable(init: &[u8; HEADER]) -> bool {
    init[0] == 0xef || init[4..8] == [0; 4] || RESERVED.iter().any(|word| init.starts_with(word))
}

/// Both streams at their first byte. Only bytes 8 to 56 matter, which are in clear on the wire.
fn streams(init: &[u8; HEADER], secret: Option<ProxySecret>) -> Streams {
    let mut reversed = *init;
    reversed.reverse();
    Streams { to_server: stream(init, secret), to_client: stream(&reversed, secret) }
}

fn stream(init: &[u8; HEADER], secret: Option<ProxySecret>) -> Ctr {
    let mut key: [u8; 32] = init[8..40].try_into().expect("40 minus 8 is 32");
    if let Some(secret) = secret {
        key = sha256_parts(&[&key, &secret.0]);
    }
    Ctr::new(&key, init[40..56].try_into().expect("56 minus 40 is 16"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::SeedableRng;
    use serde_json::Value;

    fn cases() -> Vec<Value> {
        let all: Value = serde_json::from_str(include_str!("../../tests/data/mtproto.json")).unwrap();
        all["obfuscated2"].as_array().unwrap().clone()
    }

    fn bytes(value: &Value) -> Vec<u8> {
        hex::decode(value.as_str().unwrap()).unwrap()
    }

    #[test]
    fn published_headers_and_streams_come_out_at_both_ends() {
        for case in cases() {
            let secret =
                case["secret"].as_str().map(|_| ProxySecret(bytes(&case["secret"]).try_into().unwrap()));
            let dc = case["dc"].as_i64().map(|dc| dc as i16);
            let kind = match case["tag"].as_str().unwrap() {
                "efefefef" => Kind::Abridged,
                "eeeeeeee" => Kind::Intermediate,
                _ => Kind::PaddedIntermediate,
            };
            let random: [u8; 64] = bytes(&case["random64"]).try_into().unwrap();
            let (wire, mut client) = header_from(random, kind, Obfuscation { secret, dc }).unwrap();
            assert_eq!(wire.to_vec(), bytes(&case["header_on_wire"]));
            let mut opened = open(&wire, secret).unwrap();
            assert_eq!(opened.kind, kind);
            let plain_init = bytes(&case["plain_init"]);
            assert_eq!(opened.dc, i16::from_le_bytes([plain_init[60], plain_init[61]]));

            let mut frame = bytes(&case["first_client_frame_plain"]);
            client.to_server.apply(&mut frame);
            assert_eq!(frame, bytes(&case["first_client_frame_wire"]));
            opened.streams.to_server.apply(&mut frame);
            assert_eq!(frame, bytes(&case["first_client_frame_plain"]));

            let mut frame = bytes(&case["first_server_frame_plain"]);
            opened.streams.to_client.apply(&mut frame);
            assert_eq!(frame, bytes(&case["first_server_frame_wire"]));
            client.to_client.apply(&mut frame);
            assert_eq!(frame, bytes(&case["first_server_frame_plain"]));
        }
    }

    #[test]
    fn a_header_does_not_open_with_another_secret() {
        let mut rng = ChaCha20Rng::from_seed([5; 32]);
        let secret = Some(ProxySecret([1; 16]));
        let (wire, _) = header(Kind::Abridged, Obfuscation { secret, dc: None }, &mut rng).unwrap();
        assert!(open(&wire, None).is_none());
        assert!(open(&wire, Some(ProxySecret([2; 16]))).is_none());
        assert!(open(&wire, secret).is_some());
    }

    #[test]
    fn headers_that_look_like_another_protocol_are_drawn_again() {
        let mut init = [7; HEADER];
        assert!(!is_mistakable(&init));
        init[4..8].fill(0);
        assert!(is_mistakable(&init));
        for word in RESERVED {
            let mut init = [7; HEADER];
            init[..4].copy_from_slice(&word);
            assert!(is_mistakable(&init));
        }
        let mut init = [7; HEADER];
        init[0] = 0xef;
        assert!(is_mistakable(&init));
    }
}
