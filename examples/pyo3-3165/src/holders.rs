//! Crash 2, the leak, and a traversal that attaches: classes that hold one object, and what the collector may ask of them.
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::Mutex;

/// Crash 2: gives its object up while the collector walks.
#[pyclass]
pub struct Dropper {
    held: Mutex<Option<PyObject>>,
}

#[pymethods]
impl Dropper {
    #[new]
    fn new(held: PyObject) -> Self {
        Dropper { held: Mutex::new(Some(held)) }
    }

    fn __traverse__(&self, _visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Ok(mut held) = self.held.try_lock() {
            held.take(); // hazard: rust/drop-in-traverse
        }
        Ok(())
    }

    fn __clear__(&mut self) {
        if let Ok(held) = self.held.get_mut() {
            *held = None;
        }
    }
}

/// The same, given up where it may be.
#[pyclass]
pub struct Keeper {
    held: Mutex<Option<PyObject>>,
}

#[pymethods]
impl Keeper {
    #[new]
    fn new(held: PyObject) -> Self {
        Keeper { held: Mutex::new(Some(held)) }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Ok(held) = self.held.try_lock() {
            visit.call(&*held)?;
        }
        Ok(())
    }

    fn __clear__(&mut self) {
        if let Ok(held) = self.held.get_mut() {
            *held = None;
        }
    }
}

/// The leak: the collector never learns of the object it holds.
#[pyclass]
pub struct Leaky { // hazard: rust/missing-traverse
    #[pyo3(get, set)]
    held: Option<PyObject>,
}

#[pymethods]
impl Leaky {
    #[new]
    fn new(held: Option<PyObject>) -> Self {
        Leaky { held }
    }
}

/// The same with the two methods the collector needs.
#[pyclass]
pub struct Tidy {
    #[pyo3(get, set)]
    held: Option<PyObject>,
}

#[pymethods]
impl Tidy {
    #[new]
    fn new(held: Option<PyObject>) -> Self {
        Tidy { held }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.held)
    }

    fn __clear__(&mut self) {
        self.held = None;
    }
}

/// Attaches while the collector walks: unnoticed before 0.19, a panic since.
#[pyclass]
pub struct Attacher {
    held: Option<PyObject>,
}

#[pymethods]
impl Attacher {
    #[new]
    fn new(held: Option<PyObject>) -> Self {
        Attacher { held }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        Python::with_gil(|_py| visit.call(&self.held)) // hazard: rust/attach-in-traverse
    }

    fn __clear__(&mut self) {
        self.held = None;
    }
}
