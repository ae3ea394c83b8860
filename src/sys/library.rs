//! The file that this code is loaded from.

/// Keeps it loaded until the process ends, since a name lookup may run on after the call that started it. On Linux the file
/// itself says so.
#[cfg(windows)]
pub(crate) fn keep_loaded() -> std::io::Result<()> {
    use std::ptr;
    use windows_sys::Win32::System::LibraryLoader::{
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN, GetModuleHandleExW,
    };

    let within: fn() -> std::io::Result<()> = keep_loaded;
    let mut module = ptr::null_mut();
    let flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN;
    // SAFETY: with this flag it takes any address of the module in place of a name, and writes the handle.
    match unsafe { GetModuleHandleExW(flags, within as *const u16, &raw mut module) } {
        0 => Err(std::io::Error::last_os_error()),
        _ => Ok(()),
    }
}

#[cfg(not(windows))]
pub(crate) fn keep_loaded() -> std::io::Result<()> {
    Ok(())
}
