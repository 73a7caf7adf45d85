use offhook_tl::{EncodeOptions, Limits, Object, Schema, Value, decode_type, encode_type};

use super::client::{Peer, object};
use super::{ALICE, BOB, builder, start};

fn none() -> Value {
    Value::Vector(Vec::new())
}

/// One request for every method that is answered, with the fields of all layers.
fn requests(user: &Object) -> Vec<Object> {
    let peer = Object::new("inputPeerUser")
        .with("user_id", user.long("user_id").unwrap())
        .with("access_hash", user.long("access_hash").unwrap());
    let dialog = object("inputDialogPeer").with("peer", peer.clone());
    let own = Value::Vector(vec![object("inputUserSelf").into(), user.clone().into()]);
    let contact = object("inputPhoneContact")
        .with("client_id", 1_i64)
        .with("phone", BOB)
        .with("first_name", "B")
        .with("last_name", "");
    let mut all = vec![
        object("help.getConfig"),
        object("help.getNearestDc"),
        object("help.getAppConfig").with("hash", 0),
        object("help.getCdnConfig"),
        object("users.getUsers").with("id", own),
        object("users.getFullUser").with("id", user.clone()),
        object("contacts.importContacts").with("contacts", vec![contact]),
        object("contacts.getContacts").with("hash", 0_i64),
        object("contacts.resolveUsername").with("username", "bob"),
        object("contacts.resolvePhone").with("phone", BOB),
        object("contacts.search").with("q", "bob").with("limit", 10),
        object("messages.getHistory")
            .with("peer", peer.clone())
            .with("offset_id", 0)
            .with("offset_date", 0)
            .with("add_offset", 0)
            .with("limit", 50)
            .with("max_id", 0)
            .with("min_id", 0)
            .with("hash", 0_i64),
        object("messages.getMessages").with("id", vec![object("inputMessageID").with("id", 1)]),
        object("messages.getDialogs")
            .with("offset_date", 0)
            .with("offset_id", 0)
            .with("offset_peer", object("inputPeerEmpty"))
            .with("limit", 10)
            .with("hash", 0_i64),
        object("messages.getPeerDialogs").with("peers", vec![dialog]),
        object("messages.getPinnedDialogs").with("folder_id", 0),
        object("messages.readHistory").with("peer", peer).with("max_id", 0),
        object("updates.getState"),
        object("updates.getDifference").with("pts", 1).with("date", 0).with("qts", 0),
        object("phone.getCallConfig"),
        object("account.updateStatus").with("offline", true),
        object("account.getNotifySettings").with("peer", object("inputNotifyUsers")),
        object("account.getPrivacy").with("key", object("inputPrivacyKeyPhoneCall")),
        object("account.getThemes").with("format", "x").with("hash", 0_i64),
        object("contacts.getBlocked").with("offset", 0).with("limit", 10),
        object("contacts.getTopPeers").with("offset", 0).with("limit", 1).with("hash", 0_i64),
        object("langpack.getLangPack").with("lang_pack", "").with("lang_code", "en"),
        object("langpack.getLanguages").with("lang_pack", ""),
        object("langpack.getStrings").with("lang_pack", "").with("lang_code", "en").with("keys", none()),
        object("langpack.getDifference")
            .with("lang_pack", "")
            .with("lang_code", "en")
            .with("from_version", 0),
        object("help.getCountriesList").with("lang_code", "").with("hash", 0),
        object("help.getAppUpdate").with("source", ""),
        object("help.getPeerColors").with("hash", 0),
        object("help.getPeerProfileColors").with("hash", 0),
        object("help.getTimezonesList").with("hash", 0),
        object("messages.getFeaturedStickers").with("hash", 0_i64),
        object("messages.getEmojiGroups").with("hash", 0),
        object("messages.getEmojiKeywordsLanguages").with("lang_codes", none()),
        object("messages.getRecentStickers").with("hash", 0_i64),
        object("messages.getAvailableReactions").with("hash", 0),
        object("messages.getAvailableEffects").with("hash", 0),
        object("messages.getTopReactions").with("limit", 1).with("hash", 0_i64),
        object("messages.getRecentReactions").with("limit", 1).with("hash", 0_i64),
        object("messages.receivedMessages").with("max_id", 0),
        object("stories.getAllStories"),
        object("photos.getUserPhotos")
            .with("user_id", user.clone())
            .with("offset", 0)
            .with("max_id", 0_i64)
            .with("limit", 10),
        object("messages.getEmojiKeywords").with("lang_code", "en"),
        object("messages.getEmojiKeywordsDifference").with("lang_code", "en").with("from_version", 3),
        object("help.getRecentMeUrls").with("referer", ""),
        object("help.getUserInfo").with("user_id", user.clone()),
    ];
    let by_hash = [
        "account.getWebBrowserSettings",
        "account.getSavedMusicIds",
        "account.getDefaultProfilePhotoEmojis",
        "account.getDefaultGroupPhotoEmojis",
        "account.getDefaultBackgroundEmojis",
        "account.getChannelRestrictedStatusEmojis",
        "account.getChannelDefaultEmojiStatuses",
        "account.getCollectibleEmojiStatuses",
        "account.getWallPapers",
        "aicompose.getTones",
        "payments.getStarGifts",
        "account.getChatThemes",
        "account.getSavedRingtones",
        "account.getDefaultEmojiStatuses",
        "account.getRecentEmojiStatuses",
        "contacts.getContactIDs",
        "messages.getAttachMenuBots",
        "messages.getAllStickers",
        "messages.getMaskStickers",
        "messages.getEmojiStickers",
        "messages.getFavedStickers",
        "messages.getFeaturedEmojiStickers",
        "messages.getSavedGifs",
        "messages.getQuickReplies",
        "messages.getDefaultTagReactions",
    ];
    all.extend(by_hash.map(|name| object(name).with("hash", 0_i64)));
    let bare = [
        "account.getAuthorizations",
        "account.getWebAuthorizations",
        "account.getAutoSaveSettings",
        "account.getAutoDownloadSettings",
        "account.getPasskeys",
        "account.getConnectedBots",
        "account.getBusinessChatLinks",
        "account.getNotifyExceptions",
        "channels.getAdminedPublicChannels",
        "channels.getGroupsForDiscussion",
        "contacts.getBirthdays",
        "help.getPremiumPromo",
        "messages.getDefaultHistoryTTL",
        "messages.getDialogUnreadMarks",
        "messages.getPaidReactionPrivacy",
        "payments.getStarsTopupOptions",
        "premium.getMyBoosts",
        "stories.getAllReadPeerStories",
        "wallet.getState",
        "account.getPassword",
        "account.getReactionsNotifySettings",
        "account.getContentSettings",
        "account.getContactSignUpNotification",
        "account.getGlobalPrivacySettings",
        "account.getAccountTTL",
        "contacts.getStatuses",
        "contacts.getSaved",
        "help.getInviteText",
        "help.getPromoData",
        "help.getTermsOfServiceUpdate",
        "messages.getDialogFilters",
        "messages.getSuggestedDialogFilters",
        "messages.getAllDrafts",
        "messages.getSplitRanges",
    ];
    all.extend(bare.map(object));
    all
}

/// The same for groups, channels and files, of which there is one each.
fn room_requests(chat: i64, channel: &Object, file: &Object) -> Vec<Object> {
    let id = || vec![object("inputMessageID").with("id", 1)];
    let history = ["offset_id", "offset_date", "add_offset", "max_id", "min_id"]
        .into_iter()
        .fold(object("messages.getHistory").with("limit", 50).with("hash", 0_i64), |request, field| {
            request.with(field, 0)
        });
    let peer = object("inputPeerChannel")
        .with("channel_id", channel.long("channel_id").unwrap())
        .with("access_hash", channel.long("access_hash").unwrap());
    let in_channel = |name| object(name).with("channel", channel.clone());
    vec![
        object("messages.getChats").with("id", Value::Vector(vec![chat.into()])),
        object("messages.getFullChat").with("chat_id", chat),
        history.clone().with("peer", peer.clone()),
        history.with("peer", object("inputPeerChat").with("chat_id", chat)),
        object("channels.getChannels").with("id", vec![channel.clone()]),
        in_channel("channels.getFullChannel"),
        in_channel("channels.getMessages").with("id", id()),
        in_channel("channels.readHistory").with("max_id", 0),
        in_channel("channels.getParticipant").with("participant", object("inputPeerSelf")),
        in_channel("channels.getParticipants")
            .with("filter", object("channelParticipantsRecent"))
            .with("offset", 0)
            .with("limit", 10)
            .with("hash", 0_i64),
        in_channel("updates.getChannelDifference")
            .with("filter", object("channelMessagesFilterEmpty"))
            .with("pts", 1)
            .with("limit", 10),
        object("upload.getFile").with("location", file.clone()).with("offset", 0_i64).with("limit", 4_096),
        object("upload.getFileHashes").with("location", file.clone()).with("offset", 0_i64),
        object("upload.saveFilePart").with("file_id", 9_i64).with("file_part", 0).with("bytes", &b"x"[..]),
    ]
}

/// Makes a group, a channel and a file of Alice's, and gives her a picture.
async fn furnish(alice: &mut Peer) -> Vec<Object> {
    let chat = object("messages.createChat").with("users", none()).with("title", "Group");
    let chat = alice.call_object(chat).await.object("updates").unwrap().clone();
    let id = |updates: &Object| updates.vector("chats").unwrap()[0].as_object().unwrap().clone();
    let made = object("channels.createChannel").with("title", "Room").with("about", "");
    let made = id(&alice.call_object(made).await);
    let channel = object("inputChannel")
        .with("channel_id", made.long("id").unwrap())
        .with("access_hash", made.long("access_hash").unwrap());
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x80\0\0\x01\xe0";
    let part = object("upload.saveFilePart").with("file_id", 1_i64).with("file_part", 0);
    let part = part.with("bytes", &picture[..]);
    alice.call(part.clone()).await.unwrap();
    let file =
        object("inputFile").with("id", 1_i64).with("parts", 1).with("name", "x").with("md5_checksum", "");
    alice.call(object("photos.uploadProfilePhoto").with("file", file.clone())).await.unwrap();
    alice.call(part).await.unwrap();
    let media = object("inputMediaUploadedDocument").with("file", file).with("mime_type", "text/plain");
    let media = media.with("attributes", vec![object("documentAttributeFilename").with("file_name", "x")]);
    let send = object("messages.sendMedia").with("media", media).with("message", "").with("random_id", 7_i64);
    let sent = alice.call_object(send.with("peer", object("inputPeerSelf"))).await;
    let sent = sent.vector("updates").unwrap()[1].as_object().unwrap().object("message").unwrap().clone();
    let document = sent.object("media").unwrap().object("document").unwrap().clone();
    let location = object("inputDocumentFileLocation")
        .with("id", document.long("id").unwrap())
        .with("access_hash", document.long("access_hash").unwrap())
        .with("file_reference", document.bytes("file_reference").unwrap())
        .with("thumb_size", "");
    room_requests(id(&chat).long("id").unwrap(), &channel, &location)
}

#[tokio::test]
async fn every_answer_can_be_written_and_read_in_every_layer_that_has_the_method() {
    let dc = start().await;
    let mut alice = Peer::log_in(&dc, ALICE).await;
    let found = alice.call_object(object("contacts.resolveUsername").with("username", "bob")).await;
    let bob = found.vector("users").unwrap()[0].as_object().unwrap().clone();
    let user = object("inputUser")
        .with("user_id", bob.long("id").unwrap())
        .with("access_hash", bob.long("access_hash").unwrap());
    let send = object("messages.sendMessage")
        .with("peer", object("inputPeerSelf"))
        .with("message", "hello")
        .with("random_id", 1_i64)
        .with("entities", vec![object("messageEntityBold").with("offset", 0).with("length", 5)]);
    alice.call_object(send).await;
    let rooms = furnish(&mut alice).await;
    let (mut asked, mut wrong) = (0, Vec::<String>::new());
    for &layer in Schema::layers() {
        alice.layer = layer;
        let schema = Schema::api_layer(layer);
        for request in requests(&user).into_iter().chain(rooms.iter().cloned()) {
            let Some(definition) = schema.function(request.name()) else { continue };
            let mut bytes = Vec::new();
            let value = Value::from(request.clone());
            let lenient = EncodeOptions::LENIENT;
            if encode_type(schema, "X", &value, lenient, &mut bytes).is_err() {
                continue; // The layer wants fields of another kind; the method itself has its own test.
            }
            let mut body = 0xda9b_0d0d_u32.to_le_bytes().to_vec();
            body.extend(layer.to_le_bytes());
            body.extend(bytes);
            let id = alice.ask_raw(body);
            let case = format!("{} in layer {layer}", request.name());
            match alice.answer(id).await {
                Ok(answer) => match decode_type(schema, definition.result, &answer, &Limits::default()) {
                    Ok(_) => asked += 1,
                    Err(error) => wrong.push(format!("{case}: {error}")),
                },
                Err(error) => wrong.push(format!("{case}: {error}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(asked > 60 * Schema::layers().len(), "{asked} answers in {} layers", Schema::layers().len());
    assert_eq!(dc.counters().unencodable, 0);
}

#[tokio::test]
async fn a_call_and_its_message_are_shown_in_each_sides_layer() {
    let dc = start().await;
    let lowest = *Schema::layers().iter().min().unwrap();
    for (caller, callee) in [(lowest, Schema::api().layer()), (Schema::api().layer(), lowest), (181, 200)] {
        let mut pair = super::calls::Pair::in_layers(&dc, caller, callee).await;
        pair.establish().await;
        pair.hang_up().await;
    }
    assert_eq!(dc.counters().unencodable, 0);
}

#[tokio::test]
async fn a_newer_layer_than_allowed_is_answered_in_the_highest_allowed() {
    let dc = builder().max_layer(181).start().await.unwrap();
    let mut alice = Peer::connect(&dc).await;
    let id = alice.ask(&object("help.getConfig"));
    let answer = alice.answer(id).await.unwrap();
    let schema = Schema::api_layer(181);
    assert_eq!(answer[..4], schema.constructor("config").unwrap().id.to_le_bytes());
    assert!(decode_type(schema, "Config", &answer, &Limits::default()).is_ok());
    let wrong = alice.ask_raw(
        [0xda9b_0d0d_u32.to_le_bytes(), 0_u32.to_le_bytes(), 0xc4f9_186b_u32.to_le_bytes()].concat(),
    );
    assert_eq!(alice.answer(wrong).await.unwrap_err().message, "CONNECTION_LAYER_INVALID");
}
