//! Writes the manual pages and the completions of the three programs into `packaging/`: `cargo run -p whop-license-cli
//! --example pages`. With `--check`, only says which are not current.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_complete::Shell;

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packaging");
    let mut files = Files::new();
    for command in [whop_license_cli::cli::command(), whop_relay::cli::command(), whop_sandbox::cli::command()] {
        completions(&command, &mut files);
        pages(command, &mut files)?;
    }
    let mut stale = stale(&root, &files)?;
    stale.extend(left_over(&root, &files)?);
    if std::env::args().nth(1).as_deref() == Some("--check") {
        return match stale.is_empty() {
            true => Ok(()),
            false => Err(format!("stale: {stale:?}: run `make generate`").into()),
        };
    }
    for path in stale {
        match files.get(&path) {
            Some(text) => {
                fs::create_dir_all(root.join(&path).parent().unwrap_or(&root))?;
                fs::write(root.join(&path), text)?;
            }
            None => fs::remove_file(root.join(&path))?,
        }
        println!("packaging/{}", path.display());
    }
    Ok(())
}

fn completions(command: &Command, files: &mut Files) {
    let name = command.get_name();
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell] {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut command.clone(), name, &mut text);
        // Under the names by which each shell finds them.
        let file = match shell {
            Shell::Zsh => format!("zsh/_{name}"),
            Shell::Fish => format!("fish/{name}.fish"),
            Shell::PowerShell => format!("powershell/{name}.ps1"),
            _ => format!("bash/{name}"),
        };
        files.insert(Path::new("completions").join(file), text);
    }
}

/// A page for the program, and one for each of its commands.
fn pages(command: Command, files: &mut Files) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    clap_mangen::generate_to(command.disable_help_subcommand(true), folder.path())?;
    for entry in fs::read_dir(folder.path())? {
        let entry = entry?;
        files.insert(Path::new("man").join(entry.file_name()), fs::read(entry.path())?);
    }
    Ok(())
}

/// What is not there, or says something else.
fn stale(root: &Path, files: &Files) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut stale = Vec::new();
    for (path, text) in files {
        if !root.join(path).exists() || &fs::read(root.join(path))? != text {
            stale.push(path.clone());
        }
    }
    Ok(stale)
}

/// Pages and completions of what is gone.
fn left_over(root: &Path, files: &Files) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut left = Vec::new();
    for folder in ["man", "completions/bash", "completions/zsh", "completions/fish", "completions/powershell"] {
        if !root.join(folder).exists() {
            continue;
        }
        for entry in fs::read_dir(root.join(folder))? {
            let path = Path::new(folder).join(entry?.file_name());
            if !files.contains_key(&path) {
                left.push(path);
            }
        }
    }
    Ok(left)
}
