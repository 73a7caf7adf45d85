//! Datagrams in a TCP stream, in the two forms clients use.
//!
//! * Modern calls: four bytes `ee` once, then each frame after its length as a little-endian 32-bit number.
//! * libtgvoip: MTProto's obfuscated transport with abridged frames: 64 bytes from which both AES-CTR streams are keyed,
//!   then each frame after its length in words, as one byte or as `7f` and three bytes.
//!
//! The server answers nothing to the start of a stream. Bytes in, datagrams out; no socket.

use offhook_crypto::ctr::Ctr;

/// No frame of either protocol is longer than an Ethernet frame; a stream that announces more is none of ours.
pub(super) const MAX_FRAME: usize = 2_048;
const MODERN_START: [u8; 4] = [0xee; 4];
const NONCE_LEN: usize = 64;
/// What the last bytes of a decrypted nonce say: abridged frames.
const ABRIDGED: [u8; 4] = [0xef; 4];
/// First byte of an abridged frame whose length follows in three bytes.
const LONG: u8 = 0x7f;

/// The stream is in neither form, or announces a frame that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a stream of relay frames")]
pub(super) struct BadStream;

#[derive(Debug)]
enum Form {
    Unknown,
    Modern,
    Libtgvoip(Box<Streams>),
}

#[derive(Debug)]
struct Streams {
    incoming: Ctr,
    outgoing: Ctr,
}

/// One connection's framing.
#[derive(Debug)]
pub(super) struct Stream {
    form: Form,
    /// Received, decrypted once the form is known, not yet a whole frame.
    input: Vec<u8>,
}

impl Stream {
    pub(super) fn new() -> Self {
        Self { form: Form::Unknown, input: Vec::new() }
    }

    /// Whether the first bytes have shown what the client speaks.
    pub(super) fn is_known(&self) -> bool {
        !matches!(self.form, Form::Unknown)
    }

    /// Takes received bytes. Call [`Stream::next`] until it has nothing before giving more: then what is kept stays below
    /// one frame.
    pub(super) fn receive(&mut self, bytes: &[u8]) {
        let start = self.input.len();
        self.input.extend_from_slice(bytes);
        if let Form::Libtgvoip(streams) = &mut self.form {
            streams.incoming.apply(&mut self.input[start..]);
        }
    }

    /// Replaces `packet` by the next whole datagram; false when there is none yet.
    pub(super) fn next(&mut self, packet: &mut Vec<u8>) -> Result<bool, BadStream> {
        if !self.is_known() && !self.detect()? {
            return Ok(false);
        }
        let Some((header, len)) = self.header() else { return Ok(false) };
        if len == 0 || len > MAX_FRAME {
            return Err(BadStream);
        }
        let Some(frame) = self.input.get(header..header + len) else { return Ok(false) };
        packet.clear();
        packet.extend_from_slice(frame);
        self.input.drain(..header + len);
        Ok(true)
    }

    /// Appends a datagram to `out`, framed. False when it cannot be said in this stream.
    pub(super) fn write(&mut self, packet: &[u8], out: &mut Vec<u8>) -> bool {
        match &mut self.form {
            Form::Unknown => false,
            Form::Modern => {
                out.extend_from_slice(&(packet.len() as u32).to_le_bytes());
                out.extend_from_slice(packet);
                true
            }
            Form::Libtgvoip(streams) => {
                if !packet.len().is_multiple_of(4) {
                    return false;
                }
                let start = out.len();
                let words = packet.len() / 4;
                if words < usize::from(LONG) {
                    out.push(words as u8);
                } else {
                    out.push(LONG);
                    out.extend_from_slice(&(words as u32).to_le_bytes()[..3]);
                }
                out.extend_from_slice(packet);
                streams.outgoing.apply(&mut out[start..]);
                true
            }
        }
    }

    /// Looks at the first bytes. False when there are too few.
    fn detect(&mut self) -> Result<bool, BadStream> {
        let Some(first) = self.input.first_chunk::<4>() else { return Ok(false) };
        if *first == MODERN_START {
            self.input.drain(..MODERN_START.len());
            self.form = Form::Modern;
            return Ok(true);
        }
        let Some(nonce) = self.input.first_chunk::<NONCE_LEN>() else { return Ok(false) };
        let mut incoming = keyed(nonce);
        let mut reversed = *nonce;
        reversed.reverse();
        let outgoing = keyed(&reversed);
        let mut opened = *nonce;
        incoming.apply(&mut opened);
        if opened[56..60] != ABRIDGED {
            return Err(BadStream);
        }
        self.input.drain(..NONCE_LEN);
        incoming.apply(&mut self.input);
        self.form = Form::Libtgvoip(Box::new(Streams { incoming, outgoing }));
        Ok(true)
    }

    /// Length of the header of the frame in front, and of the frame.
    fn header(&self) -> Option<(usize, usize)> {
        if matches!(self.form, Form::Modern) {
            let length = u32::from_le_bytes(*self.input.first_chunk()?);
            return Some((4, usize::try_from(length).unwrap_or(usize::MAX)));
        }
        match *self.input.first()? {
            LONG => {
                let &[_, a, b, c] = self.input.first_chunk()?;
                Some((4, 4 * u32::from_le_bytes([a, b, c, 0]) as usize))
            }
            words => Some((1, 4 * usize::from(words))),
        }
    }
}

/// The stream keyed by a nonce as it goes on the wire; only bytes 8 to 56 matter, which are in clear there.
fn keyed(nonce: &[u8; NONCE_LEN]) -> Ctr {
    let key = nonce[8..40].try_into().expect("40 minus 8 is 32");
    let iv = nonce[40..56].try_into().expect("56 minus 40 is 16");
    Ctr::new(key, iv)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `bytes` in pieces and returns the datagrams they hold.
    fn feed(stream: &mut Stream, bytes: &[u8], piece: usize) -> Result<Vec<Vec<u8>>, BadStream> {
        let (mut all, mut packet) = (Vec::new(), Vec::new());
        for piece in bytes.chunks(piece) {
            stream.receive(piece);
            while stream.next(&mut packet)? {
                all.push(packet.clone());
            }
        }
        Ok(all)
    }

    fn framed(packets: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = MODERN_START.to_vec();
        for packet in packets {
            bytes.extend((packet.len() as u32).to_le_bytes());
            bytes.extend(packet);
        }
        bytes
    }

    #[test]
    fn modern_frames_come_out_whole_however_the_stream_is_cut() {
        let packets = vec![vec![1; 20], vec![2; 1], vec![3; MAX_FRAME]];
        for piece in [1, 3, 7, 4096] {
            let mut stream = Stream::new();
            assert_eq!(feed(&mut stream, &framed(&packets), piece).unwrap(), packets, "pieces of {piece}");
            let mut out = Vec::new();
            assert!(stream.write(&[9, 8, 7], &mut out));
            assert_eq!(out, [3, 0, 0, 0, 9, 8, 7]);
        }
    }

    /// A client's nonce and streams, as libtgvoip makes them.
    fn client() -> (Vec<u8>, Ctr, Ctr) {
        let mut nonce: [u8; NONCE_LEN] = std::array::from_fn(|i| (i as u8).wrapping_mul(37) ^ 0x5a);
        nonce[56..60].copy_from_slice(&ABRIDGED);
        let mut to_server = keyed(&nonce);
        let mut reversed = nonce;
        reversed.reverse();
        let to_client = keyed(&reversed);
        let mut wire = nonce;
        to_server.apply(&mut wire);
        wire[..56].copy_from_slice(&nonce[..56]);
        (wire.to_vec(), to_server, to_client)
    }

    #[test]
    fn libtgvoip_frames_of_both_lengths_pass_both_ways() {
        let packets = [vec![1; 40], vec![2; 4 * 0x7e], vec![3; 4 * 0x7f], vec![4; 1_500]];
        for piece in [1, 5, 4096] {
            let (mut bytes, mut to_server, mut to_client) = client();
            let mut clear = Vec::new();
            for packet in &packets {
                match packet.len() / 4 {
                    words @ 0..0x7f => clear.push(words as u8),
                    words => clear.extend([0x7f, words as u8, (words >> 8) as u8, 0]),
                }
                clear.extend(packet);
            }
            let mut frames = clear.clone();
            to_server.apply(&mut frames);
            bytes.extend(frames);
            let mut stream = Stream::new();
            assert_eq!(feed(&mut stream, &bytes, piece).unwrap(), packets, "pieces of {piece}");
            let mut out = Vec::new();
            for packet in &packets {
                assert!(stream.write(packet, &mut out));
            }
            to_client.apply(&mut out);
            assert_eq!(out, clear, "the server frames as the client does");
            assert!(!stream.write(&[0; 30], &mut out), "abridged frames are whole words");
        }
    }

    #[test]
    fn a_stream_of_something_else_is_refused() {
        assert_eq!(feed(&mut Stream::new(), &[0x16; 64], 64), Err(BadStream));
        assert_eq!(feed(&mut Stream::new(), b"GET / HTTP/1.1\r\n", 16), Ok(Vec::new()), "too short to tell");
        for len in [0, MAX_FRAME as u32 + 1, u32::MAX] {
            let mut bytes = MODERN_START.to_vec();
            bytes.extend(len.to_le_bytes());
            assert_eq!(feed(&mut Stream::new(), &bytes, 8), Err(BadStream), "{len} bytes announced");
        }
        let (mut bytes, mut to_server, _) = client();
        let mut frame = [LONG, 0xff, 0xff, 0xff];
        to_server.apply(&mut frame);
        bytes.extend(frame);
        assert_eq!(feed(&mut Stream::new(), &bytes, 4096), Err(BadStream));
    }

    #[test]
    fn nothing_can_be_said_before_the_form_is_known() {
        let mut stream = Stream::new();
        assert!(!stream.write(&[1; 4], &mut Vec::new()));
        stream.receive(&[0xee; 3]);
        assert_eq!(stream.next(&mut Vec::new()), Ok(false));
        assert!(!stream.is_known());
    }
}
