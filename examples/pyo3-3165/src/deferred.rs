//! Crash 1: a reference given up without the interpreter waits in a queue; before 0.19 the collector's own walk emptied it.
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::thread;

#[pyclass]
pub struct Link {
    next: Option<PyObject>,
}

#[pymethods]
impl Link {
    #[new]
    fn new(next: Option<PyObject>) -> Self {
        Link { next }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.next)
    }

    fn __clear__(&mut self) {
        self.next = None;
    }
}

/// The new object leaves the closure and dies in a thread that is attached no more.
#[pyfunction]
pub fn drop_detached() {
    thread::spawn(|| {
        let link = Python::with_gil(|py| Py::new(py, Link { next: None }));
        drop(link); // hazard: rust/py-dropped-detached
    });
}

/// The same, given up while attached.
#[pyfunction]
pub fn drop_attached() {
    thread::spawn(|| {
        Python::with_gil(|py| {
            let link = Py::new(py, Link { next: None });
            drop(link);
        });
    });
}
