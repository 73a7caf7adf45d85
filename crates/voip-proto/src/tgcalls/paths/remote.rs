//! The other side's candidates: which of them we can use.

use std::net::SocketAddr;

use super::line::{Line, LineError};
use super::pseudo::Pseudo;
use super::{CandidateKind, Paths, RemoteCandidate};

/// Addresses of the other side that are used; further ones are refused.
const MOST_REMOTES: usize = 32;

/// What the other side has told.
#[derive(Debug, Default)]
pub(super) struct Remotes {
    addrs: Vec<SocketAddr>,
}

impl Remotes {
    /// Takes an address; false when there is no room. One that is known already may be told again.
    fn take(&mut self, addr: SocketAddr) -> bool {
        if self.addrs.contains(&addr) {
            return true;
        }
        let room = self.addrs.len() < MOST_REMOTES;
        if room {
            self.addrs.push(addr);
        }
        room
    }
}

/// Why a line that is right in itself is not used.
enum Refusal {
    /// A direct path, and none is allowed.
    Direct,
    /// An address that it would not be wise to send to.
    Address,
    /// Nothing of ours leads there.
    NoWay,
    /// One too many.
    Full,
}

impl Paths {
    /// There is room again for addresses of the other side. Those that were taken may still be used.
    pub(crate) fn forget_remotes(&mut self) {
        self.remotes = Remotes::default();
    }

    /// Reads a candidate line of the other side. `None`: nothing that we could use, counted by the reason.
    ///
    /// A line that is told again is given out again: the agent may have forgotten it, after a restart.
    pub(crate) fn remote(&mut self, line: &str) -> Option<RemoteCandidate> {
        self.idle = None;
        let line = match Line::parse(line) {
            Ok(line) => line,
            Err(error) => {
                *match error {
                    LineError::Malformed => &mut self.stats.lines_malformed,
                    LineError::Transport => &mut self.stats.lines_tcp,
                    LineError::Name => &mut self.stats.lines_name,
                    LineError::Address => &mut self.stats.lines_address,
                } += 1;
                return None;
            }
        };
        match self.judge(line.kind, line.addr) {
            Ok(()) => self.stats.lines_taken += 1,
            Err(refusal) => {
                *match refusal {
                    Refusal::Direct => &mut self.stats.lines_direct,
                    Refusal::Address => &mut self.stats.lines_address,
                    Refusal::NoWay => &mut self.stats.lines_no_way,
                    Refusal::Full => &mut self.stats.lines_full,
                } += 1;
                return None;
            }
        }
        let Line { foundation, priority, kind, addr } = line;
        Some(RemoteCandidate { kind, addr, priority, foundation: foundation.to_owned() })
    }

    fn judge(&mut self, kind: CandidateKind, addr: SocketAddr) -> Result<(), Refusal> {
        if !self.p2p_allowed && kind != CandidateKind::Relay {
            return Err(Refusal::Direct);
        }
        if self.gathered.live().any(|(_, own)| own.addr == addr) {
            return Err(Refusal::Address);
        }
        match Pseudo::from_addr(addr) {
            Some(pseudo) if !self.is_at_a_relay_of_ours(pseudo) => return Err(Refusal::NoWay),
            Some(_) => {}
            // Only a machine that has nothing but loopback may be sent there: else it is a service of this machine.
            None if addr.ip().is_loopback() && !self.may_use_loopback() => return Err(Refusal::Address),
            None if !self.leads_to(addr) => return Err(Refusal::NoWay),
            None => {}
        }
        if !self.remotes.take(addr) {
            return Err(Refusal::Full);
        }
        if Pseudo::from_addr(addr).is_none() {
            self.turns.iter_mut().for_each(|turn| turn.permit(addr.ip(), self.now));
        }
        Ok(())
    }

    fn is_at_a_relay_of_ours(&self, pseudo: Pseudo) -> bool {
        let relays = self.relays.iter().map(|relay| relay.port);
        let ports = || relays.clone().chain(self.streams.iter().map(|stream| stream.port));
        // A port of ours would be a mirror.
        ports().any(|port| port.reaches(pseudo)) && !ports().any(|port| port.pseudo() == pseudo)
    }

    /// A relay on this machine leads to this machine.
    fn may_use_loopback(&self) -> bool {
        self.local.is_loopback() || self.turns.iter().any(|turn| turn.server.ip().is_loopback())
    }

    /// True when this call has, or may have, a way to this real address. Relayed addresses are of IPv4.
    fn leads_to(&self, addr: SocketAddr) -> bool {
        self.p2p_allowed || addr.is_ipv4() && !self.turns.is_empty()
    }
}
