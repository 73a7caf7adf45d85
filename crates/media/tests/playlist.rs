//! Every edge of the playlist, with exact samples and exact events.

use std::sync::{Arc, Mutex};

use offhook_media::{
    EndReason, FRAME_SAMPLES, Info, MediaTime, PcmSource, Playlist, PlaylistEvent as Event, Pulled,
    SeekError, Source, SourceError, TrackId,
};

/// `count` samples of one value.
fn flat(value: i16, count: usize) -> Box<dyn Source> {
    Box::new(PcmSource::new(vec![value; count]))
}

fn pull(playlist: &mut Playlist) -> [i16; FRAME_SAMPLES] {
    let mut frame = [99; FRAME_SAMPLES];
    playlist.pull(&mut frame);
    frame
}

fn events(playlist: &mut Playlist) -> Vec<Event> {
    std::iter::from_fn(|| playlist.poll_event()).collect()
}

fn ended(id: TrackId, reason: EndReason, played: u64) -> Event {
    Event::TrackEnded { id, reason, played: MediaTime::from_samples(played) }
}

fn hold(playlist: &mut Playlist, sources: Vec<Box<dyn Source>>) -> Vec<TrackId> {
    let tracks: Vec<_> = sources.into_iter().map(|source| (TrackId::unique(), source)).collect();
    let ids = tracks.iter().map(|(id, _)| *id).collect();
    playlist.play_on_hold(tracks);
    ids
}

/// Follows a script of pulls.
struct Scripted {
    script: Vec<Pulled>,
    info: Info,
    pulls: Arc<Mutex<usize>>,
}

impl Scripted {
    fn boxed(script: Vec<Pulled>) -> Box<dyn Source> {
        Box::new(Self { script, info: Info { live: true, ..Info::default() }, pulls: Arc::default() })
    }
}

impl Source for Scripted {
    fn pull(&mut self, out: &mut [i16]) -> Pulled {
        *self.pulls.lock().expect("one thread") += 1;
        out.fill(1000);
        if self.script.is_empty() { Pulled::End(0) } else { self.script.remove(0) }
    }
    fn position(&self) -> MediaTime {
        MediaTime::ZERO
    }
    fn info(&self) -> &Info {
        &self.info
    }
}

#[test]
fn tracks_join_to_the_sample_inside_a_frame() {
    let mut playlist = Playlist::new();
    let a = playlist.play(flat(100, 960 + 500));
    let b = playlist.play(flat(200, 960));
    assert_eq!(pull(&mut playlist), [100; 960]);
    assert_eq!(events(&mut playlist), [Event::TrackStarted { id: a }]);
    let frame = pull(&mut playlist);
    assert_eq!(frame[..500], [100; 500]);
    assert_eq!(frame[500..], [200; 460]);
    assert_eq!(events(&mut playlist), [ended(a, EndReason::Finished, 1460), Event::TrackStarted { id: b }]);
    let frame = pull(&mut playlist);
    assert_eq!(frame[..500], [200; 500]);
    assert_eq!(frame[500..], [0; 460], "a last partial frame is padded with zeros");
    assert_eq!(events(&mut playlist), [ended(b, EndReason::Finished, 960), Event::PlaylistEmpty]);
    assert_eq!(pull(&mut playlist), [0; 960]);
    assert_eq!(events(&mut playlist), []);
}

#[test]
fn a_track_that_ends_with_the_frame_says_so_with_that_frame() {
    let mut playlist = Playlist::new();
    let a = playlist.play(flat(7, 960));
    pull(&mut playlist);
    let want = [Event::TrackStarted { id: a }, ended(a, EndReason::Finished, 960), Event::PlaylistEmpty];
    assert_eq!(events(&mut playlist), want);
}

#[test]
fn an_empty_track_ends_without_having_started() {
    let mut playlist = Playlist::new();
    let a = playlist.play(flat(0, 0));
    pull(&mut playlist);
    assert_eq!(events(&mut playlist), [ended(a, EndReason::Finished, 0), Event::PlaylistEmpty]);
}

#[test]
fn hold_music_goes_round_without_a_gap() {
    let mut playlist = Playlist::new();
    hold(&mut playlist, vec![flat(1, 400), flat(2, 300)]);
    let heard: Vec<i16> = (0..3).flat_map(|_| pull(&mut playlist)).collect();
    let round: Vec<i16> = [vec![1; 400], vec![2; 300]].concat();
    let want: Vec<i16> = round.iter().cycle().copied().take(heard.len()).collect();
    assert_eq!(heard, want);
}

#[test]
fn play_cuts_hold_music_at_once_with_a_ramp_over_the_new_track_and_hold_comes_back() {
    let mut playlist = Playlist::new();
    let ids = hold(&mut playlist, vec![flat(2400, 48_000)]);
    pull(&mut playlist);
    let a = playlist.play(flat(10, 960));
    let frame = pull(&mut playlist);
    // The ramp falls by 10 a sample from 2390 to nothing, over the new track's own samples.
    assert_eq!(frame[0], 2390 + 10);
    assert_eq!(frame[120], 1190 + 10);
    assert_eq!(frame[239..], [10; 721]);
    let frame = pull(&mut playlist);
    assert_eq!((frame[0], frame[119], frame[239]), (10, 1200, 2400), "what was cut begins again with a ramp");
    assert_eq!(
        events(&mut playlist),
        [
            Event::TrackStarted { id: ids[0] },
            Event::HoldStarted,
            Event::HoldEnded,
            Event::TrackStarted { id: a },
            ended(a, EndReason::Finished, 960),
            Event::PlaylistEmpty,
            Event::HoldStarted,
        ]
    );
}

#[test]
fn a_new_hold_list_replaces_the_old_one_as_a_whole_and_an_empty_one_is_silence() {
    let mut playlist = Playlist::new();
    let old = hold(&mut playlist, vec![flat(5, 48_000), flat(6, 48_000)]);
    pull(&mut playlist);
    let new = hold(&mut playlist, vec![flat(7, 48_000)]);
    assert_eq!(pull(&mut playlist)[240..], [7; 720]);
    assert_eq!(
        events(&mut playlist),
        [
            Event::TrackStarted { id: old[0] },
            Event::HoldStarted,
            ended(old[0], EndReason::Replaced, 960),
            ended(old[1], EndReason::Replaced, 0),
            Event::TrackStarted { id: new[0] },
        ]
    );
    hold(&mut playlist, vec![]);
    assert_eq!(pull(&mut playlist)[240..], [0; 720]);
    assert_eq!(events(&mut playlist), [ended(new[0], EndReason::Replaced, 960), Event::HoldEnded]);
    assert!(playlist.is_idle());
}

#[test]
fn skip_ends_the_track_and_the_next_begins_in_the_same_frame() {
    let mut playlist = Playlist::new();
    let a = playlist.play(flat(2400, 48_000));
    let b = playlist.play(flat(50, 48_000));
    pull(&mut playlist);
    playlist.skip();
    let frame = pull(&mut playlist);
    assert_eq!(frame[0], 2390 + 50);
    assert_eq!(frame[240..], [50; 720]);
    assert_eq!(
        events(&mut playlist),
        [Event::TrackStarted { id: a }, ended(a, EndReason::Skipped, 960), Event::TrackStarted { id: b }]
    );
    playlist.skip();
    assert_eq!(pull(&mut playlist)[240..], [0; 720]);
    assert_eq!(events(&mut playlist), [ended(b, EndReason::Skipped, 960), Event::PlaylistEmpty]);
    playlist.skip();
    pull(&mut playlist);
    assert_eq!(events(&mut playlist), [], "skip with nothing to skip does nothing");
}

#[test]
fn skip_on_hold_goes_to_the_next_piece_and_ends_no_track() {
    let mut playlist = Playlist::new();
    let ids = hold(&mut playlist, vec![flat(3, 48_000), flat(4, 48_000)]);
    pull(&mut playlist);
    playlist.skip();
    assert_eq!(pull(&mut playlist)[240..], [4; 720]);
    playlist.skip();
    assert_eq!(pull(&mut playlist)[240..], [3; 720], "and round to the first, at its beginning");
    assert_eq!(playlist.current().unwrap().position, MediaTime::from_samples(960));
    let want = [Event::TrackStarted { id: ids[0] }, Event::HoldStarted, Event::TrackStarted { id: ids[1] }];
    assert_eq!(events(&mut playlist), want);
}

#[test]
fn stop_clears_queue_and_hold_list_and_says_so_once_for_each_track() {
    let mut playlist = Playlist::new();
    let ids = hold(&mut playlist, vec![flat(1, 10_000)]);
    let a = playlist.play(flat(2400, 10_000));
    let b = playlist.play(flat(3, 10_000));
    pull(&mut playlist);
    playlist.stop();
    playlist.stop();
    let frame = pull(&mut playlist);
    assert_eq!(frame[0], 2390);
    assert_eq!(frame[239..], [0; 721]);
    assert_eq!(
        events(&mut playlist),
        [
            Event::TrackStarted { id: a },
            ended(a, EndReason::Stopped, 960),
            ended(b, EndReason::Stopped, 0),
            Event::PlaylistEmpty,
            ended(ids[0], EndReason::Stopped, 0),
        ]
    );
    assert!(playlist.is_idle());
    assert!(playlist.current().is_none());
}

#[test]
fn pause_stands_still_and_resume_goes_on_with_ramps_at_both_ends() {
    let mut playlist = Playlist::new();
    let a = playlist.play(flat(2400, 48_000));
    pull(&mut playlist);
    playlist.pause();
    playlist.pause();
    let frame = pull(&mut playlist);
    assert_eq!((frame[0], frame[238], frame[239]), (2390, 10, 0));
    assert_eq!(pull(&mut playlist), [0; 960]);
    assert_eq!(playlist.current().unwrap().position, MediaTime::from_samples(960 + 240));
    assert!(playlist.is_paused());
    playlist.resume();
    playlist.resume();
    let frame = pull(&mut playlist);
    assert_eq!((frame[0], frame[239], frame[240]), (10, 2400, 2400));
    assert_eq!(events(&mut playlist), [Event::TrackStarted { id: a }]);
}

#[test]
fn play_while_hold_music_is_paused_waits_for_resume() {
    let mut playlist = Playlist::new();
    hold(&mut playlist, vec![flat(2400, 48_000)]);
    pull(&mut playlist);
    playlist.pause();
    pull(&mut playlist);
    let a = playlist.play(flat(10, 960));
    assert_eq!(pull(&mut playlist), [0; 960]);
    events(&mut playlist);
    playlist.resume();
    assert_eq!(pull(&mut playlist), [10; 960], "begins at its beginning, without a ramp");
    let want = [
        Event::HoldEnded,
        Event::TrackStarted { id: a },
        ended(a, EndReason::Finished, 960),
        Event::PlaylistEmpty,
    ];
    assert_eq!(events(&mut playlist), want);
}

#[test]
fn seek_moves_within_the_track_and_refuses_what_cannot_be() {
    let mut playlist = Playlist::new();
    assert_eq!(playlist.seek(MediaTime::ZERO), Err(SeekError::NothingPlaying));
    let ramp: Vec<i16> = (0..4800).map(|n| n as i16).collect();
    playlist.play(Box::new(PcmSource::new(ramp)));
    pull(&mut playlist);
    let end = MediaTime::from_samples(4800);
    assert_eq!(playlist.seek(MediaTime::from_samples(4801)), Err(SeekError::BehindEnd { end }));
    playlist.seek(MediaTime::from_samples(3000)).unwrap();
    let frame = pull(&mut playlist);
    assert_eq!(frame[240..], (3240..3960).collect::<Vec<i16>>());
    playlist.seek(MediaTime::ZERO).unwrap();
    assert_eq!(pull(&mut playlist)[240..], (240..960).collect::<Vec<i16>>());
    playlist.stop();
    playlist.play(Scripted::boxed(vec![Pulled::Pcm]));
    assert_eq!(playlist.seek(MediaTime::ZERO), Err(SeekError::Live));
}

#[test]
fn gain_is_in_decibels_moves_in_a_ramp_and_saturates() {
    let mut playlist = Playlist::new();
    playlist.play(flat(10_000, 48_000));
    playlist.set_gain_db(-6.020_6);
    let frame = pull(&mut playlist);
    assert_eq!(frame[239..], [5_000; 721]);
    assert!(frame[0] > 9_900, "{}", frame[0]);
    playlist.set_gain_db(20.0);
    assert_eq!(pull(&mut playlist)[240..], [i16::MAX; 720]);
    playlist.set_gain_db(-60.0);
    assert_eq!(pull(&mut playlist)[239..], [0; 721]);
    playlist.set_gain_db(f32::NAN);
    pull(&mut playlist);
    assert_eq!(pull(&mut playlist), [10_000; 960]);
}

#[test]
fn time_goes_on_while_muted() {
    let mut playlist = Playlist::new();
    playlist.play(flat(1000, 48_000));
    playlist.set_muted(true);
    playlist.set_muted(true);
    pull(&mut playlist);
    assert_eq!(pull(&mut playlist), [0; 960]);
    assert_eq!(playlist.current().unwrap().position, MediaTime::from_samples(1920));
    playlist.set_muted(false);
    pull(&mut playlist);
    assert_eq!(pull(&mut playlist), [1000; 960]);
}

#[test]
fn a_track_that_fails_is_heard_so_far_and_the_next_begins() {
    let mut playlist = Playlist::new();
    let broken = SourceError::Custom("broken".into());
    let a = playlist.play(Scripted::boxed(vec![Pulled::Failed(100, broken.clone())]));
    let b = playlist.play(flat(2, 860));
    let frame = pull(&mut playlist);
    assert_eq!(frame[..100], [1000; 100]);
    assert_eq!(frame[100..], [2; 860]);
    assert_eq!(
        events(&mut playlist),
        [
            Event::TrackStarted { id: a },
            ended(a, EndReason::Failed(broken), 100),
            Event::TrackStarted { id: b },
            ended(b, EndReason::Finished, 860),
            Event::PlaylistEmpty,
        ]
    );
}

#[test]
fn a_late_source_gives_silence_with_ramps_and_a_count() {
    let mut playlist = Playlist::new();
    playlist.play(Scripted::boxed(vec![Pulled::Pcm, Pulled::Dry(480), Pulled::Pcm]));
    pull(&mut playlist);
    let mut frame = [0; FRAME_SAMPLES];
    let filled = playlist.pull(&mut frame);
    assert_eq!((filled.playing, filled.dry), (true, 480));
    assert_eq!((frame[239], frame[479], frame[480], frame[959]), (1000, 0, 0, 0));
    let frame = pull(&mut playlist);
    assert!(frame[0] < 10, "goes on with a ramp");
    assert_eq!(frame[239..], [1000; 721]);
}

#[test]
fn a_hold_list_of_nothing_is_silence_not_an_endless_loop() {
    let mut playlist = Playlist::new();
    hold(&mut playlist, vec![flat(0, 0), flat(0, 0)]);
    assert_eq!(pull(&mut playlist), [0; 960]);
    assert_eq!(events(&mut playlist), []);
}

#[test]
fn a_hold_source_that_breaks_leaves_the_round() {
    let mut playlist = Playlist::new();
    let broken = SourceError::Custom("broken".into());
    let ids =
        hold(&mut playlist, vec![Scripted::boxed(vec![Pulled::Failed(0, broken.clone())]), flat(9, 480)]);
    assert_eq!(pull(&mut playlist), [9; 960]);
    assert_eq!(
        events(&mut playlist),
        [ended(ids[0], EndReason::Failed(broken), 0), Event::TrackStarted { id: ids[1] }, Event::HoldStarted,]
    );
}

#[test]
fn the_513th_waiting_track_is_refused_by_name() {
    let mut playlist = Playlist::new();
    for _ in 0..512 {
        playlist.play(flat(1, 1));
    }
    assert_eq!(events(&mut playlist), []);
    let id = playlist.play(flat(1, 1));
    assert_eq!(events(&mut playlist), [ended(id, EndReason::Refused, 0)]);
    assert_eq!(playlist.queued(), 511);
}

#[test]
fn close_ends_every_track_once() {
    let mut playlist = Playlist::new();
    let ids = hold(&mut playlist, vec![flat(1, 10)]);
    let a = playlist.play(flat(1, 10_000));
    pull(&mut playlist);
    playlist.close();
    playlist.close();
    assert_eq!(
        events(&mut playlist),
        [
            Event::TrackStarted { id: a },
            ended(a, EndReason::Closed, 960),
            Event::PlaylistEmpty,
            ended(ids[0], EndReason::Closed, 0),
        ]
    );
}

#[test]
fn two_cuts_within_one_ramp_still_end_in_silence() {
    let mut playlist = Playlist::new();
    playlist.play(flat(8000, 48_000));
    playlist.play(flat(8000, 48_000));
    pull(&mut playlist);
    playlist.pause();
    playlist.resume();
    playlist.skip();
    playlist.skip();
    let frame = pull(&mut playlist);
    assert_eq!(frame[240..], [0; 720]);
    assert!(frame[0] > 7_000 && frame[0] < 8_100, "{}", frame[0]);
}
