"""An XML part as elements and their places in its bytes: what nobody edits stays byte for byte.

Expat says where each element begins and ends, so that comments, CDATA, prefixes and quotes of any
kind are read as XML means them. An edit then replaces those bytes alone.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator, Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape

_ALTERNATIVES = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_NAME = re.compile(rb"<([^\s/>]+)")
_ATTRIBUTE = re.compile(rb"""\s([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_MOST = 1_000_000
"""Elements of a part that are kept at once."""
_DEEPEST = 200
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_MANY_BYTES = frozenset({
    "big5", "big5hkscs", "cp932", "cp949", "cp950", "euc_jis_2004", "euc_jp", "euc_kr", "gb18030",
    "gb2312", "gbk", "johab", "shift_jis", "shift_jisx0213",
})  # fmt: skip
"""Encodings of Asia, which the parser cannot read, by the names that Python gives them."""
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,40})["']""")
_ENCODING = re.compile(r"""(<\?xml[^>]*?encoding\s*=\s*["'])[^"']*""")


def xml_text(text: str) -> str:
    """A text as it may stand in a cell, in a comment or, quoted, in an attribute.

    Spreadsheets take ``_x000D_`` for a sign in code; the underscore that makes it so is coded.
    """
    plain = _ESCAPE.sub("_x005F_", _UNPRINTABLE.sub("?", text))
    return escape(plain, {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def read_whole(text: str) -> int:
    """A whole number as an attribute holds it; 0 where there is none.

    Raises ValueError for all else.
    """
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(f"a whole number is written '{text[:20]}'")
    return int(text or 0)


def narrow(content: bytes) -> bytes:
    """A part in an encoding that the parser reads and that holds ASCII as it is.

    UTF-16 and encodings of many bytes become UTF-8, all else stays as it is. Raises ValueError
    where the part is not in the encoding that it begins with.
    """
    encoding = _WIDE.get(content[:2]) or _find_many_bytes(content)
    if encoding is None:
        return content
    try:
        text = content.decode(encoding)
    except UnicodeError as error:
        raise ValueError("the text is not in the encoding with which it begins") from error
    return _ENCODING.sub(r"\g<1>UTF-8", text, count=1).encode()


def _find_many_bytes(content: bytes) -> str | None:
    declared = _DECLARED.match(content)
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name if declared else ""
    except LookupError:
        return None
    return name if name in _MANY_BYTES else None


class Element:
    """One element: its name without prefix, its namespace, its attributes and children.

    Attributes
    ----------
    attributes: by name; those with a namespace by the namespace, a blank and the name.
    start, close: where its start tag begins, and its end tag; of an element without end tag,
        where its start tag ends.
    """

    __slots__ = ("attributes", "children", "close", "name", "space", "start")

    def __init__(self, name: str, attributes: dict[str, str], start: int) -> None:
        self.space, _, self.name = name.rpartition(" ")
        self.attributes = attributes
        self.start = self.close = start
        self.children: list[Element] = []

    def find(self, name: str) -> Element | None:
        """The first child of a name, as `all` gives them, if there is one."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Element]:
        """The children of a name in the same namespace, with those that wrappers hold."""
        for child in self.children:
            if child.space == self.space:
                if child.name == name:
                    yield child
            elif child.is_wrapper:
                yield from child._inner(name, self.space)

    def _inner(self, name: str, space: str) -> Iterator[Element]:
        for child in self.children:
            if child.name == name and child.space == space:
                yield child
            elif child.is_wrapper:
                yield from child._inner(name, space)

    @property
    def is_wrapper(self) -> bool:
        """Whether what it holds stands in place of it."""
        return self.space == _ALTERNATIVES and self.name in ("AlternateContent", "Fallback")

    def attribute(self, name: str) -> str:
        """An attribute of that name whatever its namespace; empty where there is none."""
        found = (v for key, v in self.attributes.items() if key.rpartition(" ")[2] == name)
        return next(found, "")


class Markup:
    """The elements of a part, and the edits to be made to its bytes.

    Attributes
    ----------
    root: the root element; what is inside elements named in `closed` is not looked at.

    Raises ValueError where the part is not XML, or larger or stranger than any that spreadsheets
    write: parts that nobody reads have passed no gate.
    """

    def __init__(self, content: bytes, closed: Collection[str] = ()) -> None:
        self._content = content = narrow(content)
        self._closed = closed
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._stack: list[Element] = []
        self._skipped = self._kept = 0
        self._before: dict[Element, list[bytes]] = {}
        self._inside: dict[Element, list[bytes]] = {}
        self._changes: dict[Element, dict[str, str | None]] = {}
        self._removed: list[Element] = []
        self.root = Element("", {}, 0)
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, LookupError) as error:
            raise ValueError(f"the XML cannot be read ({error})") from error
        finally:
            del self._parser

    def leave(self, element: Element) -> None:
        """All of an element is known; a subclass may note it, or drop its children."""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipped or (self._stack and self._stack[-1].name in self._closed):
            self._skipped += 1
            return
        self._kept += 1
        if self._kept > _MOST or len(self._stack) > _DEEPEST:
            raise ValueError("there are more elements than can be marked")
        element = Element(name, attributes, self._parser.CurrentByteIndex)
        if self._stack:
            self._stack[-1].children.append(element)
        else:
            self.root = element
        self._stack.append(element)

    def drop_children(self, element: Element) -> None:
        """Forget what an element holds."""
        self._kept -= len(element.children)
        element.children.clear()

    def _refuse_doctype(self, *declared: object) -> None:
        raise ValueError("a document type is declared, which no workbook needs")

    def _end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        element = self._stack.pop()
        element.close = self._parser.CurrentByteIndex
        self.leave(element)

    # --- what stands there

    def tag(self, element: Element) -> bytes:
        """The start tag of an element."""
        match = _TAG.match(self._content, element.start)
        if match is None:
            raise ValueError("a tag cannot be found again")
        return match[0]

    def prefix(self, element: Element) -> str:
        """The prefix of its name with the colon, such as ``x:``; mostly empty."""
        head, colon, _ = self._raw_name(element).rpartition(b":")
        if not head.isascii():
            raise ValueError("a prefix has letters beyond ASCII")
        return (head + colon).decode("ascii")

    def copy(self, element: Element, changes: Mapping[str, str]) -> bytes:
        """An element as it stands, but for these attributes."""
        tag = self.tag(element)
        return (
            _change(tag, changes) + self._content[element.start + len(tag) : self._end_of(element)]
        )

    def _end_of(self, element: Element) -> int:
        if self.tag(element).endswith(b"/>"):
            return element.close
        return self._content.index(b">", element.close) + 1

    def _raw_name(self, element: Element) -> bytes:
        match = _NAME.match(self._content, element.start)
        if match is None:
            raise ValueError("a tag cannot be found again")
        return match[1]

    # --- edits

    def change(self, element: Element, name: str, value: str | None) -> None:
        """Set an attribute that has no prefix; None removes it."""
        self._changes.setdefault(element, {})[name] = value

    def append(self, element: Element, child: str | bytes) -> None:
        """Put text last into an element, after all that is to be put there."""
        self._inside.setdefault(element, []).append(_encode(child))

    def put_before(self, element: Element, text: str | bytes) -> None:
        """Put text before an element, after all that is to be put there."""
        self._before.setdefault(element, []).append(_encode(text))

    def insert(self, parent: Element, text: str | bytes, before: Collection[str]) -> None:
        """Put text into an element before the first child of these names, else last."""
        for child in parent.children:
            if child.name in before or any(inner.name in before for inner in _choices(child)):
                self.put_before(child, text)
                return
        self.append(parent, text)

    def remove(self, element: Element) -> None:
        """Leave an element out, of which nothing else is edited."""
        self._removed.append(element)

    def content(self) -> bytes:
        """The part with all edits."""
        edits = [(element.start, self._end_of(element), b"") for element in self._removed]
        for element, texts in self._before.items():
            edits.append((element.start, element.start, b"".join(texts)))
        for element in self._changes.keys() | self._inside.keys():
            edits += self._edit(element)
        done = 0
        pieces: list[bytes] = []
        for start, end, text in sorted(edits):
            pieces += (self._content[done:start], text)
            done = end
        return b"".join([*pieces, self._content[done:]])

    def _edit(self, element: Element) -> Iterator[tuple[int, int, bytes]]:
        tag, inside = self.tag(element), b"".join(self._inside.get(element, ()))
        changed = _change(tag, self._changes.get(element, {}))
        if inside and tag.endswith(b"/>"):
            changed = changed[:-2].rstrip() + b">" + inside
            changed += b"</" + self._raw_name(element) + b">"
        elif inside:
            yield element.close, element.close, inside
        yield element.start, element.start + len(tag), changed


def _choices(element: Element) -> Iterator[Element]:
    """What an alternate content holds: programs take one of its choices in place of it."""
    if element.name in ("AlternateContent", "Choice", "Fallback"):
        for child in element.children:
            yield child
            yield from _choices(child)


def _change(tag: bytes, changes: Mapping[str, str | None]) -> bytes:
    done, left = 0, dict(changes)
    pieces: list[bytes] = []
    for match in _ATTRIBUTE.finditer(tag):
        name = match[1].decode("latin-1")
        if name in left:
            value = left.pop(name)
            pieces += (tag[done : match.start()], _attribute(name, value))
            done = match.end()
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    fresh = b"".join(_attribute(name, value) for name, value in left.items())
    if fresh:
        pieces += (tag[done:end].rstrip(), fresh)
        done = end
    return b"".join([*pieces, tag[done:]])


def _attribute(name: str, value: str | None) -> bytes:
    return b"" if value is None else _encode(f' {name}="{xml_text(value)}"')


def _encode(text: str | bytes) -> bytes:
    # Letters beyond ASCII as numbers, so that the text fits whatever encoding the part declares.
    return text if isinstance(text, bytes) else text.encode("ascii", "xmlcharrefreplace")
