//! One call, as its shard sees it.

mod house;
mod outside;

use std::sync::Arc;
use std::time::{Duration, Instant};

use offhook_media::{ActivityChange, MediaTime, Outgoing, Playlist, Uplink};
use offhook_voip_proto::{self as proto, FailReason, Output, Via};

use super::PERIOD;
use super::claim::Claim;
use super::command::{NewCall, Start, Word};
use super::ear::Ear;
use super::hands::Hands;
use super::own::Own;
use super::wheel::{Kind, Timer};
use crate::counters::{LATE, add};
use crate::desk::Message;
use crate::family::Family;
use crate::shared::Shared;
use crate::stamps::Recorder;
use crate::{CallState, CallStats, Event, HangupReason, MediaOptions, Outcome};

/// Between two looks after a call.
const HOUSE: u64 = 200;
/// A sender held up for longer begins anew instead of catching up: a burst of stale packets would only fill the peer's
/// jitter buffer, a pause it understands.
const SEND_BEHIND: u64 = 240;
/// Engine frames a listener catches up with, at one per millisecond; what is beyond is given to the output as lost.
const HEAR_BEHIND: u64 = 2_000;

pub(crate) struct Leg {
    pub(crate) shared: Arc<Shared>,
    place: u32,
    options: MediaOptions,
    playlist: Playlist,
    ear: Ear,
    stamps: Option<Recorder>,
    pub(crate) link: Option<Link>,
    stats: CallStats,
    muted: bool,
    established_at: Option<Instant>,
    /// Something authentic has arrived.
    heard: bool,
    /// When it first heard, which says in which of the shard's hearing slots it sits.
    pub(crate) hears_since: Option<u64>,
    /// Hang up then, because everything has been heard.
    linger: Option<Instant>,
    /// Set once; the shard then takes the leg apart.
    pub(crate) over: Option<Outcome>,
    /// What plays is not what the controllers see yet.
    current_stale: bool,
    forged_since: Option<Instant>,
    /// Signalling that came before the core was there.
    early: Vec<Vec<u8>>,
}

/// What a leg has once the key is known.
pub(crate) struct Link {
    pub(crate) family: Family,
    pub(crate) claim: Claim,
    own: Own,
    uplink: Uplink,
    /// Sound per packet.
    packet: Duration,
    /// The deadline of the core, and the timer that is armed for it (`u64::MAX` when none is).
    core_due: u64,
    core_armed: u64,
    sending: bool,
    /// Which of the shard's sending slots is taken.
    pub(crate) slot: Option<usize>,
}

impl Leg {
    pub(crate) fn new(new: NewCall, place: u32) -> Option<Self> {
        let shared = new.unborn.born()?;
        let mut ear = Ear::new(&new.options);
        if let Some(downlink) = new.downlink {
            ear.set_downlink(downlink);
        }
        Some(Self {
            shared,
            place,
            stats: CallStats { profile: new.options.profile, ..CallStats::default() },
            ear,
            options: new.options,
            playlist: Playlist::new(),
            stamps: new.stamps,
            link: None,
            muted: false,
            established_at: None,
            heard: false,
            hears_since: None,
            linger: None,
            over: None,
            current_stale: false,
            forged_since: None,
            early: Vec::new(),
        })
    }

    /// Media begins.
    pub(crate) fn start(&mut self, start: Start, hands: &mut Hands) {
        self.link = Some(Link {
            family: start.family,
            claim: start.claim,
            own: Own::default(),
            uplink: start.uplink,
            packet: start.packet,
            core_due: u64::MAX,
            core_armed: u64::MAX,
            sending: false,
            slot: None,
        });
        self.shared.set_state(CallState::Connecting);
        self.tell(Event::Connecting, hands);
        let now = Instant::now();
        if let Some(link) = &mut self.link {
            if !start.addresses.is_empty() {
                link.family.local_addresses(now, &start.addresses);
            }
            if self.muted {
                link.family.mute(now, true);
            }
        }
        self.arm(Kind::House, hands.tick_of(now) + HOUSE, hands);
        self.drive(hands);
        for packet in std::mem::take(&mut self.early) {
            self.signal(packet, hands);
        }
    }

    /// Follows a word of a controller.
    pub(crate) fn follow(&mut self, word: Word, hands: &mut Hands) {
        match word {
            Word::Play(id, source) => {
                // Somebody has more to say after all.
                self.linger = None;
                self.playlist.play_as(id, source);
            }
            Word::Hold(sources) => self.playlist.play_on_hold(sources),
            Word::SetOutput(sink, downlink) => {
                if let Some(downlink) = downlink {
                    self.ear.set_downlink(downlink);
                }
                if let Some(closing) = self.ear.set_sink(sink) {
                    hands.desk(Message::Closing(Arc::clone(&self.shared), closing));
                }
            }
            Word::Skip => self.playlist.skip(),
            Word::Stop => self.playlist.stop(),
            Word::Pause => self.playlist.pause(),
            Word::Resume => self.playlist.resume(),
            Word::Seek(to) => {
                if let Err(error) = self.playlist.seek(to) {
                    self.tell(Event::SeekFailed(error), hands);
                }
            }
            Word::Gain(db) => self.playlist.set_gain_db(db),
            Word::Mute(muted) => {
                self.muted = muted;
                self.playlist.set_muted(muted);
                if let Some(link) = &mut self.link {
                    link.family.mute(Instant::now(), muted);
                    self.drive(hands);
                }
            }
            Word::NetworkChanged(addresses) => self.network_changed(&addresses, hands),
            // Nothing about sound has changed.
            Word::Signal(packet) => return self.signal(packet, hands),
        }
        self.tell_playlist(hands);
    }

    pub(crate) fn hang_up(&mut self, reason: HangupReason) {
        let outcome = match self.established_at {
            Some(_) => Outcome::Completed(reason),
            None => Outcome::Cancelled(reason),
        };
        self.over.get_or_insert(outcome);
    }

    /// A timer of this call has fired.
    pub(crate) fn fire(&mut self, timer: Timer, hands: &mut Hands) {
        match timer.kind {
            Kind::Send => self.send(timer.due, hands),
            Kind::Hear => self.hear(timer.due, hands),
            Kind::House => self.keep_house(timer.due, hands),
            Kind::Core => self.core_due(timer.due, hands),
        }
    }

    fn core_due(&mut self, due: u64, hands: &mut Hands) {
        let Some(link) = &mut self.link else { return };
        if due != link.core_armed {
            // An earlier one was armed since, and has been served.
            return;
        }
        link.core_armed = u64::MAX;
        let now = Instant::now();
        if link.core_due <= hands.tick_of(now) {
            link.family.tick(now);
            self.drive(hands);
        } else {
            self.arm_core(hands);
        }
    }

    /// Lets the core say all it has to.
    fn drive(&mut self, hands: &mut Hands) {
        loop {
            let Some(link) = &mut self.link else { return };
            match link.family.poll(&mut hands.datagram) {
                Output::Send { via: Via::Shared, to } => {
                    if !hands.send(to) {
                        self.stats.send_failures += 1;
                    }
                }
                Output::Send { via, to } => self.send_own(via, to, hands),
                Output::Event(event) => self.on_event(event, hands),
                Output::Signal => self.hand_signal(hands),
                Output::Open { via, to } => self.open_own(via, to, hands),
                Output::Close { via } => self.close_own(via),
                Output::WaitUntil(deadline) => {
                    link.core_due = hands.tick_after(deadline);
                    if !self.answer_core() {
                        break;
                    }
                }
            }
        }
        self.settle_sockets(hands);
        self.arm_core(hands);
        self.begin_sending(hands);
    }

    fn arm_core(&mut self, hands: &mut Hands) {
        let Some(link) = &mut self.link else { return };
        if link.core_due < link.core_armed && !link.family.state().is_final() {
            link.core_armed = link.core_due;
            let due = link.core_due;
            self.arm(Kind::Core, due, hands);
        }
    }

    fn arm(&self, kind: Kind, due: u64, hands: &mut Hands) {
        hands.wheel.arm(Timer { due, place: self.place, call: self.shared.id, kind });
    }

    fn on_event(&mut self, event: proto::Event, hands: &mut Hands) {
        use proto::{Event as Core, State};
        match event {
            Core::StateChanged(State::WaitInitAck) => self.heard = true,
            Core::StateChanged(State::Established) => self.on_established(hands),
            Core::StateChanged(State::Reconnecting) => {
                self.shared.set_state(CallState::Reconnecting);
                self.tell(Event::Reconnecting, hands);
            }
            Core::Failed(reason) => self.on_failed(reason),
            Core::FirstAudio => {
                self.begin_hearing(hands);
                self.tell(Event::FirstAudio, hands);
            }
            Core::PeerMuted(muted) => self.tell(Event::PeerMuted(muted), hands),
            // Every other event is a detail that the counts tell as well.
            _ => {}
        }
    }

    fn on_established(&mut self, hands: &mut Hands) {
        self.shared.set_state(CallState::Established);
        self.heard = true;
        if self.established_at.is_some() {
            self.tell(Event::Reconnected, hands);
            return;
        }
        self.established_at = Some(Instant::now());
        self.tell(Event::Established, hands);
        self.begin_hearing(hands);
    }

    fn on_failed(&mut self, reason: FailReason) {
        let forged = self.link.as_ref().map_or(0, |link| link.family.stats().dropped_forged);
        self.over.get_or_insert(Outcome::of_failure(reason, self.heard, forged));
    }

    /// Frames are wanted: takes a sending slot and begins, with silence until the call is established.
    fn begin_sending(&mut self, hands: &mut Hands) {
        let Some(link) = &mut self.link else { return };
        if link.sending || !link.family.wants_frames() {
            return;
        }
        link.sending = true;
        let period = link.packet.as_millis() as u64;
        let slot = hands.take_send_slot();
        link.slot = Some(slot);
        // The next millisecond of the period that belongs to the slot.
        let from = hands.tick_of(Instant::now()) + 1;
        let phase = slot as u64 % period;
        let due = from + (phase + period - from % period) % period;
        self.arm(Kind::Send, due, hands);
    }

    /// Begins to hear, in step with the datagram that just arrived as far as other listeners leave room: what comes every
    /// 60 ms then waits no longer for its frame than it must.
    fn begin_hearing(&mut self, hands: &mut Hands) {
        if self.hears_since.is_none() {
            let due = hands.take_hear_slot(hands.tick_of(Instant::now()) + 1);
            self.hears_since = Some(due);
            self.arm(Kind::Hear, due, hands);
        }
    }

    fn send(&mut self, due: u64, hands: &mut Hands) {
        let now = Instant::now();
        let Some(link) = &mut self.link else { return };
        let period = link.packet.as_millis() as u64;
        let frames = (period / PERIOD) as usize;
        let length = MediaTime::from_duration(link.packet);
        let established = self.established_at.is_some();
        if self.muted && established {
            for _ in 0..frames {
                self.playlist.pull(&mut hands.scratch.frame);
            }
            self.stats.position += length;
        } else if link.family.wants_frames() {
            let playlist = if established { &mut self.playlist } else { &mut hands.nothing };
            let outgoing = link.uplink.next_packet(playlist, &mut hands.scratch.packet);
            let encoded = Instant::now();
            hands.codec += encoded - now;
            hands.encoding += encoded - now;
            match outgoing {
                Ok(outgoing) => {
                    if outgoing != Outgoing::Silence
                        && let Some(stamps) = &mut self.stamps
                    {
                        stamps.taken(frames);
                    }
                    match link.family.push_frame(encoded, &hands.scratch.packet) {
                        Ok(()) if established => self.stats.position += length,
                        Ok(()) => {}
                        Err(_) => self.stats.refused_packets += 1,
                    }
                }
                Err(_) => self.stats.refused_packets += 1,
            }
        }
        self.drive(hands);
        if established {
            self.measure(due, hands);
        }
        let track = self.playlist.current().map_or(MediaTime::ZERO, |current| current.position);
        self.shared.set_positions(self.stats.position, track);
        self.tell_playlist(hands);
        if self.linger.is_some_and(|end| now >= end) {
            self.hang_up(HangupReason::Done);
        }
        let mut next = due + period;
        let tick = hands.tick_of(Instant::now());
        if next + SEND_BEHIND < tick {
            let missed = (tick - next).div_ceil(period);
            self.stats.skipped_packets += missed;
            next += missed * period;
        }
        self.arm(Kind::Send, next, hands);
    }

    fn hear(&mut self, due: u64, hands: &mut Hands) {
        let now = Instant::now();
        let Some(link) = &mut self.link else { return };
        let changes = self.ear.tick(&mut link.family, now, &mut hands.scratch, self.stamps.as_mut());
        hands.codec += now.elapsed();
        if self.established_at.is_some() {
            self.measure(due, hands);
        }
        for change in changes.into_iter().flatten() {
            match change {
                ActivityChange::SpeechStarted => self.tell(Event::SpeechStarted, hands),
                ActivityChange::SpeechStopped => self.tell(Event::SpeechStopped, hands),
                ActivityChange::SilenceLasts => self.tell(Event::SilenceWatchdog, hands),
                // The core tells of the first frame already; here it would be the first sound in it.
                _ => {}
            }
        }
        self.drive(hands);
        let mut next = due + PERIOD;
        let tick = hands.tick_of(Instant::now());
        if next + HEAR_BEHIND < tick {
            // The machine slept: the output gets its time back as silence.
            let frames = (tick - next) / PERIOD;
            self.ear.lose(frames);
            next += frames * PERIOD;
        }
        self.arm(Kind::Hear, next, hands);
    }

    /// How late a frame of this deadline is by now.
    fn measure(&mut self, due: u64, hands: &mut Hands) {
        let late = Instant::now().saturating_duration_since(hands.instant_of(due));
        hands.counters.lateness.record(late);
        hands.lag.note(late);
        if late > LATE {
            self.stats.late_frames += 1;
            add(&hands.counters.late_frames, 1);
        }
    }
}
