//! Processor time, by thread, as the kernel counts it.

use std::fs;
use std::time::Duration;

/// Nanoseconds on a processor: the first number of `/proc/…/schedstat`.
fn on_cpu(schedstat: &str) -> Option<Duration> {
    schedstat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// Processor time of the thread that asks. `None` where the system does not tell.
pub(crate) fn this_thread() -> Option<Duration> {
    on_cpu(&fs::read_to_string("/proc/thread-self/schedstat").ok()?)
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
    fn a_thread_that_works_uses_time() {
        let before = super::this_thread().unwrap();
        let mut x = 1_u64;
        while super::this_thread().unwrap() == before {
            x = std::hint::black_box(x.wrapping_mul(3));
        }
        assert!(!super::threads().is_empty());
    }
}
