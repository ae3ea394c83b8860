//! Programs that say all they can of a validation, a creation and a reset, one in each language.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use whop_license::Api;

use crate::cases::{Case, Machine, Way};
use crate::support::workshop::{Workshop, alone, output, root, run};

pub struct Teller {
    workshop: Workshop,
    command: Vec<PathBuf>,
}

impl Teller {
    /// This very program, run again: see `rust::tell`.
    pub fn rust() -> Self {
        let arguments = ["rust::tell", "--exact", "--ignored", "--nocapture"].map(PathBuf::from);
        let command = [std::env::current_exe().unwrap()].into_iter().chain(arguments).collect();
        Self { workshop: Workshop::new(), command }
    }

    /// C or C++.
    pub fn compiled(source: &str) -> Self {
        let workshop = Workshop::new();
        let command = vec![workshop.compile(source, &[])];
        Self { workshop, command }
    }

    pub fn python() -> Self {
        let workshop = Workshop::new();
        // The package with the library of this build, in place of one that an earlier build left there.
        let package = workshop.path("whop_license");
        fs::create_dir(&package).unwrap();
        for entry in fs::read_dir(root().join("bindings/python/whop_license")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "py") {
                symlink(&path, package.join(path.file_name().unwrap())).unwrap();
            }
        }
        symlink(workshop.path("libwhop_license.so"), package.join("libwhop_license.so")).unwrap();
        // Beside the package, where Python looks for it.
        let program = workshop.path("tell.py");
        fs::copy(root().join("tests/secrets/tell.py"), &program).unwrap();
        let command = ["python3", "-X", "dev", "-B"].map(PathBuf::from).into_iter().chain([program]).collect();
        Self { workshop, command }
    }

    /// On Mono, which finds the libraries beside the program.
    pub fn csharp() -> Self {
        let workshop = Workshop::new();
        let (library, program) = (workshop.path("WhopLicense.dll"), workshop.path("Tell.exe"));
        let compile = || {
            let mut command = Command::new(root().join(".tools/csharp/venv/bin/python"));
            command.arg(root().join("bindings/csharp/tools/compile.py"));
            command
        };
        let sources = fs::read_dir(root().join("bindings/csharp/src")).unwrap().map(|entry| entry.unwrap().path());
        run(compile().arg(&library).args(sources));
        run(compile().arg(&program).arg(root().join("tests/secrets/Tell.cs")).arg("--reference").arg(&library));
        Self { workshop, command: vec!["mono".into(), "--debug".into(), program] }
    }

    /// All that it prints, on both streams.
    pub fn tell(&self, case: &Case, peer: &str, nobody: &str) -> String {
        let mut command = alone("env");
        match case.machine {
            Machine::Usual => {}
            Machine::WithoutIdentity => {
                command.arg(root().join("tests/support/on_machine.sh")).args(["-", "-"]);
            }
            Machine::WithoutClock => {
                command.arg(format!("LD_PRELOAD={}", self.workshop.preloaded("tests/secrets/no_clock.c").display()));
            }
        }
        let way = match case.way {
            Way::Api(Api::V2) => "v2",
            Way::Api(_) => "current",
            Way::Relay => "relay",
        };
        let arguments = [way, case.key, &case.url, &case.proxy, &case.license_key, case.metadata, case.plan];
        let arguments = arguments.map(|argument| argument.replace("PEER", peer).replace("NOBODY", nobody));
        let output = output(command.args(&self.command).args(arguments));
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat()
    }
}
