//! Was it a good call: the outcome of both sides, the emoji, and whether what was heard is what was said.

use offhook_media::MediaTime;
use offhook_phone::Outcome;
use offhook_voip::Stamps;

use super::call::{Facts, Pair};
use super::{Plan, codec};
use crate::clips;
use crate::correlate::{Match, compare, median};
use crate::exit::{Exit, Failure};

/// A path takes this long to open: what was said before is not looked for.
const OPENING: MediaTime = MediaTime::from_samples(24_000);

/// Least correlation and least share of half seconds that were heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limits {
    pub(crate) correlation: f64,
    pub(crate) heard: f64,
}

impl Limits {
    /// On a clean path nothing may be missing. Lost packets are concealed, which no longer follows the wave, and jitter is
    /// answered by stretching, which shifts it: the more of it, the lower the bar.
    pub(crate) fn of(plan: &Plan) -> Self {
        if plan.clean {
            return Self { correlation: 0.95, heard: 0.95 };
        }
        let loss = plan.link.loss;
        Self { correlation: (0.9 - 2.0 * loss).max(0.3), heard: (0.9 - 2.0 * loss).max(0.3) }
    }
}

pub(crate) struct Verdict {
    /// What the callee heard of the caller, of every call.
    pub(crate) forward: Vec<Match>,
    /// What the caller heard of the callee, where that was kept.
    pub(crate) backward: Vec<Match>,
    /// From the caller's source to the callee's recording, milliseconds: median.
    pub(crate) mouth_to_ear: Option<f64>,
    /// Processor seconds of the codec alone for a second of sound, one encoder and one decoder.
    pub(crate) bare_codec: Option<f64>,
    pub(crate) emoji_equal: bool,
    /// Late frames after set-up.
    pub(crate) late: u64,
    pub(crate) completed: bool,
    /// The worst call's outcome, when one is not completed.
    pub(crate) outcome: Outcome,
}

pub(crate) fn judge(plan: &Plan, facts: &Facts) -> Result<Verdict, Failure> {
    let most = (plan.length.as_secs() as usize + 10) * 48_000;
    let said = sequence(&[&plan.input, &plan.then], &plan.hold, most)?;
    let answered = sequence(&[&plan.answer], &plan.hold, most)?;
    let skip = OPENING.samples() as usize;
    let (mut forward, mut backward) = (Vec::new(), Vec::new());
    let mut delays = Vec::new();
    for pair in &facts.calls {
        let heard = match &pair.said_by_caller {
            Some(heard) => heard.take(),
            None => clips::samples(&plan.output, most)?,
        };
        let begun = MediaTime::from_duration(pair.begun).samples() as usize;
        let found = compare(&said[begun.min(said.len())..], &heard, skip);
        if let Some((sent, got)) = stamps(pair) {
            delays.extend(
                found
                    .places
                    .iter()
                    .filter_map(|(said, heard)| Some((at(&got.got, *heard)? - at(&sent.sent, *said)?) * 1e3)),
            );
        }
        forward.push(found);
        if let Some(heard) = &pair.said_by_callee {
            backward.push(compare(&answered, &heard.take(), skip));
        }
    }
    let ends = || facts.calls.iter().flat_map(|pair| [&pair.caller, &pair.callee]);
    let failed = ends().find(|end| !end.is_completed()).map(|end| end.outcome.clone());
    let emoji_equal =
        facts.calls.iter().all(|pair| pair.caller.emoji.is_some() && pair.caller.emoji == pair.callee.emoji);
    Ok(Verdict {
        forward,
        backward,
        mouth_to_ear: (!delays.is_empty()).then(|| median(delays)),
        bare_codec: codec::cost(&said[..said.len().min(20 * 48_000)], plan.profile)?,
        emoji_equal,
        late: facts.work.late,
        completed: failed.is_none(),
        outcome: failed.unwrap_or(Outcome::Completed),
    })
}

impl Verdict {
    pub(crate) fn worst(matches: &[Match]) -> Option<&Match> {
        matches.iter().min_by(|a, b| a.correlation.total_cmp(&b.correlation))
    }

    /// True when every direction that was kept was heard well enough. One half second may always be missing.
    pub(crate) fn heard(&self, plan: &Plan) -> bool {
        let limits = Limits::of(plan);
        let mut all = self.forward.iter().chain(&self.backward);
        all.all(|found| {
            found.windows > 0 && found.correlation >= limits.correlation && found.heard >= limits.heard
        })
    }

    pub(crate) fn exit(&self, plan: &Plan) -> Exit {
        if !self.completed {
            Exit::from(&self.outcome)
        } else if !self.emoji_equal {
            Exit::KeyMismatch
        } else if !self.heard(plan) {
            Exit::HeardDiffers
        } else if plan.in_time && self.late > 0 {
            Exit::LateFrames
        } else {
            Exit::Success
        }
    }

    /// The exit in a word.
    pub(crate) fn name(&self, plan: &Plan) -> &'static str {
        match self.exit(plan) {
            Exit::Success => "ok",
            Exit::LateFrames => "late-frames",
            _ if self.completed => "heard-differs",
            _ => self.outcome.name(),
        }
    }

    /// What is wrong, for people.
    pub(crate) fn complaint(&self, plan: &Plan) -> Option<String> {
        match self.exit(plan) {
            Exit::Success => None,
            Exit::KeyMismatch if self.completed => Some("the emoji of the two sides differ".to_owned()),
            Exit::HeardDiffers => {
                let Limits { correlation, heard } = Limits::of(plan);
                Some(format!(
                    "what was heard is not what was said: on this path the correlation must reach {correlation:.2}, \
                     and {:.0} % of the speech must be heard",
                    heard * 100.0
                ))
            }
            Exit::LateFrames => Some(format!(
                "{} frames were late after set-up: this machine is too slow or too busy for so many calls at profile {}",
                self.late, plan.profile
            )),
            _ => Some(format!("a call failed: {}", self.outcome)),
        }
    }
}

/// What a side said: the files one after another, then hold music round and round.
fn sequence(files: &[&std::path::PathBuf], hold: &std::path::Path, most: usize) -> Result<Vec<i16>, Failure> {
    let mut all = Vec::new();
    for file in files {
        let room = most.saturating_sub(all.len());
        all.extend(clips::samples(file, room)?);
    }
    let round = clips::samples(hold, most)?;
    if !round.is_empty() {
        let room = most.saturating_sub(all.len());
        all.extend(round.iter().cycle().take(room));
    }
    Ok(all)
}

/// The caller's and the callee's stamps, where both were kept.
fn stamps(pair: &Pair) -> Option<(&Stamps, &Stamps)> {
    let sent = pair.caller.media.as_ref()?.stamps.as_ref()?;
    let got = pair.callee.media.as_ref()?.stamps.as_ref()?;
    Some((sent, got))
}

/// When sample `index` passed by, given the time of each frame of 960.
fn at(stamps: &[f64], index: usize) -> Option<f64> {
    stamps.get(index / 960).map(|frame| frame + (index % 960) as f64 / 48_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_passes_by_within_its_frame() {
        assert_eq!(at(&[1.0, 1.02], 960 + 480), Some(1.03));
        assert_eq!(at(&[1.0], 960), None);
    }
}
