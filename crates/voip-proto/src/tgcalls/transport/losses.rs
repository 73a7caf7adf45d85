//! How many of our packets got lost, by what the peer reports.

use std::time::Duration;

/// Reports of loss are looked at so often.
pub(super) const MEASURE_EVERY: Duration = Duration::from_secs(1);

/// Reports of the path.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in super::super) struct Measured {
    /// How many of our packets got lost, of how many.
    pub(in super::super) lost: (u32, u32),
    pub(in super::super) rtt: Option<Duration>,
    /// What the path may carry, bits per second.
    pub(in super::super) bitrate: Option<u64>,
}

/// Counts between two measurements.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Losses {
    /// Packets sent since the last measurement.
    sent: u32,
    /// The last report of the peer: the highest number it received, and how many it missed until then.
    reported: Option<(u64, u64)>,
    /// What that report added to the one before: how many lost, of how many.
    news: (u32, u32),
}

impl Losses {
    pub(super) fn on_sent(&mut self) {
        self.sent += 1;
    }

    /// A receiver report: the highest number received, and how many were lost until then.
    pub(super) fn on_report(&mut self, highest: u64, lost: u64) {
        if let Some((before, lost_before)) = self.reported
            && highest > before
        {
            self.news = (lost.saturating_sub(lost_before) as u32, (highest - before) as u32);
        }
        self.reported = Some((highest, lost));
    }

    /// Losses of the last second: the worse of what receiver reports and feedback about each packet say. The second kind
    /// comes sooner, but says nothing where each packet gets a feedback of its own.
    pub(super) fn take(&mut self, share: Option<f32>) -> (u32, u32) {
        let sent = std::mem::take(&mut self.sent);
        let feedback = share.map_or((0, 0), |share| ((share * sent as f32).round() as u32, sent));
        let report = std::mem::take(&mut self.news);
        let worse =
            u64::from(report.0) * u64::from(feedback.1) >= u64::from(feedback.0) * u64::from(report.1);
        if report.1 > 0 && worse { report } else { feedback }
    }
}

#[cfg(test)]
mod tests {
    use super::Losses;

    #[test]
    fn the_worse_of_both_kinds_of_report_counts_once() {
        let mut losses = Losses::default();
        (0..20).for_each(|_| losses.on_sent());
        losses.on_report(100, 0);
        assert_eq!(losses.take(Some(0.1)), (2, 20), "the first report says nothing about the last second");

        (0..10).for_each(|_| losses.on_sent());
        losses.on_report(110, 3);
        assert_eq!(losses.take(Some(0.1)), (3, 10));
        assert_eq!(losses.take(None), (0, 0), "said already");

        (0..10).for_each(|_| losses.on_sent());
        losses.on_report(120, 4);
        assert_eq!(losses.take(Some(0.5)), (5, 10));
    }

    #[test]
    fn a_report_from_before_takes_nothing_back() {
        let mut losses = Losses::default();
        losses.on_report(100, 5);
        losses.on_report(90, 3);
        losses.on_report(95, 3);
        assert_eq!(losses.take(None), (0, 5));
    }
}
