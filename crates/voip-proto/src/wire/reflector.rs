//! What a client and a relay say to each other (2.4).
//!
//! `tag || FF x 12 || …`. Such a datagram is never sealed, and only a relay may send one.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use super::{Reader, WireError};
use crate::PeerTag;

const MARK: [u8; 12] = [0xFF; 12];
const SELF_INFO: u32 = 0xC015_72C7;
const PEER_INFO: u32 = 0x27D9_371C;

/// Appends a self-info request ("who am I, are you there"), 40 bytes.
pub fn write_self_info_request(tag: PeerTag, query: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(&tag.0);
    out.extend_from_slice(&MARK);
    out.extend_from_slice(&(-2i32).to_le_bytes());
    out.extend_from_slice(&query.to_le_bytes());
}

/// Appends a peer-info request ("where is the other party"), 32 bytes.
pub fn write_peer_info_request(tag: PeerTag, out: &mut Vec<u8>) {
    out.extend_from_slice(&tag.0);
    out.extend_from_slice(&MARK);
    out.extend_from_slice(&(-1i32).to_le_bytes());
}

/// What a relay answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Answer to a self-info request.
    SelfInfo {
        /// The relay's clock, unix seconds.
        date: i32,
        /// The number of the request.
        query: u64,
        /// Our address as the relay sees it; `None` when it makes no sense (some relays write text there).
        me: Option<SocketAddr>,
    },
    /// Answer to a peer-info request.
    PeerInfo {
        /// Our address as the relay sees it.
        me: Option<SocketAddr>,
        /// The other party's.
        peer: Option<SocketAddr>,
    },
    /// Something newer.
    Other {
        /// Its id.
        id: u32,
    },
}

/// True when what follows the tag is a special and not a sealed packet.
pub fn is_special(after_tag: &[u8]) -> bool {
    after_tag.starts_with(&MARK)
}

impl Reply {
    /// Reads what follows the tag.
    ///
    /// # Errors
    /// [`WireError::TooShort`].
    pub fn parse(after_tag: &[u8]) -> Result<Self, WireError> {
        let mut r = Reader::new(after_tag);
        r.bytes(MARK.len())?;
        Ok(match r.u32()? {
            SELF_INFO => {
                let (date, query) = (r.i32()?, u64::from_le_bytes(r.array()?));
                let ip = Ipv6Addr::from(r.array::<16>()?);
                Self::SelfInfo { date, query, me: address(ip, r.i32()?) }
            }
            PEER_INFO => {
                let mut half = || -> Result<_, WireError> {
                    let ip = Ipv4Addr::from(r.array::<4>()?).to_ipv6_mapped();
                    Ok(address(ip, r.i32()?))
                };
                Self::PeerInfo { me: half()?, peer: half()? }
            }
            id => Self::Other { id },
        })
    }
}

/// An address, unless it is none.
fn address(ip: Ipv6Addr, port: i32) -> Option<SocketAddr> {
    let port = u16::try_from(port).ok().filter(|port| *port != 0)?;
    let addr = SocketAddr::new(ip.to_canonical(), port);
    (!addr.ip().is_unspecified()).then_some(addr)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_truncation_of_a_reply_is_refused() {
        let mut self_info = MARK.to_vec();
        self_info.extend_from_slice(&SELF_INFO.to_le_bytes());
        self_info.resize(48, 1);
        let mut peer_info = MARK.to_vec();
        peer_info.extend_from_slice(&PEER_INFO.to_le_bytes());
        peer_info.resize(32, 1);
        for reply in [self_info, peer_info] {
            assert!(Reply::parse(&reply).is_ok());
            for len in 0..reply.len() {
                assert!(Reply::parse(&reply[..len]).is_err(), "{len}");
            }
        }
    }

    #[test]
    fn an_impossible_address_is_none() {
        assert_eq!(address(Ipv4Addr::new(1, 2, 3, 4).to_ipv6_mapped(), 0), None);
        assert_eq!(address(Ipv4Addr::new(1, 2, 3, 4).to_ipv6_mapped(), 70_000), None);
        assert_eq!(address(Ipv6Addr::UNSPECIFIED, 80), None);
        assert_eq!(address(Ipv4Addr::new(1, 2, 3, 4).to_ipv6_mapped(), 80), "1.2.3.4:80".parse().ok());
    }
}
