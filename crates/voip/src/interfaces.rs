//! Addresses of this machine, which calls of the modern family offer to the other side where a direct path is allowed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Addresses looked at; a machine with more has them for other purposes.
const MOST: usize = 64;

/// The addresses of this machine's interfaces, reduced to the one a family is bound to when it is bound to one. The
/// ports mean nothing.
///
/// Costs system calls and allocations: never on a media thread.
pub(crate) fn addresses(bind_v4: Ipv4Addr, bind_v6: Option<Ipv6Addr>) -> Vec<SocketAddr> {
    let bound = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => bind_v4.is_unspecified() || ip == bind_v4,
        IpAddr::V6(ip) => bind_v6.is_some_and(|bind| bind.is_unspecified() || ip == bind),
    };
    let interfaces = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::debug!(%error, "the addresses of this machine are not known");
        Vec::new()
    });
    let found = interfaces.into_iter().filter(|interface| interface.is_oper_up()).map(|found| found.ip());
    let mut addresses: Vec<SocketAddr> =
        found.filter(|ip| bound(*ip)).map(|ip| SocketAddr::new(ip, 0)).take(MOST).collect();
    addresses.dedup();
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_bound_to_one_address_offers_no_other() {
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        assert_eq!(addresses(Ipv4Addr::LOCALHOST, None), [loopback]);
        assert!(addresses(Ipv4Addr::UNSPECIFIED, None).contains(&loopback));
        assert_eq!(addresses(Ipv4Addr::new(192, 0, 2, 1), None), []);
    }
}
