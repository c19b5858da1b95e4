"""The parts of an .xlsx archive and how they point at each other, to edit some of them."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import quote

from cssopt.workbook.gate.zip import BROKEN, clean, fold_part, rels_of
from cssopt.workbook.markup import Markup, xml_text

_TYPES = "[Content_Types].xml"
_DEFAULT_BOOK = "xl/workbook.xml"
_BOOK_TYPES = ("spreadsheetml.sheet.main+xml", "spreadsheetml.template.main+xml")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


class Relation(NamedTuple):
    """How a part points at another: its id, the last word of its kind, and the part.

    `there` is False where no part of that name is in the archive.
    """

    name: str
    kind: str
    part: str
    there: bool


@contextmanager
def telling_part(name: str) -> Iterator[None]:
    """What cannot be done with a part is told with its name."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"in the part {clean(name)}, {error.args[0]}") from error


class Package:
    """The parts by name, in their order; only those written to differ from the original.

    Names are compared as the standard says, without case and without percent signs; a backslash
    in the archive is a slash. Raises KeyError where a part that is asked for is not there, and
    ValueError where a part cannot be unpacked.

    Attributes
    ----------
    book: the name of the workbook part.
    main: the namespace of workbooks and sheets; 'Strict Open XML' has one of its own.
    office: that of relations, with which their kinds begin.
    """

    def __init__(self, content: bytes) -> None:
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self._parts: dict[str, bytes] = {}
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self._comment = archive.comment
            for info in archive.infolist():
                if not info.filename.endswith(("/", "\\")):
                    name = info.filename.replace("\\", "/")
                    self._infos[name] = info
                    self._parts[name] = _unpack(archive, info)
        self._names = {_key(name): name for name in self._parts}
        self.book = self._find_book()
        self.main = self.markup(self.book).root.space
        self.office = _STRICT_OFFICE if self.main == _STRICT_MAIN else _OFFICE

    def __contains__(self, name: str) -> bool:
        return self._known(name) is not None

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        known = self._known(name)
        if known is None:
            raise KeyError(f"the part {name} is not there")
        return self._parts[known]

    def markup(self, name: str) -> Markup:
        """The elements of a part."""
        with telling_part(name):
            return Markup(self.read(name))

    def write(self, name: str, content: str | bytes) -> None:
        """Put bytes, or text to be written as UTF-8, in place of a part, or add it."""
        known = self._known(name) or self._names.setdefault(_key(name), name)
        self._parts[known] = content.encode() if isinstance(content, str) else content

    def place(self, name: str) -> str:
        """A name for a new part beside the workbook, such as ``comments{}.xml``, not yet taken."""
        pattern = posixpath.join(posixpath.dirname(self.book), name)
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def relations(self, part: str) -> list[Relation]:
        """Every relation of a part that points into the archive."""
        rels = rels_of(part)
        if rels not in self:
            return []
        found = []
        for entry in self.markup(rels).root.children:
            if entry.name == "Relationship" and entry.attribute("TargetMode") != "External":
                target = entry.attribute("Target").replace("\\", "/")
                place = posixpath.join("/" + posixpath.dirname(part), target)
                name = posixpath.normpath(place).lstrip("/")
                known = self._known(name)
                kind = entry.attribute("Type").rpartition("/")[2]
                found.append(Relation(entry.attribute("Id"), kind, known or name, bool(known)))
        return found

    def find_or_add(self, owner: str, kind: str, name: str, empty: str, content_type: str) -> str:
        """The part to which a relation of this kind leads from `owner`; an empty one if none is."""
        known = [relation for relation in self.relations(owner) if relation.kind == kind]
        for relation in known:
            if relation.there:
                return relation.part
        # A relation that points at nothing is given what it points at.
        part = known[0].part if known else self.place(name)
        self.write(part, empty)
        self.declare(part, content_type)
        if not known:
            self.relate(owner, kind, part)
        return part

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation, and return its id."""
        rels = rels_of(part)
        if rels not in self:
            self.write(rels, f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}"/>')
        markup = self.markup(rels)
        taken = {entry.attribute("Id") for entry in markup.root.children}
        number = 1
        while (name := f"rIdCssopt{number}") in taken:
            number += 1
        entry = f'<{markup.prefix(markup.root)}Relationship Id="{name}" Type="{self.office}/{kind}"'
        markup.append(markup.root, f'{entry} Target="/{xml_text(quote(target))}"/>')
        self.write(rels, markup.content())
        return name

    def declare(self, part: str, content_type: str) -> None:
        """Tell the type of a new part, unless it is told already."""
        markup = self.markup(_TYPES)
        told = (_key(entry.attribute("PartName")) for entry in markup.root.all("Override"))
        if _key(part) in told:
            return
        entry = f'<{markup.prefix(markup.root)}Override PartName="/{xml_text(quote(part))}" '
        markup.append(markup.root, f'{entry}ContentType="{content_type}"/>')
        self.write(_TYPES, markup.content())

    def pack(self) -> bytes:
        """The archive; parts in their order, with their own dates."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.comment = self._comment
            for name, part in self._parts.items():
                info = self._infos.get(name)
                fresh = zipfile.ZipInfo(name, info.date_time if info else (1980, 1, 1, 0, 0, 0))
                fresh.compress_type = info.compress_type if info else zipfile.ZIP_DEFLATED
                archive.writestr(fresh, part)
        return content.getvalue()

    def _find_book(self) -> str:
        """The workbook: by the relations of the package, else by its type, else by its name."""
        for relation in self.relations(""):
            if relation.kind == "officeDocument" and relation.there:
                return relation.part
        for entry in self.markup(_TYPES).root.all("Override"):
            known = self._known(entry.attribute("PartName").lstrip("/"))
            if known and entry.attribute("ContentType").endswith(_BOOK_TYPES):
                return known
        return _DEFAULT_BOOK

    def _known(self, name: str) -> str | None:
        """The part of that name as the archive spells it."""
        return name if name in self._parts else self._names.get(_key(name))


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(info)
    except BROKEN as error:
        raise ValueError(f"the part {clean(info.filename)} is damaged") from error


def _key(name: str) -> str:
    return fold_part(name.lstrip("/\\"))
