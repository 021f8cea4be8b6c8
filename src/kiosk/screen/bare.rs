//! The bare screen: the kernel's display and its touchscreens, without a desktop. Refuses keyboards.

use std::env;

use slint::{BackendSelector, PlatformError};

/// Whether there is no desktop around, so that the screen is the kernel's.
#[must_use]
pub fn is_wanted() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .all(|name| env::var_os(name).is_none_or(|value| value.is_empty()))
}

/// Has Slint draw on the bare screen, if there is no desktop around.
///
/// Slint's backend ends the program at Ctrl+Alt+Delete and passes keys on to what is shown; whoever plugs a keyboard in, or a
/// stick that claims to be one, is to find neither. So no event of a keyboard ever reaches it.
///
/// # Errors
/// If a backend was chosen before.
pub fn select() -> Result<(), PlatformError> {
    if !is_wanted() {
        return Ok(());
    }
    BackendSelector::new()
        .backend_name("linuxkms".to_owned())
        .renderer_name("software".to_owned())
        .with_libinput_event_hook(|event| matches!(event, input::Event::Keyboard(_)))
        .select()
}
