//! Standard input that cannot be opened anew (a socket, a terminal): one thread reads it, because it may block.

use std::io::{ErrorKind, Read};
use std::thread::{self, Thread};

use rtrb::{Consumer, Producer, RingBuffer};

/// Two thirds of a second of engine sound; then whoever writes waits.
const RING: usize = 64 * 1024;

/// The end of the ring that does not block.
pub(super) struct StdinRing {
    ring: Consumer<u8>,
    reader: Thread,
}

/// Starts the thread. It ends with the input; one that waits for input when the process ends, ends with it.
pub(super) fn read_ahead() -> std::io::Result<StdinRing> {
    let (producer, ring) = RingBuffer::new(RING);
    let handle = thread::Builder::new().name("offhook-stdin".into()).spawn(move || drive(producer))?;
    Ok(StdinRing { ring, reader: handle.thread().clone() })
}

fn drive(mut ring: Producer<u8>) {
    let mut buffer = [0; 4096];
    let mut input = std::io::stdin().lock();
    loop {
        let mut rest = match input.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => &buffer[..count],
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        while !rest.is_empty() {
            rest = ring.push_partial_slice(rest).1;
            if ring.is_abandoned() {
                return;
            }
            if !rest.is_empty() {
                thread::park();
            }
        }
    }
}

impl Read for StdinRing {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        // Asked before looking: what was written before the writer left is seen.
        let gone = self.ring.is_abandoned();
        let count = self.ring.pop_partial_slice(out).0.len();
        if count > 0 {
            self.reader.unpark();
            return Ok(count);
        }
        if gone { Ok(0) } else { Err(ErrorKind::WouldBlock.into()) }
    }
}

impl Drop for StdinRing {
    fn drop(&mut self) {
        self.reader.unpark();
    }
}
