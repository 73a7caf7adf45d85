//! What `phone.getCallConfig` says.

use std::time::Duration;

use serde_json::{Map, Value};

/// The server's wishes for calls (libtgvoip.md 9). A key that is absent, misspelt, of the wrong kind or outside of what is
/// possible keeps its default; numbers may come as text; unknown keys are ignored. Only keys that mean something here
/// have a field: the jitter buffer and the redundancy measure for themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServerConfig {
    /// `audio_init_bitrate`, bits per second. Default 16000.
    pub init_bitrate: u32,
    /// `audio_max_bitrate`, bits per second: what phones are told to send at most. Default 20000.
    pub max_bitrate: u32,
    /// `audio_min_bitrate`, bits per second. Default 8000.
    pub min_bitrate: u32,
    /// `packet_loss_for_extra_ec`, 0 to 1: loss above which copies are sent along. Default 0.02.
    pub loss_for_copies: f64,
    /// `relay_switch_threshold`: another relay is preferred when its cost is below this share. Default 0.8.
    pub relay_switch: f64,
    /// `reconnecting_state_timeout`: silence after which contact counts as lost. Default 2 s.
    pub reconnecting_after: Duration,
    /// `use_tcp`: the server would like TCP tried when UDP fails. Default true.
    pub use_tcp: bool,
    /// `force_tcp`: UDP must not be used. Default false.
    pub force_tcp: bool,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            init_bitrate: 16_000,
            max_bitrate: 20_000,
            min_bitrate: 8000,
            loss_for_copies: 0.02,
            relay_switch: 0.8,
            reconnecting_after: Duration::from_secs(2),
            use_tcp: true,
            force_tcp: false,
        }
    }
}

impl ServerConfig {
    /// Reads the JSON text. Text that is no JSON object at all gives the defaults: a call must not fail for it.
    pub fn from_json(text: &str) -> Self {
        let mut config = Self::default();
        let Ok(Value::Object(map)) = serde_json::from_str(text) else { return config };
        for (key, field) in [
            ("audio_init_bitrate", &mut config.init_bitrate),
            ("audio_max_bitrate", &mut config.max_bitrate),
            ("audio_min_bitrate", &mut config.min_bitrate),
        ] {
            // Opus takes 500 bit/s to 512 kbit/s.
            if let Some(value) = number(&map, key, 500.0, 512_000.0) {
                *field = value as u32;
            }
        }
        config.loss_for_copies =
            number(&map, "packet_loss_for_extra_ec", 0.0, 1.0).unwrap_or(config.loss_for_copies);
        config.relay_switch =
            number(&map, "relay_switch_threshold", 0.01, 1.0).unwrap_or(config.relay_switch);
        if let Some(seconds) = number(&map, "reconnecting_state_timeout", 0.5, 60.0) {
            config.reconnecting_after = Duration::from_secs_f64(seconds);
        }
        config.use_tcp = boolean(&map, "use_tcp").unwrap_or(config.use_tcp);
        config.force_tcp = boolean(&map, "force_tcp").unwrap_or(config.force_tcp);
        config
    }
}

fn number(map: &Map<String, Value>, key: &str, least: f64, most: f64) -> Option<f64> {
    let value = match map.get(key)? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    (value >= least && value <= most).then_some(value)
}

fn boolean(map: &Map<String, Value>, key: &str) -> Option<bool> {
    match map.get(key)? {
        Value::Bool(value) => Some(*value),
        Value::Number(number) => Some(number.as_f64()? != 0.0),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_come_as_numbers_or_as_text() {
        let text = r#"{"audio_max_bitrate":"24000","audio_min_bitrate":6000,"packet_loss_for_extra_ec":"0.05",
            "reconnecting_state_timeout":3,"use_tcp":false,"force_tcp":"true","adsp_good_impls":"(Qualcomm Fluence)"}"#;
        let expected = ServerConfig {
            max_bitrate: 24_000,
            min_bitrate: 6000,
            loss_for_copies: 0.05,
            reconnecting_after: Duration::from_secs(3),
            use_tcp: false,
            force_tcp: true,
            ..ServerConfig::default()
        };
        assert_eq!(ServerConfig::from_json(text), expected);
    }

    #[test]
    fn what_makes_no_sense_keeps_the_default() {
        for text in [
            "",
            "[]",
            "null",
            "{",
            r#"{"audio_max_bitrate":[],"use_tcp":{},"relay_switch_threshold":"high"}"#,
            r#"{"audio_max_bitrate":-5,"reconnecting_state_timeout":1e300,"relay_switch_threshold":0}"#,
        ] {
            assert_eq!(ServerConfig::from_json(text), ServerConfig::default(), "{text}");
        }
    }
}
