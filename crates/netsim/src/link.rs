//! One direction of a path, and what it does to packets.

use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a [`Link`] does to packets. The default is a perfect path: nothing lost, no delay, no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LinkConfig {
    /// Probability, 0 to 1, that a packet is lost, each on its own. Applied besides `bursts`.
    pub loss: f64,
    /// Loss that comes in bursts.
    pub bursts: Option<Bursts>,
    /// Delay of every packet.
    pub delay: Duration,
    /// Further delay, drawn evenly from zero to this for each packet on its own. Packets overtake one another.
    pub jitter: Duration,
    /// Probability, 0 to 1, that a packet arrives twice. The copy draws its own jitter.
    pub duplicate: f64,
    /// Limit of the rate, with a queue in front of it.
    pub rate: Option<Rate>,
}

/// Gilbert-Elliott loss: a good state that loses nothing and a bad one that loses much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bursts {
    /// Probability per packet to go from the good state into the bad one.
    pub enter: f64,
    /// Probability per packet to leave the bad state. The mean burst is `1 / leave` packets.
    pub leave: f64,
    /// Probability that a packet is lost in the bad state.
    pub loss: f64,
}

impl Bursts {
    /// Bursts of `length` lost packets in the mean which together lose the share `loss` (0 to below 1) of all packets.
    pub fn of(loss: f64, length: f64) -> Self {
        let leave = 1.0 / length.max(1.0);
        let share = loss.clamp(0.0, 0.99);
        Self { enter: (leave * share / (1.0 - share)).min(1.0), leave, loss: 1.0 }
    }
}

/// A bottleneck: packets leave one after another, and what does not fit into the queue is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Bits per second, at least 1.
    pub bits_per_second: u64,
    /// Bytes that may wait or be under transmission. A packet that would exceed it is dropped (tail drop).
    pub queue: usize,
}

/// What a link has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkStats {
    /// Packets handed to the link.
    pub sent: u64,
    /// Lost by chance.
    pub lost: u64,
    /// Lost because the queue of the bottleneck was full.
    pub dropped: u64,
    /// Delivered twice.
    pub duplicated: u64,
}

/// One direction of a path.
#[derive(Clone, Debug)]
pub struct Link {
    config: LinkConfig,
    random: ChaCha8Rng,
    bad: bool,
    /// When the bottleneck has sent everything it holds.
    busy_until: Option<Instant>,
    stats: LinkStats,
}

impl Link {
    /// A link whose whole future depends on `seed` and on what is sent.
    pub fn new(config: LinkConfig, seed: u64) -> Self {
        Self {
            config,
            random: ChaCha8Rng::seed_from_u64(seed),
            bad: false,
            busy_until: None,
            stats: LinkStats::default(),
        }
    }

    /// Changes the path under way: a step of delay, a cut (`loss: 1.0`), a repair.
    pub fn set_config(&mut self, config: LinkConfig) {
        self.config = config;
    }

    /// What the link does at the moment.
    pub fn config(&self) -> LinkConfig {
        self.config
    }

    /// What the link has done so far.
    pub fn stats(&self) -> LinkStats {
        self.stats
    }

    /// Sends a packet whose size does not matter. `None` = lost, else when it arrives. A duplicate is not reported.
    pub fn send(&mut self, now: Instant) -> Option<Instant> {
        self.transmit(now, 0).next()
    }

    /// Sends a packet of `bytes` bytes: no, one or two arrivals.
    pub fn transmit(&mut self, now: Instant, bytes: usize) -> Arrivals {
        self.stats.sent += 1;
        // Every packet draws the same number of values, so that changing one property of a link leaves the others' luck alone.
        let (chance, turn, burst, twice) = (
            self.random.random::<f64>(),
            self.random.random::<f64>(),
            self.random.random::<f64>(),
            self.random.random::<f64>(),
        );
        let (first, second) = (self.random.random::<f64>(), self.random.random::<f64>());
        let in_burst = self.is_in_burst(turn, burst);
        if chance < self.config.loss || in_burst {
            self.stats.lost += 1;
            return Arrivals::default();
        }
        let Some(departure) = self.depart(now, bytes) else {
            self.stats.dropped += 1;
            return Arrivals::default();
        };
        let base = departure + self.config.delay;
        let mut arrivals = Arrivals { first: Some(base + self.config.jitter.mul_f64(first)), second: None };
        if twice < self.config.duplicate {
            self.stats.duplicated += 1;
            arrivals.second = Some(base + self.config.jitter.mul_f64(second));
        }
        arrivals
    }

    fn is_in_burst(&mut self, turn: f64, chance: f64) -> bool {
        let Some(bursts) = self.config.bursts else {
            self.bad = false;
            return false;
        };
        self.bad = if self.bad { turn >= bursts.leave } else { turn < bursts.enter };
        self.bad && chance < bursts.loss
    }

    /// When the last bit has left the bottleneck. `None` if the queue has no room.
    fn depart(&mut self, now: Instant, bytes: usize) -> Option<Instant> {
        let Some(rate) = self.config.rate else { return Some(now) };
        let bits_per_second = rate.bits_per_second.max(1) as f64;
        let start = self.busy_until.filter(|at| *at > now).unwrap_or(now);
        let waiting = (start - now).as_secs_f64() * bits_per_second / 8.0;
        if waiting + bytes as f64 > rate.queue as f64 + 0.5 {
            return None;
        }
        let end = start + Duration::from_secs_f64(bytes as f64 * 8.0 / bits_per_second);
        self.busy_until = Some(end);
        Some(end)
    }
}

/// When a packet arrives: never, once or twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrivals {
    first: Option<Instant>,
    second: Option<Instant>,
}

impl Iterator for Arrivals {
    type Item = Instant;

    fn next(&mut self) -> Option<Instant> {
        self.first.take().or_else(|| self.second.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn start() -> Instant {
        offset_from_nothing()
    }

    /// Tests need some instant to count from; which one does not matter.
    #[allow(clippy::disallowed_methods, reason = "the origin of simulated time")]
    fn offset_from_nothing() -> Instant {
        Instant::now()
    }

    fn delays(config: LinkConfig, seed: u64, count: u32) -> Vec<Option<Duration>> {
        let (mut link, t0) = (Link::new(config, seed), start());
        (0..count).map(|i| link.send(t0 + MS * 20 * i).map(|at| at - (t0 + MS * 20 * i))).collect()
    }

    #[test]
    fn a_perfect_link_delivers_at_once_and_in_full() {
        assert_eq!(delays(LinkConfig::default(), 1, 100), vec![Some(Duration::ZERO); 100]);
    }

    #[test]
    fn the_same_seed_gives_the_same_packets_and_another_seed_others() {
        let config = LinkConfig { loss: 0.2, delay: MS * 30, jitter: MS * 50, ..LinkConfig::default() };
        assert_eq!(delays(config, 5, 500), delays(config, 5, 500));
        assert_ne!(delays(config, 5, 500), delays(config, 6, 500));
    }

    #[test]
    fn ten_per_cent_of_ten_thousand_packets_are_lost_exactly_as_the_seed_says() {
        let mut link = Link::new(LinkConfig { loss: 0.1, ..LinkConfig::default() }, 1);
        let t0 = start();
        let arrived = (0..10_000).filter(|_| link.send(t0).is_some()).count();
        assert_eq!(
            link.stats(),
            LinkStats { sent: 10_000, lost: 10_000 - arrived as u64, dropped: 0, duplicated: 0 }
        );
        assert_eq!(link.stats().lost, LOST_OF_10_000);
    }

    const LOST_OF_10_000: u64 = 993;

    #[test]
    fn jitter_stays_within_its_range_and_fills_it() {
        let config = LinkConfig { delay: MS * 40, jitter: MS * 50, ..LinkConfig::default() };
        let seen: Vec<_> = delays(config, 3, 2000).into_iter().flatten().collect();
        assert_eq!(seen.len(), 2000);
        assert!(seen.iter().all(|d| *d >= MS * 40 && *d < MS * 90));
        assert!(seen.iter().any(|d| *d < MS * 41) && seen.iter().any(|d| *d > MS * 89));
    }

    #[test]
    fn switching_jitter_on_leaves_the_same_packets_lost() {
        let calm = LinkConfig { loss: 0.3, ..LinkConfig::default() };
        let rough = LinkConfig { jitter: MS * 80, duplicate: 0.5, ..calm };
        let lost = |config| delays(config, 9, 300).iter().map(Option::is_none).collect::<Vec<_>>();
        assert_eq!(lost(calm), lost(rough));
    }

    #[test]
    fn bursts_of_three_at_ten_per_cent_lose_about_that_much_and_in_runs_of_about_that_length() {
        let config = LinkConfig { bursts: Some(Bursts::of(0.1, 3.0)), ..LinkConfig::default() };
        let arrived: Vec<bool> = delays(config, 11, 50_000).iter().map(Option::is_some).collect();
        let lost = arrived.iter().filter(|a| !**a).count() as f64;
        let runs = arrived.windows(2).filter(|w| w[0] && !w[1]).count() as f64;
        assert!((lost / 50_000.0 - 0.1).abs() < 0.01, "{lost}");
        assert!((lost / runs - 3.0).abs() < 0.2, "{}", lost / runs);
    }

    #[test]
    fn a_bottleneck_spaces_packets_and_drops_what_its_queue_cannot_hold() {
        // 1000 bytes take 100 ms at 80 kbit/s; 3000 bytes fit.
        let rate = Rate { bits_per_second: 80_000, queue: 3000 };
        let (mut link, t0) =
            (Link::new(LinkConfig { rate: Some(rate), ..LinkConfig::default() }, 1), start());
        let arrivals: Vec<_> = (0..5).map(|_| link.transmit(t0, 1000).next().map(|at| at - t0)).collect();
        assert_eq!(arrivals, [Some(MS * 100), Some(MS * 200), Some(MS * 300), None, None]);
        assert_eq!(link.stats().dropped, 2);
        assert_eq!(link.transmit(t0 + MS * 1000, 1000).next(), Some(t0 + MS * 1100));
    }

    #[test]
    fn a_duplicate_is_a_second_arrival() {
        let (mut link, t0) =
            (Link::new(LinkConfig { duplicate: 1.0, delay: MS, ..LinkConfig::default() }, 1), start());
        assert_eq!(link.transmit(t0, 10).collect::<Vec<_>>(), [t0 + MS, t0 + MS]);
    }

    #[test]
    fn a_cut_link_delivers_nothing_until_it_is_repaired() {
        let (mut link, t0) = (Link::new(LinkConfig::default(), 1), start());
        link.set_config(LinkConfig { loss: 1.0, ..LinkConfig::default() });
        assert!((0..100).all(|_| link.send(t0).is_none()));
        link.set_config(LinkConfig::default());
        assert_eq!(link.send(t0), Some(t0));
    }
}
