//! Where a C or C++ program is compiled, linked with the library of this build, and run.
//!
//! Variables test another library than that of this build; `scripts/sanitize.sh` and `scripts/test_arm.sh` set them:
//! `WHOP_LIBRARY` the file, `WHOP_FLAGS` more for the compiler, `WHOP_TOOLS` the prefix of a cross compiler's name,
//! `WHOP_RUNNER` the command that runs programs.

use std::ffi::OsStr;
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

pub const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];
pub const STRICT_CPP: [&str; 4] = ["-Wconversion", "-Wshadow", "-fno-exceptions", "-fno-rtti"];
const SANITIZERS: [&str; 2] = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
const VALGRIND: [&str; 4] =
    ["--quiet", "--error-exitcode=99", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect"];

/// The folder of a workshop with the library that has its symbols.
const WITH_SYMBOLS: &str = "with-symbols";

/// How a program is run; each finds faults that the others do not.
#[derive(Clone, Copy)]
pub enum Way {
    Plain,
    Sanitized,
    Valgrind,
}

pub const EVERY_WAY: [Way; 3] = [Way::Plain, Way::Sanitized, Way::Valgrind];

/// A directory with the library in it, gone when dropped.
pub struct Workshop(TempDir);

impl Workshop {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        // On Windows, where `tests/windows` compiles the programs, it is a directory and no more.
        #[cfg(unix)]
        Self::link_library(dir.path());
        Self(dir)
    }

    #[cfg(unix)]
    fn link_library(dir: &Path) {
        let library = library();
        symlink(&library, dir.join("libwhop_license.so")).unwrap();
        symlink(&library, dir.join(soname(&library))).unwrap();
        std::fs::create_dir(dir.join(WITH_SYMBOLS)).unwrap();
        symlink(built_for_tests(), dir.join(WITH_SYMBOLS).join(soname(&library))).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a source file.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Compiles a file of this repository into a program.
    pub fn compile(&self, source: &str, flags: &[&str]) -> PathBuf {
        let (source, program, libraries) = (root().join(source), self.path("program"), self.0.path());
        let mut compiler = compiler(&source);
        compiler.args(["-g", "-pthread"]).args(flags).args(tested("FLAGS")).arg(&source).arg("-o").arg(&program);
        compiler.arg("-L").arg(libraries).arg("-lwhop_license").arg(format!("-Wl,-rpath,{}", libraries.display()));
        run(&mut compiler);
        match tested("RUNNER").join(" ") {
            runner if runner.is_empty() => program,
            runner => self.script(&format!("{runner} {}", program.display())),
        }
    }

    /// A shell script that is in the place of a program. A shell writes it too: while this process has a file open to
    /// write, a child of another thread's has it too, and it cannot be run.
    fn script(&self, command: &str) -> PathBuf {
        let path = self.path("run");
        let write = r##"printf '#!/bin/sh\nexec %s "$@"\n' "$1" >"$0" && chmod 755 "$0""##;
        run(Command::new("sh").args(["-c", write]).arg(&path).arg(command));
        path
    }

    /// Compiles a file of this repository into a library to preload.
    pub fn preloaded(&self, source: &str) -> PathBuf {
        let (source, library) = (root().join(source), self.path("preloaded.so"));
        run(compiler(&source).args(["-shared", "-fPIC"]).arg(&source).arg("-o").arg(&library));
        library
    }

    /// Compiles a program and runs it, which must succeed.
    pub fn check<A: AsRef<OsStr>>(&self, source: &str, flags: &[&str], way: Way, arguments: &[A]) {
        if !tested("RUNNER").is_empty() {
            // It allows neither Valgrind nor another sanitizer.
            print!("{}", run(alone(self.compile(source, flags)).args(arguments)));
            return;
        }
        let program = match way {
            Way::Plain | Way::Valgrind => self.compile(source, flags),
            Way::Sanitized => self.compile(source, &[flags, &SANITIZERS].concat()),
        };
        let mut command = match way {
            Way::Plain => alone(&program),
            Way::Sanitized => {
                let symbols = run(Command::new("nm").arg(&program));
                assert!(symbols.contains("__asan_init"), "{source} was linked without the address sanitizer");
                alone(&program)
            }
            Way::Valgrind => {
                let mut valgrind = alone("valgrind");
                let suppressions = format!("--suppressions={}", root().join("tests/c/valgrind.supp").display());
                // It knows by their names which of ring's functions to pass over; what is shipped has no names.
                valgrind.env("LD_LIBRARY_PATH", self.path(WITH_SYMBOLS));
                valgrind.args(VALGRIND).arg(suppressions).arg(&program);
                valgrind
            }
        };
        print!("{}", run(command.args(arguments)));
    }
}

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The library under test: the one that is shipped, or that `scripts/sanitize.sh` has built; else the tests' own.
pub fn library() -> PathBuf {
    std::env::var_os("WHOP_LIBRARY").map_or_else(built_for_tests, PathBuf::from)
}

/// The library that cargo has built for this very test; the one a directory higher may be older.
fn built_for_tests() -> PathBuf {
    std::env::current_exe().unwrap().with_file_name("libwhop_license.so")
}

/// The words of a variable that says how another library is tested; none where it is not set.
fn tested(name: &str) -> Vec<String> {
    let value = std::env::var(format!("WHOP_{name}")).unwrap_or_default();
    value.split_whitespace().map(str::to_owned).collect()
}

/// `c99` or `c++17` by the name of the source, unless the flags say otherwise.
fn compiler(source: &Path) -> Command {
    let is_cpp = source.extension().is_some_and(|extension| extension == "cpp");
    let standard = if is_cpp { "-std=c++17" } else { "-std=c99" };
    let mut command = Command::new(match &tested("TOOLS")[..] {
        [prefix] => format!("{prefix}{}", if is_cpp { "g++" } else { "gcc" }),
        _ => if is_cpp { "c++" } else { "cc" }.to_owned(),
    });
    command.arg(standard).args(WARNINGS).arg("-I").arg(root().join("include"));
    command
}

/// A command that inherits nothing, so that neither a proxy nor a preloaded library of this machine has a say.
pub fn alone(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

pub fn output(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| {
        panic!("{command:?}: {error}. What these tests need: apt-get install gcc g++ binutils valgrind")
    })
}

/// Runs a command that must succeed, and hands over what it printed.
pub fn run(command: &mut Command) -> String {
    let output = output(command);
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{stdout}{stderr}", output.status);
    stdout.into_owned()
}

/// The name by which a program looks for the library when it starts.
fn soname(library: &Path) -> String {
    let dynamic = run(Command::new("readelf").arg("--dynamic").arg(library).env("LC_ALL", "C"));
    let line = dynamic.lines().find(|line| line.contains("(SONAME)")).expect("the library has no SONAME");
    line.split(['[', ']']).nth(1).unwrap().to_owned()
}
