//! What a call has to do with the world besides its sound: datagrams, sockets of its own, signalling.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use offhook_voip_proto::Via;

use super::super::own::{Answer, Changes, Own, Sent};
use super::{Hands, Leg};
use crate::counters::add;
use crate::desk::Message;

impl Leg {
    /// A datagram for this call has arrived at the shared socket.
    pub(crate) fn datagram(&mut self, at: Instant, from: SocketAddr, bytes: &mut [u8], hands: &mut Hands) {
        let Some(link) = &mut self.link else { return };
        link.family.datagram(at, Via::Shared, from, bytes);
        self.drive(hands);
    }

    /// A socket of this call has something to do. True when it may have more.
    pub(crate) fn socket_ready(&mut self, via: Via, buffer: &mut [u8], hands: &mut Hands) -> bool {
        let Some(link) = &mut self.link else { return false };
        link.own.on_ready(via, self.place, &hands.ready);
        for _ in 0..Own::TURN {
            let received = self.link.as_mut().and_then(|link| link.own.receive(via, buffer));
            let (Some(link), Some((length, from))) = (&mut self.link, received) else {
                // Tells the core about a connection that was made or lost.
                self.drive(hands);
                return false;
            };
            add(&hands.counters.datagrams_in, 1);
            link.family.datagram(Instant::now(), via, from, &mut buffer[..length]);
            self.drive(hands);
        }
        true
    }

    /// A packet of the call's own signalling has come.
    pub(super) fn signal(&mut self, packet: Vec<u8>, hands: &mut Hands) {
        let Some(link) = &mut self.link else {
            // How many there may be is decided where they come in.
            return self.early.push(packet);
        };
        self.shared.signals.give_room(packet.len());
        link.family.signalling(Instant::now(), &packet);
        self.drive(hands);
    }

    pub(in crate::shard) fn network_changed(&mut self, addresses: &[SocketAddr], hands: &mut Hands) {
        let Some(link) = &mut self.link else { return };
        let now = Instant::now();
        link.family.local_addresses(now, addresses);
        self.drive(hands);
        let Some(link) = &mut self.link else { return };
        link.family.network_changed(now);
        self.drive(hands);
    }

    /// Puts a packet of the call's own signalling on its way.
    pub(super) fn hand_signal(&mut self, hands: &Hands) {
        if self.shared.signals.take_place() {
            hands.desk(Message::Signal(Arc::clone(&self.shared), hands.datagram.clone()));
        } else {
            self.stats.signals_dropped += 1;
            add(&hands.counters.signals_dropped, 1);
        }
    }

    pub(super) fn send_own(&mut self, via: Via, to: SocketAddr, hands: &Hands) {
        let Some(link) = &mut self.link else { return };
        let sent = link.own.send(via, to, &hands.datagram, self.place, &hands.ready);
        hands.count_sent(sent != Sent::Failed);
        match sent {
            Sent::Taken => {}
            Sent::Dropped(pieces) => {
                self.stats.stream_dropped += pieces;
                add(&hands.counters.stream_dropped, pieces);
            }
            Sent::Failed => self.stats.send_failures += 1,
        }
    }

    pub(super) fn open_own(&mut self, via: Via, to: SocketAddr, hands: &Hands) {
        let Some(link) = &mut self.link else { return };
        link.own.open(via, to, self.place, &hands.net, &hands.ready);
    }

    pub(super) fn close_own(&mut self, via: Via) {
        let Some(link) = &mut self.link else { return };
        link.own.close(via);
    }

    /// The call is over. Its sockets are closed here and now: nothing of it may be told to its place any more.
    pub(super) fn close_sockets(&mut self, hands: &Hands) {
        if let Some(link) = &mut self.link {
            link.own.close_all();
        }
        self.settle_sockets(hands);
    }

    /// Tells the core the next thing about its sockets. False when there is nothing to tell.
    pub(super) fn answer_core(&mut self) -> bool {
        let Some(link) = &mut self.link else { return false };
        match link.own.answer() {
            Some(Answer::Opened(via, local)) => link.family.opened(Instant::now(), via, local),
            Some(Answer::Closed(via)) => link.family.closed(Instant::now(), via),
            None => return false,
        }
        true
    }

    /// Counts what has become of its sockets.
    pub(super) fn settle_sockets(&mut self, hands: &Hands) {
        let Some(link) = &mut self.link else { return };
        let changes = link.own.take_changes();
        if changes == Changes::default() {
            return;
        }
        let Changes { opened, closed, failed } = changes;
        self.stats.sockets_opened += opened;
        self.stats.socket_failures += failed;
        let counters = &hands.counters;
        add(&counters.sockets_opened, opened);
        add(&counters.socket_failures, failed);
        counters.own_sockets.fetch_add(opened as usize, Ordering::Relaxed);
        counters.own_sockets.fetch_sub(closed as usize, Ordering::Relaxed);
    }
}
