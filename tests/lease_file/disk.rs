//! Disks that are full, folders that cannot be written, and files of other users.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;

use crate::child::Program;
use crate::support::Peer;
use crate::support::workshop::alone;
use crate::{Home, KEY};

/// The user that owns nothing.
const NOBODY: u32 = 65534;

/// Whether this user may do all; else what takes that is left out, and said to be.
fn is_root(test: &str) -> bool {
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    if !is_root {
        println!("{test}: left out, since it takes root");
    }
    is_root
}

/// A folder whose files are those of a user who may not do all, and who runs the programs.
struct Plain {
    home: Home,
    peer: Peer,
}

impl Plain {
    fn new() -> Self {
        let home = Home::new();
        home.granted_a_minute_ago(KEY);
        let plain = Self { peer: Peer::start([home.signer.yes()]), home };
        plain.give("");
        plain.give("leases");
        plain.give("leases.lock");
        plain
    }

    fn give(&self, name: &str) {
        if is_root("chown") {
            chown(self.home.folder().join(name), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    fn restrict(&self, name: &str, mode: u32) {
        fs::set_permissions(self.home.folder().join(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn told(&self, relay: &str, settings: &str) -> String {
        let Home { signer, file, .. } = &self.home;
        let told = Program { relay, signer, file, license_keys: KEY, times: 1 }.told(|command| {
            let mut shell = alone("sh");
            shell.arg("-c").arg(format!("{settings}\nexec \"$0\" \"$@\"")).arg(command.get_program());
            shell.args(command.get_args()).envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
            if is_root("setuid") {
                shell.uid(NOBODY).gid(NOBODY);
            }
            *command = shell;
        });
        told.concat()
    }

    fn online(&self, settings: &str) -> String {
        self.told(&format!("http://{}", self.peer.host()), settings)
    }

    fn offline(&self, settings: &str) -> String {
        self.told(&self.home.nobody(), settings)
    }

    /// The online answer stands and says this; the lease does not help, and that is said too; the file stays as it is.
    fn costs_the_use_without_network(&self, settings: &str, why: &str) {
        let before = (fs::read(&self.home.file).ok(), self.home.listed());
        let not_kept = "The license is valid here. It is not kept for use without network:";
        assert_eq!(self.online(settings), format!("0 0 {not_kept} the lease file {why}."));
        let told = self.offline(settings);
        assert!(told.starts_with("300 0 the relay could not be reached, nothing was sent: "), "{told}");
        assert!(told.ends_with(&format!("; the lease file {why}")), "{told}");
        assert_eq!((fs::read(&self.home.file).ok(), self.home.listed()), before);
    }
}

#[test]
fn file_that_cannot_grow_stays_as_it_was() {
    let plain = Plain::new();
    plain.costs_the_use_without_network("trap '' XFSZ; ulimit -f 0", "cannot be written: File too large");
    assert!(plain.offline("").starts_with("0 1 The license is valid here. It stands on the lease"));
}

#[test]
fn file_on_a_full_disk_stays_as_it_was() {
    if !is_root("full disk") {
        return;
    }
    let home = Home::new();
    home.granted(KEY);
    let peer = Peer::start([home.signer.yes()]);
    let disk = home.folder().join("disk");
    fs::create_dir(&disk).unwrap();
    let script = r#"
        mount -t tmpfs -o size=16k none disk && cp leases disk/leases && touch disk/leases.lock
        cat /dev/zero > disk/rest 2> /dev/null
        "$0" "$@"
        cmp leases disk/leases && ls disk > listed
    "#;
    let relay = format!("http://{}", peer.host());
    let told = Program { relay: &relay, signer: &home.signer, file: &disk.join("leases"), license_keys: KEY, times: 1 }
        .told(|command| {
            let mut shell = alone("unshare");
            shell.args(["--mount", "sh", "-c", script]).arg(command.get_program()).args(command.get_args());
            shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
            shell.current_dir(home.folder());
            *command = shell;
        });
    assert!(told[0].ends_with("the lease file cannot be written: No space left on device."), "{told:?}");
    assert_eq!(fs::read_to_string(home.folder().join("listed")).unwrap(), "leases\nleases.lock\nrest\n");
}

#[test]
fn folder_that_cannot_be_written_costs_only_the_use_without_network() {
    let plain = Plain::new();
    plain.restrict("", 0o555);
    plain.costs_the_use_without_network("", "cannot be written: Permission denied");
    plain.restrict("", 0o755);
    fs::remove_file(plain.home.folder().join("leases.lock")).unwrap();
    plain.restrict("", 0o555);
    plain.costs_the_use_without_network("", "cannot be locked: Permission denied");
    plain.restrict("", 0o755);
    assert!(plain.offline("").starts_with("0 1 The license is valid here. It stands on the lease"));
    // A file that its owner made read-only is replaced like any other; one that he may not read is not.
    plain.restrict("leases", 0o400);
    assert_eq!(plain.online(""), "0 0 The license is valid here.");
    plain.restrict("leases", 0o200);
    plain.costs_the_use_without_network("", "cannot be opened: Permission denied");
}

#[test]
fn file_of_another_user_is_neither_believed_nor_replaced() {
    if !is_root("another user") {
        return;
    }
    let plain = Plain::new();
    chown(&plain.home.file, Some(0), Some(0)).unwrap();
    plain.restrict("leases", 0o644);
    plain.costs_the_use_without_network("", "cannot be opened: it belongs to another user");
    assert_eq!(fs::metadata(&plain.home.file).unwrap().uid(), 0);
}

#[test]
fn files_are_the_users_alone_whatever_the_mask() {
    let plain = Plain::new();
    let mode = |name: &str| fs::metadata(plain.home.folder().join(name)).unwrap().mode() & 0o7777;
    for mask in ["0", "0777", "022", "0277"] {
        for name in ["leases", "leases.lock"] {
            fs::remove_file(plain.home.folder().join(name)).unwrap();
        }
        // What was written under that mask is read and written again.
        for _ in 0..2 {
            assert_eq!(plain.online(&format!("umask {mask}")), "0 0 The license is valid here.", "{mask}");
        }
        assert!(plain.offline(&format!("umask {mask}")).starts_with("0 1 "), "{mask}");
        assert_eq!((mode("leases"), mode("leases.lock")), (0o600, 0o600), "{mask}");
    }
}
