//! Writes `include/whop_license.h` from `src/ffi`, and names the library for the loader.

use std::env;
use std::error::Error;

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
    ["status", "statuses", "license", "plan", "client", "settings", "response"]
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
        _ => {}
    }
    Ok(())
}
