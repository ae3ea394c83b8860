"""A Conan 2 recipe that builds the checkout that it stands in: `conan create packaging/conan`."""

from __future__ import annotations

import re
from pathlib import Path

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import cross_building
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rm, rmdir
from conan.tools.microsoft import is_msvc

EXPORTED = (
    *("Cargo.*", "CMakeLists.txt", "build.rs", "cbindgen.toml", "src/*", "include/*", "tests/exports.txt"),
    *("packaging/*", "scripts/static_library.py"),
    *("LICENSE-*", "THIRD-PARTY", "README.md", "CHANGELOG.md", "docs/*", "examples/*"),
    # Cargo reads them, because they are of the workspace.
    *("cli/*", "relay/*", "sandbox/*", "secret-file/*"),
)


class WhopLicense(ConanFile):
    """The C library, shared or static."""

    name = "whop-license"
    description = "Ask Whop whether this customer may run your program on this device"
    license = "MIT OR Apache-2.0"
    homepage = "https://whop.com"
    topics = ("whop", "license", "licensing", "drm")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False]}  # noqa: RUF012, which Conan wants so
    default_options = {"shared": True}  # noqa: RUF012

    def set_version(self) -> None:
        """That of the crate."""
        manifest = load(self, Path(self.recipe_folder, "../../Cargo.toml"))
        self.version = re.search(r'^version = "([^"]+)"', manifest, re.MULTILINE)[1]

    def configure(self) -> None:
        """The library speaks C, whatever compiles the program."""
        self.settings.rm_safe("compiler.libcxx")
        self.settings.rm_safe("compiler.cppstd")

    def validate(self) -> None:
        """Cargo builds for this machine, and on Windows for MinGW."""
        if is_msvc(self):
            raise ConanInvalidConfiguration("whop-license is not built here for Visual C++: take the release archive")
        if cross_building(self):
            raise ConanInvalidConfiguration("whop-license is not cross-built here: take the release archive")

    def layout(self) -> None:
        """The sources stand at the top."""
        cmake_layout(self)

    def export_sources(self) -> None:
        """What cargo and the installer read."""
        root = str(Path(self.recipe_folder, "../..").resolve())
        for pattern in EXPORTED:
            copy(
                self,
                pattern,
                root,
                self.export_sources_folder,
                excludes=("packaging/conan/*", "relay/tests/*", "relay/deploy/*", "sandbox/tests/*", "cli/tests/*"),
            )

    def generate(self) -> None:
        """For CMake."""
        CMakeToolchain(self).generate()

    def build(self) -> None:
        """Lets CMake call cargo."""
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self) -> None:
        """The tree of `make install`, with the one form of the library that was asked for."""
        CMake(self).install()
        package = Path(self.package_folder)
        for notice in ("LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY"):
            copy(self, notice, self.source_folder, str(package / "licenses"))
        # Conan writes its own. That of pkg-config stays: package_info() reads it.
        for folder in ("lib/cmake", "share"):
            rmdir(self, str(package / folder))
        for folder in ("lib", "bin"):
            unwanted = ("libwhop_license.a",) if self.options.shared else ("*.so*", "*.dylib", "*.dll", "*.dll.a")
            for pattern in unwanted:
                rm(self, pattern, str(package / folder))

    def package_info(self) -> None:
        """What a program is linked with, under the names that an installed tree gives."""
        self.cpp_info.libs = ["whop_license"]
        self.cpp_info.set_property("cmake_file_name", "whop_license")
        target = "whop_license::whop_license" if self.options.shared else "whop_license::static"
        self.cpp_info.set_property("cmake_target_name", target)
        self.cpp_info.set_property("pkg_config_name", "whop_license")
        if not self.options.shared:
            pc = load(self, str(Path(self.package_folder, "lib/pkgconfig/whop_license.pc")))
            needs = re.search(r"^Libs\.private: (.*)$", pc, re.MULTILINE)[1]
            self.cpp_info.system_libs = [need.removeprefix("-l") for need in needs.split()]
