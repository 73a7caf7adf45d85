//! Credentials that the peer has been told and may not know yet.
//!
//! The agent below knows one pair of credentials at a time. Who has begun a restart takes the new ones when the peer's
//! answer arrives: then both have all four. Who answers does not know when that is. While it hears the peer it goes on
//! under the old ones, so that no check fails before its time, and changes with the first check under the new ones; when
//! it hears nothing there is nothing to lose, and waiting longer than for a round trip could only keep the two apart.

use std::time::{Duration, Instant};

use str0m::IceCreds;

use super::routes::Routes;
use crate::tgcalls::session::Credentials;

/// After so long without any pair alive the new credentials count; and so often that is looked at.
const GRACE: Duration = Duration::from_secs(1);

pub(super) struct Renewal {
    pub(super) own: IceCreds,
    pub(super) theirs: IceCreds,
    due: Instant,
}

impl Renewal {
    pub(super) fn new(own: Credentials, theirs: Credentials, now: Instant) -> Self {
        Self { own: own.into(), theirs: theirs.into(), due: now + GRACE }
    }

    /// When [`Renewal::is_due`] wants to be asked.
    pub(super) fn due(&self) -> Instant {
        self.due
    }

    pub(super) fn is_due(&mut self, now: Instant, routes: &Routes) -> bool {
        if now < self.due {
            return false;
        }
        self.due = now + GRACE;
        !routes.any_alive(now)
    }

    /// True for a check under the new credentials. It need not be authentic: nobody else has seen the name.
    pub(super) fn is_confirmed_by(&self, bytes: &[u8]) -> bool {
        name_asked_for(bytes) == Some(self.own.ufrag.as_bytes())
    }
}

impl From<Credentials> for IceCreds {
    fn from(Credentials { ufrag, pwd }: Credentials) -> Self {
        Self { ufrag, pass: pwd }
    }
}

/// The receiver's name fragment in a binding request (RFC 8489, 5 and 14.3; RFC 8445, 7.2.2).
fn name_asked_for(bytes: &[u8]) -> Option<&[u8]> {
    const REQUEST: [u8; 2] = [0x00, 0x01];
    const USERNAME: [u8; 2] = [0x00, 0x06];
    let (header, mut attributes) = bytes.split_first_chunk::<20>()?;
    if header[..2] != REQUEST {
        return None;
    }
    loop {
        let (head, rest) = attributes.split_first_chunk::<4>()?;
        let len = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let value = rest.get(..len)?;
        if head[..2] == USERNAME {
            return value.split(|byte| *byte == b':').next();
        }
        attributes = rest.get(len.next_multiple_of(4)..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::origin;

    fn credentials(ufrag: &str) -> Credentials {
        Credentials { ufrag: ufrag.into(), pwd: "p".repeat(24) }
    }

    #[test]
    fn new_credentials_count_with_the_first_check_under_them_or_when_nothing_has_been_alive_for_a_second() {
        let (now, pair) = (origin(), (([192, 0, 2, 1], 1).into(), ([192, 0, 2, 2], 2).into()));
        let mut routes = Routes::default();
        let mut renewal = Renewal::new(credentials("ours"), credentials("them"), now);
        assert!(renewal.is_confirmed_by(&check(b"ours:them")));
        assert!(
            !renewal.is_confirmed_by(&check(b"olds:them")) && !renewal.is_confirmed_by(&check(b"our:them"))
        );
        assert!(!renewal.is_due(now + GRACE / 2, &routes));
        routes.on_media(now + GRACE / 2, pair);
        assert!(!renewal.is_due(now + GRACE, &routes), "the peer is heard");
        assert_eq!(renewal.due(), now + GRACE * 2);
        assert!(renewal.is_due(now + GRACE * 6, &routes));
    }

    fn check(name: &[u8]) -> Vec<u8> {
        let mut check = vec![0x00, 0x01, 0, 0, 0x21, 0x12, 0xA4, 0x42];
        check.extend_from_slice(&[7; 12]);
        // PRIORITY, an unknown one of three bytes, USERNAME.
        check.extend_from_slice(&[0x00, 0x24, 0, 4, 1, 2, 3, 4, 0x99, 0x99, 0, 3, 1, 2, 3, 0]);
        check.extend_from_slice(&[0x00, 0x06, 0, name.len() as u8]);
        check.extend_from_slice(name);
        check
    }

    #[test]
    fn the_name_that_a_check_is_for_is_found_and_nothing_in_any_part_of_it() {
        let mut check = check(b"ours:them");
        assert_eq!(name_asked_for(&check), Some(&b"ours"[..]));
        for len in 0..check.len() {
            assert_eq!(name_asked_for(&check[..len]), None, "{len}");
        }
        check[1] = 0x11;
        assert_eq!(name_asked_for(&check), None, "not a request");
    }
}
