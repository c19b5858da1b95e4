"""The parts of a package: found by name, streamed, and how they point at each other."""

from __future__ import annotations

import posixpath
import zipfile
from typing import NamedTuple
from urllib.parse import unquote

from cssopt.workbook.gate.disguise import MACROS
from cssopt.workbook.gate.limits import Budget
from cssopt.workbook.gate.xml import PartReader, RefusedError, TreeReader
from cssopt.workbook.gate.zip import clean, fold_part, name_of, read_chunks, rels_of

TYPES = "[Content_Types].xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_MAIN_TYPE = "spreadsheetml.{}.main+xml"
_BOOK_TYPES = (_MAIN_TYPE.format("sheet"), _MAIN_TYPE.format("template"))

_TEXTS_TYPE = "spreadsheetml.sharedStrings+xml"
_STYLES_TYPE = "spreadsheetml.styles+xml"


class Relation(NamedTuple):
    """What a part points at: the last word of its kind (``worksheet``), and the name of a part."""

    kind: str
    target: str


class Parts:
    """The parts of a package by their names, which are compared as the standard says.

    Attributes
    ----------
    budget: what is left to be read, over all parts.
    """

    def __init__(self, archive: zipfile.ZipFile, budget: Budget) -> None:
        self._archive = archive
        self._infos = {name_of(part): part for part in archive.infolist() if not part.is_dir()}
        self.budget = budget

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._infos

    def read(self, reader: PartReader) -> None:
        """Stream a part that is there; raises RefusedError where it cannot be read."""
        part = self._infos[reader.part.lower()]
        reader.part = part.filename  # as it is written in the file, for messages
        reader.read(read_chunks(self._archive, part))

    def size_of(self, name: str) -> int:
        """Bytes of a part, unpacked; 0 where it is not there."""
        part = self._infos.get(name.lower())
        return part.file_size if part else 0

    def relations_of(self, part: str) -> dict[str, Relation]:
        """What a part points at within the package, by identifier; of the package itself for ""."""
        part = part.replace("\\", "/")
        rels = rels_of(part)
        if rels not in self:
            return {}
        reader = _RelationsReader(rels, posixpath.dirname(part), self.budget)
        self.read(reader)
        return reader.relations

    def missing(self, what: str) -> RefusedError:
        """The refusal of a package in which something cannot be found."""
        text = (
            f"is damaged: {what} cannot be found in it. Open it in Excel and save it anew; "
            "Excel says if it has to repair it."
        )
        return RefusedError("E-006", self.budget.file, text)


class TypesReader(TreeReader):
    """The content types of a package.

    Attributes
    ----------
    book, texts, styles: the parts that are declared to be the workbook, its shared strings and its
        formats; empty where none is.
    """

    roots = ("Types",)
    spaces = (f"{_PACKAGE}content-types ",)

    def __init__(self, budget: Budget) -> None:
        super().__init__(TYPES, budget)
        self.book = self.texts = self.styles = ""
        self._parts: dict[str, str] = {}
        self._endings: dict[str, str] = {}

    def look(self, path: tuple[str, ...], attrs: dict[str, str]) -> None:
        """Keep the type of a part, or of all parts whose names end alike."""
        kind = attrs.get("ContentType", "")
        if path == ("Override",):
            name = fold_part(attrs.get("PartName", "").lstrip("/"))
            self._parts[name] = kind
            if kind.endswith(_BOOK_TYPES):
                self.book = self.book or name
            elif kind.endswith(_TEXTS_TYPE):
                self.texts = name
            elif kind.endswith(_STYLES_TYPE):
                self.styles = name
        elif path == ("Default",):
            self._endings[attrs.get("Extension", "").lower()] = kind

    def check_macros(self, book: str) -> None:
        """Raises RefusedError where the workbook itself is declared to be one with macros."""
        name = book.lower()
        kind = self._parts.get(name) or self._endings.get(name.rpartition(".")[2], "")
        if "macroEnabled" in kind:
            raise RefusedError("E-005", self.budget.file, MACROS)


class _RelationsReader(TreeReader):
    """What a part points at; its folder is where relative targets start."""

    roots = ("Relationships",)
    spaces = (f"{_PACKAGE}relationships ",)

    def __init__(self, part: str, folder: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self.relations: dict[str, Relation] = {}
        self._folder = folder

    def look(self, path: tuple[str, ...], attrs: dict[str, str]) -> None:
        """Keep a relation that stays within the package."""
        if path != ("Relationship",):
            return
        identifier = attrs.get("Id", "")
        if identifier in self.relations:
            raise self.damaged(f"has the id '{clean(identifier, 20)}' twice")
        if attrs.get("TargetMode") == "External":
            self.relations[identifier] = Relation("external", "")
            return
        target = unquote(attrs.get("Target", "").strip().partition("#")[0]).replace("\\", "/")
        place = posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")
        self.relations[identifier] = Relation(attrs.get("Type", "").rpartition("/")[2], place)
