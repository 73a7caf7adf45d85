//! The box in imaginary time.

use std::time::{Duration, Instant};

use super::message_box::*;
use crate::session::{ChannelState, UpdateState};

/// A box, its clock, and what came out of it.
struct Desk {
    inner: MessageBox<&'static str>,
    start: Instant,
    now: Instant,
    wake: Instant,
    out: Vec<String>,
}

impl Desk {
    fn new(pts: i32) -> Self {
        let state = UpdateState { pts, qts: 5, date: 100, seq: 1, ..UpdateState::default() };
        Self::with(Some(&state), 8)
    }

    fn with(state: Option<&UpdateState>, bound: usize) -> Self {
        let now = Instant::now();
        let inner = MessageBox::new(state, bound, now);
        let mut desk = Self { inner, start: now, now, wake: now, out: Vec::new() };
        desk.give(Input::Tick);
        desk
    }

    fn give(&mut self, input: Input<&'static str>) -> &mut Self {
        self.inner.handle(input, self.now);
        loop {
            match self.inner.poll() {
                Output::Deliver(update) => self.out.push(update.to_owned()),
                Output::FetchCommon { pts, qts, date } => self.out.push(format!("fetch {pts} {qts} {date}")),
                Output::FetchChannel { id, pts } => self.out.push(format!("fetch channel {id} {pts}")),
                Output::WaitUntil(wake) => {
                    self.wake = wake;
                    return self;
                }
            }
        }
    }

    /// Updates without a batch number.
    fn loose(&mut self, updates: &[Stamped<&'static str>]) -> &mut Self {
        self.give(Input::Batch(Batch { seq: None, date: 0, updates: updates.to_vec() }))
    }

    fn numbered(&mut self, first: i32, last: i32, updates: &[Stamped<&'static str>]) -> &mut Self {
        self.give(Input::Batch(Batch { seq: Some((first, last)), date: 0, updates: updates.to_vec() }))
    }

    /// Moves the clock to the box's own deadline.
    fn wait(&mut self) -> &mut Self {
        self.now = self.wake;
        self.give(Input::Tick)
    }

    fn taken(&mut self) -> Vec<String> {
        std::mem::take(&mut self.out)
    }

    fn elapsed(&self) -> Duration {
        self.now - self.start
    }
}

fn at(pts: i32, count: i32, update: &'static str) -> Stamped<&'static str> {
    Stamped { stamp: Stamp::Pts { pts, count }, update: Some(update) }
}

fn free(update: &'static str) -> Stamped<&'static str> {
    Stamped { stamp: Stamp::None, update: Some(update) }
}

fn secret(qts: i32, update: &'static str) -> Stamped<&'static str> {
    Stamped { stamp: Stamp::Qts { qts }, update: Some(update) }
}

fn channel(id: i64, pts: i32, update: &'static str) -> Stamped<&'static str> {
    Stamped { stamp: Stamp::Channel { id, pts, count: 1 }, update: Some(update) }
}

fn part(updates: &[Stamped<&'static str>], pts: i32, qts: i32, last: bool) -> Input<&'static str> {
    let state = UpdateState { pts, qts, date: 200, seq: 1, ..UpdateState::default() };
    Input::Fetched(Sequence::Common, Difference::Part { updates: updates.to_vec(), state, last })
}

fn channel_part(updates: &[Stamped<&'static str>], id: i64, pts: i32, last: bool) -> Input<&'static str> {
    let updates = updates.to_vec();
    Input::Fetched(Sequence::Channel(id), Difference::Channel { updates, pts, last, reset: false })
}

#[test]
fn updates_in_turn_pass_at_once() {
    let mut desk = Desk::new(10);
    desk.loose(&[at(11, 1, "a"), at(13, 2, "b")]).loose(&[at(14, 1, "c")]);
    assert_eq!(desk.taken(), ["a", "b", "c"]);
    assert_eq!(desk.inner.state().unwrap().pts, 14);
}

#[test]
fn an_update_seen_before_is_dropped_and_counted() {
    let mut desk = Desk::new(10);
    desk.loose(&[at(11, 1, "a"), at(11, 1, "a"), at(9, 1, "old")]);
    assert_eq!(desk.taken(), ["a"]);
    assert_eq!(desk.inner.counters().duplicates, 2);
}

#[test]
fn a_gap_that_closes_in_time_costs_nothing_and_order_holds() {
    let mut desk = Desk::new(10);
    desk.loose(&[at(13, 1, "c")]).loose(&[at(12, 1, "b")]).loose(&[at(11, 1, "a")]);
    assert_eq!(desk.taken(), ["a", "b", "c"]);
    assert_eq!(desk.wake, desk.now + SILENCE, "nothing is waited for any more");
    assert_eq!((desk.inner.counters().gaps, desk.inner.counters().differences), (1, 0));
}

#[test]
fn a_gap_open_for_half_a_second_is_filled_by_the_difference_without_duplicates() {
    let mut desk = Desk::new(10);
    desk.loose(&[at(12, 1, "b")]).wait();
    assert_eq!(desk.elapsed(), Duration::from_millis(500));
    assert_eq!(desk.taken(), ["fetch 10 5 100"]);
    // What comes while the difference is on its way waits for it, in turn or not.
    desk.loose(&[at(13, 1, "c")]).loose(&[at(14, 1, "d")]);
    assert_eq!(desk.taken(), Vec::<String>::new());
    desk.give(part(&[at(0, 0, "a"), at(0, 0, "b")], 13, 5, true));
    assert_eq!(desk.taken(), ["a", "b", "d"]);
    assert_eq!(desk.inner.state().unwrap().pts, 14);
    assert_eq!(desk.inner.counters().duplicates, 2, "b and c were in the difference");
}

#[test]
fn a_difference_in_parts_is_fetched_to_its_end() {
    let mut desk = Desk::new(10);
    desk.give(Input::MaybeMissed).give(part(&[free("a")], 20, 5, false)).give(part(
        &[free("b")],
        30,
        6,
        true,
    ));
    assert_eq!(desk.taken(), ["fetch 10 5 100", "a", "fetch 20 5 200", "b"]);
    assert_eq!(desk.wake, desk.now + SILENCE);
}

#[test]
fn an_empty_difference_lets_what_waited_pass() {
    let mut desk = Desk::new(10);
    desk.give(Input::MaybeMissed).loose(&[at(11, 1, "a")]);
    desk.give(Input::Fetched(Sequence::Common, Difference::Empty { date: 150, seq: 1 }));
    assert_eq!(desk.taken(), ["fetch 10 5 100", "a"]);
    assert_eq!(desk.inner.state().unwrap().date, 150);
}

#[test]
fn after_too_long_a_gap_the_box_goes_on_from_the_servers_number() {
    let mut desk = Desk::new(10);
    desk.give(Input::MaybeMissed);
    desk.give(Input::Fetched(Sequence::Common, Difference::TooLong { pts: 1000 }));
    assert_eq!(desk.taken(), ["fetch 10 5 100", "fetch 1000 5 100"]);
}

#[test]
fn a_phone_call_passes_while_a_gap_is_open_and_while_it_is_filled() {
    let mut desk = Desk::new(10);
    desk.loose(&[at(12, 1, "late"), free("call 1")]).wait().loose(&[free("call 2")]);
    desk.numbered(9, 9, &[free("call 3")]);
    assert_eq!(desk.taken(), ["call 1", "fetch 10 5 100", "call 2", "call 3"]);
}

#[test]
fn a_numbered_batch_is_delivered_once() {
    let mut desk = Desk::new(10);
    desk.numbered(2, 2, &[free("a"), at(11, 1, "m")]).numbered(2, 2, &[free("a"), at(11, 1, "m")]);
    assert_eq!(desk.taken(), ["a", "m"]);
    assert_eq!(desk.inner.state().unwrap().seq, 2);
}

#[test]
fn a_batch_before_its_turn_opens_a_gap_that_the_missing_one_closes() {
    let mut desk = Desk::new(10);
    desk.numbered(3, 3, &[free("c")]);
    assert_eq!(desk.wake, desk.now + GAP_WAIT);
    desk.numbered(2, 2, &[free("b")]);
    assert_eq!(desk.wake, desk.now + SILENCE);
    desk.numbered(3, 3, &[free("c")]);
    assert_eq!(desk.taken(), ["c", "b"]);
    assert_eq!(desk.inner.state().unwrap().seq, 3);
}

#[test]
fn a_missing_batch_is_fetched() {
    let mut desk = Desk::new(10);
    desk.numbered(3, 3, &[free("c")]).wait();
    assert_eq!(desk.taken(), ["c", "fetch 10 5 100"]);
    let state = UpdateState { pts: 10, qts: 5, date: 200, seq: 3, ..UpdateState::default() };
    desk.give(Input::Fetched(
        Sequence::Common,
        Difference::Part { updates: vec![free("b")], state, last: true },
    ));
    assert_eq!(desk.taken(), ["b"]);
    assert_eq!(desk.wake, desk.now + SILENCE);
}

#[test]
fn secret_updates_have_their_own_sequence() {
    let mut desk = Desk::new(10);
    desk.loose(&[secret(7, "y"), at(11, 1, "a"), secret(6, "x")]);
    assert_eq!(desk.taken(), ["a", "x", "y"]);
    assert_eq!(desk.inner.state().unwrap().qts, 7);
}

#[test]
fn numbers_out_of_a_call_result_close_the_gap_they_would_else_open() {
    let mut desk = Desk::new(10);
    desk.loose(&[Stamped { stamp: Stamp::Pts { pts: 12, count: 2 }, update: None }, at(13, 1, "a")]);
    assert_eq!(desk.taken(), ["a"]);
    assert_eq!(desk.inner.counters().gaps, 0);
}

#[test]
fn a_number_of_zero_is_no_number() {
    let mut desk = Desk::new(10);
    desk.loose(&[at(0, 0, "a")]);
    assert_eq!(desk.taken(), ["a"]);
    assert_eq!(desk.inner.state().unwrap().pts, 10);
}

#[test]
fn without_a_state_the_first_number_is_the_start() {
    let mut desk = Desk::with(None, 8);
    assert_eq!(desk.inner.state(), None);
    desk.give(Input::MaybeMissed).loose(&[at(40, 1, "a"), at(41, 1, "b")]);
    assert_eq!(desk.taken(), ["a", "b"]);
    // The state asked for meanwhile is older than what has come since.
    desk.give(Input::State(UpdateState { pts: 39, qts: 3, date: 50, seq: 7, ..UpdateState::default() }));
    let state = desk.inner.state().unwrap();
    assert_eq!((state.pts, state.qts, state.seq), (41, 3, 7));
}

#[test]
fn silence_for_a_quarter_of_an_hour_is_checked() {
    let mut desk = Desk::new(10);
    desk.wait();
    assert_eq!(desk.elapsed(), Duration::from_secs(900));
    assert_eq!(desk.taken(), ["fetch 10 5 100"]);
}

#[test]
fn a_failed_fetch_is_tried_again_with_growing_pauses_and_updates_wait() {
    let mut desk = Desk::new(10);
    desk.give(Input::MaybeMissed);
    for pause in [1, 2, 4] {
        desk.give(Input::FetchFailed(Sequence::Common, FetchFailure::Later));
        assert_eq!(desk.wake, desk.now + Duration::from_secs(pause));
        desk.loose(&[at(11, 1, "a")]).wait();
    }
    assert_eq!(desk.taken(), ["fetch 10 5 100"; 4]);
    desk.give(Input::Fetched(Sequence::Common, Difference::Empty { date: 150, seq: 1 }));
    assert_eq!(desk.taken(), ["a"], "it was pushed three times and is delivered once");
}

#[test]
fn what_is_lost_during_a_fetch_is_fetched_after_it() {
    let mut desk = Desk::new(10);
    desk.give(Input::MaybeMissed).give(Input::MaybeMissed).give(Input::MaybeMissed);
    assert_eq!(desk.taken(), ["fetch 10 5 100"]);
    desk.give(part(&[], 12, 5, true));
    assert_eq!(desk.taken(), ["fetch 12 5 200"]);
}

#[test]
fn held_back_updates_are_bounded_and_come_again_with_the_difference() {
    let mut desk = Desk::with(Some(&UpdateState { pts: 10, date: 1, ..UpdateState::default() }), 3);
    desk.loose(&[at(20, 1, "a"), at(30, 1, "b"), at(40, 1, "c"), at(50, 1, "d")]);
    assert_eq!(desk.taken(), ["fetch 10 0 1"]);
    assert_eq!(desk.inner.counters().refetched, 4);
    desk.give(part(&[free("all")], 50, 0, true));
    assert_eq!(desk.taken(), ["all"]);
}

#[test]
fn a_channel_has_a_sequence_and_a_difference_of_its_own() {
    let channels = [(7, ChannelState { pts: 100 })].into();
    let mut desk = Desk::with(Some(&UpdateState { pts: 10, date: 1, channels, ..UpdateState::default() }), 8);
    desk.loose(&[channel(7, 102, "b"), at(11, 1, "m")]);
    assert_eq!(desk.taken(), ["m"]);
    desk.wait();
    assert_eq!(desk.taken(), ["fetch channel 7 100"]);
    desk.loose(&[channel(7, 103, "c")]);
    desk.give(channel_part(&[free("a")], 7, 101, false)).give(channel_part(&[free("b")], 7, 102, true));
    assert_eq!(desk.taken(), ["a", "fetch channel 7 101", "b", "c"]);
    assert_eq!(desk.inner.state().unwrap().channels[&7].pts, 103);
}

#[test]
fn a_channel_that_cannot_be_fetched_goes_on_with_what_came() {
    let mut desk = Desk::new(10);
    desk.loose(&[channel(7, 100, "a"), channel(7, 103, "d"), channel(7, 102, "c")]).wait();
    assert_eq!(desk.taken(), ["a", "fetch channel 7 100"]);
    desk.give(Input::FetchFailed(Sequence::Channel(7), FetchFailure::Never));
    desk.loose(&[channel(7, 104, "e")]);
    assert_eq!(desk.taken(), ["c", "d", "e"]);
}

#[test]
fn channel_updates_inside_a_difference_keep_their_own_order() {
    let mut desk = Desk::new(10);
    desk.loose(&[channel(7, 100, "a")]).give(Input::MaybeMissed);
    desk.give(part(&[free("m"), channel(7, 100, "a"), channel(7, 101, "b")], 11, 5, true));
    assert_eq!(desk.taken(), ["a", "fetch 10 5 100", "m", "b"]);
}

#[test]
fn a_hint_that_a_channel_is_behind_fetches_only_when_it_is() {
    let mut desk = Desk::new(10);
    desk.loose(&[channel(7, 100, "a")]);
    desk.give(Input::ChannelTooLong { id: 7, pts: Some(100) });
    desk.give(Input::ChannelTooLong { id: 8, pts: Some(5) });
    assert_eq!(desk.taken(), ["a"]);
    desk.give(Input::ChannelTooLong { id: 7, pts: Some(101) });
    assert_eq!(desk.taken(), ["fetch channel 7 100"]);
}

/// Every order of six updates, each also doubled at the end: all arrive once, in order, with no difference.
#[test]
fn whatever_the_order_within_half_a_second_updates_arrive_in_order_and_once() {
    const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
    let mut order: Vec<usize> = (0..6).collect();
    permute(&mut order, 0, &mut |order| {
        let mut desk = Desk::new(10);
        for index in order.iter().chain(order) {
            desk.loose(&[at(11 + *index as i32, 1, NAMES[*index])]);
        }
        assert_eq!(desk.taken(), NAMES, "{order:?}");
        assert_eq!(desk.inner.counters().duplicates, 6);
    });
}

fn permute(order: &mut Vec<usize>, from: usize, visit: &mut impl FnMut(&[usize])) {
    if from == order.len() {
        visit(order);
        return;
    }
    for other in from..order.len() {
        order.swap(from, other);
        permute(order, from + 1, visit);
        order.swap(from, other);
    }
}
