//! What today's official clients ask for beside talking: stars, stories, gifts, themes, music. Nobody has any of it here.
//!
//! Some of these had other types in their first layers; there they are refused, which their clients expect of features
//! that come and go.

use offhook_mtproto::RpcError;
use offhook_tl::{Object, Value};

use super::{bad, build::object, empties::none};

/// Any number but zero: clients send it back and are told that nothing changed only when it is theirs.
const HASH: i64 = 1;

/// The answer to a method that needs no state; `None` when the method is not known here.
pub(super) fn answer(request: &Object, date: i32) -> Option<Result<Value, RpcError>> {
    refused(request.name())
        .map(Err)
        .or_else(|| account(request.name()).or_else(|| others(request, date)).map(|answer| Ok(answer.into())))
        .or_else(|| plain(request).map(Ok))
}

/// Questions for a thing that does not exist.
fn refused(method: &str) -> Option<RpcError> {
    match method {
        "messages.getStickerSet" => Some(bad("STICKERSET_INVALID")),
        "aicompose.getTone" => Some(bad("TONE_INVALID")),
        _ => None,
    }
}

/// Answers that are no objects.
fn plain(request: &Object) -> Option<Value> {
    match request.name() {
        "messages.getDialogUnreadMarks"
        | "payments.getStarsTopupOptions"
        | "payments.getPremiumGiftCodeOptions"
        | "account.getAllSecureValues"
        | "account.getMultiWallPapers" => Some(none()),
        // One answer for each question.
        "stories.getPeerMaxIDs" => {
            let asked = request.vector("id").unwrap_or(&[]);
            Some(Value::Vector(asked.iter().map(|_| object("recentStory").into()).collect()))
        }
        _ => None,
    }
}

fn account(method: &str) -> Option<Object> {
    let emoji = || object("emojiList").with("hash", HASH).with("document_id", none());
    let saving = || object("autoSaveSettings");
    Some(match method {
        "account.getWebBrowserSettings" => object("account.webBrowserSettings")
            .with("external_exceptions", none())
            .with("inapp_exceptions", none())
            .with("hash", HASH),
        "account.getSavedMusicIds" => object("account.savedMusicIds").with("ids", none()),
        "account.getDefaultProfilePhotoEmojis"
        | "account.getDefaultGroupPhotoEmojis"
        | "account.getDefaultBackgroundEmojis"
        | "account.getChannelRestrictedStatusEmojis" => emoji(),
        "account.getCollectibleEmojiStatuses" | "account.getChannelDefaultEmojiStatuses" => {
            object("account.emojiStatuses").with("hash", HASH).with("statuses", none())
        }
        "account.getAutoSaveSettings" => object("account.autoSaveSettings")
            .with("users_settings", saving())
            .with("chats_settings", saving())
            .with("broadcasts_settings", saving())
            .with("exceptions", none())
            .with("chats", none())
            .with("users", none()),
        "account.getAutoDownloadSettings" => object("account.autoDownloadSettings")
            .with("low", downloads(0))
            .with("medium", downloads(1))
            .with("high", downloads(3)),
        "account.getUniqueGiftChatThemes" => object("account.chatThemes")
            .with("hash", HASH)
            .with("themes", none())
            .with("chats", none())
            .with("users", none()),
        "account.getWallPapers" => object("account.wallPapers").with("hash", HASH).with("wallpapers", none()),
        "account.getPasskeys" => object("account.passkeys").with("passkeys", none()),
        "account.getWebAuthorizations" => {
            object("account.webAuthorizations").with("authorizations", none()).with("users", none())
        }
        "account.getConnectedBots" => {
            object("account.connectedBots").with("connected_bots", none()).with("users", none())
        }
        "account.getBusinessChatLinks" => object("account.businessChatLinks")
            .with("links", none())
            .with("chats", none())
            .with("users", none()),
        _ => return None,
    })
}

/// What a client may load without being asked, by the megabyte.
fn downloads(megabytes: i32) -> Object {
    object("autoDownloadSettings")
        .with("photo_size_max", megabytes << 20)
        .with("video_size_max", i64::from(megabytes) << 20)
        .with("file_size_max", i64::from(megabytes) << 20)
        .with("video_upload_maxbitrate", 100)
        .with("small_queue_active_operations_max", 5)
        .with("large_queue_active_operations_max", 2)
}

fn others(request: &Object, date: i32) -> Option<Object> {
    let people = |it: Object| it.with("chats", none()).with("users", none());
    Some(match request.name() {
        "aicompose.getTones" => {
            object("aicompose.tones").with("hash", HASH).with("tones", none()).with("users", none())
        }
        "contacts.getBirthdays" => {
            object("contacts.contactBirthdays").with("contacts", none()).with("users", none())
        }
        "contacts.getSponsoredPeers" => object("contacts.sponsoredPeersEmpty"),
        "messages.getPaidReactionPrivacy"
        | "stories.getAllReadPeerStories"
        | "account.getNotifyExceptions" => object("updates")
            .with("updates", none())
            .with("users", none())
            .with("chats", none())
            .with("date", date)
            .with("seq", 0),
        "stories.getPinnedStories" | "stories.getStoriesArchive" => {
            people(object("stories.stories").with("count", 0).with("stories", none()))
        }
        "messages.getSavedReactionTags" => {
            object("messages.savedReactionTags").with("tags", none()).with("hash", HASH)
        }
        "messages.getDefaultHistoryTTL" => object("defaultHistoryTTL").with("period", 0),
        "messages.getArchivedStickers" => {
            object("messages.archivedStickers").with("count", 0).with("sets", none())
        }
        "messages.getMyStickers" => object("messages.myStickers").with("count", 0).with("sets", none()),
        "messages.getOldFeaturedStickers" => object("messages.featuredStickers")
            .with("hash", HASH)
            .with("count", 0)
            .with("sets", none())
            .with("unread", none()),
        "messages.getEmojiStatusGroups"
        | "messages.getEmojiProfilePhotoGroups"
        | "messages.getEmojiStickerGroups" => {
            object("messages.emojiGroups").with("hash", 1).with("groups", none())
        }
        "messages.getEmojiKeywords" | "messages.getEmojiKeywordsDifference" => {
            object("emojiKeywordsDifference")
                .with("lang_code", request.str("lang_code").unwrap_or("en"))
                .with("from_version", request.int("from_version").unwrap_or(0))
                .with("version", request.int("from_version").unwrap_or(0).max(1))
                .with("keywords", none())
        }
        "messages.getSponsoredMessages" => object("messages.sponsoredMessagesEmpty"),
        "messages.getWebPagePreview" => {
            people(object("messages.webPagePreview").with("media", object("messageMediaEmpty")))
        }
        "help.getRecentMeUrls" => people(object("help.recentMeUrls").with("urls", none())),
        "help.getUserInfo" => object("help.userInfoEmpty"),
        "help.getPremiumPromo" => object("help.premiumPromo")
            .with("status_text", "")
            .with("status_entities", none())
            .with("video_sections", none())
            .with("videos", none())
            .with("period_options", none())
            .with("users", none()),
        "payments.getStarsStatus" | "payments.getStarsTransactions" => {
            let name = if request.flag("ton") { "starsTonAmount" } else { "starsAmount" };
            let amount = object(name).with("amount", 0_i64);
            let amount = if request.flag("ton") { amount } else { amount.with("nanos", 0) };
            people(object("payments.starsStatus").with("balance", amount))
        }
        "payments.getStarGifts" => people(object("payments.starGifts").with("hash", 1).with("gifts", none())),
        "payments.getSavedStarGifts" => {
            people(object("payments.savedStarGifts").with("count", 0).with("gifts", none()))
        }
        "premium.getMyBoosts" => people(object("premium.myBoosts").with("my_boosts", none())),
        "channels.getAdminedPublicChannels" | "channels.getGroupsForDiscussion" => {
            object("messages.chats").with("chats", none())
        }
        "wallet.getState" => object("walletStateEmpty"),
        _ => return None,
    })
}
