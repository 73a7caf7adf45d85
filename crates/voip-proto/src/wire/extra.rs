//! Extras: small announcements that ride on every packet until they are acknowledged (4.4).

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Reader, WireError};

/// Number of [`Extra::StreamFlags`] on the wire.
pub const STREAM_FLAGS: u8 = 1;
/// Number of [`Extra::LanEndpoint`] on the wire.
pub const LAN_ENDPOINT: u8 = 3;
/// Number of [`Extra::NetworkChanged`] on the wire.
pub const NETWORK_CHANGED: u8 = 4;
/// Number of [`Extra::Ipv6Endpoint`] on the wire.
pub const IPV6_ENDPOINT: u8 = 7;

/// Bit of [`Extra::StreamFlags`]: the stream is on.
pub const FLAG_ENABLED: u32 = 1;
/// Bit of [`Extra::StreamFlags`]: redundant copies are being sent; receivers deepen their buffer.
pub const FLAG_EXTRA_EC: u32 = 4;

/// One announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Extra<'a> {
    /// The state of a stream.
    StreamFlags {
        /// Which stream.
        stream: u8,
        /// [`FLAG_ENABLED`], [`FLAG_EXTRA_EC`], others.
        flags: u32,
    },
    /// The sender's address in its own network.
    LanEndpoint {
        /// Address.
        ip: Ipv4Addr,
        /// Port.
        port: i32,
    },
    /// The sender's network has changed; bit 0: it wants to save data.
    NetworkChanged {
        /// INIT flags.
        flags: u32,
    },
    /// The sender's public IPv6 address.
    Ipv6Endpoint {
        /// Address.
        ip: Ipv6Addr,
        /// Port.
        port: u16,
    },
    /// Any other, skipped by its length.
    Other {
        /// Its type.
        kind: u8,
        /// Its content.
        data: &'a [u8],
    },
}

impl<'a> Extra<'a> {
    /// The type as a number.
    pub fn kind(&self) -> u8 {
        match self {
            Self::StreamFlags { .. } => STREAM_FLAGS,
            Self::LanEndpoint { .. } => LAN_ENDPOINT,
            Self::NetworkChanged { .. } => NETWORK_CHANGED,
            Self::Ipv6Endpoint { .. } => IPV6_ENDPOINT,
            Self::Other { kind, .. } => *kind,
        }
    }

    /// Reads the content of an extra of type `kind`.
    ///
    /// # Errors
    /// [`WireError::TooShort`]. More bytes than needed are ignored.
    pub fn parse(kind: u8, data: &'a [u8]) -> Result<Self, WireError> {
        let mut r = Reader::new(data);
        Ok(match kind {
            STREAM_FLAGS => Self::StreamFlags { stream: r.u8()?, flags: r.u32()? },
            LAN_ENDPOINT => Self::LanEndpoint { ip: Ipv4Addr::from(r.array::<4>()?), port: r.i32()? },
            NETWORK_CHANGED => Self::NetworkChanged { flags: r.u32()? },
            IPV6_ENDPOINT => Self::Ipv6Endpoint { ip: Ipv6Addr::from(r.array::<16>()?), port: r.u16()? },
            _ => Self::Other { kind, data },
        })
    }

    /// Appends length, type and content.
    pub fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0, self.kind()]);
        match self {
            Self::StreamFlags { stream, flags } => {
                out.push(*stream);
                out.extend_from_slice(&flags.to_le_bytes());
            }
            Self::LanEndpoint { ip, port } => {
                out.extend_from_slice(&ip.octets());
                out.extend_from_slice(&port.to_le_bytes());
            }
            Self::NetworkChanged { flags } => out.extend_from_slice(&flags.to_le_bytes()),
            Self::Ipv6Endpoint { ip, port } => {
                out.extend_from_slice(&ip.octets());
                out.extend_from_slice(&port.to_le_bytes());
            }
            Self::Other { data, .. } => out.extend_from_slice(&data[..data.len().min(254)]),
        }
        out[start] = (out.len() - start - 1) as u8;
    }
}

/// The extras of a received packet, checked but not yet read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras<'a> {
    count: u8,
    bytes: &'a [u8],
}

impl<'a> Extras<'a> {
    pub(super) fn parse(r: &mut Reader<'a>) -> Result<Self, WireError> {
        let count = r.u8()?;
        let bytes = r.rest();
        for _ in 0..count {
            let len = r.u8()?;
            if len == 0 {
                return Err(WireError::EmptyExtra);
            }
            r.bytes(usize::from(len))?;
        }
        Ok(Self { count, bytes })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        usize::from(self.count)
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Type and content of each.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &'a [u8])> {
        let mut r = Reader::new(self.bytes);
        (0..self.count).map_while(move |_| {
            let len = usize::from(r.u8().ok()?);
            r.bytes(len).ok()?.split_first().map(|(kind, data)| (*kind, data))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Extra<'static>; 5] = [
        Extra::StreamFlags { stream: 1, flags: FLAG_ENABLED | FLAG_EXTRA_EC },
        Extra::LanEndpoint { ip: Ipv4Addr::new(192, 168, 1, 23), port: 27720 },
        Extra::NetworkChanged { flags: 1 },
        Extra::Ipv6Endpoint { ip: Ipv6Addr::LOCALHOST, port: 5000 },
        Extra::Other { kind: 200, data: b"anything" },
    ];

    #[test]
    fn extras_come_back_in_order_and_every_truncation_is_refused() {
        let mut bytes = vec![ALL.len() as u8];
        ALL.iter().for_each(|extra| extra.write(&mut bytes));
        let extras = Extras::parse(&mut Reader::new(&bytes)).unwrap();
        let read: Vec<_> = extras.iter().map(|(kind, data)| Extra::parse(kind, data).unwrap()).collect();
        assert_eq!(read, ALL);
        for len in 0..bytes.len() {
            assert!(Extras::parse(&mut Reader::new(&bytes[..len])).is_err(), "{len}");
        }
    }

    #[test]
    fn an_extra_without_a_type_is_refused() {
        assert_eq!(Extras::parse(&mut Reader::new(&[1, 0])), Err(WireError::EmptyExtra));
    }

    #[test]
    fn an_extra_whose_content_is_too_short_is_refused() {
        assert!(Extra::parse(STREAM_FLAGS, &[1, 1, 0, 0]).is_err());
        assert!(Extra::parse(IPV6_ENDPOINT, &[0; 17]).is_err());
    }
}
