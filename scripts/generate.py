"""Write what mirrors the facts of api/ in every language. With --check, show what is stale.

The first line of a template says what it writes: whole files, or the part of one between `generated: NAME` and
`end of generated: NAME`, which is named like the template.
"""

import difflib
import itertools
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import jinja2

from facts import ROOT, apis, settings, statuses
from header import header

WIDTH = 120
TEMPLATES = ROOT / "scripts/templates"
RUFF = [sys.executable, "-m", "ruff", f"--config={ROOT}/bindings/python/pyproject.toml"]
FORMATTERS = {
    ".rs": [["rustfmt", "--edition=2024", f"--config-path={ROOT}"]],
    # Imports that one API does not need are dropped, and lists that must be in order are sorted.
    ".py": [[*RUFF, "check", "--select=F401,I,RUF022", "--fix", "--quiet", "-"], [*RUFF, "format", "-"]],
}


def comment(text: str, prefix: str, quote: str = "") -> str:
    """A sentence as the lines of a comment. The first lacks the prefix, which stands in the template."""
    sentence = f"{quote}{text}{'' if text.endswith(('.', '…')) else '.'}{quote}"
    lines = textwrap.wrap(sentence, WIDTH - len(prefix), break_long_words=False, break_on_hyphens=False)
    return f"\n{prefix}".join(lines)


def summary(text: str, prefix: str) -> str:
    """A sentence as a comment of C#."""
    xml = re.sub(r"`(.*?)`", r"<c>\1</c>", text.replace("&", "&amp;").replace("<", "&lt;"))
    line = f"/// <summary>{comment(xml, '')}</summary>"
    if len(prefix + line) <= WIDTH and "\n" not in line:
        return line
    return f"/// <summary>\n{prefix}/// {comment(xml, f'{prefix}/// ')}\n{prefix}/// </summary>"


def pascal(name: str) -> str:
    """`multi_psp` as `MultiPsp`."""
    return "".join(word.capitalize() for word in name.split("_"))


def rst(text: str) -> str:
    """The text for a comment in Python."""
    return text.replace("`", "``")


FILTERS = {
    "camel": lambda name: name[0] + pascal(name)[1:],
    "comment": comment,
    "constant": lambda name: re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper(),
    # `const char *name`.
    "declaration": lambda one: f"{one.type} {one.name}".replace("* ", "*"),
    "docstring": lambda text, prefix: comment(rst(text), prefix, '"""'),
    "pascal": pascal,
    # For a header, which is ASCII and quotes names.
    "plain": lambda text: text.replace("`", '"').replace("…", "..."),
    "rst": rst,
    "summary": summary,
}


def read(path: str) -> str:
    """The file as it is, if it is there."""
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.exists() else ""


def formatted(path: str, text: str) -> str:
    """The text as the formatter of its language writes it."""
    for command in FORMATTERS.get(Path(path).suffix, []):
        text = subprocess.run(command, input=text, stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    return text


def generated() -> dict[str, str]:
    """What every file should be."""
    engine = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    engine.filters |= FILTERS
    whop = apis()
    engine.globals |= {"apis": whop, "header": header(), "settings": settings(), "statuses": statuses()}
    files: dict[str, str] = {}
    for template in sorted(TEMPLATES.iterdir()):
        writes = re.match(r"\{# Writes (a part of )?(.+)\. #\}\n", template.read_text(encoding="utf-8"))
        if not writes:
            sys.exit(f"{template}: does not say in its first line what it writes")
        for path in writes[2].split(" and "):
            # A file that is named like an API is about that one.
            about = whop.get(Path(path).stem.lower())
            text = engine.get_template(template.name).render(api=about)
            if writes[1]:
                marks = rf"(?m)^(.*\bgenerated: {re.escape(template.stem)}\b.*\n)"
                pieces = re.split(marks, files.get(path) or read(path))
                if len(pieces) != 5:
                    sys.exit(f"{path}: lacks the two marks of {template.stem}")
                pieces[2] = text
                text = "".join(pieces)
            files[path] = text
    return {path: formatted(path, text) for path, text in files.items()}


def main(check: bool) -> None:
    """Writes what is stale, or only shows it."""
    stale = {path: text for path, text in generated().items() if text != read(path)}
    for path, text in stale.items():
        if check:
            now, then = read(path).splitlines(keepends=True), text.splitlines(keepends=True)
            difference = difflib.unified_diff(now, then, path, "as generated", n=1)
            sys.stdout.writelines(itertools.islice(difference, 20))
        else:
            (ROOT / path).write_text(text, encoding="utf-8", newline="\n")
            print(path)
    if check and stale:
        sys.exit(f"Stale: {', '.join(stale)}. Run `make generate`")


if __name__ == "__main__":
    main(check="--check" in sys.argv)
