"""Word, Excel and OpenDocument files: zips that are opened, looked through and packed anew.

RefusedError: macros, embedded programs, what is fetched from elsewhere, a zip that unpacks to too much. What
programs write about their user (docProps, meta.xml) is left out.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping

from django.utils.translation import gettext as _
from lxml import etree

from feedback.attachments.refusal import RefusedError

MOST_UNPACKED = 100 * 1_048_576
MOST_ENTRIES = 3_000
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
PLAIN = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
SUFFIXES: Mapping[str, str] = {
    f"{OFFICE}wordprocessingml.document": "docx",
    f"{OFFICE}spreadsheetml.sheet": "xlsx",
    f"{OPEN}text": "odt",
    f"{OPEN}spreadsheet": "ods",
}
TYPES = "[Content_Types].xml"
ACTING = ("vbaproject", "vbadata", "/activex/", "/embeddings/", "xl/macrosheets/", "customui/")
ACTING_AT_THE_START = ("basic/", "scripts/", "object ")
DRAWN = ("content.xml", "styles.xml")
HREF = "{http://www.w3.org/1999/xlink}href"
EMPTY: Mapping[str, bytes] = {
    "docProps/core.xml": b'<?xml version="1.0"?><cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0"?><Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0"?><Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
    "meta.xml": b'<?xml version="1.0"?><office:document-meta office:version="1.3" xmlns:office='
    b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>',
}


# What the library says of a zip that is none, is cut off, lies about itself, or is packed in a way unread.
BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(etree.XMLSyntaxError, KeyError, OSError, EOFError, NotImplementedError, RuntimeError, ValueError),
)


def media_type(raw: bytes) -> str:
    """Which of ours it says it is; "" for any other zip. A macro document is told apart by `clean`."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            return _said(packed)
    except BROKEN:
        return ""


def _said(packed: zipfile.ZipFile) -> str:
    names = set(packed.namelist())
    if "mimetype" in names:
        said = packed.open("mimetype").read(100).decode("ascii", "replace").strip()
        return said if said in SUFFIXES else ""
    if TYPES in names:
        told = packed.open(TYPES).read(1_000_000)
        main = {b"word/document.xml": "wordprocessingml.document", b"xl/workbook.xml": "spreadsheetml.sheet"}
        return next((OFFICE + kind for part, kind in main.items() if part in told), "")
    return ""


def clean(raw: bytes) -> bytes:
    """Packed anew, without who wrote it; RefusedError where it is broken, too large or could act."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            _look_through(packed)
            return _packed_anew(packed)
    except BROKEN:
        raise RefusedError(_("hỏng, không mở được.")) from None


def _look_through(packed: zipfile.ZipFile) -> None:
    entries = packed.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise RefusedError(_("giải nén ra quá lớn."))
    for entry in entries:
        name = entry.filename.lower()
        if entry.flag_bits & 1:
            raise RefusedError(_("có mật khẩu; xin gửi bản không có mật khẩu."))
        if any(word in name for word in ACTING) or name.startswith(ACTING_AT_THE_START):
            raise RefusedError(_acting())
        if name.endswith(".rels"):
            _fetches_nothing(packed.read(entry))
        if name in DRAWN:
            _draws_nothing_from_outside(packed.read(entry))
    if TYPES in packed.namelist() and b"macroenabled" in packed.read(TYPES).lower():
        raise RefusedError(_acting())


def _acting() -> str:
    return _("chứa macro hoặc chương trình; xin lưu lại không có macro, hoặc thành PDF.")


def _fetches_nothing(relations: bytes) -> None:
    """A link to be clicked is harmless; a template or picture fetched on opening tells who opened it."""
    root = etree.fromstring(relations, PLAIN)
    # No program writes a DOCTYPE here; its entities would hide what is fetched.
    if root.getroottree().docinfo.doctype:
        raise RefusedError(_("hỏng, không mở được."))
    for relation in root.iter(etree.Element):
        outside = relation.get("TargetMode", "").lower() == "external"
        if outside and not relation.get("Type", "").endswith("/hyperlink"):
            raise RefusedError(_elsewhere())


def _draws_nothing_from_outside(content: bytes) -> None:
    """OpenDocument names what it draws in the very text; only a link to be clicked may lead out."""
    for element in etree.fromstring(content, PLAIN).iter(etree.Element):
        target = element.get(HREF, "").strip().lower()
        to_click = etree.QName(element).localname == "a"
        if not to_click and (target.startswith("//") or re.match(r"[a-z][a-z0-9+.-]*:", target)):
            raise RefusedError(_elsewhere())


def _elsewhere() -> str:
    return _("lấy nội dung từ nơi khác khi mở; xin lưu lại thành PDF rồi gửi.")


def _packed_anew(packed: zipfile.ZipFile) -> bytes:
    """The same entries in a zip of our own: nothing before, between or after them, no author's name."""
    out = io.BytesIO()
    left = MOST_UNPACKED
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as anew:
        for entry in packed.infolist():
            content = EMPTY.get(entry.filename) or packed.read(entry)
            left -= len(content)
            if left < 0:
                raise RefusedError(_("giải nén ra quá lớn."))
            way = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
            anew.writestr(zipfile.ZipInfo(entry.filename), content, compress_type=way)
    return out.getvalue()
