//! The headers compile alone, twice included, in every version of the languages that they promise.

use std::process::Command;

use crate::support::workshop::{STRICT_CPP, WARNINGS, Workshop, root, run};

fn compiles(header: &str, language: &str, standard: &str, flags: &[&str]) {
    let workshop = Workshop::new();
    let twice = workshop.write("twice", &format!("#include \"{header}\"\n").repeat(2));
    let mut compiler = Command::new("cc");
    compiler.args(["-fsyntax-only", "-x", language, &format!("-std={standard}")]).args(WARNINGS).args(flags);
    run(compiler.arg("-I").arg(root().join("include")).arg(twice));
}

#[test]
fn the_c_header_compiles_alone_as_c_and_as_cpp() {
    for standard in ["c99", "c11", "c17"] {
        compiles("whop_license.h", "c", standard, &["-Wstrict-prototypes"]);
    }
    for standard in ["c++11", "c++14", "c++17", "c++20"] {
        compiles("whop_license.h", "c++", standard, &[]);
    }
}

#[test]
fn the_cpp_header_compiles_alone() {
    for standard in ["c++17", "c++20"] {
        compiles("whop_license.hpp", "c++", standard, &STRICT_CPP);
    }
}

#[test]
fn the_cpp_header_may_be_in_several_files_of_one_program() {
    let workshop = Workshop::new();
    let files = ["one.cpp", "two.cpp"].map(|name| workshop.write(name, "#include \"whop_license.hpp\"\n"));
    let mut linker = Command::new("c++");
    linker.args(["-std=c++17", "-shared", "-fPIC", "-I"]).arg(root().join("include"));
    run(linker.args(files).arg("-o").arg(workshop.path("both.so")));
}
