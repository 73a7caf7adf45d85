//! `help.*`: what a client wants to know about the server before anything else.

use std::collections::BTreeSet;

use offhook_tl::{Object, Value};

use crate::builder::DATA_CENTERS;

use super::{
    Asker, Service,
    build::{Build, list, object},
    millis,
};

/// How long a client may use a configuration.
const CONFIG_LIFE: i32 = 3_600;
/// Any number but zero; changes when the content does.
const APP_CONFIG_HASH: i32 = 1;

impl Service {
    pub(super) fn help_get_config(&self, asker: &Asker) -> Value {
        let date = asker.date();
        let option = |id: i32| {
            let addr = *self.config.others.get(&id).unwrap_or(&self.config.addr);
            object("dcOption")
                .with_flag("ipv6", addr.is_ipv6())
                .with_flag("static", true)
                .with("id", id)
                .with("ip_address", addr.ip().to_string())
                .with("port", i32::from(addr.port()))
        };
        // The one that accounts live in comes first.
        let home = self.config.dc_id;
        let others: BTreeSet<i32> = DATA_CENTERS.chain(self.config.others.keys().copied()).collect();
        let options = [home].into_iter().chain(others.into_iter().filter(|id| *id != home)).map(option);
        let timers = self.config.timers;
        let numbers = [
            ("chat_size_max", 200),
            ("megagroup_size_max", 200_000),
            ("forwarded_count_max", 100),
            ("online_update_period_ms", 210_000),
            ("offline_blur_timeout_ms", 5_000),
            ("offline_idle_timeout_ms", 30_000),
            ("online_cloud_timeout_ms", 300_000),
            ("notify_cloud_delay_ms", 30_000),
            ("notify_default_delay_ms", 1_500),
            ("push_chat_period_ms", 60_000),
            ("push_chat_limit", 2),
            ("edit_time_limit", 172_800),
            ("revoke_time_limit", i32::MAX),
            ("revoke_pm_time_limit", i32::MAX),
            ("rating_e_decay", 2_419_200),
            ("stickers_recent_limit", 200),
            ("channels_read_media_period", 604_800),
            ("caption_length_max", 1_024),
            ("message_length_max", 4_096),
            // Fields of older layers.
            ("saved_gifs_limit", 200),
            ("stickers_faved_limit", 5),
            ("pinned_dialogs_count_max", 5),
            ("pinned_infolder_count_max", 100),
        ];
        let config = object("config")
            .with_flag("revoke_pm_inbox", true)
            .with_flag("phonecalls_enabled", true)
            .with("date", date)
            .with("expires", date.saturating_add(CONFIG_LIFE))
            .with("test_mode", false)
            .with("this_dc", self.this_dc(asker))
            .with("dc_options", list(options))
            .with("dc_txt_domain_name", "")
            .with("call_receive_timeout_ms", millis(timers.receive))
            .with("call_ring_timeout_ms", millis(timers.ring))
            .with("call_connect_timeout_ms", millis(timers.connect))
            .with("call_packet_timeout_ms", millis(timers.packet))
            .with("me_url_prefix", "https://t.me/")
            .with("webfile_dc_id", self.config.dc_id);
        numbers.into_iter().fold(config, |config, (field, number)| config.with(field, number)).into()
    }

    /// The number under which a client knows this server. TDLib does not store the configuration of another data centre
    /// than the one it asked, and asks again at once.
    fn this_dc(&self, asker: &Asker) -> i32 {
        if let Some(place) = asker.place {
            return place;
        }
        // Media connections are named by the negative number, test servers by 10,000 more.
        let claimed = asker.dc.and_then(|dc| i32::try_from(dc.unsigned_abs() % 10_000).ok());
        claimed.filter(|dc| DATA_CENTERS.contains(dc)).unwrap_or(self.config.dc_id)
    }

    pub(super) fn help_get_nearest_dc(&self, asker: &Asker) -> Value {
        object("nearestDc")
            .with("country", "US")
            .with("this_dc", self.this_dc(asker))
            .with("nearest_dc", self.config.dc_id)
            .into()
    }

    pub(super) fn help_get_app_config(&self, request: &Object) -> Value {
        if request.int("hash") == Some(APP_CONFIG_HASH) {
            return object("help.appConfigNotModified").into();
        }
        let number = |key: &str, value: f64| {
            object("jsonObjectValue")
                .with("key", key)
                .with("value", object("jsonNumber").with("value", value))
        };
        let values = [
            number("upload_max_fileparts_default", 4_000.0),
            number("upload_max_fileparts_premium", 8_000.0),
            number("small_queue_max_active_operations_count", 5.0),
            number("large_queue_max_active_operations_count", 2.0),
        ];
        object("help.appConfig")
            .with("hash", APP_CONFIG_HASH)
            .with("config", object("jsonObject").with("value", list(values)))
            .into()
    }
}
