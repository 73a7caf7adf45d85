//! What arrives.

use std::net::SocketAddr;
use std::time::Instant;

use super::{ASSESS_EVERY, Call, INIT_LEAST, NEVER_SILENT, Outgoing, PING_ROUND, Timer};
use crate::link::Arrival;
use crate::playout::Arrived;
use crate::wire::extra::{Extra, FLAG_ENABLED};
use crate::wire::init::{Init, InitAck};
use crate::wire::packet::{Header, Kind, Packet};
use crate::wire::reflector::{self, Reply};
use crate::wire::seal::{Form, MIN_SEALED, OpenError};
use crate::wire::stream::{Record, StreamEc, StreamState};
use crate::wire::{MIN_VERSION, Seq, VERSION, WireError};
use crate::{Event, FailReason, State};

const TAG: usize = 16;

impl Call {
    pub(super) fn on_datagram(&mut self, at: Instant, from: SocketAddr, bytes: &mut [u8]) {
        let Some(path) = self.find_path(from, bytes) else { return };
        let len = bytes.len();
        let inner = &mut bytes[TAG..];
        if reflector::is_special(inner) {
            self.on_special(path, len, inner);
        } else {
            self.on_sealed(at, path, len, inner);
        }
    }

    /// Which endpoint a datagram came from, by address and tag (2.1, 2.3).
    fn find_path(&mut self, from: SocketAddr, bytes: &[u8]) -> Option<usize> {
        let mut known = false;
        for (index, path) in self.paths.iter().enumerate() {
            if path.endpoint.addr != from {
                continue;
            }
            known = true;
            if bytes.starts_with(&path.endpoint.peer_tag.0) {
                return Some(index);
            }
        }
        match (known, bytes.len() < TAG) {
            (false, _) => self.stats.dropped_stranger += 1,
            (true, true) => self.stats.dropped_short += 1,
            (true, false) => self.stats.dropped_foreign += 1,
        }
        None
    }

    fn on_special(&mut self, path: usize, len: usize, inner: &[u8]) {
        match Reply::parse(inner) {
            Ok(Reply::SelfInfo { query, me, .. }) if self.paths[path].on_answer(query) => {
                self.note_received(len);
                if me.is_some() && self.paths[path].public != me {
                    self.paths[path].public = me;
                    me.into_iter().for_each(|me| self.emit(Event::PublicAddress(me)));
                }
            }
            // Direct paths are not used: nobody asked for the peer's address, nor for anything newer.
            Ok(_) => self.stats.dropped_unasked += 1,
            Err(_) => self.stats.dropped_malformed += 1,
        }
    }

    fn on_sealed(&mut self, at: Instant, path: usize, len: usize, inner: &mut [u8]) {
        if inner.len() < MIN_SEALED {
            self.stats.dropped_short += 1;
            return;
        }
        let (form, block) = match self.open(inner) {
            Ok(opened) => opened,
            Err(error) => {
                self.on_closed(error);
                return;
            }
        };
        let packet = match form {
            Form::Short => Packet::parse_short(block),
            Form::Long | Form::Old => Packet::parse_tl(block, self.seal.call_id(), self.peer.version >= 6),
        };
        match packet {
            Ok(packet) => self.on_packet(at, path, len, packet),
            Err(error) => self.on_malformed(error),
        }
    }

    /// Opens a packet in the form that fits the peer. While both sides may still have to find it, others are tried (3.5).
    fn open<'a>(&mut self, inner: &'a mut [u8]) -> Result<(Form, &'a [u8]), OpenError> {
        let sender = self.role.peer();
        let forms: &[Form] = match self.max_layer {
            92.. => &[Form::Short],
            74.. => &[Form::Short, Form::Long],
            _ => &[Form::Short, Form::Long, Form::Old],
        };
        let mut last = OpenError::Forged;
        let mut found = None;
        for form in forms {
            match self.seal.open(*form, sender, inner) {
                Ok(block) => {
                    found = Some((*form, block.len()));
                    break;
                }
                Err(error) => last = error,
            }
        }
        let (form, len) = found.ok_or(last)?;
        self.upgraded |= form != Form::Old;
        let start = Form::block_start(form);
        Ok((form, &inner[start..start + len]))
    }

    fn on_closed(&mut self, error: OpenError) {
        match error {
            OpenError::Shape { .. } => self.stats.dropped_short += 1,
            OpenError::Fingerprint | OpenError::Forged => self.stats.dropped_forged += 1,
            OpenError::Length { .. } => self.stats.dropped_malformed += 1,
        }
    }

    fn on_malformed(&mut self, error: WireError) {
        self.stats.dropped_malformed += 1;
        match error {
            WireError::WrongCall => self.fail(FailReason::WrongCall),
            WireError::Protocol { .. } => self.fail(FailReason::Incompatible),
            _ => {}
        }
    }

    fn on_packet(&mut self, at: Instant, path: usize, len: usize, packet: Packet<'_>) {
        let arrival = self.window.accept(packet.header.seq);
        if arrival == Arrival::Replayed {
            self.stats.dropped_replayed += 1;
            return;
        }
        self.note_received(len);
        self.on_heard(at, path);
        self.on_ack(packet.header);
        self.on_extras(&packet);
        if let Err(error) = self.on_payload(at, path, arrival, &packet) {
            self.on_malformed(error);
        }
    }

    fn note_received(&mut self, len: usize) {
        self.stats.datagrams_received += 1;
        self.stats.bytes_received += len as u64;
    }

    /// A new authentic packet: the peer is alive. (The original notes it before the replay check, 3.4.)
    fn on_heard(&mut self, at: Instant, path: usize) {
        self.heard = Some(at);
        self.paths[path].heard = Some(at);
        if !self.is_up() {
            return;
        }
        if self.state == State::Reconnecting {
            self.ack_progress = self.now;
            self.switch_to(path);
            self.enter(State::Established);
            self.timers.set(Timer::Ping, self.now + PING_ROUND);
        }
        self.set_contact_timers();
    }

    fn set_contact_timers(&mut self) {
        let heard = self.heard.unwrap_or(self.now);
        self.timers.set(Timer::Contact, heard + self.server.reconnecting_after);
        self.timers.set(Timer::Receive, heard + self.receive_timeout);
    }

    fn on_ack(&mut self, header: Header) {
        if self.sent.on_ack(header.ack, self.now) {
            self.ack_progress = self.now;
            self.announcements.on_acked(&self.sent);
        }
    }

    fn on_extras(&mut self, packet: &Packet<'_>) {
        for (kind, data) in packet.extras.iter() {
            if !self.announcements.is_news(kind, data) {
                continue;
            }
            match Extra::parse(kind, data) {
                Ok(Extra::StreamFlags { stream, flags }) => {
                    self.on_stream_state(stream, flags & FLAG_ENABLED != 0)
                }
                Ok(Extra::NetworkChanged { .. }) => self.on_peer_network_changed(),
                // Direct paths are not used.
                Ok(_) => {}
                Err(_) => self.stats.dropped_malformed += 1,
            }
        }
    }

    fn on_peer_network_changed(&mut self) {
        self.paths.iter_mut().for_each(|path| path.forget());
        self.sent.forget_rtt();
        if self.is_up() {
            self.timers.set(Timer::Ping, self.now);
        }
    }

    fn on_payload(
        &mut self,
        at: Instant,
        path: usize,
        arrival: Arrival,
        packet: &Packet<'_>,
    ) -> Result<(), WireError> {
        let Packet { header, payload, .. } = *packet;
        match header.kind {
            Kind::Init => self.on_init(path, Init::parse(payload)?),
            Kind::InitAck => self.on_init_ack(InitAck::parse(payload)?),
            Kind::Ping => self.enqueue(Outgoing::Pong { path, ping: header.seq }),
            Kind::Pong => self.on_pong(path, payload)?,
            Kind::StreamState => {
                let state = StreamState::parse(payload)?;
                self.on_stream_state(state.stream, state.enabled);
            }
            Kind::StreamData => self.on_records(at, arrival, payload, 1)?,
            Kind::StreamDataX2 => self.on_records(at, arrival, payload, 2)?,
            Kind::StreamDataX3 => self.on_records(at, arrival, payload, 3)?,
            Kind::StreamEc => self.on_stream_ec(at, payload)?,
            Kind::NetworkChanged => self.on_peer_network_changed(),
            Kind::LanEndpoint | Kind::Nop | Kind::Other(_) => {}
        }
        Ok(())
    }

    fn on_init(&mut self, path: usize, init: Init) {
        if init.min_version > VERSION || init.version < MIN_VERSION {
            self.fail(FailReason::Incompatible);
            return;
        }
        if !self.peer.init {
            self.peer.init = true;
            (self.peer.version, self.peer.min_version) = (init.version, init.min_version);
            // Each party follows the faster copy of the other's INIT (2.10).
            self.preferred = path;
            self.switch_to(path);
            if self.state == State::WaitInit {
                self.enter(State::WaitInitAck);
            }
        }
        self.enqueue(Outgoing::InitAck);
        if !self.peer.init_ack {
            // Ours was probably lost, or sent before the relay knew the peer: now it knows.
            self.timers.set(Timer::Init, self.now.max(self.init_at + INIT_LEAST));
        }
        self.establish();
    }

    fn on_init_ack(&mut self, ack: InitAck) {
        if self.peer.init_ack {
            return;
        }
        self.peer.init_ack = true;
        if let Some((version, min_version)) = ack.versions {
            if min_version > VERSION || version < MIN_VERSION {
                self.fail(FailReason::Incompatible);
                return;
            }
            (self.peer.version, self.peer.min_version) = (version, min_version);
            self.upgraded |= version >= 5;
            if !self.peer.init {
                // Its INIT was lost, most often because the relay did not know us yet, and would come again only after
                // half a second. It takes an INIT_ACK at any time (6.2), and then it need not wait.
                self.enqueue(Outgoing::InitAck);
            }
        }
        self.peer.audio = ack.audio.map(|stream| stream.id);
        self.peer.others = ack.others;
        self.establish();
        if ack.audio.is_some_and(|stream| !stream.enabled) {
            self.on_stream_state(self.peer.audio.unwrap_or_default(), false);
        }
    }

    /// The opening is through: sound flows from now on. An INIT_ACK proves both ways of the path and tells what the peer is;
    /// only peers too old to name their version in it are waited for until their INIT is there.
    fn establish(&mut self) {
        let known = self.peer.version != 0;
        if !(known && self.peer.init_ack) || self.is_up() || self.state.is_final() {
            return;
        }
        self.timers.stop(Timer::Connect);
        self.timers.stop(Timer::Init);
        self.stats.setup = Some(self.now.saturating_duration_since(self.start));
        self.enter(State::Established);
        self.ack_progress = self.now;
        self.uplink.set_listable(self.peer_reads_copies());
        self.set_contact_timers();
        self.timers.set(Timer::Ping, self.now);
        self.timers.set(Timer::Assess, self.now + ASSESS_EVERY);
        self.timers.set(Timer::KeepAlive, self.now + NEVER_SILENT);
        if self.muted {
            self.announce_stream();
        }
    }

    /// MadelineProto misreads records with a list (10); stream 0 with minimum version 9 gives it away.
    fn peer_reads_copies(&self) -> bool {
        !(self.peer.audio == Some(0) && self.peer.min_version >= 9)
    }

    fn on_pong(&mut self, path: usize, payload: &[u8]) -> Result<(), WireError> {
        let (seq, _) =
            payload.split_first_chunk().ok_or(WireError::TooShort { got: payload.len(), need: 4 })?;
        if self.paths[path].on_pong(Seq(u32::from_le_bytes(*seq)), self.now) {
            self.choose_relay();
        }
        Ok(())
    }

    fn on_stream_state(&mut self, stream: u8, enabled: bool) {
        if !self.is_audio(stream) || self.peer.muted != enabled {
            return;
        }
        self.peer.muted = !enabled;
        self.playout.set_muted(!enabled);
        self.emit(Event::PeerMuted(!enabled));
    }

    /// Any stream that is not known to be something else. Old clients number audio 1, MadelineProto 0.
    fn is_audio(&self, stream: u8) -> bool {
        self.peer.audio.map_or(stream <= 1, |audio| audio == stream)
            && self.peer.others >> (stream & 63) & 1 == 0
    }

    fn on_records(
        &mut self,
        at: Instant,
        arrival: Arrival,
        payload: &[u8],
        count: usize,
    ) -> Result<(), WireError> {
        let mut rest = payload;
        for _ in 0..count {
            let (record, behind) = Record::parse(rest)?;
            self.on_record(at, arrival, record);
            rest = behind;
        }
        Ok(())
    }

    fn on_record(&mut self, at: Instant, arrival: Arrival, record: Record<'_>) {
        if !self.is_audio(record.stream) || record.fragment.is_some() {
            return;
        }
        let newest = arrival == Arrival::Newest;
        let arrived = Arrived { at, pts: record.pts, data: record.data, newest };
        if !self.playout.insert(arrived, &mut self.stats) {
            self.stats.dropped_malformed += 1;
            return;
        }
        for (distance, copy) in record.copies.iter() {
            self.playout.insert_copy(at, record.pts, distance, copy);
        }
        if !self.first_audio {
            self.first_audio = true;
            self.emit(Event::FirstAudio);
        }
    }

    fn on_stream_ec(&mut self, at: Instant, payload: &[u8]) -> Result<(), WireError> {
        let ec = StreamEc::parse(payload)?;
        if self.is_audio(ec.stream) {
            for (distance, copy) in ec.copies.iter() {
                self.playout.insert_copy(at, ec.pts, distance, copy);
            }
        }
        Ok(())
    }
}
