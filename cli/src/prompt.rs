//! The question for what is not shown while it is typed.

use std::io;
#[cfg(unix)]
use std::{fs::File, thread};

#[cfg(unix)]
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
#[cfg(unix)]
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
#[cfg(unix)]
use signal_hook::iterator::Signals;
#[cfg(unix)]
use signal_hook::low_level::emulate_default_handler;

/// Asks on the terminal. If a signal ends the program meanwhile, the terminal shows again what is typed.
#[cfg(unix)]
pub(crate) fn ask(question: &str) -> io::Result<String> {
    restore_on_signals()?;
    let typed = rpassword::prompt_password(question);
    // Ctrl-C, of which rpassword makes a signal and an error.
    if typed.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {
        emulate_default_handler(SIGINT)?;
    }
    typed
}

#[cfg(not(unix))]
pub(crate) fn ask(question: &str) -> io::Result<String> {
    rpassword::prompt_password(question)
}

#[cfg(unix)]
fn restore_on_signals() -> io::Result<()> {
    // The one that the question is asked on.
    let terminal = File::open("/dev/tty")?;
    let before = tcgetattr(&terminal)?;
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
    // As long as the program runs: the system's own handlers do not come back.
    thread::spawn(move || {
        for signal in signals.forever() {
            let restored = tcsetattr(&terminal, OptionalActions::Now, &before);
            if emulate_default_handler(signal).is_err() || restored.is_err() {
                std::process::exit(2);
            }
        }
    });
    Ok(())
}
