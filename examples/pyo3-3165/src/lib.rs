//! The hazards of PyO3 issue 3165 and two deadlocks of its family, each beside the same thing done well.

// The macros of these old releases expand to what newer compilers warn about.
#![allow(non_local_definitions)]

mod deferred;
mod holders;
mod waiting;

use pyo3::prelude::*;

#[pymodule]
fn traversal(_py: Python<'_>, module: &PyModule) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(deferred::drop_detached, module)?)?;
    module.add_function(wrap_pyfunction!(deferred::drop_attached, module)?)?;
    module.add_function(wrap_pyfunction!(waiting::join_attached, module)?)?;
    module.add_function(wrap_pyfunction!(waiting::join_detached, module)?)?;
    module.add_function(wrap_pyfunction!(waiting::count_locked, module)?)?;
    module.add_function(wrap_pyfunction!(waiting::count_unlocked, module)?)?;
    module.add_class::<deferred::Link>()?;
    module.add_class::<holders::Dropper>()?;
    module.add_class::<holders::Keeper>()?;
    module.add_class::<holders::Leaky>()?;
    module.add_class::<holders::Tidy>()?;
    module.add_class::<holders::Attacher>()?;
    Ok(())
}
