"""The parts of an .xlsx archive, edited as text, so that whatever is not touched stays as it is."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape, unescape

_TYPES = "[Content_Types].xml"
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def xml_text(text: str) -> str:
    """A text as it may stand in an element or, quoted, in an attribute."""
    return escape(_UNPRINTABLE.sub("?", text), {'"': "&quot;", "\n": "&#10;"})


def attribute(tag: str, name: str) -> str:
    """An attribute of a start tag, unescaped; empty where it has none."""
    match = re.search(rf"""(?<![\w:]){name}\s*=\s*("[^"]*"|'[^']*')""", tag)
    return unescape(match[1][1:-1], {"&quot;": '"', "&apos;": "'"}) if match else ""


class Package:
    """The parts by name, in their order; only those written to are packed anew."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self._infos = {info.filename: info for info in archive.infolist()}
            self._parts = {name: archive.read(name) for name in self._infos}

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def read(self, name: str) -> str:
        """A part as text; parts of a workbook are UTF-8 but for rare UTF-16 ones."""
        part = self._parts[name]
        encoding = "utf-16" if part[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return part.decode(encoding)

    def write(self, name: str, text: str) -> None:
        """Put a text in place of a part, or add it."""
        declared = re.sub(r"(<\?xml[^>]*encoding=[\"'])[^\"']*", r"\1UTF-8", text, count=1)
        self._parts[name] = declared.encode("utf-8")

    def free_name(self, pattern: str) -> str:
        """The first name of the pattern, such as ``xl/comments{}.xml``, that no part has."""
        number = 1
        taken = {name.lower() for name in self._parts}
        while pattern.format(number).lower() in taken:
            number += 1
        return pattern.format(number)

    def relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Identifier, kind and target part of every relation inside the archive."""
        rels = _rels_of(part)
        for tag in _RELATION.findall(self.read(rels)) if rels in self else ():
            if attribute(tag, "TargetMode") != "External":
                place = posixpath.join("/" + posixpath.dirname(part), attribute(tag, "Target"))
                kind = attribute(tag, "Type").rpartition("/")[2]
                yield attribute(tag, "Id"), kind, posixpath.normpath(place).lstrip("/")

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation, and return its identifier."""
        rels = _rels_of(part)
        if rels not in self:
            self.write(rels, f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}"/>')
        text = self.read(rels)
        taken = {attribute(tag, "Id") for tag in _RELATION.findall(text)}
        number = 1
        while (identifier := f"rIdCssopt{number}") in taken:
            number += 1
        prefix = root_prefix(text)
        entry = f'<{prefix}Relationship Id="{identifier}" Type="{_OFFICE}/{kind}" '
        self.write(rels, append_child(text, f'{entry}Target="/{target}"/>', "Relationships"))
        return identifier

    def declare(self, part: str, content_type: str) -> None:
        """Tell the type of a new part."""
        text = self.read(_TYPES)
        entry = f'<{root_prefix(text)}Override PartName="/{part}" ContentType="{content_type}"/>'
        self.write(_TYPES, append_child(text, entry, "Types"))

    def pack(self) -> bytes:
        """The archive; untouched parts with their own dates and order."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in self._parts.items():
                info = self._infos.get(name)
                fresh = zipfile.ZipInfo(name, info.date_time if info else (1980, 1, 1, 0, 0, 0))
                fresh.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(fresh, part)
        return content.getvalue()


def root_prefix(text: str) -> str:
    """The namespace prefix of the root element with its colon, such as ``x:``; mostly empty."""
    match = re.search(r"<(\w+:)?\w", re.sub(r"<\?.*?\?>|<!--.*?-->", "", text, flags=re.DOTALL))
    return (match[1] or "") if match else ""


def append_child(text: str, child: str, element: str) -> str:
    """The text with a child put last into an element of which there is one."""
    prefix = root_prefix(text)
    closing = f"</{prefix}{element}>"
    if closing in text:
        before, _, after = text.rpartition(closing)
        return f"{before}{child}{closing}{after}"
    opened = re.compile(rf"<{prefix}{element}\b([^>]*?)\s*/>")
    return opened.sub(lambda match: f"<{prefix}{element}{match[1]}>{child}{closing}", text, count=1)


def _rels_of(part: str) -> str:
    folder, file = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{file}.rels")
