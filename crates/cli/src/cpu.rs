//! Processor time, by thread, as the kernel counts it.

use std::fs;
use std::time::Duration;

use rustix::param::clock_ticks_per_second;

/// Nanoseconds on a processor: the first number of `/proc/…/schedstat`.
fn on_cpu(schedstat: &str) -> Option<Duration> {
    schedstat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// Processor time of the thread that asks. `None` where the system does not tell.
pub(crate) fn this_thread() -> Option<Duration> {
    on_cpu(&fs::read_to_string("/proc/thread-self/schedstat").ok()?)
}

/// Time that this machine's processors, all together, were to run something and did not, because the host they are a part of
/// ran something else: `steal` of `/proc/stat`. Zero where the system does not tell, and on a machine of its own.
pub(crate) fn stolen() -> Duration {
    let ticks = fs::read_to_string("/proc/stat").ok().and_then(|stat| stolen_ticks(&stat)).unwrap_or(0);
    Duration::from_secs_f64(ticks as f64 / clock_ticks_per_second() as f64)
}

/// The eighth number of the first line (proc_stat(5)).
fn stolen_ticks(stat: &str) -> Option<u64> {
    stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace().nth(7)?.parse().ok()
}

/// A thread of this process.
pub(crate) struct Thread {
    /// The kernel's number of it.
    pub(crate) id: u32,
    pub(crate) name: String,
    /// Time on a processor.
    pub(crate) time: Duration,
}

/// Threads of this process that are alive. Empty where the system does not tell.
pub(crate) fn threads() -> Vec<Thread> {
    let Ok(tasks) = fs::read_dir("/proc/self/task") else { return Vec::new() };
    tasks
        .flatten()
        .filter_map(|task| {
            let id = task.file_name().to_str()?.parse().ok()?;
            let name = fs::read_to_string(task.path().join("comm")).ok()?;
            let time = on_cpu(&fs::read_to_string(task.path().join("schedstat")).ok()?)?;
            Some(Thread { id, name: name.trim().to_owned(), time })
        })
        .collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn stolen_time_is_the_eighth_number_of_all_processors() {
        let stat = "cpu  10 20 30 40 50 60 70 812 90 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n";
        assert_eq!(super::stolen_ticks(stat), Some(812));
        assert_eq!(super::stolen_ticks("cpu  1 2 3"), None);
        assert_eq!(super::stolen_ticks(""), None);
    }

    #[test]
    fn a_thread_that_works_uses_time() {
        let before = super::this_thread().unwrap();
        let mut x = 1_u64;
        while super::this_thread().unwrap() == before {
            x = std::hint::black_box(x.wrapping_mul(3));
        }
        assert!(!super::threads().is_empty());
    }
}
