//! Methods official clients call at start-up and for which "nothing" is a proper answer.

use offhook_tl::{Object, Value};

use super::build::object;

pub(super) fn none() -> Value {
    Value::Vector(Vec::new())
}

/// The answer to a method that needs no state; `None` when the method is not known here.
pub(super) fn answer(method: &str, date: i32) -> Option<Value> {
    let answer: Object = match method {
        "account.registerDevice"
        | "account.unregisterDevice"
        | "help.saveAppLog"
        | "help.acceptTermsOfService"
        | "help.hidePromoData"
        | "help.dismissSuggestion"
        | "account.setContentSettings"
        | "phone.saveCallLog"
        | "messages.toggleDialogPin" => return Some(Value::Bool(true)),
        "account.getContactSignUpNotification" => return Some(Value::Bool(false)),
        "contacts.getContactIDs"
        | "contacts.getSaved"
        | "messages.receivedMessages"
        | "messages.getSplitRanges"
        | "messages.getSuggestedDialogFilters"
        | "langpack.getStrings"
        | "langpack.getLanguages"
        | "users.getRequirementsToContact" => return Some(none()),
        "help.getCdnConfig" => object("cdnConfig").with("public_keys", none()),
        "help.getAppUpdate" => object("help.noAppUpdate"),
        "help.getCountriesList" => object("help.countriesList").with("countries", none()).with("hash", 1),
        "help.getPromoData" => object("help.promoDataEmpty").with("expires", date.saturating_add(3_600)),
        "help.getTermsOfServiceUpdate" => {
            object("help.termsOfServiceUpdateEmpty").with("expires", date.saturating_add(86_400))
        }
        "help.getPeerColors" | "help.getPeerProfileColors" => {
            object("help.peerColors").with("hash", 1).with("colors", none())
        }
        "help.getTimezonesList" => object("help.timezonesList").with("timezones", none()).with("hash", 1),
        "help.getInviteText" => object("help.inviteText").with("message", "https://t.me/"),
        "langpack.getLangPack" | "langpack.getDifference" => object("langPackDifference")
            .with("lang_code", "en")
            .with("from_version", 0)
            .with("version", 0)
            .with("strings", none()),
        "account.getNotifySettings" => object("peerNotifySettings"),
        "account.getReactionsNotifySettings" => object("reactionsNotifySettings")
            .with("sound", object("notificationSoundDefault"))
            .with("show_previews", true),
        "account.getContentSettings" => object("account.contentSettings"),
        "account.getGlobalPrivacySettings" => object("globalPrivacySettings"),
        "account.getPrivacy" => object("account.privacyRules")
            .with("rules", Value::Vector(vec![object("privacyValueAllowAll").into()]))
            .with("chats", none())
            .with("users", none()),
        "account.getAccountTTL" => object("accountDaysTTL").with("days", 365),
        "account.getThemes" | "account.getChatThemes" => {
            object("account.themes").with("hash", 1_i64).with("themes", none())
        }
        "account.getSavedRingtones" => {
            object("account.savedRingtones").with("hash", 1_i64).with("ringtones", none())
        }
        "account.getDefaultEmojiStatuses" | "account.getRecentEmojiStatuses" => {
            object("account.emojiStatuses").with("hash", 1_i64).with("statuses", none())
        }
        "contacts.getBlocked" => {
            object("contacts.blocked").with("blocked", none()).with("chats", none()).with("users", none())
        }
        "contacts.getTopPeers" => object("contacts.topPeersDisabled"),
        "messages.getDialogFilters" => object("messages.dialogFilters").with("filters", none()),
        "messages.getAllDrafts" => object("updates")
            .with("updates", none())
            .with("users", none())
            .with("chats", none())
            .with("date", date)
            .with("seq", 0),
        "messages.getAvailableReactions" => {
            object("messages.availableReactions").with("hash", 1).with("reactions", none())
        }
        "messages.getTopReactions" | "messages.getRecentReactions" | "messages.getDefaultTagReactions" => {
            object("messages.reactions").with("hash", 1_i64).with("reactions", none())
        }
        "messages.getAvailableEffects" => object("messages.availableEffects")
            .with("hash", 1)
            .with("effects", none())
            .with("documents", none()),
        "messages.getAttachMenuBots" => {
            object("attachMenuBots").with("hash", 1_i64).with("bots", none()).with("users", none())
        }
        "messages.getAllStickers" | "messages.getMaskStickers" | "messages.getEmojiStickers" => {
            object("messages.allStickers").with("hash", 1_i64).with("sets", none())
        }
        "messages.getRecentStickers" => object("messages.recentStickers")
            .with("hash", 1_i64)
            .with("packs", none())
            .with("stickers", none())
            .with("dates", none()),
        "messages.getFavedStickers" => object("messages.favedStickers")
            .with("hash", 1_i64)
            .with("packs", none())
            .with("stickers", none()),
        "messages.getFeaturedStickers" | "messages.getFeaturedEmojiStickers" => {
            object("messages.featuredStickers")
                .with("hash", 1_i64)
                .with("count", 0)
                .with("sets", none())
                .with("unread", none())
        }
        "messages.getSavedGifs" => object("messages.savedGifs").with("hash", 1_i64).with("gifs", none()),
        "messages.getQuickReplies" => object("messages.quickReplies")
            .with("quick_replies", none())
            .with("messages", none())
            .with("chats", none())
            .with("users", none()),
        "messages.getEmojiKeywordsLanguages" => return Some(none()),
        "messages.getEmojiGroups" => object("messages.emojiGroups").with("hash", 1).with("groups", none()),
        "stories.getAllStories" => object("stories.allStories")
            .with("count", 0)
            .with("state", "")
            .with("peer_stories", none())
            .with("chats", none())
            .with("users", none())
            .with("stealth_mode", object("storiesStealthMode")),
        _ => return None,
    };
    Some(answer.into())
}
