"""The library stays loaded as long as it may be in use."""

from __future__ import annotations

from conftest import Workshop


def test_unloading_while_a_lookup_runs_does_not_end_the_program(workshop: Workshop) -> None:
    workshop.run(workshop.compile("tests/windows/unloading.c"))
