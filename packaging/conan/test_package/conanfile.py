"""Builds the example with the package and runs it."""

from __future__ import annotations

from pathlib import Path

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout


class TestPackage(ConanFile):
    """A program that was linked with the package."""

    settings = "os", "arch", "compiler", "build_type"
    generators = "CMakeDeps"

    def requirements(self) -> None:
        """The package that was made."""
        self.requires(self.tested_reference_str)

    def layout(self) -> None:
        """As is usual."""
        cmake_layout(self)

    def generate(self) -> None:
        """Leaves nothing in the checkout."""
        toolchain = CMakeToolchain(self)
        toolchain.user_presets_path = False
        toolchain.generate()

    def build(self) -> None:
        """Compiles and links."""
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def test(self) -> None:
        """It prints the version of the library."""
        if can_run(self):
            self.run(str(Path(self.cpp.build.bindir, "version").absolute()), env="conanrun")
