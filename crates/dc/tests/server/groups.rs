//! Basic groups and channels: pts, access hashes, who may do what.

use offhook_dc::{DcHandle, UserSpec};
use offhook_tl::{Object, Value};

use super::client::{Peer, object};
use super::messages::{message, resolve, texts};
use super::{ALICE, BOB, builder};

const CAROL: &str = "+10000000003";

async fn start() -> DcHandle {
    builder().user(UserSpec::new(CAROL, "Carol").username("carol")).start().await.unwrap()
}

fn input_user(peer: &Object) -> Object {
    object("inputUser")
        .with("user_id", peer.long("user_id").unwrap())
        .with("access_hash", peer.long("access_hash").unwrap())
}

fn chat(answer: &Object) -> Object {
    answer.vector("chats").unwrap()[0].as_object().unwrap().clone()
}

fn input_channel(chat: &Object) -> Object {
    object("inputChannel")
        .with("channel_id", chat.long("id").unwrap())
        .with("access_hash", chat.long("access_hash").unwrap())
}

fn channel_peer(chat: &Object) -> Object {
    object("inputPeerChannel")
        .with("channel_id", chat.long("id").unwrap())
        .with("access_hash", chat.long("access_hash").unwrap())
}

fn kinds(updates: &Object) -> Vec<String> {
    updates.vector("updates").unwrap().iter().map(|it| it.name().unwrap().to_owned()).collect()
}

fn pts(update: &Object) -> (i32, i32) {
    (update.int("pts").unwrap(), update.int("pts_count").unwrap())
}

fn difference(channel: &Object, pts: i32, limit: i32) -> Object {
    object("updates.getChannelDifference")
        .with("channel", channel.clone())
        .with("filter", object("channelMessagesFilterEmpty"))
        .with("pts", pts)
        .with("limit", limit)
}

/// A channel that Alice makes and Bob is brought into, as each of them sees it.
async fn channel(alice: &mut Peer, bob: &mut Peer, broadcast: bool) -> (Object, Object) {
    bob.call_object(object("updates.getState")).await;
    let kind = if broadcast { "broadcast" } else { "megagroup" };
    let create = object("channels.createChannel").with(kind, true).with("title", "Room").with("about", "");
    let made = alice.call_object(create).await;
    assert_eq!(kinds(&made), ["updateChannel", "updateNewChannelMessage"]);
    let told = made.vector("updates").unwrap()[1].as_object().unwrap();
    assert_eq!(pts(told), (2, 1));
    let action = told.object("message").unwrap().object("action").unwrap();
    assert_eq!((action.name(), action.str("title")), ("messageActionChannelCreate", Some("Room")));
    let hers = chat(&made);
    let to_bob = resolve(alice, "bob").await;
    let invite = object("channels.inviteToChannel")
        .with("channel", input_channel(&hers))
        .with("users", vec![input_user(&to_bob)]);
    assert_eq!(alice.call_object(invite).await.name(), "messages.invitedUsers");
    let his = chat(&bob.updates().await);
    assert_eq!(his.long("id"), hers.long("id"));
    (hers, his)
}

#[tokio::test]
async fn a_basic_group_counts_in_the_pts_of_each_member() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let (to_bob, to_carol) = (resolve(&mut alice, "bob").await, resolve(&mut alice, "carol").await);
    // The pts of the two differ from here on.
    alice.call_object(message(&object("inputPeerSelf"), "note", 1)).await;
    let create =
        object("messages.createChat").with("users", vec![input_user(&to_bob)]).with("title", " Tea ");
    let made = alice.call_object(create).await;
    let made = made.object("updates").unwrap();
    let told = made.vector("updates").unwrap()[0].as_object().unwrap().clone();
    assert_eq!(pts(&told), (3, 1));
    let heard = bob.update("updateNewMessage").await;
    assert_eq!(pts(&heard), (2, 1));
    let action = heard.object("message").unwrap().object("action").unwrap().clone();
    assert_eq!((action.name(), action.str("title")), ("messageActionChatCreate", Some("Tea")));
    let id = chat(made).long("id").unwrap();
    let group = object("inputPeerChat").with("chat_id", id);
    bob.call_object(message(&group, "from bob", 2)).await;
    assert_eq!(pts(&alice.update("updateNewMessage").await), (4, 1));
    let add = object("messages.addChatUser").with("chat_id", id).with("fwd_limit", 0);
    let add = add.with("user_id", input_user(&to_carol));
    alice.call_object(add.clone()).await;
    assert_eq!(alice.error(add).await, "400 USER_ALREADY_PARTICIPANT");
    let full = alice.call_object(object("messages.getFullChat").with("chat_id", id)).await;
    let members = full.object("full_chat").unwrap().object("participants").unwrap();
    assert_eq!((members.int("version"), members.vector("participants").unwrap().len()), (Some(3), 3));

    let read = object("messages.readHistory").with("peer", group.clone()).with("max_id", 0);
    let affected = alice.call_object(read).await;
    assert_eq!(pts(&affected), (6, 1));
    let seen = bob.update("updateReadHistoryOutbox").await;
    assert_eq!((seen.int("max_id"), seen.int("pts")), (Some(2), Some(5)));
    let edit = object("messages.editMessage").with("peer", group.clone()).with("message", "better");
    assert_eq!(alice.error(edit.clone().with("id", 3)).await, "403 MESSAGE_AUTHOR_REQUIRED");
    bob.call_object(edit.clone().with("id", 2)).await;
    let edited = alice.update("updateEditMessage").await;
    assert_eq!(edited.object("message").unwrap().str("message"), Some("better"));
    assert_eq!(bob.error(edit.with("id", 2)).await, "400 MESSAGE_NOT_MODIFIED");

    // Bob brought nobody; the creator removes him, and he hears it as the last thing.
    let remove = |user: Object| object("messages.deleteChatUser").with("chat_id", id).with("user_id", user);
    let carol_for_bob = resolve(&mut bob, "carol").await;
    assert_eq!(bob.error(remove(input_user(&carol_for_bob))).await, "400 CHAT_ADMIN_REQUIRED");
    alice.call_object(remove(input_user(&to_bob))).await;
    assert_eq!(bob.error(message(&group, "still here", 9)).await, "403 CHAT_WRITE_FORBIDDEN");
    assert_eq!(bob.error(object("messages.getFullChat").with("chat_id", id)).await, "400 CHAT_ID_INVALID");
    let mut carol = Peer::log_in(&dc, CAROL).await;
    let history = object("messages.getHistory").with("peer", group).with("limit", 10).with("hash", 0_i64);
    let history = ["offset_id", "offset_date", "add_offset", "max_id", "min_id"]
        .into_iter()
        .fold(history, |it, field| it.with(field, 0));
    let found = carol.call_object(history).await;
    assert_eq!(found.vector("messages").unwrap().len(), 2, "carol has what came after her");
    assert_eq!(chat(&found).name(), "chat");
}

#[tokio::test]
async fn a_channel_has_pts_of_its_own_and_its_gaps_are_recovered_in_slices() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let (hers, his) = channel(&mut alice, &mut bob, false).await;
    assert_eq!(pts(&bob.update("updateNewChannelMessage").await), (3, 1));
    for (turn, words) in ["one", "two", "three"].into_iter().enumerate() {
        let sent = alice.call_object(message(&channel_peer(&hers), words, turn as i64 + 1)).await;
        assert_eq!(kinds(&sent), ["updateMessageID", "updateNewChannelMessage"]);
        let heard = bob.update("updateNewChannelMessage").await;
        assert_eq!(pts(&heard), (turn as i32 + 4, 1));
        assert_eq!(heard.object("message").unwrap().int("id"), Some(turn as i32 + 3));
    }
    // Two members may draw the same number.
    let his_own = bob.call_object(message(&channel_peer(&his), "four", 1)).await;
    assert_eq!(kinds(&his_own), ["updateMessageID", "updateNewChannelMessage"]);
    assert_eq!(
        bob.call_object(message(&channel_peer(&his), "four", 1)).await.get("updates"),
        his_own.get("updates")
    );
    for peer in [&mut alice, &mut bob] {
        let state = peer.call_object(object("updates.getState")).await;
        assert_eq!(state.int("pts"), Some(1), "the account is not touched");
    }
    let slice = bob.call_object(difference(&input_channel(&his), 3, 2)).await;
    assert_eq!(
        (slice.name(), slice.flag("final"), slice.int("pts")),
        ("updates.channelDifference", false, Some(5))
    );
    assert_eq!(texts(slice.vector("new_messages").unwrap()), ["one", "two"]);
    let rest = bob.call_object(difference(&input_channel(&his), 5, 100)).await;
    assert_eq!((rest.flag("final"), rest.int("pts"), rest.int("timeout")), (true, Some(7), Some(30)));
    assert_eq!(texts(rest.vector("new_messages").unwrap()), ["three", "four"]);
    let nothing = bob.call_object(difference(&input_channel(&his), 7, 100)).await;
    assert_eq!((nothing.name(), nothing.flag("final")), ("updates.channelDifferenceEmpty", true));
    let ahead = bob.call_object(difference(&input_channel(&his), 99, 100)).await;
    assert_eq!((ahead.name(), ahead.flag("final")), ("updates.channelDifferenceTooLong", true));
    assert_eq!(ahead.object("dialog").unwrap().int("pts"), Some(7));
    assert_eq!(bob.error(difference(&input_channel(&his), 0, 100)).await, "400 PERSISTENT_TIMESTAMP_INVALID");
    // Who was away learns of the channel from the account's difference.
    let missed = object("updates.getDifference").with("pts", 1).with("date", 1).with("qts", 0);
    let missed = bob.call_object(missed).await;
    let others = missed.vector("other_updates").unwrap();
    assert_eq!(others[0].name(), Some("updateChannelTooLong"));
    assert_eq!(others[0].as_object().unwrap().int("pts"), Some(7));

    let gone = object("channels.deleteMessages")
        .with("channel", input_channel(&hers))
        .with("id", Value::Vector(vec![3.into(), 4.into(), 77.into()]));
    assert_eq!(pts(&alice.call_object(gone.clone()).await), (9, 2));
    let deleted = bob.update("updateDeleteChannelMessages").await;
    assert_eq!(pts(&deleted), (9, 2));
    assert_eq!(
        bob.error(gone.with("channel", input_channel(&his)).with("id", Value::Vector(vec![5.into()]))).await,
        "403 MESSAGE_DELETE_FORBIDDEN"
    );
    let edit =
        object("messages.editMessage").with("peer", channel_peer(&hers)).with("message", "3").with("id", 5);
    alice.call_object(edit).await;
    assert_eq!(pts(&bob.update("updateEditChannelMessage").await), (10, 1));
}

#[tokio::test]
async fn reading_a_supergroup_is_told_to_its_authors_and_shown_in_the_list_of_chats() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let (hers, his) = channel(&mut alice, &mut bob, false).await;
    alice.call_object(message(&channel_peer(&hers), "read me", 1)).await;
    let ask = object("messages.getDialogs")
        .with("offset_date", 0)
        .with("offset_id", 0)
        .with("offset_peer", object("inputPeerEmpty"))
        .with("limit", 10)
        .with("hash", 0_i64);
    let unread = |dialogs: &Object| {
        let dialog = dialogs.vector("dialogs").unwrap()[0].as_object().unwrap().clone();
        (dialog.int("unread_count").unwrap(), dialog.int("pts").unwrap(), dialog.int("top_message").unwrap())
    };
    assert_eq!(unread(&bob.call_object(ask.clone()).await), (2, 4, 3));
    let read = object("channels.readHistory").with("channel", input_channel(&his)).with("max_id", 3);
    assert_eq!(bob.call(read.clone()).await, Ok(Value::Bool(true)));
    assert_eq!(bob.call(read).await, Ok(Value::Bool(false)));
    assert_eq!(alice.update("updateReadChannelOutbox").await.int("max_id"), Some(3));
    assert_eq!(unread(&bob.call_object(ask).await), (0, 4, 3));
    let typing = object("messages.setTyping")
        .with("peer", channel_peer(&his))
        .with("action", object("sendMessageTypingAction"));
    bob.call(typing).await.unwrap();
    assert_eq!(alice.update("updateChannelUserTyping").await.long("channel_id"), hers.long("id"));
}

#[tokio::test]
async fn only_its_creator_writes_in_a_broadcast_and_a_private_channel_has_no_strangers() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let mut carol = Peer::log_in(&dc, CAROL).await;
    let (hers, his) = channel(&mut alice, &mut bob, true).await;
    assert_ne!(hers.long("access_hash"), his.long("access_hash"));
    let posted = alice.call_object(message(&channel_peer(&hers), "news", 1)).await;
    let post = posted.vector("updates").unwrap()[1].as_object().unwrap().object("message").unwrap();
    assert!(post.flag("post") && post.get("from_id").is_none());
    assert_eq!(bob.error(message(&channel_peer(&his), "me too", 1)).await, "400 CHAT_ADMIN_REQUIRED");
    let wrong = message(&channel_peer(&hers), "stolen hash", 1);
    assert_eq!(bob.error(wrong).await, "400 CHANNEL_INVALID");
    let members = object("channels.getParticipants")
        .with("filter", object("channelParticipantsRecent"))
        .with("offset", 0)
        .with("limit", 10)
        .with("hash", 0_i64);
    assert_eq!(
        bob.error(members.clone().with("channel", input_channel(&his))).await,
        "400 CHAT_ADMIN_REQUIRED"
    );
    let all = alice.call_object(members.with("channel", input_channel(&hers))).await;
    let names: Vec<_> = all.vector("participants").unwrap().iter().map(|it| it.name().unwrap()).collect();
    assert_eq!(names, ["channelParticipantCreator", "channelParticipant"]);

    // With a public name anybody finds and joins it.
    let name = object("channels.updateUsername").with("channel", input_channel(&hers));
    assert_eq!(alice.error(name.clone().with("username", "carol")).await, "400 USERNAME_OCCUPIED");
    assert_eq!(alice.call(name.clone().with("username", "the_news")).await, Ok(Value::Bool(true)));
    let found = object("contacts.resolveUsername").with("username", "The_News");
    let theirs = chat(&carol.call_object(found).await);
    assert!(theirs.flag("left"));
    let join = object("channels.joinChannel").with("channel", input_channel(&theirs));
    carol.call_object(join.clone()).await;
    assert_eq!(carol.error(join.clone()).await, "400 USER_ALREADY_PARTICIPANT");
    let leave = object("channels.leaveChannel").with("channel", input_channel(&theirs));
    carol.call_object(leave).await;
    alice.call(name.with("username", "")).await.unwrap();
    assert_eq!(carol.error(join).await, "400 CHANNEL_PRIVATE");
    assert_eq!(carol.error(difference(&input_channel(&theirs), 1, 10)).await, "400 CHANNEL_PRIVATE");
    let own = object("channels.leaveChannel").with("channel", input_channel(&hers));
    assert_eq!(alice.error(own).await, "400 USER_CREATOR");
}

#[tokio::test]
async fn groups_channels_and_where_their_readers_are_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let dc = builder().data(dir.path()).start().await.unwrap();
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let (hers, his) = channel(&mut alice, &mut bob, false).await;
    alice.call_object(message(&channel_peer(&hers), "before", 1)).await;
    let read = object("channels.readHistory").with("channel", input_channel(&his)).with("max_id", 2);
    bob.call(read).await.unwrap();
    let key = bob.session.key().clone();
    dc.shutdown().await;
    let dc = builder().data(dir.path()).start().await.unwrap();
    let mut bob = Peer::resume(dc.addr(), key).await;
    let missed = bob.call_object(difference(&input_channel(&his), 3, 10)).await;
    assert_eq!(texts(missed.vector("new_messages").unwrap()), ["before"]);
    let full = object("channels.getFullChannel").with("channel", input_channel(&his));
    let full = bob.call_object(full).await.object("full_chat").unwrap().clone();
    let numbers = ["participants_count", "read_inbox_max_id", "unread_count", "pts"];
    assert_eq!(numbers.map(|it| full.int(it).unwrap()), [2, 2, 1, 4]);
    dc.shutdown().await;
}

#[tokio::test]
async fn a_lost_update_of_a_channel_leaves_a_gap_that_its_difference_fills() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    let (hers, his) = channel(&mut alice, &mut bob, false).await;
    assert_eq!(pts(&bob.update("updateNewChannelMessage").await), (3, 1));
    // One for other devices of Alice, one for Bob.
    dc.admin().swallow_updates(2);
    alice.call_object(message(&channel_peer(&hers), "lost", 1)).await;
    alice.call_object(message(&channel_peer(&hers), "heard", 2)).await;
    let heard = bob.update("updateNewChannelMessage").await;
    assert_eq!(pts(&heard), (5, 1), "4 is missing");
    let missed = bob.call_object(difference(&input_channel(&his), 3, 100)).await;
    assert_eq!(texts(missed.vector("new_messages").unwrap()), ["lost", "heard"]);
    assert_eq!((missed.flag("final"), missed.int("pts")), (true, Some(5)));
}

#[tokio::test]
async fn a_channel_is_shown_to_each_member_in_their_own_layer() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let mut bob = Peer::log_in(&dc, BOB).await;
    bob.layer = 152;
    let (hers, his) = channel(&mut alice, &mut bob, false).await;
    alice.call_object(message(&channel_peer(&hers), "to an old client", 1)).await;
    bob.update("updateNewChannelMessage").await;
    let create = object("messages.createChat").with("users", Value::Vector(Vec::new())).with("title", "Old");
    // Before there were people who mind being invited, the answer was the updates themselves.
    assert_eq!(bob.call_object(create).await.name(), "updates");
    bob.call_object(message(&channel_peer(&his), "from an old client", 2)).await;
    assert_eq!(pts(&alice.update("updateNewChannelMessage").await), (5, 1));
    assert_eq!(dc.counters().unencodable, 0);
}
