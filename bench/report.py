"""The tables of a run, in Markdown."""

from __future__ import annotations

from pathlib import Path

from goals import goals, number
from results import Results

#: What stands in one table: those that are compared with each other.
TABLES = {
    "From C": ["ours", "libcurl", "TLS socket", "nothing"],
    "The library from each language, and with calls that are started": [
        "ours",
        "ours, started",
        "ours, C++",
        "ours, Rust",
        "ours, Python",
        "ours, Mono",
        "ours, .NET 8",
    ],
    "Python": ["ours, Python", "requests, Python", "httpx, Python", "urllib3, Python", "nothing, Python"],
    "C# on Mono": ["ours, Mono", "HttpClient, Mono", "nothing, Mono"],
    "C# on .NET 8": ["ours, .NET 8", "HttpClient, .NET 8", "nothing, .NET 8"],
}


def markdown(results: Results) -> str:
    """All of it."""
    versions = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    text = [f"Measured on {results.date}: {results.machine}. Medians of {results.rounds} rounds. {versions}."]
    text += [f"Left out here: {what}." for what in results.left_out]
    rows = [row for row in (goal.row(results) for goal in goals()) if row]
    if rows:
        text.append("### Goals\n" + _table(["what", "goal", "measured", ""], rows))
    text += [part for part in (_of(results, title, names) for title, names in TABLES.items()) if part]
    if results.details:
        text.append("System calls of a warm check:\n" + "\n".join(f"- {line}" for line in results.details))
    return "\n\n".join(text)


def _of(results: Results, title: str, names: list[str]) -> str:
    """The figures that two or more of these contenders have."""
    if title == "From C":
        labels = sorted({name for row in results.values.values() for name in row if name.startswith("ours:")})
        names = [names[0], *labels, *names[1:]]
    rows = []
    for figure, row in results.values.items():
        medians = [results.median(figure, name) for name in names]
        if sum(value is not None for value in medians) < 2 or names[0] not in row:
            continue
        cells = ["" if value is None else number(value) for value in medians]
        rows.append([figure, results.units[figure], *cells])
    return f"### {title}\n" + _table(["", "unit", *names], rows) if rows else ""


def _table(head: list[str], rows: list[list[str]]) -> str:
    align = "|---" + "|---:" * (len(head) - 1) + "|"
    lines = ["| " + " | ".join(line) + " |" for line in [head, *rows]]
    return "\n".join([lines[0], align, *lines[1:]])


BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"


def write_into(document: Path, results: Results) -> None:
    """Between its two marks."""
    text = document.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    document.write_text(f"{before}{BEGIN}\n{markdown(results)}\n{END}{rest.split(END)[1]}", encoding="utf-8")
