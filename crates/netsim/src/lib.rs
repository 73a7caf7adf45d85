//! Seeded sans-IO network: delay, jitter, loss, reordering, rate and NAT.
