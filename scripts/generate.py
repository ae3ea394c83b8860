"""Write what mirrors the facts of api/ in every language. With --check, show what is stale."""

import difflib
import re
import subprocess
import sys
import textwrap

import jinja2

from facts import ROOT, api

WIDTH = 120

# What is written: its template in scripts/templates, and the API that it is about.
OUTPUTS = {
    "src/model/current.rs": ("model.rs.j2", "current"),
    "src/model/v2.rs": ("model.rs.j2", "v2"),
}


def comment(text: str, prefix: str) -> str:
    """A sentence as the lines of a comment. The first lacks the prefix, which stands in the template."""
    sentence = text if text.endswith((".", "…")) else f"{text}."
    lines = textwrap.wrap(sentence, WIDTH - len(prefix), break_long_words=False, break_on_hyphens=False)
    return f"\n{prefix}".join(lines)


def pascal(name: str) -> str:
    """`multi_psp` as `MultiPsp`."""
    return "".join(word.capitalize() for word in name.split("_"))


def constant(name: str) -> str:
    """`CustomField` as `CUSTOM_FIELD`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def formatted(path: str, text: str) -> str:
    """The text as the formatter of its language writes it."""
    formatters = {".rs": ["rustfmt", "--edition=2024", f"--config-path={ROOT}"]}
    for ending, command in formatters.items():
        if path.endswith(ending):
            return subprocess.run(command, input=text, stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    return text


def generated() -> dict[str, str]:
    """What every output should be."""
    engine = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "scripts/templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    engine.filters |= {"comment": comment, "pascal": pascal, "constant": constant}
    facts = {name: api(name) for name in ("current", "v2")}
    return {
        path: formatted(path, engine.get_template(template).render(api=facts[about]))
        for path, (template, about) in OUTPUTS.items()
    }


def main(check: bool) -> None:
    """Writes what is stale, or only shows it."""
    stale = []
    for path, text in generated().items():
        file = ROOT / path
        now = file.read_text(encoding="utf-8") if file.exists() else ""
        if now != text:
            stale.append(path)
            if check:
                old, new = now.splitlines(keepends=True), text.splitlines(keepends=True)
                sys.stdout.writelines(difflib.unified_diff(old, new, path, "as generated"))
            else:
                file.write_text(text, encoding="utf-8", newline="\n")
                print(path)
    if check and stale:
        sys.exit(f"Stale: {', '.join(stale)}. Run `make generate`")


if __name__ == "__main__":
    main(check="--check" in sys.argv)
