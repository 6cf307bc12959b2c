//! Two deadlocks: waiting, while attached, for a thread that wants to attach; and running Python under a lock.
use pyo3::prelude::*;
use std::sync::Mutex;
use std::thread;

static LOCKED_CALLS: Mutex<u64> = Mutex::new(0);
static UNLOCKED_CALLS: Mutex<u64> = Mutex::new(0);

/// Waits for a thread that waits for the interpreter this one holds.
#[pyfunction]
pub fn join_attached() -> bool {
    let worker = thread::spawn(|| Python::with_gil(|py| py.version().is_empty()));
    worker.join().is_ok() // hazard: rust/join-while-attached
}

/// The same, detached while it waits.
#[pyfunction]
pub fn join_detached(py: Python<'_>) -> bool {
    py.allow_threads(|| {
        let worker = thread::spawn(|| Python::with_gil(|py| py.version().is_empty()));
        worker.join().is_ok()
    })
}

/// Python runs under the lock: it may let another thread run, which waits for the lock and keeps the interpreter.
#[pyfunction]
pub fn count_locked(callback: &PyAny) -> PyResult<u64> {
    let mut calls = LOCKED_CALLS.lock().unwrap();
    callback.call0()?; // hazard: rust/lock-held-over-python
    *calls += 1;
    Ok(*calls)
}

/// The same with the call outside of the lock.
#[pyfunction]
pub fn count_unlocked(callback: &PyAny) -> PyResult<u64> {
    callback.call0()?;
    let mut calls = UNLOCKED_CALLS.lock().unwrap();
    *calls += 1;
    Ok(*calls)
}
