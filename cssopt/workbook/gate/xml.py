"""Streaming one XML part of a workbook: what it needs is picked out, all of it is counted."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn
from xml.parsers import expat

from cssopt.issues import Issue
from cssopt.workbook.gate.disguise import SAVE_ANEW
from cssopt.workbook.gate.limits import (
    MAX_ATTRIBUTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_NAMESPACE,
    MAX_TOKEN,
    MAX_XML,
    MB,
    Budget,
)
from cssopt.workbook.gate.zip import BrokenPartError, clean

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main ",
    "http://purl.oclc.org/ooxml/spreadsheetml/main ",
)
"""The namespace of sheets, in the transitional and the strict form of the standard."""
_MARKUP = "http://schemas.openxmlformats.org/markup-compatibility/2006 "
_CHOICE = _MARKUP + "Choice"
WRAPPERS = frozenset({_MARKUP + "AlternateContent", _MARKUP + "Fallback"})
"""What stands in a wrapper stands in place of it; a choice needs extensions, which none of the
parts that are read has."""

_ODD = "Do not use it as it is: copy its tables into a new workbook."
_NATIVE = frozenset({"utf-8", "utf-16", "us-ascii", "iso-8859-1"})
"""Encodings that the parser reads by itself."""
_COSTLY = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
"""Codecs of Python for texts that no file is written in; some take quadratic time."""
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"'>]{0,60})["']""")


class RefusedError(Exception):
    """The workbook is refused; no more of this part is looked at."""

    def __init__(self, code: str, where: str, text: str) -> None:
        self.issue = Issue(code, where, text)
        super().__init__(str(self.issue))


class SpentError(RefusedError):
    """This part brings the workbook to more than is read."""


class PartReader:
    """One XML part, streamed once; subclasses pick out what they need.

    `roots` are the names of root elements, without namespace, that such a part may have.
    """

    roots: tuple[str, ...] = ()
    spaces: tuple[str, ...] = MAIN

    def __init__(self, part: str, budget: Budget) -> None:
        self.part = part
        self.budget = budget
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._skipped = 0

    def read(self, chunks: Iterable[bytes]) -> None:
        """Read the part; raises RefusedError where it is damaged, hostile or too much."""
        fed = 0
        try:
            for chunk in self._decode(chunks):
                self._spend(chunk)
                self._parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - self._parser.CurrentByteIndex > MAX_TOKEN:
                    self.refuse("E-003", f"has a tag or comment of more than half a MB. {_ODD}")
            self._parser.Parse(b"", True)
        except (expat.ExpatError, BrokenPartError, UnicodeError) as error:
            raise self.damaged("cannot be read") from error

    def refuse(self, code: str, text: str) -> NoReturn:
        """Refuse the workbook with a sentence whose subject is this part."""
        raise RefusedError(code, self.budget.file, f"the part {clean(self.part)} {text}")

    def damaged(self, what: str) -> RefusedError:
        """The refusal of a workbook of which this part is not as it must be."""
        text = f"is damaged: the part {clean(self.part)} {what}. {SAVE_ANEW}"
        return RefusedError("E-006", self.budget.file, text)

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """The parser found the start of an element."""
        raise NotImplementedError

    def end(self, name: str) -> None:
        """The parser found the end of an element."""
        raise NotImplementedError

    def skip(self) -> None:
        """Pass over the element that was just found, its end and all that is in it."""
        self._skipped = 1
        self._parser.StartElementHandler = self._skip_start
        self._parser.EndElementHandler = self._skip_end
        self._parser.CharacterDataHandler = None

    def listen(self) -> None:
        """Hand elements to `start` and `end`."""
        self._parser.StartElementHandler = self.start
        self._parser.EndElementHandler = self.end

    def space_of(self, name: str) -> str:
        """The namespace of the root element; raises RefusedError where it is none of `roots`."""
        space, _, local = name.rpartition(" ")
        if f"{space} " not in self.spaces or local not in self.roots:
            raise self.damaged("holds something else")
        return f"{space} "

    def refuse_depth(self) -> NoReturn:
        """Stop at elements inside elements without end."""
        self.refuse("E-003", f"has more than {MAX_DEPTH} elements inside each other. {_ODD}")

    def _skip_start(self, name: str, attrs: dict[str, str]) -> None:
        self._skipped += 1
        if self._skipped > MAX_DEPTH:
            self.refuse_depth()

    def _skip_end(self, name: str) -> None:
        self._skipped -= 1
        if not self._skipped:
            self.listen()

    def _decode(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Open the parser at the first chunk, for the encoding that the part declares."""
        decode: Callable[[bytes], str] | None = None
        first = True
        for chunk in chunks:
            if first:
                decode = self._open(chunk)
                first = False
            yield decode(chunk).encode() if decode else chunk

    def _open(self, chunk: bytes) -> Callable[[bytes], str] | None:
        declared = _DECLARED.match(chunk.removeprefix(codecs.BOM_UTF8))
        encoding = declared[1].decode("latin-1").lower() if declared else "utf-8"
        decode, override = None, None
        if encoding not in _NATIVE:
            decode, override = _find_decoder(encoding), "utf-8"
            if decode is None:
                text = (
                    f"is written in the encoding '{clean(encoding)}', which cannot be read. "
                    f"{SAVE_ANEW}"
                )
                self.refuse("E-011", text)
        self._parser = parser = expat.ParserCreate(override, " ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartNamespaceDeclHandler = self._check_namespace
        self.listen()
        return decode

    def _spend(self, chunk: bytes) -> None:
        """Count what a chunk holds before it is parsed: signs are cheaper to count than calls."""
        budget = self.budget
        budget.xml -= len(chunk)
        budget.elements -= chunk.count(b"<") - chunk.count(b"</")
        budget.attributes -= chunk.count(b"=")
        if budget.xml < 0:
            self._too_much(f"more than {MAX_XML // MB} MB of tables")
        if budget.elements < 0:
            self._too_much(f"more than {MAX_ELEMENTS:,} cells, values and texts")
        if budget.attributes < 0:
            self._too_much(f"more than {MAX_ATTRIBUTES:,} attributes")

    def _too_much(self, what: str) -> NoReturn:
        text = (
            f"the part {clean(self.part)} brings the workbook to {what}; no more are read. "
            "Delete what is not input, and clear the formats of empty cells."
        )
        raise SpentError("E-003", self.budget.file, text)

    def _refuse_doctype(self, *declared: object) -> None:
        text = (
            f"declares a document type or entities in {clean(self.part)}, which no workbook "
            "needs and attacks use. Do not use it; ask its sender how it was made."
        )
        raise RefusedError("E-008", self.budget.file, text)

    def _check_namespace(self, prefix: str | None, uri: str | None) -> None:
        if uri and len(uri) > MAX_NAMESPACE:
            self.refuse("E-003", f"has a namespace of absurd length. {_ODD}")


def _find_decoder(encoding: str) -> Callable[[bytes], str] | None:
    """What turns chunks of this encoding into text; None where there is nothing that may."""
    try:
        if codecs.lookup(encoding).name in _COSTLY:
            return None
        "a".encode(encoding)  # fails for what is no encoding of texts
        return codecs.getincrementaldecoder(encoding)().decode
    except (LookupError, ValueError):
        return None


class TreeReader(PartReader):
    """A part of few elements: each is looked at with the names of those that it stands in."""

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self._space = ""
        self._path: list[str] = []

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """Look at an element of the part's own namespace; pass over any other."""
        if not self._path:
            self._space = self.space_of(name)
        elif name in WRAPPERS:
            return
        space = self._space
        if not name.startswith(space):
            self.skip()
            return
        self._path.append(name[len(space) :])
        if len(self._path) > MAX_DEPTH:
            self.refuse_depth()
        self.look(tuple(self._path[1:]), attrs)

    def end(self, name: str) -> None:
        """Leave an element."""
        if name not in WRAPPERS:
            self._path.pop()

    def look(self, path: tuple[str, ...], attrs: dict[str, str]) -> None:
        """What a subclass wants of an element; `path` are its names from below the root on."""
        raise NotImplementedError


def is_true(value: str | None) -> bool:
    """Whether an attribute says yes, as XML writes it."""
    return value in ("1", "true")
