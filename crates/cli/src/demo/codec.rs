//! What the Opus codec alone costs on this machine, measured in the same run.

use std::time::Duration;

use offhook_media::{
    Decode, Downlink, FRAME_SAMPLES, FrameLen, Outgoing, PcmSource, Playlist, Profile, Stretch, Uplink,
    UplinkConfig,
};

use crate::cpu;
use crate::exit::{Exit, Failure};

/// Processor seconds for encoding and decoding one second of `speech`, on one thread, with nothing else around it.
/// `None` where the system does not count processor time.
pub(crate) fn cost(speech: &[i16], profile: Profile) -> Result<Option<f64>, Failure> {
    let codec = |error| Failure::new(Exit::Internal, format!("the codec failed: {error}"));
    let mut playlist = Playlist::new();
    playlist.play(Box::new(PcmSource::new(speech)));
    let mut uplink = Uplink::new(UplinkConfig { profile, ..UplinkConfig::default() }).map_err(codec)?;
    let mut downlink = Downlink::new().map_err(codec)?;
    let length = FrameLen::default();
    let packets = speech.len() / length.samples();
    let (mut packet, mut frame) = (Vec::with_capacity(1500), [0; FRAME_SAMPLES]);
    let before = cpu::this_thread();
    for _ in 0..packets {
        if uplink.next_packet(&mut playlist, &mut packet).map_err(codec)? == Outgoing::Encoded {
            downlink.feed(Decode::Frame(&packet), length.duration(), Stretch::None);
        }
        while !downlink.is_short() {
            downlink.pull(&mut frame);
        }
    }
    let sound = length.duration().as_secs_f64() * packets as f64;
    let spent = before.zip(cpu::this_thread()).map(|(before, after)| after.saturating_sub(before));
    Ok(spent.filter(|_| sound > 0.0).map(|spent: Duration| spent.as_secs_f64() / sound))
}
