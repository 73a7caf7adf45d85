use super::*;

const PEER: UserId = UserId(2);

fn message(uid: u64, out: bool) -> Message {
    Message {
        id: 0,
        uid,
        from: if out { UserId(1) } else { PEER },
        peer: PEER.into(),
        out,
        date: 1_000,
        body: Body::Text { text: format!("text {uid}"), entities: Vec::new() },
        reply_to: None,
        edited: None,
    }
}

#[test]
fn pts_starts_at_one_and_every_event_continues_it_without_gap() {
    let mut mail = Mailbox::default();
    assert_eq!(mail.pts(), 1);
    let events = [
        mail.store(message(1, false), None, 10),
        mail.store(message(2, false), None, 10),
        mail.read(PEER, 2, 10).unwrap().0,
        mail.delete(&[1, 2, 99], 10).unwrap().0,
    ];
    let mut pts = FIRST_PTS;
    for event in &events {
        pts += event.count;
        assert_eq!(event.pts, pts);
    }
    assert_eq!(events[3].count, 2);
    assert_eq!(mail.pts(), 6);
}

#[test]
fn news_since_a_pts_are_exactly_the_events_after_it() {
    let mut mail = Mailbox::default();
    for uid in 1..=5 {
        mail.store(message(uid, false), None, 10);
    }
    let News::Some { events, more } = mail.since(3, 2) else { panic!("there is news") };
    assert_eq!(events.iter().map(|event| event.pts).collect::<Vec<_>>(), [4, 5]);
    assert!(more);
    assert_eq!(mail.since(6, 10), News::None);
    assert_eq!(mail.since(7, 10), News::TooLong);
}

#[test]
fn a_reader_older_than_the_kept_events_is_told_it_is_too_long_ago() {
    let mut mail = Mailbox::default();
    for uid in 1..=10 {
        mail.store(message(uid, false), None, 2);
    }
    assert_eq!(mail.since(6, 10), News::TooLong);
    assert!(matches!(mail.since(7, 10), News::Some { events, more: false } if events.len() == 4));
    assert_eq!(mail.dropped(), 8);
    assert_eq!(mail.history(PEER).map(|message| message.id).collect::<Vec<_>>(), [10, 9]);
}

#[test]
fn reading_counts_only_incoming_messages_and_only_forwards() {
    let mut mail = Mailbox::default();
    mail.store(message(1, false), None, 10);
    mail.store(message(2, true), None, 10);
    mail.store(message(3, false), None, 10);
    assert_eq!(mail.unread(PEER), 2);
    let (event, uid) = mail.read(PEER, 2, 10).unwrap();
    assert_eq!(event.what, What::ReadInbox { peer: PEER.into(), max_id: 1, unread: 1 });
    assert_eq!(uid, Some(1));
    assert_eq!(mail.read(PEER, 1, 10), None);
    assert_eq!(mail.read(UserId(9), 3, 10), None);
}

#[test]
fn the_peer_reading_is_an_event_once() {
    let mut mail = Mailbox::default();
    mail.store(message(7, true), None, 10);
    let event = mail.read_by_peer(PEER, 7, 10).unwrap();
    assert_eq!(event.what, What::ReadOutbox { peer: PEER.into(), max_id: 1 });
    assert_eq!(mail.read_by_peer(PEER, 7, 10), None);
}

#[test]
fn a_random_id_is_remembered_with_its_message() {
    let mut mail = Mailbox::default();
    mail.store(message(1, true), Some(77), 10);
    assert_eq!(mail.sent_as(77), Some(1));
    assert_eq!(mail.sent_as(78), None);
}

#[test]
fn a_stored_mailbox_comes_back_with_its_index() {
    let mut mail = Mailbox::default();
    mail.store(message(5, true), Some(9), 10);
    let text = serde_json::to_string(&mail).unwrap();
    let mut back: Mailbox = serde_json::from_str(&text).unwrap();
    back.reindex();
    assert_eq!(back.id_of(5), Some(1));
    assert_eq!(back.pts(), 2);
    assert_eq!(back.message(1), mail.message(1));
    assert_eq!(back.sent_as(9), Some(1));
}
