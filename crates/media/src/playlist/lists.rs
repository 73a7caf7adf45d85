//! How tracks leave the lists, each with exactly one end event.

use super::{EndReason, Event, MAX_EVENTS, Playing, Playlist, Track};
use crate::MediaTime;

impl Playlist {
    /// The current track is over; the queue may be empty now.
    pub(super) fn end_current(&mut self, reason: EndReason) {
        if self.playing() == Playing::Hold {
            if self.hold_at < self.hold.len() {
                let track = self.hold.remove(self.hold_at);
                self.end(&track, reason);
            }
            self.hold_at = if self.hold.is_empty() { 0 } else { self.hold_at % self.hold.len() };
            if self.hold.is_empty() {
                self.leave_hold();
            }
            return;
        }
        if let Some(track) = self.queue.pop_front() {
            self.end(&track, reason);
            self.fade_in = 0;
            if self.queue.is_empty() {
                self.emit(Event::PlaylistEmpty);
            }
        }
    }

    pub(super) fn end(&mut self, track: &Track, reason: EndReason) {
        let played = MediaTime::from_samples(track.played);
        self.emit(Event::TrackEnded { id: track.id, reason, played });
    }

    /// A piece of hold music is over: it waits for its next turn.
    pub(super) fn next_hold(&mut self) {
        self.hold_at = (self.hold_at + 1) % self.hold.len().max(1);
    }

    /// Hold music stops being heard.
    pub(super) fn leave_hold(&mut self) {
        if std::mem::take(&mut self.hold_told) {
            self.emit(Event::HoldEnded);
            self.fade_in = 0;
        }
    }

    pub(super) fn end_hold_tracks(&mut self, reason: &EndReason) {
        for track in std::mem::take(&mut self.hold) {
            self.end(&track, reason.clone());
        }
        self.hold_at = 0;
    }

    pub(super) fn end_all(&mut self, reason: &EndReason) {
        self.cut();
        self.leave_hold();
        let had = !self.queue.is_empty();
        for track in std::mem::take(&mut self.queue) {
            self.end(&track, reason.clone());
        }
        if had {
            self.emit(Event::PlaylistEmpty);
        }
        self.end_hold_tracks(reason);
        self.playing = Playing::Nothing;
        self.paused = false;
        self.fade_in = 0;
    }

    pub(super) fn emit(&mut self, event: Event) {
        if self.events.len() >= MAX_EVENTS {
            self.events.pop_front();
            self.lost_events += 1;
        }
        self.events.push_back(event);
    }
}
