use super::*;
use groups::GroupKind;
use mailbox::{Body, News, What};
use offhook_crypto::AuthKey;

const LIMITS: WorldLimits = WorldLimits { users: 10, messages: 100, keys: 3, groups: 3, file_bytes: 1_000 };

fn two_users() -> (World, UserId, UserId) {
    let mut world = World::new(LIMITS, [1; 32]);
    let alice =
        world.add_user(Phone::new("100001"), Some("alice".into()), "Alice".into(), String::new()).unwrap();
    let bob = world.add_user(Phone::new("100002"), None, "Bob".into(), String::new()).unwrap();
    (world, alice, bob)
}

fn text(from: UserId, to: UserId, words: &str) -> Sending {
    let body = Body::Text { text: words.into(), entities: Vec::new() };
    Sending { from, to: to.into(), date: 1_000, body, random_id: None, reply_to: None }
}

fn key(byte: u8, created: i64) -> KeyRecord {
    KeyRecord {
        key: keys::KeyBytes(AuthKey::new([byte; 256])),
        salt: 7,
        created,
        expires: None,
        bound_to: None,
        user: None,
        layer: None,
        dc: None,
        program: None,
        used: created,
        place: None,
    }
}

#[test]
fn two_users_count_pts_and_message_ids_each_for_themselves() {
    let (mut world, alice, bob) = two_users();
    let carol = world.add_user(Phone::new("100003"), None, "Carol".into(), String::new()).unwrap();
    world.send(text(alice, carol, "first"));
    let happened = world.send(text(alice, bob, "second"));
    let pts: Vec<_> = happened.iter().map(|it| (it.user, it.event.pts, it.event.what.clone())).collect();
    assert_eq!(pts, [(alice, 3, What::New { id: 2 }), (bob, 2, What::New { id: 1 })]);
    assert_eq!(world.mail(carol).unwrap().pts(), 2);
}

#[test]
fn a_message_to_oneself_is_one_message() {
    let (mut world, alice, _) = two_users();
    let happened = world.send(text(alice, alice, "note"));
    assert_eq!(happened.len(), 1);
    let note = world.mail(alice).unwrap().message(1).unwrap();
    assert!(!note.out && note.peer == alice && note.from == alice);
    assert_eq!(world.mail(alice).unwrap().unread(alice), 0);
}

#[test]
fn reading_is_an_event_for_reader_and_writer_under_their_own_ids() {
    let (mut world, alice, bob) = two_users();
    world.send(text(bob, bob, "note"));
    world.send(text(alice, bob, "hello"));
    let happened = world.read(bob, alice, 2);
    assert_eq!(
        happened.iter().map(|it| (it.user, it.event.what.clone())).collect::<Vec<_>>(),
        [
            (bob, What::ReadInbox { peer: alice.into(), max_id: 2, unread: 0 }),
            (alice, What::ReadOutbox { peer: bob.into(), max_id: 1 }),
        ]
    );
    assert!(world.read(bob, alice, 2).is_empty());
}

#[test]
fn deleting_for_both_sides_removes_both_copies() {
    let (mut world, alice, bob) = two_users();
    world.send(text(bob, bob, "note"));
    world.send(text(alice, bob, "oops"));
    let happened = world.delete(alice, &[1], true);
    assert_eq!(
        happened.iter().map(|it| (it.user, it.event.what.clone())).collect::<Vec<_>>(),
        [(alice, What::Deleted { ids: vec![1] }), (bob, What::Deleted { ids: vec![2] })]
    );
    assert!(world.mail(bob).unwrap().message(2).is_none());
}

#[test]
fn access_hashes_differ_per_viewer_and_survive() {
    let (world, alice, bob) = two_users();
    assert_ne!(world.access_hash(alice, bob), world.access_hash(bob, alice));
    assert_ne!(world.access_hash(alice, bob), world.access_hash(alice, alice));
    let again = World::replay(LIMITS, [9; 32], world.snapshot());
    assert_eq!(again.access_hash(alice, bob), world.access_hash(alice, bob));
}

#[test]
fn the_same_world_comes_back_from_its_records_and_from_its_snapshot() {
    let (mut world, alice, bob) = two_users();
    world.send(Sending { random_id: Some(5), ..text(alice, bob, "one") });
    world.send(text(bob, alice, "two"));
    world.read(bob, alice, 1);
    world.delete(alice, &[2], false);
    world.add_contact(alice, bob);
    world.add_key(key(1, 10));
    let id = key(1, 10).key.0.id();
    world.set_key_user(id, Some(alice));
    world.set_key_layer(id, 200);
    let snapshot = world.snapshot();
    let mut records = vec![Record::Secret([1; 32])];
    records.extend(world.take_records());
    let stored = serde_json::to_string(&records).unwrap();
    for records in [serde_json::from_str(&stored).unwrap(), snapshot] {
        let again = World::replay(LIMITS, [0; 32], records);
        assert_eq!(again.mail(alice).unwrap().pts(), world.mail(alice).unwrap().pts());
        assert_eq!(again.mail(bob).unwrap().pts(), world.mail(bob).unwrap().pts());
        assert_eq!(again.mail(alice).unwrap().sent_as(5), Some(1));
        assert!(again.mail(alice).unwrap().message(2).is_none());
        assert_eq!(again.mail(bob).unwrap().dialog(alice), world.mail(bob).unwrap().dialog(alice));
        assert!(again.users().by_id(alice).unwrap().contacts.contains(&bob));
        assert_eq!(again.keys().user(id), Some(alice));
        assert_eq!(again.keys().layer(id), Some(200));
        assert_eq!(again.users().by_name("alice").map(|user| user.id), Some(alice));
        assert!(
            matches!(again.mail(alice).unwrap().since(1, 10), News::Some { events, .. } if events.len() == 4)
        );
    }
}

#[test]
fn too_many_keys_cost_the_oldest_stranger_and_never_a_user() {
    let (mut world, alice, _) = two_users();
    let id = |byte| key(byte, 0).key.0.id();
    world.add_key(key(1, 1));
    world.set_key_user(id(1), Some(alice));
    world.add_key(key(2, 2));
    world.add_key(key(3, 3));
    assert!(world.add_key(key(4, 4)));
    assert!(world.keys().get(id(2)).is_none());
    assert!(world.keys().get(id(1)).is_some());
    world.set_key_user(id(3), Some(alice));
    world.set_key_user(id(4), Some(alice));
    assert!(!world.add_key(key(5, 5)));
}

#[test]
fn numbers_and_names_are_given_once() {
    let (mut world, _, _) = two_users();
    assert!(world.add_user(Phone::new("100001"), None, "X".into(), String::new()).is_none());
    assert!(world.add_user(Phone::new("100009"), Some("ALICE".into()), "X".into(), String::new()).is_none());
}

fn room(world: &mut World, kind: GroupKind, creator: UserId, others: &[UserId]) -> PeerId {
    let mut group = world.add_group(kind, "Room".into(), String::new(), creator, 1_000).unwrap();
    for user in others {
        assert!(group.admit(*user, creator, 1_000, 0));
    }
    let id = group.id;
    world.replace_group(group);
    id
}

fn text_to(from: UserId, to: PeerId, words: &str) -> Sending {
    Sending { to, ..text(from, from, words) }
}

#[test]
fn a_group_of_three_has_three_copies_and_only_authors_hear_that_they_were_read() {
    let (mut world, alice, bob) = two_users();
    let carol = world.add_user(Phone::new("100003"), None, "Carol".into(), String::new()).unwrap();
    let group = room(&mut world, GroupKind::Basic, alice, &[bob, carol]);
    world.send(text(bob, bob, "note"));
    let happened = world.send(text_to(bob, group, "hello"));
    let pts: Vec<_> = happened.iter().map(|it| (it.user, it.event.pts)).collect();
    assert_eq!(pts, [(bob, 3), (alice, 2), (carol, 2)]);
    world.send(text_to(alice, group, "hello bob"));
    let happened = world.read(carol, group, i32::MAX);
    let whats: Vec<_> = happened.iter().map(|it| (it.user, it.event.what.clone())).collect();
    assert_eq!(
        whats,
        [
            (carol, What::ReadInbox { peer: group, max_id: 2, unread: 0 }),
            (alice, What::ReadOutbox { peer: group, max_id: 2 }),
            (bob, What::ReadOutbox { peer: group, max_id: 2 }),
        ]
    );
    // Bob reading it as well is no news to Alice; somebody else's words are not taken back.
    assert_eq!(world.read(bob, group, i32::MAX).iter().map(|it| it.user).collect::<Vec<_>>(), [bob]);
    assert_eq!(world.delete(carol, &[1], true).len(), 1);
    assert_eq!(world.delete(bob, &[2], true).len(), 2, "Carol's copy is gone already");
    assert_eq!(world.delete(alice, &[2], true).len(), 3);
}

#[test]
fn a_channel_is_one_mailbox_for_all_and_comes_back_with_its_readers_and_files() {
    let (mut world, alice, bob) = two_users();
    let channel = room(&mut world, GroupKind::Supergroup, alice, &[bob]);
    for words in ["one", "two", "three"] {
        let happened = world.send(text_to(alice, channel, words));
        assert_eq!(happened.iter().map(|it| it.user).collect::<Vec<_>>(), [alice, bob]);
        assert!(happened.iter().all(|it| it.mailbox == channel && it.event == happened[0].event));
    }
    let read = world.read_channel(bob, channel, 2).unwrap();
    assert_eq!((read.max_id, read.unread, read.authors), (2, 1, vec![(alice, 2)]));
    assert_eq!(world.read_channel(bob, channel, 1), None);
    assert_eq!(world.delete_in_channel(alice, channel, &[1, 9], 1_001)[0].event.pts, 5);
    let body = Body::Text { text: "2".into(), entities: Vec::new() };
    world.edit(Editing { mailbox: channel, id: 2, date: 1_002, body });
    let kind = files::FileKind::Document { mime: "text/plain".into(), attributes: Vec::new() };
    let file = world.add_file(kind.clone(), 1_003, vec![7; 1_000].into()).unwrap();
    assert_eq!(world.add_file(kind, 1_003, vec![7].into()), None, "the store is full");
    assert_ne!(world.channel_hash(alice, channel), world.channel_hash(bob, channel));
    assert_ne!(world.file_hash(alice, file), world.file_hash(bob, file));

    let snapshot = world.snapshot();
    let mut records = vec![Record::Secret([1; 32])];
    records.extend(world.take_records());
    let stored = serde_json::to_string(&records).unwrap();
    for records in [serde_json::from_str(&stored).unwrap(), snapshot] {
        let again = World::replay(LIMITS, [0; 32], records);
        assert_eq!(again.group(channel), world.group(channel));
        let (mail, before) = (again.mail(channel).unwrap(), world.mail(channel).unwrap());
        assert_eq!((mail.pts(), mail.message(2)), (6, before.message(2)));
        assert_eq!(mail.message(2).unwrap().edited, Some(1_002));
        assert_eq!(mail.since(1, 10), before.since(1, 10));
        assert_eq!(again.unread_in_channel(bob, channel), 1);
        assert_eq!((again.file(file), again.file_room()), (world.file(file), (1_000, 1_000)));
        assert_eq!(again.channel_hash(bob, channel), world.channel_hash(bob, channel));
    }
}

#[test]
fn only_so_many_groups_are_made() {
    let (mut world, alice, _) = two_users();
    for _ in 0..LIMITS.groups {
        room(&mut world, GroupKind::Broadcast, alice, &[]);
    }
    assert!(world.add_group(GroupKind::Basic, "X".into(), String::new(), alice, 0).is_none());
}
