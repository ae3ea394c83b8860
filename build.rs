//! Writes `include/whop_license.h` from `src/ffi`, and names the library for the loader.

use std::env;
use std::error::Error;
use std::process::Command;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src/ffi");
    println!("cargo::rerun-if-changed=cbindgen.toml");
    println!("cargo::rerun-if-changed=include/whop_license.h");

    let [major, minor, patch] =
        ["CARGO_PKG_VERSION_MAJOR", "CARGO_PKG_VERSION_MINOR", "CARGO_PKG_VERSION_PATCH"].map(env::var);
    let (major, minor, patch) = (major?, minor?, patch?);

    let mut config = cbindgen::Config::from_file("cbindgen.toml")?;
    config.after_includes = Some(format!(
        "\n/* The version of this header; whop_version() is that of the library. */\n\
         #define WHOP_LICENSE_VERSION \"{major}.{minor}.{patch}\"\n\
         #define WHOP_LICENSE_VERSION_MAJOR {major}\n\
         #define WHOP_LICENSE_VERSION_MINOR {minor}\n\
         #define WHOP_LICENSE_VERSION_PATCH {patch}"
    ));
    ["status", "statuses", "license", "call", "plan", "client", "settings", "response"]
        .iter()
        .fold(cbindgen::Builder::new(), |header, file| header.with_src(format!("src/ffi/{file}.rs")))
        .with_config(config)
        .generate()?
        .write_to_file("include/whop_license.h");

    match env::var("CARGO_CFG_TARGET_OS")?.as_str() {
        // While the major version is 0, a new minor one may break the ABI. A name lookup can outlive the call that
        // started it, so the library must stay mapped.
        "linux" => {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libwhop_license.so.{major}.{minor}");
            println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
        }
        "macos" => println!("cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libwhop_license.dylib"),
        "windows" => version_resource(&[("MAJOR", &major), ("MINOR", &minor), ("PATCH", &patch)])?,
        _ => {}
    }
    Ok(())
}

/// Gives the DLL the version that Windows shows.
fn version_resource(version: &[(&str, &str)]) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={VERSION_RESOURCE}");
    println!("cargo::rerun-if-env-changed=WINDRES");
    if env::var("CARGO_CFG_TARGET_ENV")? != "gnu" {
        println!("cargo::warning=the DLL gets no version resource: that is written for windows-gnu alone");
        return Ok(());
    }
    let on_windows = env::var("HOST")?.contains("windows");
    let usual = if on_windows {
        "windres".into()
    } else {
        format!("{}-w64-mingw32-windres", env::var("CARGO_CFG_TARGET_ARCH")?)
    };
    let windres = env::var("WINDRES").unwrap_or(usual);
    let object = format!("{}/version.o", env::var("OUT_DIR")?);
    let macros = version.iter().map(|(name, value)| format!("-D{name}={value}"));
    match Command::new(&windres).args(macros).args([VERSION_RESOURCE, &object]).status() {
        Ok(status) if status.success() => println!("cargo::rustc-cdylib-link-arg={object}"),
        Ok(status) => return Err(format!("{windres} {VERSION_RESOURCE}: {status}").into()),
        // Who links the library into a Rust program needs neither.
        Err(error) => println!(
            "cargo::warning=the DLL gets no version resource: {windres}: {error}. It comes with mingw's binutils; WINDRES \
             names another one"
        ),
    }
    Ok(())
}

const VERSION_RESOURCE: &str = "packaging/version.rc";
