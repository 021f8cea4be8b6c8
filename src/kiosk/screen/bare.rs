//! The bare screen: the kernel's display and its touchscreens, without a desktop. Refuses keyboards.

use std::env;

use slint::{BackendSelector, PlatformError};

/// Has Slint draw on the bare screen, if there is no desktop around.
///
/// Slint's backend ends the program at Ctrl+Alt+Delete and passes keys on to what is shown; whoever plugs a keyboard in, or a
/// stick that claims to be one, is to find neither. So no event of a keyboard ever reaches it.
///
/// # Errors
/// If a backend was chosen before.
pub fn select() -> Result<(), PlatformError> {
    let desktop = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    if desktop {
        return Ok(());
    }
    BackendSelector::new()
        .backend_name("linuxkms".to_owned())
        .renderer_name("software".to_owned())
        .with_libinput_event_hook(|event| matches!(event, input::Event::Keyboard(_)))
        .select()
}
