"""What comes with a petition: honest files say nothing more than they show, the others do no harm."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from feedback import attachments
from feedback.attachments import documents
from feedback.models import Attachment, Petition
from tests.feedback import corpus


def sent(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def taken(content: bytes, name: str = "tep.bin") -> tuple[Attachment, bytes]:
    [file] = attachments.clean([sent(content, name)])
    file.file.seek(0)
    return file, file.file.read()


WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HONEST: list[tuple[str, Callable[[], bytes], str, str]] = [
    ("cong.jpg", corpus.picture, "image/jpeg", "cong.jpg"),
    ("CONG.JPEG", corpus.picture, "image/jpeg", "CONG.JPEG"),
    ("cong.png", lambda: corpus.picture("PNG"), "image/png", "cong.png"),
    ("cong.webp", lambda: corpus.picture("WEBP"), "image/webp", "cong.webp"),
    ("IMG_1.HEIC", corpus.heic, "image/jpeg", "IMG_1.jpg"),
    ("don.pdf", corpus.paper, "application/pdf", "don.pdf"),
    ("don.docx", corpus.word, WORD_TYPE, "don.docx"),
    ("lien-ket.docx", corpus.word_with_a_link, WORD_TYPE, "lien-ket.docx"),
    ("ghi-chu.docx", corpus.word_with_a_comment, WORD_TYPE, "ghi-chu.docx"),
    ("don.odt", corpus.open_text, "application/vnd.oasis.opendocument.text", "don.odt"),
    ("phim.mp4", corpus.film, "video/mp4", "phim.mp4"),
    ("phim.mov", lambda: corpus.film(b"qt  "), "video/quicktime", "phim.mov"),
]


@pytest.mark.parametrize(("name", "made", "media_type", "kept_as"), HONEST, ids=[row[0] for row in HONEST])
def test_honest_files_are_taken_as_what_they_are(
    name: str, made: Callable[[], bytes], media_type: str, kept_as: str
) -> None:
    file, kept = taken(made(), name)
    assert (file.media_type, file.name, file.size) == (media_type, kept_as, len(kept))


HARMFUL: list[tuple[str, Callable[[], bytes], str]] = [
    ("rong.jpg", bytes, "rỗng"),
    (
        "anh.svg",
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "không phải",
    ),
    ("anh.jpg", lambda: b"<!doctype html><script>alert(1)</script>", "không phải"),
    ("anh.gif", lambda: b"GIF89a/*<svg/onload=alert(1)>*/=1;", "không phải"),
    ("setup.exe", lambda: b"MZ\x90\x00" + bytes(200), "không phải"),
    ("anh.jpg", lambda: b"\x7fELF" + bytes(200), "không phải"),
    ("anh.jpg", lambda: b"#!/bin/sh\nrm -rf /\n", "không phải"),
    ("tep.zip", lambda: corpus.packed({"a.js": "alert(1)"}), "không phải"),
    ("don.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "không phải"),
    ("lon.png", lambda: corpus.png_of(20_000, 20_000), "quá nhiều điểm ảnh"),
    ("cut.jpg", lambda: corpus.picture(size=(400, 400))[:-300], "hỏng"),
    ("cut.heic", lambda: corpus.heic()[:200], "hỏng"),
    ("chet.heic", corpus.heic_that_kills, "hỏng"),
    ("ma.pdf", lambda: corpus.paper(script=True), "mã chạy được"),
    ("kem.pdf", lambda: corpus.paper(attached=True), "mã chạy được"),
    ("khoa.pdf", lambda: corpus.paper(password="bí mật"), "mật khẩu"),
    ("bom.pdf", lambda: corpus.paper_that_unpacks_to(80_000_000), "hỏng"),
    ("cut.pdf", lambda: corpus.paper()[:300], "hỏng"),
    ("gia.pdf", lambda: b"%PDF-1.7 <script>alert(1)</script>", "hỏng"),
    ("macro.docx", corpus.word_with_macros, "macro"),
    ("macro.docm", corpus.word_with_macros, "macro"),
    ("ole.docx", lambda: corpus.word(word__embeddings__oleObject1_DOT_bin=b"MZ"), "macro"),
    ("mau.docx", corpus.word_that_fetches, "từ nơi khác"),
    ("bom.docx", lambda: corpus.word_that_unpacks_to(3), "giải nén ra quá lớn"),
    ("cut.docx", lambda: corpus.word()[:200], "không phải"),
    ("thuc-the.docx", corpus.word_with_an_entity, "hỏng"),
    ("macro.odt", lambda: corpus.open_text(macro=True), "macro"),
    ("tieng.mp4", lambda: corpus.film(handler=b"soun"), "không có hình"),
    ("cut.mp4", lambda: corpus.film()[:120], "hỏng"),
    ("lon.mp4", lambda: corpus.film(pixels=bytes(3_000_000)), "lớn quá 2 MB"),
]


@pytest.mark.parametrize(("name", "made", "why"), HARMFUL, ids=[row[0] + ": " + row[2] for row in HARMFUL])
def test_what_could_do_harm_is_refused_with_its_name_and_why(
    name: str, made: Callable[[], bytes], why: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAX_VIDEO_BYTES = 2 * 1_048_576
    monkeypatch.setattr(documents, "MOST_UNPACKED", 2 * 1_048_576)
    with pytest.raises(ValidationError) as refused:
        taken(made(), name)
    assert refused.value.messages[0].startswith(f"Tệp “{name}” ")
    assert why in refused.value.messages[0]


MUCH = bytes(3_000_000)
HUGE = [
    ("anh.jpg", lambda: corpus.picture() + MUCH, "lớn quá 1 MB"),
    ("anh.heic", lambda: corpus.heic() + MUCH, "lớn quá 1 MB"),
    ("don.pdf", lambda: corpus.paper() + MUCH, "lớn quá 1 MB"),
    ("don.docx", lambda: corpus.word() + MUCH, "lớn quá 1 MB"),
    ("phim.mp4", lambda: corpus.film(pixels=MUCH), "lớn quá 2 MB"),
    ("anh.jpg", lambda: b"MZ" + MUCH, "không phải ảnh"),
]


@pytest.mark.parametrize(("name", "made", "why"), HUGE, ids=[f"{row[0]}: {row[2]}" for row in HUGE])
def test_what_is_over_every_limit_is_told_the_one_of_its_own_kind(
    name: str, made: Callable[[], bytes], why: str, settings: Any
) -> None:
    settings.MAX_FILE_BYTES, settings.MAX_VIDEO_BYTES = 1_048_576, 2 * 1_048_576
    with pytest.raises(ValidationError, match=why):
        taken(made(), name)


@pytest.mark.parametrize("made", [corpus.word, corpus.open_text])
def test_a_document_that_lost_bytes_on_the_way_is_whole_or_refused_in_words(
    made: Callable[[], bytes],
) -> None:
    whole, refused = made(), 0
    for at in range(0, len(whole), 9):
        for count in (1, 5, 40):
            try:
                taken(whole[:at] + whole[at + count :])
            except ValidationError:
                refused += 1
    assert refused > 10


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_a_picture_forgets_where_and_with_what_it_was_taken(kind: str) -> None:
    told = corpus.heic() if kind == "HEIC" else corpus.picture_that_tells_its_place(kind)
    assert Image.open(io.BytesIO(told)).getexif().get_ifd(0x8825)
    _file, kept = taken(told)
    picture = Image.open(io.BytesIO(kept))
    assert dict(picture.getexif()) == {}
    assert "Tâm".encode() not in kept


@pytest.mark.parametrize("made", [corpus.picture_that_is_a_page, corpus.picture_that_is_a_zip])
def test_a_picture_that_is_something_else_too_is_only_a_picture_afterwards(made: Callable[[], bytes]) -> None:
    file, kept = taken(made(), "hai-mat.html")
    assert (file.media_type, file.name) == ("image/jpeg", "hai-mat.jpg")
    assert b"alert" not in kept
    assert not zipfile.is_zipfile(io.BytesIO(kept))


def test_a_video_forgets_where_it_was_taken_and_keeps_its_pictures() -> None:
    told = corpus.film(pixels=b"hinh" * 16)
    _file, kept = taken(told)
    assert b"+16.0678" in told
    assert b"+16.0678" not in kept
    assert (len(kept), b"hinh" * 16 in kept) == (len(told), True)


def test_documents_forget_who_wrote_them_and_keep_their_words() -> None:
    _file, word = taken(corpus.word())
    with zipfile.ZipFile(io.BytesIO(word)) as entries:
        assert "Tâm" not in entries.read("docProps/core.xml").decode()
        assert "Đơn kiến nghị" in entries.read("word/document.xml").decode()
    _file, paper = taken(corpus.paper())
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert "/Info" not in pdf.trailer or "/Author" not in pdf.trailer.Info
        assert len(pdf.pages) == 1


def test_a_signed_paper_is_kept_byte_for_byte() -> None:
    signed = corpus.paper(signed=True)
    assert taken(signed)[1] == signed


@pytest.mark.long
def test_what_is_sent_again_later_is_the_same_file() -> None:
    """So that the same form, or the same letter, is known for what it is."""
    made = [(name, make()) for name, make, *_rest in HONEST]
    digests = []
    for moment in (1_780_000_000, 1_780_000_007):
        with time_machine.travel(moment):
            kept = [taken(raw, name)[0] for name, raw in made]
        digests.append([file.sha256 for file in kept])
        time.sleep(1.1)  # libraries in C ask the machine itself
    assert digests[0] == digests[1]


def test_six_files_are_too_many() -> None:
    with pytest.raises(ValidationError, match="nhiều nhất 5 tệp"):
        attachments.clean([sent(corpus.picture(), "a.jpg")] * 6)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "made"),
    [("a.jpg", corpus.picture), ("b.pdf", corpus.paper), ("c.docx", corpus.word), ("d.mp4", corpus.film)],
)
def test_every_file_is_handed_over_and_nothing_in_it_may_run(name: str, made: Callable[[], bytes]) -> None:
    client = Client()
    client.post("/gui/", {"text": "Cống hở trước chợ, xem tệp kèm theo", "files": [sent(made(), name)]})
    file = Attachment.objects.get()
    answer = client.get(f"/tep/{file.pk}/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == file.media_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer.headers["Cache-Control"]
    assert Client().get(f"/tep/{file.pk}/").status_code == 404


@pytest.mark.django_db
def test_a_refused_file_refuses_the_form_keeps_the_words_and_leaves_nothing_behind() -> None:
    typed = {"text": "Cống hở trước chợ", "files": [sent(corpus.word_with_macros(), "don.docx")]}
    answer = Client().post("/gui/", typed)
    page = answer.content.decode()
    assert (answer.status_code, Petition.objects.count(), Attachment.objects.count()) == (400, 0, 0)
    assert "Cống hở trước chợ" in page
    assert "Tệp “don.docx” chứa macro" in page
