//! Writing packets into the lent buffer.

use std::net::SocketAddr;

use rand::{Rng, RngCore};

use super::{Call, NEVER_SILENT, Outgoing, Timer};
use crate::uplink::MOST_COPIES;
use crate::wire::Seq;
use crate::wire::init::{Init, InitAck};
use crate::wire::packet::{Header, HeaderForm, Kind};
use crate::wire::reflector;
use crate::wire::seal::Form;
use crate::wire::stream::{AUDIO, Record, StreamEc, StreamState};

impl Call {
    /// Writes one packet. `None` = it is pointless by now.
    pub(super) fn write(&mut self, item: Outgoing, out: &mut Vec<u8>) -> Option<SocketAddr> {
        let path = match item {
            Outgoing::Query { path } => {
                self.write_query(path, out);
                return Some(self.paths[path].endpoint.addr);
            }
            Outgoing::Init { path, .. } | Outgoing::Ping { path } | Outgoing::Pong { path, .. } => path,
            Outgoing::Nop { path } => path,
            _ => self.current,
        };
        let seq = match item {
            Outgoing::Init { first: false, .. } => self.init_seq,
            _ => self.sent.send(self.now),
        };
        self.frames_waiting -= usize::from(matches!(item, Outgoing::Frame { .. }));
        self.write_sealed(item, path, seq, out);
        self.on_written(item, path, seq);
        Some(self.paths[path].endpoint.addr)
    }

    fn write_query(&mut self, path: usize, out: &mut Vec<u8>) {
        let query = self.draw();
        self.paths[path].on_query(query);
        out.clear();
        reflector::write_self_info_request(self.paths[path].endpoint.peer_tag, query, out);
    }

    fn write_sealed(&mut self, item: Outgoing, path: usize, seq: Seq, out: &mut Vec<u8>) {
        let form = self.seal_form();
        let header_form = self.header_form(form);
        let started = self.seal.start(form, &self.paths[path].endpoint.peer_tag.0, out);
        let header = |kind| Header { kind, ack: self.window.ack(), seq };
        let extras = self.announcements.wire();
        match item {
            Outgoing::Init { .. } => {
                header(Kind::Init).write(&header_form, extras, Init::len(self.max_layer), out);
                Init::OURS.write(self.max_layer, out);
            }
            Outgoing::InitAck => {
                let version = self.peer.version;
                header(Kind::InitAck).write(&header_form, extras, InitAck::ours_len(version), out);
                InitAck::write_ours(version, self.frame.millis(), out);
            }
            Outgoing::Ping { .. } => header(Kind::Ping).write(&header_form, extras, 0, out),
            Outgoing::Nop { .. } | Outgoing::Query { .. } => {
                header(Kind::Nop).write(&header_form, extras, 0, out)
            }
            Outgoing::Pong { ping, .. } => {
                header(Kind::Pong).write(&header_form, extras, 4, out);
                out.extend_from_slice(&ping.0.to_le_bytes());
            }
            Outgoing::Frame { number } => {
                let mut list = [&[][..]; MOST_COPIES + 1];
                let count = if self.peer.version >= 7 { self.uplink.list(number, &mut list) } else { 0 };
                let (frame, list) = (self.uplink.frame(number), &list[..count]);
                header(Kind::StreamData).write(&header_form, extras, Record::len(frame, list), out);
                Record::write(self.uplink.pts(number), frame, list, out);
                self.stats.copies_sent += count.saturating_sub(1) as u64;
            }
            Outgoing::Copies { number } => {
                let mut list = [&[][..]; MOST_COPIES + 1];
                let count = self.uplink.list(number, &mut list);
                header(Kind::StreamEc).write(&header_form, extras, StreamEc::len(&list[..count]), out);
                StreamEc::write(self.uplink.pts(number), &list[..count], out);
                self.stats.copies_sent += count.saturating_sub(1) as u64;
            }
            Outgoing::StreamState => {
                header(Kind::StreamState).write(&header_form, extras, StreamState::LEN, out);
                StreamState { stream: AUDIO, enabled: !self.muted }.write(out);
            }
        }
        self.seal.finish(started, self.role, out, |padding| self.random.fill_bytes(padding));
        if header_form.has_extras() && !self.announcements.wire().is_empty() {
            self.announcements.on_sent(seq);
        }
    }

    fn on_written(&mut self, item: Outgoing, path: usize, seq: Seq) {
        match item {
            Outgoing::Init { .. } => self.init_seq = seq,
            Outgoing::Ping { .. } => self.paths[path].on_ping(seq, self.now),
            Outgoing::Frame { .. } => self.stats.frames_sent += 1,
            Outgoing::StreamState => self.announcements.on_state_sent(seq),
            _ => {}
        }
        self.last_sent = Some(self.now);
        if self.is_up() {
            self.timers.set(Timer::KeepAlive, self.now + NEVER_SILENT);
        }
    }

    /// How to seal (0.1).
    fn seal_form(&self) -> Form {
        let version = self.peer.version;
        if version >= 8 || version == 0 && self.max_layer >= 92 {
            Form::Short
        } else if self.upgraded {
            Form::Long
        } else {
            Form::Old
        }
    }

    fn header_form(&mut self, form: Form) -> HeaderForm {
        if form == Form::Short {
            return HeaderForm::Short;
        }
        let random = self.random.random();
        if self.is_up() {
            HeaderForm::B { random, flags: self.peer.version >= 6 }
        } else {
            HeaderForm::A { random, call_id: *self.seal.call_id() }
        }
    }
}
