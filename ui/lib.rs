//! The screens, as Slint compiles them from `app.slint`.
//!
//! A crate of its own, so that the generated code is compiled only when a `.slint` file changes.
slint::include_modules!();
