//! Memory of a modern call under attack. Alone in its program: what other tests hold would count as the call's.

mod sim;
mod tgsim;

use std::net::SocketAddr;

use offhook_voip_proto::Via;
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha12Rng;

use tgsim::attack::{goes_on, name_of, relayed, talking};
use tgsim::{Setup, Sim, relay_addr};

/// Kilobytes of memory of this process.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS")).expect("a size");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

#[test]
fn memory_does_not_grow_with_what_is_thrown_at_a_call() {
    let mut sim = talking(&Setup { p2p: true, ..Setup::default() });
    let (name, mut random) = (name_of(&sim, 1), ChaCha12Rng::seed_from_u64(3));
    let mut throw = |sim: &mut Sim, count: usize| {
        for n in 0..count {
            let mut payload = vec![0; 1200];
            random.fill_bytes(&mut payload);
            payload[0] = [0x80, 0x90, 22, 0, 1][n % 5];
            // Another port of the relay, another address, each time.
            let bytes = relayed(name, random.random(), &payload);
            sim.inject(1, Via::Shared, relay_addr(0), &bytes);
            let from = SocketAddr::from((random.random::<[u8; 4]>(), random.random_range(1..u16::MAX)));
            sim.inject(1, Via::Udp(0), from, &payload);
            sim.inject_signal(1, &payload);
        }
    };
    throw(&mut sim, 2_000);
    let before = resident_kib();
    throw(&mut sim, 40_000);
    let grown = resident_kib().saturating_sub(before);
    // 40 000 times 3 times 1200 bytes are 140 MB.
    assert!(grown < 8 << 10, "{grown} KiB");
    goes_on(&mut sim, "a flood");
}
