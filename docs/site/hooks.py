"""What MkDocs does besides: pages made from the code, formulas, links of the repository."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import Any, Final

from mkdocs.structure.files import File, Files
from numpydoc.docscrape import ClassDoc, FunctionDoc

sys.path.insert(0, str(Path(__file__).parent))

from set_formulas import write_formulas

import cssopt

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = {
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "DECISIONS.md": "decisions.md",
    "README.md": "index.md",
}
"""Pages of the repository by what they are called on the site."""

_LINK: Final = re.compile(
    r"\[((?:[^\[\]]|\[[^\]]*\])+)\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)"
)


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made."""
    made = {
        page: (ROOT / source).read_text(encoding="utf-8")
        for source, page in PAGES.items()
        if source != "README.md"
    }
    made |= {"api.md": write_api(), "commands.md": write_commands()}
    for page, text in made.items():
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Links between pages of the repository lead within the site; formulas are set."""
    known = {file.src_uri for file in files}
    markdown = _LINK.sub(lambda link: _mend_link(link, known), markdown)
    if page.file.src_uri == "mathematics.md":
        markdown = re.sub(
            r"```text\n(.*?)\n```", lambda it: write_formulas(it[1]), markdown, flags=re.DOTALL
        )
    return markdown


def _mend_link(link: re.Match[str], known: set[str]) -> str:
    """The link with its place on the site; its text alone where the site has no such page."""
    text, target, anchor = link.groups()
    path = target.removeprefix("../").removeprefix("docs/")
    path = PAGES.get(path, path)
    return f"[{text}]({path}{anchor or ''})" if path in known else text


def write_api() -> str:
    """The reference of Python: every public name, from its docstring."""
    verbs, kinds, errors = [], [], []
    for name in sorted(cssopt.__all__):
        thing = getattr(cssopt, name)
        if not inspect.isclass(thing):
            verbs.append(name)
        elif issubclass(thing, Exception):
            errors.append(name)
        else:
            kinds.append(name)
    parts = [
        "# Python\n\nEverything here is found in `cssopt` itself; [Notebooks and scripts]"
        "(python.md) shows how it is used. Options of a verb are given by name.\n"
    ]
    for title, names in (("Verbs", verbs), ("What they give and take", kinds), ("Errors", errors)):
        parts.append(f"## {title}\n")
        parts += [_write_name(name) for name in names]
    return "\n".join(parts)


def _write_name(name: str) -> str:
    thing = getattr(cssopt, name)
    if inspect.isclass(thing):
        own = inspect.getdoc(thing) or ""
        if "Parameters" not in own and thing.__base__ is not Exception:  # what it adds to another
            above = inspect.getdoc(thing.__base__) or ""
            own = f"{own}\n{above.partition(chr(10))[2]}"
        text = _write_sections(ClassDoc(None, own, config={"show_class_members": False}))
        members = [
            f"**`{name}.{each}`** {_plain((part.__doc__ or '').splitlines()[0])}\n"
            for each, part in _find_members(thing).items()
        ]
        return f"### {name} {{ #{name} }}\n\n{text}\n" + "\n".join(members)
    taken = list(inspect.signature(thing).parameters)
    signature = ", ".join(taken if len(taken) < 6 else [taken[0], "**options"])
    head = f"```python\ncssopt.{name}({signature})\n```"
    return f"### {name} {{ #{name} }}\n\n{head}\n\n{_write_sections(FunctionDoc(thing))}"


def _find_members(thing: type) -> dict[str, Any]:
    """Public properties and methods of a class and of those below it, of ours only."""
    found = {}
    for kind in reversed(thing.__mro__):
        if kind.__module__.startswith("cssopt"):
            found |= {name: getattr(part, "func", part) for name, part in vars(kind).items()}
    return {
        name: part
        for name, part in found.items()
        if not name.startswith("_") and (isinstance(part, property) or inspect.isfunction(part))
        if part.__doc__
    }


def _write_sections(doc: Any) -> str:
    lines = [_plain(" ".join(doc["Summary"])), ""]
    lines += [_plain("\n".join(doc["Extended Summary"])), ""]
    for section in ("Parameters", "Returns", "Raises"):
        if doc[section]:
            lines += [f"**{section}**", ""]
            for name, kind, told in doc[section]:
                head = (
                    f"`{name}` ({kind.replace('|', 'or')})"
                    if name and kind
                    else f"`{name or kind}`"
                )
                lines.append(f"- {head}: {_plain(' '.join(told))}")
            lines.append("")
    if doc["Examples"]:
        lines += ["```python", *(one.removeprefix(">>> ") for one in doc["Examples"]), "```", ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Literals of numpydoc as those of Markdown; signs that would be read as markup stay signs."""
    marked = text.replace("``", "`")
    parts = re.split(r"(`[^`]*`)", marked)
    return "".join(
        part if part.startswith("`") else re.sub(r"([*\[\]<>_])", r"\\\1", part) for part in parts
    )


def write_commands() -> str:
    """The reference of commands: what `--help` of each says."""
    import typer

    from cssopt.cli import app

    group: Any = typer.main.get_command(app)
    parts = ["# Commands\n\nWhat `cssopt COMMAND --help` says.\n"]
    for name, command in sorted(group.commands.items()):
        context = typer.Context(command, info_name=f"cssopt {name}", terminal_width=88)
        told = command.get_help(context).strip()
        parts.append(f"## {name} {{ #{name} }}\n\n```text\n{told}\n```\n")
    return "\n".join(parts)
