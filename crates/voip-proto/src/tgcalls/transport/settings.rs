//! How the WebRTC crate is set up: what every call of the family agrees on, and the pace of ICE.

use std::time::Duration;

use str0m::bwe::Bitrate;
use str0m::format::{Codec, CodecConfig, CodecSpec, FormatParams, PayloadParams};
use str0m::media::{Frequency, Pt};
use str0m::rtp::{Extension, ExtensionMap};
use str0m::{IceCreds, RtcConfig};

use super::losses::MEASURE_EVERY;
use crate::tgcalls::session::RED;

/// Longest time between two checks of a pair, and between two repetitions of one.
const MAX_RTO: Duration = Duration::from_secs(2);
/// First repetition of a check.
const FIRST_RTO: Duration = Duration::from_millis(150);
/// Unanswered checks after which a pair is given up: some 25 s, beyond every time-out of a call.
const MAX_CHECKS: usize = 15;
/// What the path is expected to carry before anything is known, kilobits per second.
const START_KBPS: u64 = 256;

/// The settings of a transport with these credentials.
pub(super) fn settings(ice: IceCreds) -> RtcConfig {
    let mut config = RtcConfig::new()
        .set_local_ice_credentials(ice)
        .set_rtp_mode(true)
        .set_extension_map(extensions())
        .set_stats_interval(Some(MEASURE_EVERY))
        .set_rtcp_report_interval_audio(MEASURE_EVERY)
        .enable_bwe(Some(Bitrate::kbps(START_KBPS)))
        .set_send_buffer_audio(1);
    *config.codec_config() = codecs();
    config.set_initial_stun_rto(FIRST_RTO);
    config.set_max_stun_rto(MAX_RTO);
    config.set_max_stun_retransmits(MAX_CHECKS);
    config
}

/// Header extensions under the numbers that every peer uses.
fn extensions() -> ExtensionMap {
    let mut map = ExtensionMap::empty();
    map.set(2, Extension::AbsoluteSendTime);
    map.set(3, Extension::TransportSequenceNumber);
    map
}

/// Every number that may mean Opus, or RED around it: which do is agreed later, and the crate below must not drop them.
fn codecs() -> CodecConfig {
    let spec = CodecSpec {
        codec: Codec::Opus,
        clock_rate: Frequency::FORTY_EIGHT_KHZ,
        channels: Some(2),
        format: FormatParams::default(),
    };
    let numbers = [111, RED].into_iter().chain(35..=62).chain(96..=110).chain(112..=127);
    let params = numbers.map(|number: u8| {
        let mut params = PayloadParams::new(Pt::from(number), None, spec);
        // No padding to probe the path with: some peers would take its SSRC for a stream.
        params.set_fb_transport_cc(false);
        params
    });
    CodecConfig::new_from_payload_params(params.collect())
}
