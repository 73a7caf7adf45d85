//! Client and server sessions against each other: wrong salts, wrong clocks, lost connections, doubled packets.

#![allow(clippy::unwrap_used, reason = "a failed run may panic")]

mod common;

use common::*;
use offhook_mtproto::session::*;
use offhook_mtproto::{RpcError, Salt};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn calls_are_run_once_in_order_and_answered_although_the_first_salt_is_wrong() {
    let mut world = World::new();
    for number in 0..50 {
        world.call(number);
    }
    world.run(SECOND);
    let all: Vec<u32> = (0..50).collect();
    assert_eq!(world.ran, all);
    assert_eq!(world.results(), all);
    assert_eq!(world.client.stats().bad_salts, 1);
    assert_eq!(world.client.pending(), 0);
    assert_eq!(world.events.iter().filter(|event| **event == ClientEvent::NewSession).count(), 1);
    assert!(world.events.contains(&ClientEvent::SaltChanged(world.salts.current(START))));
    assert_eq!(world.client.salt(), world.salts.current(START));
}

#[test]
fn with_the_right_salt_the_first_packet_is_already_served() {
    let salt = SaltSchedule::new(&key()).current(START);
    let mut world = World::with(ClientOptions::default(), salt, 0);
    world.call(7);
    world.run(Duration::from_millis(101));
    assert_eq!(world.results(), [7]);
    assert_eq!(world.client.stats().bad_salts, 0);
}

#[test]
fn a_clock_five_minutes_off_either_way_is_set_right_by_the_first_complaint() {
    for ahead in [-400, -301, -31, 31, 301, 86_400 * 365] {
        let mut world = World::with(ClientOptions::default(), Salt(0), ahead);
        for number in 0..5 {
            world.call(number);
        }
        world.run(SECOND);
        assert_eq!(world.results(), [0, 1, 2, 3, 4], "{ahead}");
        assert_eq!(world.ran, [0, 1, 2, 3, 4]);
        let offset = world.client.time_offset().as_secs();
        assert!((-ahead - 1..=-ahead + 1).contains(&offset), "{offset} for {ahead}");
        let resets =
            world.events.iter().filter(|event| matches!(event, ClientEvent::SessionReset(_))).count();
        assert_eq!(resets, usize::from(ahead > 30), "only ids from the future force a new session");
    }
}

#[test]
fn a_connection_lost_at_any_moment_neither_loses_nor_doubles_a_call() {
    for cut_at in (0..400).step_by(7) {
        let mut world = World::new();
        world.answer = Answer::After(Duration::from_millis(80));
        for number in 0..10 {
            world.call(number);
            world.run(Duration::from_millis(10));
        }
        world.run(Duration::from_millis(cut_at));
        world.cut();
        world.call(10);
        world.run(SECOND);
        world.connect();
        world.run(SECOND * 20);
        let mut ran = world.ran.clone();
        ran.sort_unstable();
        assert_eq!(ran, (0..=10).collect::<Vec<_>>(), "cut after {cut_at} ms");
        let mut results = world.results();
        results.sort_unstable();
        assert_eq!(results, (0..=10).collect::<Vec<_>>(), "cut after {cut_at} ms");
    }
}

#[test]
fn every_packet_arriving_twice_changes_nothing() {
    let mut world = World::new();
    world.doubled = true;
    world.run(SECOND);
    for number in 0..20 {
        world.call(number);
        world.run(Duration::from_millis(30));
    }
    let now = world.now;
    world.server().push_update(&object(UPDATE, 99), now);
    world.run(SECOND);
    assert_eq!(world.ran, (0..20).collect::<Vec<_>>());
    assert_eq!(world.results(), (0..20).collect::<Vec<_>>());
    assert_eq!(world.updates(), [99]);
    assert!(world.client.stats().duplicates > 20);
    assert!(world.server().stats().duplicates > 20);
}

#[test]
fn answers_may_come_in_any_order() {
    let mut world = World::new();
    world.answer = Answer::Never;
    let ids: Vec<RequestId> = (0..4).map(|number| world.call(number)).collect();
    world.run(SECOND);
    let requests = world.requests.clone();
    let now = world.now;
    for i in [2usize, 0, 3, 1] {
        assert!(world.server().respond(requests[i].1, &object(RESULT, i as u32), now));
    }
    world.run(SECOND);
    assert_eq!(world.results(), [2, 0, 3, 1]);
    let answered: Vec<RequestId> = world
        .events
        .iter()
        .filter_map(|event| match event {
            ClientEvent::Result { request, .. } => Some(*request),
            _ => None,
        })
        .collect();
    assert_eq!(answered, [ids[2], ids[0], ids[3], ids[1]]);
    assert!(!world.server().respond(requests[0].1, &object(RESULT, 0), now));
    assert_eq!(world.server().stats().orphan_answers, 1);
}

#[test]
fn a_server_that_forgot_the_session_gets_unanswered_calls_again() {
    let mut world = World::new();
    world.answer = Answer::Never;
    world.call(1);
    world.run(SECOND);
    assert_eq!(world.ran, [1]);
    world.restart_server();
    world.answer = Answer::Now;
    world.connect();
    world.run(SECOND);
    assert_eq!(world.ran, [1, 1]);
    assert_eq!(world.results(), [1]);
    assert_eq!(world.events.iter().filter(|event| **event == ClientEvent::NewSession).count(), 2);
}

#[test]
fn a_call_still_running_across_a_reconnect_is_not_started_again() {
    let mut world = World::new();
    world.answer = Answer::After(SECOND * 5);
    world.call(1);
    world.run(SECOND);
    world.cut();
    world.run(SECOND);
    world.connect();
    world.run(SECOND * 30);
    assert_eq!(world.ran, [1]);
    assert_eq!(world.results(), [1]);
}

#[test]
fn an_answer_lost_with_the_connection_comes_on_the_next_one_by_itself() {
    let mut world = World::new();
    world.call(0);
    world.run(SECOND);
    world.call(1);
    // The request takes 50 ms; the answer is on its way back for another 50.
    world.run(Duration::from_millis(75));
    assert_eq!((world.ran.clone(), world.results()), (vec![0, 1], vec![0]));
    world.cut();
    world.connect();
    world.run(SECOND);
    assert_eq!(world.results(), [0, 1]);
    assert_eq!(world.ran, [0, 1]);
}

#[test]
fn updates_wait_for_the_next_connection_and_come_once() {
    let mut world = World::new();
    world.run(SECOND);
    let now = world.now;
    world.server().push_update(&object(UPDATE, 1), now);
    world.run(Duration::from_millis(20));
    world.cut();
    world.server().push_update(&object(UPDATE, 2), now);
    world.run(SECOND);
    world.connect();
    world.run(SECOND * 30);
    assert_eq!(world.updates(), [1, 2]);
    world.cut();
    world.connect();
    world.run(SECOND * 30);
    assert_eq!(world.updates(), [1, 2]);
}

#[test]
fn everything_is_acknowledged_in_the_end_and_nothing_is_sent_again() {
    let mut world = World::new();
    for number in 0..30 {
        world.call(number);
    }
    world.run(SECOND * 15);
    for _ in 0..3 {
        world.cut();
        world.connect();
        world.run(SECOND * 15);
    }
    assert_eq!(world.server().stats().resent, 0);
    assert_eq!(world.results().len(), 30);
}

#[test]
fn a_slow_call_is_acknowledged_after_a_second() {
    let mut world = World::new();
    world.run(SECOND);
    world.answer = Answer::After(SECOND * 60);
    let id = world.call(5);
    world.run(Duration::from_millis(1000));
    assert!(!world.events.contains(&ClientEvent::Acked(id)));
    world.run(Duration::from_millis(120));
    assert!(world.events.contains(&ClientEvent::Acked(id)));
    world.run(SECOND * 60);
    assert_eq!(world.results(), [5]);
}

#[test]
fn an_idle_day_keeps_one_connection_and_follows_the_salts() {
    let mut world = World::new();
    world.call(1);
    world.run(Duration::from_secs(24 * 3600));
    world.call(2);
    world.run(SECOND);
    assert_eq!(world.results(), [1, 2]);
    assert_eq!((world.closes.len(), world.server_closes.len()), (0, 0));
    assert_eq!(world.client.stats().bad_salts, 1, "later salts are asked for in time");
    assert_eq!(world.client.salt(), world.salts.current(world.now.unix));
}

#[test]
fn silence_after_a_ping_ends_the_connection_and_a_new_one_works() {
    let mut world = World::new();
    world.run(SECOND);
    world.deaf = true;
    // The next ping leaves 30 s after the first and is waited for 15 s.
    world.run(Duration::from_millis(43_900));
    assert_eq!(world.closes, []);
    world.call(1);
    world.run(Duration::from_millis(200));
    assert_eq!(world.closes, [CloseReason::Silent]);
    world.deaf = false;
    world.cut();
    world.connect();
    world.run(SECOND);
    assert_eq!(world.results(), [1]);
}

#[test]
fn traffic_of_any_kind_keeps_a_connection_alive_without_pongs() {
    let mut world = World::new();
    world.run(SECOND);
    world.deaf = true;
    for number in 0..6 {
        world.run(SECOND * 10);
        let now = world.now;
        world.server().push_update(&object(UPDATE, number), now);
    }
    world.run(SECOND);
    assert_eq!(world.closes, []);
    assert_eq!(world.updates().len(), 6);
}

#[test]
fn a_server_closes_the_connection_of_a_client_that_stops_pinging() {
    let mut world = World::new();
    world.run(SECOND);
    let now = world.now;
    let connection = world.connection.unwrap();
    assert!(matches!(world.server().poll(now), ServerOutput::WaitUntil(Some(_))));
    let late = now.after(SECOND * 75);
    let ServerOutput::Close { connection: closed, reason } = world.server().poll(late) else {
        panic!("still open")
    };
    assert_eq!((closed, reason), (connection, ServerCloseReason::NoPing));
    assert_eq!(world.server().connection(), None);
}

#[test]
fn large_bodies_travel_packed_both_ways() {
    let mut world = World::new();
    world.answer = Answer::Never;
    let body = [object(CALL, 1), vec![7; 100_000]].concat();
    let now = world.client_now();
    world.client.push_request(body.clone(), now).unwrap();
    world.run(SECOND);
    assert_eq!(world.requests[0].2, body);
    let (msg_id, now) = (world.requests[0].1, world.now);
    let answer = [object(RESULT, 1), vec![8; 200_000]].concat();
    world.server().respond(msg_id, &answer, now);
    world.server().push_update(&[object(UPDATE, 2), vec![9; 50_000]].concat(), now);
    world.run(SECOND);
    assert!(world.events.iter().any(|e| matches!(e, ClientEvent::Result { body, .. } if *body == answer)));
    assert_eq!(world.updates(), [2]);
    assert!(world.sent_by_client.iter().all(|message| message.body.len() < 2000));
    assert!(world.sent_by_server.iter().all(|message| message.body.len() < 2000));
}

#[test]
fn errors_reach_the_request_they_belong_to() {
    let mut world = World::new();
    world.answer = Answer::Never;
    let request = world.call(1);
    world.run(SECOND);
    let (msg_id, now) = (world.requests[0].1, world.now);
    let error = RpcError::new(420, "FLOOD_WAIT_3");
    world.server().respond_error(msg_id, &error, now);
    world.run(SECOND);
    assert!(world.events.contains(&ClientEvent::Failed { request, error }));
}

#[test]
fn a_cancelled_call_brings_no_answer_and_the_server_hears_of_it() {
    let mut world = World::new();
    world.answer = Answer::Never;
    let request = world.call(1);
    world.run(SECOND);
    let now = world.client_now();
    assert!(world.client.cancel(request, now));
    assert!(!world.client.cancel(request, now));
    let (msg_id, server_now) = (world.requests[0].1, world.now);
    assert!(world.server().is_running(msg_id));
    world.answer = Answer::Now;
    // The drop is served by the session itself and told to its owner.
    let client = &mut world.client;
    let ClientOutput::Event(ClientEvent::Cancelled(cancelled)) = client.poll(now) else { panic!("no event") };
    assert_eq!(cancelled, request);
    let ClientOutput::Send(packet) = client.poll(now) else { panic!("nothing sent") };
    let connection = world.connection.unwrap();
    world.deliver(connection, &packet);
    let ServerOutput::RequestDropped { msg_id: dropped } = world.server().poll(server_now) else {
        panic!("not dropped")
    };
    assert_eq!(dropped, msg_id);
    assert!(!world.server().respond(msg_id, &object(RESULT, 1), server_now));
    world.run(SECOND);
    assert!(world.results().is_empty());
    assert_eq!(world.client.pending(), 0);
    let unsent = world.call(2);
    assert!(world.client.cancel(unsent, now));
    world.run(SECOND);
    assert_eq!(world.ran, [1]);
}

#[test]
fn a_call_after_another_names_it_while_it_runs_and_not_afterwards() {
    let mut world = World::new();
    world.answer = Answer::Never;
    let now = world.client_now();
    let first = world.call(1);
    world.client.push_request_after(object(CALL, 2), first, now).unwrap();
    world.run(SECOND);
    let wrapped = &world.requests[1].2;
    assert_eq!(wrapped[..4], 0xcb9f_372du32.to_le_bytes());
    assert_eq!(wrapped[4..12], world.requests[0].1.0.to_le_bytes());
    assert_eq!(wrapped[12..], object(CALL, 2));
    let (msg_id, server_now) = (world.requests[0].1, world.now);
    world.server().respond(msg_id, &object(RESULT, 1), server_now);
    world.run(SECOND);
    world.client.push_request_after(object(CALL, 3), first, now).unwrap();
    world.run(SECOND);
    assert_eq!(world.requests[2].2, object(CALL, 3));
}

#[test]
fn a_bind_call_carries_the_id_of_its_own_message_even_in_a_container_and_when_sent_again() {
    use offhook_mtproto::bind::{self, Binding};
    use offhook_mtproto::wire::{Reader, id};
    let perm_key = offhook_crypto::AuthKey::new([5; 256]);
    let mut world = World::new(); // the first salt is wrong: everything goes twice
    world.answer = Answer::Never;
    let now = world.client_now();
    world.client.push_bind(&perm_key, 1_700_086_400, now).unwrap();
    world.call(2);
    world.run(SECOND);
    let (session, msg_id, body) = world.requests[0].clone();
    let mut reader = Reader::new(&body);
    reader.expect(id::BIND_TEMP_AUTH_KEY).unwrap();
    let (perm_auth_key_id, nonce) = (reader.long().unwrap(), reader.long().unwrap());
    let expected = Binding {
        nonce,
        temp_auth_key_id: key().id(),
        perm_auth_key_id,
        temp_session_id: session,
        expires_at: reader.int().unwrap(),
    };
    assert_eq!((perm_auth_key_id, expected.expires_at), (perm_key.id(), 1_700_086_400));
    assert_eq!(bind::open(&perm_key, reader.bytes().unwrap(), &expected, msg_id), Ok(()));
}

#[test]
fn ids_on_the_wire_increase_and_parities_are_right_in_both_directions() {
    let mut world = World::new();
    for number in 0..200 {
        world.call(number);
        if number % 7 == 0 {
            world.run(Duration::from_millis(13));
            if !world.servers.is_empty() {
                let now = world.now;
                world.server().push_update(&object(UPDATE, number), now);
            }
        }
    }
    world.run(SECOND * 40);
    assert_eq!(world.results().len(), 200);
    let ids: Vec<_> = world.sent_by_client.iter().map(|message| message.msg_id).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(ids.iter().all(|id| id.kind() == 0));
    let ids: Vec<_> = world.sent_by_server.iter().map(|message| message.msg_id).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(ids.iter().all(|id| id.kind() & 1 == 1));
    for message in &world.sent_by_server {
        let constructor = offhook_mtproto::wire::constructor(&message.body).unwrap();
        let content = matches!(constructor, offhook_mtproto::wire::id::RPC_RESULT | UPDATE)
            || constructor == offhook_mtproto::wire::id::NEW_SESSION_CREATED;
        assert_eq!(message.seq_no & 1 == 1, content, "{constructor:08x}");
    }
}

#[test]
fn what_cannot_be_sent_is_refused_when_it_is_pushed() {
    let options = ClientOptions { max_requests: 2, ..ClientOptions::default() };
    let mut world = World::with(options, Salt(0), 0);
    let now = world.client_now();
    let limit = MAX_BODY - 12;
    let long = world.client.push_request(vec![0; limit + 4], now);
    assert_eq!(long, Err(PushError::TooLong { got: limit + 4, limit }));
    assert_eq!(world.client.push_request(vec![], now), Err(PushError::NotAnObject { got: 0 }));
    assert_eq!(world.client.push_request(vec![0; 5], now), Err(PushError::NotAnObject { got: 5 }));
    world.call(1);
    world.call(2);
    assert_eq!(world.client.push_request(object(CALL, 3), now), Err(PushError::Full { limit: 2 }));
    world.run(SECOND);
    world.call(3);
    world.run(SECOND);
    assert_eq!(world.results(), [1, 2, 3]);
}

#[test]
fn nothing_that_was_said_shows_in_debug_output() {
    let mut world = World::new();
    world.answer = Answer::Never;
    let now = world.client_now();
    world.client.push_request([object(CALL, 1), b"phone +9996612345678".to_vec()].concat(), now).unwrap();
    let spoken = format!("{:?}", b"+99966".to_vec());
    let secret = spoken.trim_matches(['[', ']']);
    let waiting = format!("{:?}", world.client);
    world.run(SECOND);
    let update = [object(UPDATE, 1), b"code +9996612345678.".to_vec()].concat();
    let server_now = world.now;
    world.server().push_update(&update, server_now);
    let texts = [
        waiting,
        format!("{:?}", world.client),
        format!("{:?}", world.server()),
        format!("{:?}", ClientEvent::Update(update.clone())),
        format!("{:?}", ClientOutput::Event(ClientEvent::Update(update.clone()))),
        format!("{:?}", ServerOutput::Request { msg_id: offhook_mtproto::MsgId(4), seq_no: 1, body: update }),
    ];
    for text in texts {
        assert!(!text.contains(secret) && text.len() < 900, "{text}");
    }
}
