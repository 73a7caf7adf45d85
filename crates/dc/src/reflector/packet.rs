//! Special datagrams between a client and a reflector.
//!
//! All start with the sender's tag and twelve bytes `ff`, where an ordinary datagram has the beginning of its encrypted
//! part. Numbers are little-endian, addresses are in network order, ports are plain 32-bit numbers. Layouts as libtgvoip
//! sends and reads them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4};

use super::PeerTag;

/// Length of a tag.
pub const TAG_LEN: usize = 16;
/// Length of the `ff` bytes that mark a special datagram.
pub const MARK_LEN: usize = 12;
/// No datagram of the protocol is shorter: an encrypted part is at least 16 bytes.
pub const MIN_LEN: usize = 32;
/// Length of a self-info request: tag, mark, code, query id.
pub const SELF_INFO_REQUEST_LEN: usize = TAG_LEN + MARK_LEN + 4 + 8;
/// Length of a peer-info request: tag, mark, code.
pub const PEER_INFO_REQUEST_LEN: usize = TAG_LEN + MARK_LEN + 4;
/// Length of a self-info answer: tag, mark, id, date, query id, address, port.
pub const SELF_INFO_LEN: usize = TAG_LEN + MARK_LEN + 4 + 4 + 8 + 16 + 4;
/// Length of a peer-info answer: tag, mark, id, own address and port, peer's address and port.
pub const PEER_INFO_LEN: usize = TAG_LEN + MARK_LEN + 4 + 2 * (4 + 4);

const MARK: [u8; MARK_LEN] = [0xff; MARK_LEN];
const SELF_INFO_CODE: i32 = -2;
const PEER_INFO_CODE: i32 = -1;
const SELF_INFO_ID: u32 = 0xc015_72c7;
const PEER_INFO_ID: u32 = 0x27d9_371c;

/// What a client wants from the reflector with one datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// "What is my address?", also used as a ping.
    SelfInfo {
        /// Comes back in the answer.
        query: i64,
    },
    /// "What are our two addresses?"
    PeerInfo,
    /// Pass this on to the other party.
    Forward,
}

impl Request {
    /// Reads what follows the tag of a datagram; `None` when it is nothing a client may send.
    #[must_use]
    pub fn parse(datagram: &[u8]) -> Option<Self> {
        if datagram.len() < MIN_LEN {
            return None;
        }
        let (mark, rest) = datagram[TAG_LEN..].split_at(MARK_LEN);
        if mark != MARK {
            return Some(Self::Forward);
        }
        let (code, rest) = rest.split_first_chunk()?;
        match (i32::from_le_bytes(*code), datagram.len()) {
            (SELF_INFO_CODE, SELF_INFO_REQUEST_LEN) => {
                Some(Self::SelfInfo { query: i64::from_le_bytes(*rest.first_chunk()?) })
            }
            (PEER_INFO_CODE, PEER_INFO_REQUEST_LEN) => Some(Self::PeerInfo),
            _ => None,
        }
    }
}

/// Replaces `out` by the answer to a self-info request.
pub fn write_self_info(out: &mut Vec<u8>, tag: PeerTag, date: i32, query: i64, seen: SocketAddr) {
    start(out, tag, SELF_INFO_ID);
    out.extend_from_slice(&date.to_le_bytes());
    out.extend_from_slice(&query.to_le_bytes());
    let address = match seen.ip() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    };
    out.extend_from_slice(&address.octets());
    out.extend_from_slice(&i32::from(seen.port()).to_le_bytes());
}

/// Replaces `out` by the answer to a peer-info request.
pub fn write_peer_info(out: &mut Vec<u8>, tag: PeerTag, own: SocketAddrV4, peer: SocketAddrV4) {
    start(out, tag, PEER_INFO_ID);
    for addr in [own, peer] {
        out.extend_from_slice(&addr.ip().octets());
        out.extend_from_slice(&i32::from(addr.port()).to_le_bytes());
    }
}

fn start(out: &mut Vec<u8>, tag: PeerTag, id: u32) {
    out.clear();
    out.extend_from_slice(&tag.0);
    out.extend_from_slice(&MARK);
    out.extend_from_slice(&id.to_le_bytes());
}

/// The IPv4 form of an address, also of an IPv4 address mapped into IPv6.
#[must_use]
pub fn as_v4(addr: SocketAddr) -> Option<SocketAddrV4> {
    let ip: Ipv4Addr = match addr.ip() {
        IpAddr::V4(v4) => v4,
        IpAddr::V6(v6) => v6.to_ipv4_mapped()?,
    };
    Some(SocketAddrV4::new(ip, addr.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: PeerTag = PeerTag([7; 16]);

    fn request(code: i32, rest: &[u8]) -> Vec<u8> {
        let mut bytes = vec![7; 16];
        bytes.extend([0xff; 12]);
        bytes.extend(code.to_le_bytes());
        bytes.extend(rest);
        bytes
    }

    #[test]
    fn requests_are_told_apart_by_mark_code_and_length() {
        let ping = request(-2, &0x0102_0304_0506_0708_i64.to_le_bytes());
        assert_eq!(Request::parse(&ping), Some(Request::SelfInfo { query: 0x0102_0304_0506_0708 }));
        assert_eq!(Request::parse(&request(-1, &[])), Some(Request::PeerInfo));
        assert_eq!(Request::parse(&request(-1, &[0; 8])), None);
        assert_eq!(Request::parse(&request(-3, &[0; 8])), None);
        assert_eq!(Request::parse(&[7; 32]), Some(Request::Forward));
    }

    #[test]
    fn every_truncation_of_a_request_is_refused_or_never_read_as_another_one() {
        let ping = request(-2, &[1; 8]);
        for len in 0..ping.len() {
            assert_eq!(Request::parse(&ping[..len]), None, "{len} bytes");
        }
        let peer_info = request(-1, &[]);
        for len in 0..peer_info.len() {
            assert_eq!(Request::parse(&peer_info[..len]), None, "{len} bytes");
        }
    }

    #[test]
    fn a_self_info_answer_has_the_layout_libtgvoip_reads() {
        let mut out = Vec::new();
        write_self_info(&mut out, TAG, 0x6566_6768, 0x1112_1314_1516_1718, "10.1.2.3:5001".parse().unwrap());
        let mut expected = vec![7; 16];
        expected.extend([0xff; 12]);
        expected.extend([0xc7, 0x72, 0x15, 0xc0]);
        expected.extend([0x68, 0x67, 0x66, 0x65]);
        expected.extend([0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11]);
        expected.extend([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 3]);
        expected.extend([0x89, 0x13, 0, 0]);
        assert_eq!(out, expected);
        assert_eq!(out.len(), SELF_INFO_LEN);
    }

    #[test]
    fn a_peer_info_answer_has_the_layout_libtgvoip_reads() {
        let mut out = Vec::new();
        write_peer_info(&mut out, TAG, "10.1.2.3:5001".parse().unwrap(), "10.1.2.4:5002".parse().unwrap());
        let mut expected = vec![7; 16];
        expected.extend([0xff; 12]);
        expected.extend([0x1c, 0x37, 0xd9, 0x27]);
        expected.extend([10, 1, 2, 3, 0x89, 0x13, 0, 0]);
        expected.extend([10, 1, 2, 4, 0x8a, 0x13, 0, 0]);
        assert_eq!(out, expected);
        assert_eq!(out.len(), PEER_INFO_LEN);
    }
}
