"""The picture of a run, as SVG on a light and on a dark page."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes

from goals import number
from results import Results

mpl.use("svg")

#: The title of each part, its figure, and the contenders with their labels.
PARTS = [
    (
        "Warm check from C, p50",
        "warm p50",
        {"ours": "whop-license", "libcurl": "libcurl", "TLS socket": "bare TLS socket"},
    ),
    ("Cold check from C, p50", "cold p50", {"ours": "whop-license", "libcurl": "libcurl"}),
    ("Process start to verdict, C", "process to verdict", {"ours": "whop-license", "libcurl": "libcurl"}),
    (
        "Checks a second, 32 threads",
        "checks a second, 32 threads",
        {"ours": "whop-license, one client", "libcurl": "libcurl, 32 handles"},
    ),
    (
        "Warm check from Python, p50",
        "warm p50",
        {
            "ours, Python": "whop-license",
            "urllib3, Python": "urllib3",
            "httpx, Python": "httpx",
            "requests, Python": "requests",
        },
    ),
    (
        "Process start to verdict, Python",
        "process to verdict",
        {
            "ours, Python": "whop-license",
            "urllib3, Python": "urllib3",
            "httpx, Python": "httpx",
            "requests, Python": "requests",
        },
    ),
    (
        "Warm check from C#, p50",
        "warm p50",
        {
            "ours, .NET 8": "whop-license, .NET 8",
            "HttpClient, .NET 8": "HttpClient, .NET 8",
            "ours, Mono": "whop-license, Mono",
            "HttpClient, Mono": "HttpClient, Mono, TLS 1.2",
        },
    ),
    ("Memory added to a process", "memory added, own", {"ours": "whop-license", "libcurl": "libcurl + OpenSSL"}),
]
#: Of text, of the library's bars, of the others'.
COLORS = {"light": ("#1f2328", "#0969da", "#afb8c1"), "dark": ("#e6edf3", "#4493f8", "#656c76")}


def draw(results: Results, folder: Path) -> None:
    """Writes bench-light.svg and bench-dark.svg."""
    # No date and no random ids: the same figures give the same file.
    mpl.rcParams.update({"svg.hashsalt": "bench", "font.size": 9, "svg.fonttype": "none", "font.family": "sans-serif"})
    parts = [part for part in PARTS if all(results.median(part[1], name) is not None for name in part[2])]
    if not parts:
        return
    for page, colors in COLORS.items():
        rows = (len(parts) + 1) // 2
        figure, axes = pyplot.subplots(rows, 2, figsize=(10, 1.6 * rows), squeeze=False, layout="constrained")
        for place, part in zip(axes.flat, parts, strict=False):
            _bars(place, results, part, colors)
        for place in axes.flat[len(parts) :]:
            place.set_visible(False)
        metadata = {"Date": None, "Title": f"whop-license, measured on {results.date}"}
        figure.savefig(folder / f"bench-{page}.svg", transparent=True, metadata=metadata)
        pyplot.close(figure)


def _bars(axes: Axes, results: Results, part: tuple[str, str, dict[str, str]], colors: tuple[str, str, str]) -> None:
    title, figure, names = part
    text, ours, others = colors
    values = [results.median(figure, name) or 0 for name in names]
    fill = [ours if name.startswith("ours") else others for name in names]
    bars = axes.barh(list(names.values()), values, color=fill, height=0.7)
    axes.bar_label(bars, [f" {number(value)} {results.units[figure]}" for value in values], color=text)
    axes.set_title(title, loc="left", color=text, fontweight="bold", fontsize=10)
    axes.set_xlim(0, max(values) * 1.25)
    axes.invert_yaxis()
    axes.tick_params(left=False, bottom=False, labelbottom=False, labelcolor=text)
    for side in axes.spines.values():
        side.set_visible(False)
