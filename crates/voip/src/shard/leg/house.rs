//! What a call does besides its sound: counts, hints, events, and its end.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use offhook_media::{EncoderHints, PlaylistEvent, Profile};
use offhook_voip_proto::{self as proto, Output};

use super::{HOUSE, Hands, Kind, Leg};
use crate::desk::Message;
use crate::shared::{CurrentTrack, EVENTS_UNDER_WAY};
use crate::stamps::Recorder;
use crate::{CallState, Event, Outcome};

/// Foreign seals, with nothing authentic beside them, that prove another key.
const FOREIGN_SEALS: u64 = 6;
/// How long the right key is waited for after the first foreign seal.
const FOREIGN_PATIENCE: Duration = Duration::from_secs(4);

impl Leg {
    pub(super) fn keep_house(&mut self, due: u64, hands: &mut Hands) {
        let now = Instant::now();
        self.refresh_stats(now);
        self.shared.try_set_stats(&self.stats);
        if self.current_stale {
            self.show_current();
        }
        if let Some(link) = &mut self.link {
            let hints = link.family.encoder_hints();
            let bitrate = self.options.bitrate.unwrap_or(u32::MAX).min(hints.max_bitrate);
            link.uplink.set_hints(EncoderHints {
                bitrate: Some(bitrate),
                expected_loss: hints.expected_loss,
                fec: hints.fec,
            });
        }
        self.look_for_foreign_key(now);
        self.arm(Kind::House, (due + HOUSE).max(hands.tick_of(now)), hands);
    }

    /// A peer with another key would be waited for until the connect time-out; seals that keep failing tell it sooner.
    fn look_for_foreign_key(&mut self, now: Instant) {
        let Some(link) = &self.link else { return };
        if link.family.state() != proto::State::WaitInit || self.stats.link.dropped_forged == 0 {
            return;
        }
        let since = *self.forged_since.get_or_insert(now);
        if self.stats.link.dropped_forged >= FOREIGN_SEALS && now - since >= FOREIGN_PATIENCE {
            self.over.get_or_insert(Outcome::KeyMismatch);
        }
    }

    fn refresh_stats(&mut self, now: Instant) {
        if let Some(link) = &self.link {
            self.stats.link = link.family.stats();
            self.stats.uplink = link.uplink.stats();
            self.stats.profile = link.uplink.profile();
        }
        self.stats.downlink = self.ear.stats();
        self.stats.heard = self.ear.heard();
        self.stats.setup = self.stats.link.setup;
        self.stats.talked = self.established_at.map_or(Duration::ZERO, |at| now - at);
    }

    /// What is spent on encoding, once there is something to encode.
    pub(crate) fn profile(&self) -> Option<Profile> {
        self.link.as_ref().filter(|link| link.sending).map(|link| link.uplink.profile())
    }

    /// What may be spent on encoding.
    pub(crate) fn dearest(&self) -> Profile {
        self.options.profile
    }

    /// Spends more or less on encoding; false when it cannot.
    pub(crate) fn set_profile(&mut self, profile: Profile, hands: &mut Hands) -> bool {
        let Some(link) = &mut self.link else { return false };
        if link.uplink.set_profile(profile).is_err() {
            return false;
        }
        self.tell(Event::ProfileChanged(profile), hands);
        true
    }

    pub(super) fn tell_playlist(&mut self, hands: &mut Hands) {
        while let Some(event) = self.playlist.poll_event() {
            self.current_stale = true;
            let event = match event {
                PlaylistEvent::TrackStarted { id } => Event::TrackStarted { id },
                PlaylistEvent::TrackEnded { id, reason, played } => Event::TrackEnded { id, reason, played },
                PlaylistEvent::PlaylistEmpty => {
                    if self.options.hang_up_when_done {
                        self.linger = Some(Instant::now() + self.options.linger);
                    }
                    Event::PlaylistEmpty
                }
                PlaylistEvent::HoldStarted => Event::HoldStarted,
                PlaylistEvent::HoldEnded => Event::HoldEnded,
                _ => continue,
            };
            self.tell(event, hands);
        }
        if self.current_stale {
            self.show_current();
        }
    }

    fn show_current(&mut self) {
        let current = self.playlist.current().map(|current| CurrentTrack {
            id: current.id,
            title: current.title.to_owned(),
            duration: current.duration,
            hold: current.hold,
        });
        self.current_stale = !self.shared.try_set_current(current);
    }

    /// Sends an event on its way. Beyond the bound only vital ones go.
    pub(super) fn tell(&mut self, event: Event, hands: &mut Hands) {
        if self.shared.under_way.load(Ordering::Relaxed) >= EVENTS_UNDER_WAY && !event.is_vital() {
            self.stats.events_dropped += 1;
            return;
        }
        self.shared.under_way.fetch_add(1, Ordering::Relaxed);
        hands.desk(Message::Event(Arc::clone(&self.shared), event));
    }

    /// Takes the leg apart. What is slow to close or to free goes to the desk.
    pub(crate) fn finish(mut self: Box<Self>, outcome: Outcome, hands: &mut Hands) {
        self.shared.set_state(CallState::Ending);
        let now = Instant::now();
        // Before the ways are taken down.
        let connect = self.link.as_ref().and_then(|link| link.family.report());
        if let Some(link) = &mut self.link {
            if !link.family.state().is_final() {
                link.family.close(now);
            }
            while !matches!(self.poll_closing(hands), Output::WaitUntil(_)) {}
        }
        self.close_sockets(hands);
        self.playlist.close();
        self.tell_playlist(hands);
        self.refresh_stats(now);
        let closing = self.ear.set_sink(None);
        hands.desk(Message::Finished(Box::new(crate::desk::Finished {
            shared: Arc::clone(&self.shared),
            outcome,
            stats: self.stats,
            stamps: self.stamps.take().map(Recorder::into_stamps),
            connect,
            closing,
            remains: self,
        })));
    }

    fn poll_closing(&mut self, hands: &mut Hands) -> Output {
        let Some(link) = &mut self.link else { return Output::WaitUntil(Instant::now()) };
        let output = link.family.poll(&mut hands.datagram);
        // A last word on the way out. New sockets have nobody to serve any more.
        match output {
            Output::Send { via: proto::Via::Shared, to } => _ = hands.send(to),
            Output::Send { via, to } => self.send_own(via, to, hands),
            Output::Signal => self.hand_signal(hands),
            _ => {}
        }
        output
    }
}
