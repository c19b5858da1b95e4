"""What a file is that is not a plain .xlsx workbook, and how to make one of it."""

from __future__ import annotations

from collections.abc import Collection

DisguiseFault = tuple[str, str]
"""Code and sentence of a refusal."""

_HEAD = 4096
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_SAVE = "Open it in Excel and save it as 'Excel Workbook (.xlsx)'."
SAVE_ANEW = "Open it in Excel and save it anew; Excel says if it has to repair it."
_OTHER = "Name the workbook itself."

_SIGNS = (
    (b"%PDF", "a PDF document", _OTHER),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and name the workbook in it."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it and name the workbook in it."),
    (b"Rar!", "a RAR archive", "Unpack it and name the workbook in it."),
    (b"\x89PNG", "a picture", _OTHER),
    (b"\xff\xd8\xff", "a picture", _OTHER),
    (b"{\\rtf", "a text document (RTF)", _OTHER),
    (b"version https://git-lfs", "a pointer of Git LFS", "Fetch the file with 'git lfs pull'."),
    (b"ID;P", "a table in the SYLK format", _SAVE),
)
_CONTROL = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f")
_HTML = ("<!doctype html", "<html", "<head", "<meta", "<body", "<table", "<style")


def find_disguise(content: bytes) -> DisguiseFault | None:
    """Why bytes that are no zip file cannot be a workbook; None for a zip file."""
    if content.startswith(_ZIP):
        return None
    if content.startswith(_OLE):
        return _ole_kind(content)
    what, mend = _plain_kind(content)
    return "E-002", f"{what}, not an .xlsx workbook. {mend}"


def _ole_kind(content: bytes) -> DisguiseFault:
    """Old Office files and encrypted new ones share one container; its directory tells them."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("DRMEncryptedTransform") or has("DRMEncryptedDataSpace"):
        return "E-012", (
            "is encrypted by a sensitivity label or rights management of your organization; it has "
            "no password to clear. Open it in Excel, choose a label without encryption (Home > "
            "Sensitivity, or File > Info > Protect Workbook > Restrict Access > Unrestricted "
            "Access), and save a copy."
        )
    if has("EncryptedPackage"):
        text = (
            "has a password. Open it in Excel, clear the password under File > Info > Protect "
            "Workbook > Encrypt with Password, and save it."
        )
        return "E-004", text
    if has("WordDocument") or has("PowerPoint Document"):
        return "E-002", f"is a Word or PowerPoint document, not an .xlsx workbook. {_OTHER}"
    if has("Workbook") or has("Book"):
        return "E-002", f"is an old Excel workbook (.xls). {_SAVE}"
    text = "is an old .xls file or has a password. Save it as .xlsx without a password."
    return "E-002", text


def _plain_kind(content: bytes) -> tuple[str, str]:
    copy_again = "Copy or download it again."
    if not content:
        return "is empty", copy_again
    if not content[:_HEAD].strip(b"\0"):
        return "is nothing but zero bytes", copy_again
    if other := find_other_format(content):
        return other
    if not _CONTROL & set(_read_head(content)):
        mend = f"{_SAVE[:-1]}, or name a folder of .csv files."
        return "is plain text, such as CSV", mend
    return "is in an unknown format", _SAVE


def _read_head(content: bytes) -> str:
    head = content[:_HEAD]
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return head.decode(encoding, "replace").lstrip().lower()


def find_other_format(content: bytes) -> tuple[str, str] | None:
    """What a file is that is no zip file and no table in text, and the mend; None if none tells."""
    for sign, what, mend in _SIGNS:
        if content.startswith(sign):
            return f"is {what}", mend
    text = _read_head(content)
    if text.startswith(_HTML) or "<html" in text:
        return "is a web page (HTML)", _SAVE
    if text.startswith("mime-version:"):
        return "is a web page (MHTML)", _SAVE
    if "urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "is an XML spreadsheet of Excel 2003", _SAVE
    if "<office:document" in text:
        return "is an OpenDocument spreadsheet in one file (.fods)", _SAVE
    if text.startswith("<?xml"):
        return "is an XML file", _OTHER
    return None


def find_other_package(names: Collection[str], mimetype: str) -> DisguiseFault | None:
    """Why a zip file with parts of these names, in small letters, is not a plain .xlsx workbook.

    None if it may be one. `mimetype` is the text of the part of that name, which OpenDocument
    files begin with.
    """
    if "opendocument" in mimetype or {"content.xml", "meta-inf/manifest.xml"} <= set(names):
        return "E-002", f"is an OpenDocument file (.ods). {_SAVE}"
    if any(name.endswith(".iwa") for name in names):
        text = "is an Apple Numbers file. Choose File > Export To > Excel in Numbers."
        return "E-002", text
    if any(map(_is_macro, names)):
        return "E-005", MACROS
    if "xl/workbook.bin" in names and "xl/workbook.xml" not in names:
        return find_other_document("workbook.bin")
    for folder, main in (("xl/", "workbook"), ("word/", "document"), ("ppt/", "presentation")):
        if any(name.startswith(folder) for name in names):
            return find_other_document(main)
    if _ROOT in names:
        return None
    if any(name.endswith(".xlsx") for name in names):
        return "E-002", "is a zip file with a workbook in it. Unpack it and name the workbook."
    return "E-002", "is a zip file but not an .xlsx workbook. Save the workbook as .xlsx."


_ROOT = "_rels/.rels"
_OTHERS = {
    "document": ("not an .xlsx workbook but a Word document", _OTHER),
    "presentation": ("not an .xlsx workbook but a PowerPoint presentation", _OTHER),
    "binary": ("a binary workbook (.xlsb)", _SAVE),
}
MACROS = "has macros. Save it as 'Excel Workbook (.xlsx)', which has none."


def find_other_document(part: str) -> DisguiseFault | None:
    """Why a package whose main part has this name is no .xlsx workbook; None if it may be one."""
    name = part.lower().rpartition("/")[2]
    kind = "binary" if name == "workbook.bin" else name.partition(".")[0]
    if kind not in _OTHERS:
        return None
    what, mend = _OTHERS[kind]
    return "E-002", f"is {what}. {mend}"


def _is_macro(name: str) -> bool:
    return name.endswith(("vbaproject.bin", "vbadata.xml")) or name.startswith("xl/macrosheets/")
