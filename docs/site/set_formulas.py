"""The formulas of docstrings as HTML that wraps: symbols slanted, indices lowered."""

from __future__ import annotations

import re
from html import escape
from typing import Final

_TOKENS: Final = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\b(?P<over>sum|max|min)_(?P<under>\{[^}]*\}|[a-z]'?(?:,[a-z]'?)*)(?=[ (])"
    r"|\bsum(?= \w+(?:\[|_| \*))"
    r"|\b(?P<symbol>[A-Za-z]\w*)\[(?P<index>[^\]]*)\]"
    r"| ?\*\* (?P<power>-?\([^()]*\)|-?\w+)"
    r"|(?P<name>\b[a-z]+(?:_[a-z0-9]+)+\b)"
    r"|(?P<factor>(?<=[*/] )[a-z]\w*|\b[a-z]\w*(?= (?:[*/]|<=|>=) ))"
    r"|(?<!')\b(?P<letter>[b-hj-z]0?|[STU])\b(?!\.)"
    r"| in (?P<least>\S+?)\.\.(?P<most>[^\s,;]+)"
    r"|(?P<sign><=|>=| \* | - |(?<=[(=] )-|(?<=\()-| \.\. | in \{0,1\})"
)
"""What stands for a sign, a symbol or an index, in formulas and within sentences about them."""

_MINUS: Final = "\u2212"
_SIGNS: Final = {
    "<=": "≤",
    ">=": "≥",
    " * ": " · ",
    " - ": f" {_MINUS} ",
    "-": _MINUS,
    " .. ": " … ",
    " in {0,1}": " ∈ {0, 1}",
}
_SECTION: Final = re.compile(r"^[A-Z][a-z]+( \([^)]*\))?(, [^:]*)?:$")
_RULE: Final = re.compile(r"^[a-z][a-z_, ]*:$")
_GOES_ON: Final = ("<=", ">=", "=", "*", "/", "+", "-")


def write_formula(text: str) -> str:
    """One formula, or a sentence with symbols in it, as HTML."""
    parts, end = [], 0
    for found in _TOKENS.finditer(text):
        parts += [escape(text[end : found.start()]), _write_token(found)]
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def _write_token(found: re.Match[str]) -> str:
    part = found.groupdict()
    if part["code"]:
        return f"<code>{escape(part['code'])}</code>"
    if part["over"]:
        sign = "∑" if part["over"] == "sum" else part["over"]
        return f'<span class="o">{sign}</span><sub>{_write_index(part["under"].strip("{}"))}</sub>'
    if part["symbol"]:
        return f"{_write_name(part['symbol'])}<sub>{_write_index(part['index'])}</sub>"
    if part["power"]:
        sign, inner = re.fullmatch(r"(-?)\(?(.*?)\)?", part["power"]).groups()
        inner = f"({inner})" if sign and " " in inner else inner
        return f"<sup>{sign.replace('-', _MINUS)}{write_formula(inner)}</sup>"
    if name := part["name"] or part["factor"] or part["letter"]:
        return _write_name(name)
    if part["most"]:
        return f" ∈ [{write_formula(part['least'])}, {write_formula(part['most'])}]"
    return _SIGNS[part["sign"]] if part["sign"] else '<span class="o">∑</span>'


def _write_name(name: str) -> str:
    if re.fullmatch(r"[a-zA-Z]0", name):
        return f"<var>{name[0]}</var><sub>0</sub>"
    return f"<var>{escape(name)}</var>"


def _write_index(text: str) -> str:
    return escape(re.sub(r",\s*", ", ", text)).replace(" in ", " ∈ ").replace("&#x27;", "\u2032")


def write_formulas(text: str) -> str:
    """The body of a docstring (sections of items, and paragraphs) as HTML without blank lines."""
    html: list[str] = []
    is_open = False
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        first, *rest = block.splitlines()
        if _SECTION.match(first):
            if is_open:
                html.append("</dl>")
            html += ['<dl class="formulas">', f"<dt>{write_formula(first[:-1])}</dt>"]
            html += [_write_item(item) for item in _split_items(rest)]
            is_open = True
            continue
        if is_open:
            html.append("</dl>")
            is_open = False
        html.append(
            f"<p>{write_formula(' '.join(line.strip() for line in block.splitlines()))}</p>"
        )
    return "\n".join([*html, "</dl>"] if is_open else html)


def _split_items(lines: list[str]) -> list[list[str]]:
    """Items of a section: a line, and those that are indented deeper below it."""
    items: list[list[str]] = []
    for line in lines:
        if line.startswith("     ") and items:
            items[-1].append(line.strip())
        else:
            items.append([line.strip()])
    return items


def _write_item(lines: list[str]) -> str:
    """A formula with its name before it, and what it means below."""
    head, *columns = re.split(r" {4,}", lines[0])
    if " " in head and re.search(r" {2,}", head):  # a column that is only two or three apart
        head, *more = re.split(r" {2,}", head)
        columns = [*more, *columns]
    name = ""
    named = re.match(r"([a-z_]+(?:, [a-z_]+)*:) +(.+)", head)
    if _RULE.match(head):
        name, head = head[:-1], columns.pop(0) if columns else ""
    elif named and "_" in named[1]:
        name, head = named[1][:-1], named[2]
    formula, meaning = [head], [*columns]
    for line in lines[1:]:
        goes_on = line.startswith(_GOES_ON) and not meaning
        one, *more = re.split(r" {4,}", line)
        (formula if goes_on else meaning).append(one)
        meaning += more
    told = f'<span class="rule">{escape(name)}</span> ' if name else ""
    below = f'<span class="meaning">{write_formula(" ".join(meaning))}</span>' if meaning else ""
    return f"<dd>{told}{write_formula(' '.join(formula))}{below}</dd>"
