//! The threads that read files ahead: two for the whole process, however many files there are.
//!
//! Two, so that one stuck network disk silences at most half of the files. They sleep until a player wakes them, and
//! live as long as the process.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Thread};

use super::feed::Feeder;

const READERS: usize = 2;

struct Worker {
    files: Sender<Feeder>,
    thread: Thread,
}

/// Gives a file to a reader thread; the handle wakes it. Locks for a moment: for openers, not for the media thread.
pub(super) fn adopt(feeder: Feeder) -> std::io::Result<Waker> {
    static WORKERS: [Mutex<Option<Worker>>; READERS] = [const { Mutex::new(None) }; READERS];
    static TURN: AtomicUsize = AtomicUsize::new(0);
    let turn = TURN.fetch_add(1, Ordering::Relaxed) % READERS;
    let mut slot = WORKERS[turn].lock().unwrap_or_else(PoisonError::into_inner);
    let worker = match &mut *slot {
        Some(worker) => worker,
        empty => empty.insert(spawn()?),
    };
    // The thread holds the receiver and never ends.
    let _ = worker.files.send(feeder);
    worker.thread.unpark();
    Ok(Waker(worker.thread.clone()))
}

/// Wakes a reader thread, also when it is dropped, so that the file of a source that is gone is closed.
#[derive(Debug)]
pub(super) struct Waker(Thread);

impl Waker {
    /// Never blocks: at most one system call.
    pub(super) fn wake(&self) {
        self.0.unpark();
    }
}

impl Drop for Waker {
    fn drop(&mut self) {
        self.wake();
    }
}

fn spawn() -> std::io::Result<Worker> {
    let (files, inbox) = channel();
    let handle = thread::Builder::new().name("offhook-read".into()).spawn(move || drive(&inbox))?;
    Ok(Worker { files, thread: handle.thread().clone() })
}

fn drive(inbox: &Receiver<Feeder>) {
    let mut files: Vec<Feeder> = Vec::new();
    loop {
        loop {
            match inbox.try_recv() {
                Ok(feeder) => files.push(feeder),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return,
            }
        }
        files.retain(|file| !file.is_abandoned());
        let mut worked = false;
        for file in &mut files {
            if file.is_wanted() {
                file.fill();
                worked = true;
            }
        }
        if !worked {
            thread::park();
        }
    }
}
