//! Threads that do what may wait, so that no media thread has to: files are read ahead and written behind by them.
//!
//! A pool has a fixed number of threads for the whole process, however many tasks there are. It has more than one so that
//! one stuck disk costs only a part of the tasks. A thread starts with its first task, sleeps until a task is woken, and
//! lives as long as the process.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

/// How soon a task is looked at again that waits for something that cannot wake it.
const SOON: Duration = Duration::from_millis(10);

/// What a pool's thread works on.
pub(crate) trait Task: Send + 'static {
    /// Does what there is to do.
    fn step(&mut self) -> Next;
}

/// When a task wants its next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// When it is woken.
    Woken,
    /// After the other tasks of its thread have had theirs.
    Turn,
    /// In 10 ms, or when it is woken.
    Soon,
    /// Never: it is done and dropped.
    Done,
}

/// So many threads for tasks of one kind.
pub(crate) struct Pool<T, const THREADS: usize> {
    /// Of the threads.
    name: &'static str,
    workers: [Mutex<Option<Worker<T>>>; THREADS],
    turn: AtomicUsize,
}

struct Worker<T> {
    tasks: Sender<T>,
    thread: Thread,
}

impl<T: Task, const THREADS: usize> Pool<T, THREADS> {
    /// No thread runs yet.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name, workers: [const { Mutex::new(None) }; THREADS], turn: AtomicUsize::new(0) }
    }

    /// Gives a task to the thread whose turn it is; the handle wakes it. Locks for a moment: for openers, not for the
    /// media thread.
    pub(crate) fn adopt(&self, task: T) -> std::io::Result<Waker> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % THREADS;
        let mut slot = self.workers[turn].lock().unwrap_or_else(PoisonError::into_inner);
        let worker = match &mut *slot {
            Some(worker) => worker,
            empty => empty.insert(spawn(self.name)?),
        };
        // The thread holds the receiver and never ends.
        let _ = worker.tasks.send(task);
        worker.thread.unpark();
        Ok(Waker(worker.thread.clone()))
    }
}

/// Wakes the thread of a task, also when it is dropped, so that what the task has open is closed.
#[derive(Debug)]
pub(crate) struct Waker(Thread);

impl Waker {
    /// Never blocks: at most one system call.
    pub(crate) fn wake(&self) {
        self.0.unpark();
    }
}

impl Drop for Waker {
    fn drop(&mut self) {
        self.wake();
    }
}

fn spawn<T: Task>(name: &str) -> std::io::Result<Worker<T>> {
    let (tasks, inbox) = channel();
    let handle = thread::Builder::new().name(name.into()).spawn(move || drive(&inbox))?;
    Ok(Worker { tasks, thread: handle.thread().clone() })
}

fn drive<T: Task>(inbox: &Receiver<T>) {
    let mut tasks: Vec<T> = Vec::new();
    loop {
        loop {
            match inbox.try_recv() {
                Ok(task) => tasks.push(task),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return,
            }
        }
        let (mut turn, mut soon) = (false, false);
        tasks.retain_mut(|task| {
            let next = task.step();
            turn |= next == Next::Turn;
            soon |= next == Next::Soon;
            next != Next::Done
        });
        match (turn, soon) {
            (true, _) => {}
            (false, true) => thread::park_timeout(SOON),
            (false, false) => thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::mpsc;

    /// Tells each step and follows orders.
    struct Puppet {
        steps: mpsc::Sender<(&'static str, thread::ThreadId)>,
        orders: mpsc::Receiver<Next>,
        name: &'static str,
        _held: Arc<()>,
    }

    impl Task for Puppet {
        fn step(&mut self) -> Next {
            let Ok(next) = self.orders.try_recv() else { return Next::Woken };
            let _ = self.steps.send((self.name, thread::current().id()));
            next
        }
    }

    #[test]
    fn tasks_are_spread_over_the_threads_and_dropped_when_they_are_done() {
        static POOL: Pool<Puppet, 2> = Pool::new("test-pool");
        let (steps, told) = mpsc::channel();
        let held = Arc::new(());
        let puppet = |name| {
            let (order, orders) = mpsc::channel();
            (order, Puppet { steps: steps.clone(), orders, name, _held: Arc::clone(&held) })
        };
        let (order_a, a) = puppet("a");
        let (order_b, b) = puppet("b");
        let (order_c, c) = puppet("c");
        let wakers = [a, b, c].map(|task| POOL.adopt(task).unwrap());
        let thread_of = |order: &mpsc::Sender<Next>, waker: &Waker, name| {
            order.send(Next::Turn).unwrap();
            waker.wake();
            let (who, thread) = told.recv().unwrap();
            assert_eq!(who, name);
            thread
        };
        let first = thread_of(&order_a, &wakers[0], "a");
        let second = thread_of(&order_b, &wakers[1], "b");
        let third = thread_of(&order_c, &wakers[2], "c");
        assert_eq!((first == second, first == third), (false, true));
        for order in [&order_a, &order_b, &order_c] {
            order.send(Next::Done).unwrap();
        }
        drop(wakers);
        for _ in 0..3 {
            told.recv().unwrap();
        }
        // The threads drop a task right after its last step.
        while Arc::strong_count(&held) > 1 {
            thread::yield_now();
        }
    }

    #[test]
    fn a_task_that_nobody_wakes_is_looked_at_again_when_it_asked_for_that() {
        static POOL: Pool<Puppet, 1> = Pool::new("test-pool");
        let (steps, told) = mpsc::channel();
        let (order, orders) = mpsc::channel();
        for next in [Next::Soon, Next::Soon, Next::Done] {
            order.send(next).unwrap();
        }
        let puppet = Puppet { steps, orders, name: "soon", _held: Arc::new(()) };
        let waker = POOL.adopt(puppet).unwrap();
        assert_eq!(told.iter().count(), 3);
        drop(waker);
    }
}
