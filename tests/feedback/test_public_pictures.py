"""No picture is public before a reviewer has looked at it; what is black is black in the file itself."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import Role
from feedback import blacking
from feedback.attachments import redrawing
from feedback.blacking import Sheet, box_of, make_ready
from feedback.models import Attachment, DiscardedFile, Petition, PublicPicture
from feedback.steps import take
from feedback.verification import verify
from routing.models import Subfield
from tests import make
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db

SHOWN = "Vỉa hè bong gạch."


def drawn(size: tuple[int, int] = (800, 400), form: str = "PNG") -> bytes:
    """Red, with nothing black in it."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 20, 20)).save(out, form)
    return out.getvalue()


def picture(petition: Petition, **told: Any) -> Attachment:
    kept = {"media_type": "image/png", "name": "nha-toi.png", "size": 1, "created_at": timezone.now()}
    file = ContentFile(drawn(), name="a.png")
    return Attachment.objects.create(petition=petition, file=file, **kept | told)


def with_picture() -> tuple[Petition, Attachment]:
    petition = make.petition("answered", anew=True)
    return petition, picture(petition)


def colour(raw: bytes, x: int, y: int) -> str:
    red, green, blue = Image.open(io.BytesIO(raw)).convert("RGB").getpixel((x, y))  # type: ignore[misc]
    return "black" if max(red, green, blue) < 30 else "red" if red > 150 and green < 80 else "other"


def shown_in(page: str) -> list[str]:
    return re.findall(r'<img src="(/cong-khai/\d+/anh/\d+/|/tra-cuu/\d+/anh/\d+/)"', page)


# --- burning --------------------------------------------------------------------------------------------


def test_under_a_box_no_pixel_is_left_and_beside_it_all_are() -> None:
    raw, size = redrawing.burned(drawn(), [(100, 100, 200, 150)])
    assert size == (800, 400)
    assert [colour(raw, *at) for at in ((102, 102), (150, 125), (198, 148))] == ["black"] * 3
    assert [colour(raw, *at) for at in ((80, 125), (220, 125), (700, 300))] == ["red"] * 3


def test_what_is_burned_brings_nothing_along() -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "số 12 Lê Lợi"
    Image.new("RGB", (80, 40), "white").save(out, "JPEG", exif=exif, comment=b"so 12")
    raw, _size = redrawing.burned(out.getvalue(), [])
    assert b"so 12" not in raw
    assert not Image.open(io.BytesIO(raw)).getexif()


def test_a_tap_is_a_pixel_of_the_picture_however_wide_it_is_shown() -> None:
    sheet = Sheet(2560, 1280)
    assert (sheet.shown_width, sheet.shown_height) == (640, 320)
    assert sheet.at(320, 160) == (1280, 640)
    assert sheet.at(9999, 9999) == (2559, 1279)
    assert box_of((300, 20), (10, 200)) == (10, 20, 300, 200)
    assert sheet.part(50, 50, 10, 10) == (1280, 640, 1536, 768)


# --- the reviewer ---------------------------------------------------------------------------------------


@pytest.mark.long
def test_two_taps_make_a_box_without_a_script_and_nothing_is_kept_before_the_last_button() -> None:
    petition, file = with_picture()
    reviewer, address = at(make.reviewer()), f"/xu-ly/{petition.code}/anh/{file.pk}/"
    page = words(reviewer.post(address, {"tap.x": "80", "tap.y": "80"}))
    assert 'name="corner" value="100,100"' in page
    page = words(reviewer.post(address, {"corner": "100,100", "tap.x": "160", "tap.y": "120"}))
    assert 'name="box" value="100,100,200,150"' in page
    assert "Số ô đen: 1." in page
    assert not PublicPicture.objects.exists()
    answer = reviewer.post(address, {"box": "100,100,200,150", "ready": "1"})
    assert answer.headers["Location"] == f"/xu-ly/{petition.code}/"
    ready = PublicPicture.objects.get()
    with ready.file.open("rb") as kept:
        assert colour(kept.read(), 150, 125) == "black"
    with file.file.open("rb") as original:
        assert colour(original.read(), 150, 125) == "red"
    page = words(reviewer.get(f"/xu-ly/{petition.code}/"))
    assert f'name="pictures" value="{ready.sha256}" checked' in page
    assert "đã xem, 1 chỗ che" in page


@pytest.mark.long
def test_a_box_can_be_told_in_numbers_and_taken_back() -> None:
    petition, file = with_picture()
    reviewer, address = at(make.reviewer()), f"/xu-ly/{petition.code}/anh/{file.pk}/"
    told = {"add": "1", "left": "50", "top": "50", "width": "10", "height": "10"}
    assert 'name="box" value="400,200,480,240"' in words(reviewer.post(address, told))
    page = words(reviewer.post(address, {"undo": "1", "box": ["1,1,2,2", "400,200,480,240"]}))
    assert re.findall(r'name="box" value="([^"]*)"', page) == ["1,1,2,2"]
    assert reviewer.post(address, {"box": "x", "tap.x": "-1", "tap.y": "a"}).status_code == 200


@pytest.mark.long
def test_nobody_but_a_reviewer_there_makes_a_picture_ready() -> None:
    petition, file = with_picture()
    address = f"/xu-ly/{petition.code}/anh/{file.pk}/"
    for person, status in ((make.handler(), 403), (make.reviewer("01"), 404), (make.user(), 404)):
        assert at(person).post(address, {"ready": "1"}).status_code == status
    elsewhere = picture(make.petition("in_progress"))
    other = f"/xu-ly/{petition.code}/anh/{elsewhere.pk}/"
    assert at(make.reviewer()).post(other, {"ready": "1"}).status_code == 404
    assert not PublicPicture.objects.exists()


def test_a_picture_made_ready_anew_takes_the_place_of_the_last() -> None:
    petition, file = with_picture()
    reviewer = make.reviewer()
    first = make_ready(file, [], by=reviewer)
    second = make_ready(file, [(1, 1, 50, 50)], by=reviewer)
    assert list(PublicPicture.objects.all()) == [second]
    assert DiscardedFile.objects.get().file.name == first.file.name
    assert blacking.looked_at(petition) == {file.pk: second}


# --- the door -------------------------------------------------------------------------------------------


@pytest.mark.long
def test_only_what_was_looked_at_is_published() -> None:
    petition, file = with_picture()
    for told in (file.sha256 or "0" * 64, "0" * 64, "khong"):
        with pytest.raises(ValidationError) as refused:
            take(petition, "publish", by=make.reviewer(), public_text=SHOWN, pictures=[told])
        assert list(refused.value.message_dict) == ["pictures"]
    another = make_ready(picture(make.petition("answered")), [], by=make.reviewer())
    with pytest.raises(ValidationError):
        take(petition, "publish", by=make.reviewer(), public_text=SHOWN, pictures=[another.sha256])


@pytest.mark.long
def test_everybody_gets_the_burned_picture_and_nobody_the_original() -> None:
    petition, file = with_picture()
    ready = make_ready(file, [(100, 100, 200, 150)], by=make.reviewer())
    make_ready(picture(petition), [(5, 5, 9, 9)], by=make.reviewer())
    address = f"/cong-khai/{petition.code}/anh/{ready.pk}/"
    assert Client().get(address).status_code == 404
    take(petition, "publish", by=make.reviewer(), public_text=SHOWN, pictures=[ready.sha256])
    assert shown_in(words(Client().get(f"/cong-khai/{petition.code}/"))) == [address]
    answer = Client().get(address)
    assert colour(answer.content, 150, 125) == "black"
    assert sorted(answer["Cache-Control"].split(", ")) == ["max-age=60", "public"]
    assert not answer.cookies
    assert Client().get(f"/tep/{file.pk}/").status_code == 404
    assert "nha-toi" not in words(Client().get(f"/cong-khai/{petition.code}/"))


@pytest.mark.long
def test_a_picture_is_gone_with_its_copy() -> None:
    petition, file = with_picture()
    ready = make_ready(file, [], by=make.reviewer())
    address = f"/cong-khai/{petition.code}/anh/{ready.pk}/"
    take(petition, "publish", by=make.reviewer(), public_text=SHOWN, pictures=[ready.sha256])
    tag = Client().get(address)["ETag"]
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 304
    take(petition, "unpublish", by=make.reviewer(), reason="Lộ mặt")
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 404
    assert PublicPicture.objects.get().copy is None


@pytest.mark.long
def test_the_sender_sees_the_pictures_too_and_keeps_one_back() -> None:
    petition, file = with_picture()
    first = make_ready(file, [], by=make.reviewer())
    second = make_ready(picture(petition), [(1, 1, 9, 9)], by=make.reviewer())
    both, browser = [first.sha256, second.sha256], opened(petition)
    take(petition, "offer_publication", by=make.reviewer(), public_text=SHOWN, pictures=both)
    hiding = f"/tra-cuu/{petition.code}/khong-cong-khai/"
    addresses = [f"/tra-cuu/{petition.code}/anh/{one.pk}/" for one in (first, second)]
    assert shown_in(words(browser.get(hiding))) == addresses
    assert [browser.get(path).status_code for path in addresses] == [200, 200]
    assert Client().get(addresses[0]).status_code == 404
    assert browser.post(hiding, {"pictures": [second.sha256]}).status_code == 302
    assert shown_in(words(browser.get(hiding))) == addresses[:1]
    with pytest.raises(ValidationError) as refused:
        take(petition, "publish", by=make.reviewer(), public_text=SHOWN, pictures=both)
    assert list(refused.value.message_dict) == ["pictures"]
    take(petition, "publish", by=make.reviewer(), public_text=SHOWN)
    assert [one.sha256 for one in petition.public.pictures.all()] == both[:1]


@pytest.mark.long
def test_a_refused_picture_stays_refused_however_it_is_blacked_out_anew() -> None:
    petition = make.petition("answered", anew=True)
    kept, back = (picture(petition, sha256=digest * 64) for digest in "ab")
    first = make_ready(kept, [], by=make.reviewer())
    second = make_ready(back, [(1, 1, 9, 9)], by=make.reviewer())
    both = [first.sha256, second.sha256]
    take(petition, "offer_publication", by=make.reviewer(), public_text=SHOWN, pictures=both)
    answer = opened(petition).post(f"/tra-cuu/{petition.code}/khong-cong-khai/", {"pictures": both[1:]})
    assert answer.status_code == 302
    take(petition, "publish", by=make.reviewer(), public_text=SHOWN)
    anew = make_ready(back, [(1, 1, 99, 99)], by=make.reviewer())
    page = words(at(make.reviewer()).get(f"/xu-ly/{petition.code}/?lam=publish"))
    assert "Ảnh 2: người gửi không cho đăng." in page
    assert f'value="{anew.sha256}"' not in page
    take(petition, "publish", by=make.reviewer(), public_text=SHOWN, pictures=[first.sha256, anew.sha256])
    assert [one.source_id for one in petition.public.pictures.all()] == [kept.pk]


@pytest.mark.long
def test_of_a_restricted_matter_no_picture_is_published() -> None:
    petition, file = with_picture()
    ready = make_ready(file, [], by=make.reviewer())
    Subfield.objects.filter(pk=make.SIDEWALK).update(sensitivity="restricted")
    with pytest.raises(ValidationError):
        take(petition, "publish", by=make.reviewer(), public_text=SHOWN, pictures=[ready.sha256])
    address = f"/xu-ly/{petition.code}/anh/{file.pk}/"
    assert at(make.reviewer()).get(address).status_code == 403


# --- what is kept, and what goes ------------------------------------------------------------------------


@pytest.mark.long
def test_a_picture_put_behind_the_steps_or_changed_on_the_disk_is_found() -> None:
    petition, file = with_picture()
    Attachment.objects.filter(pk=file.pk).delete()  # no step told it
    ready = make_ready(with_picture()[1], [], by=make.reviewer())
    take(petition, "publish", by=make.reviewer(), public_text=SHOWN)
    PublicPicture.objects.filter(pk=ready.pk).update(petition=petition, copy=petition.public)
    whys = {fault.why for fault in verify().bad}
    assert "ảnh công khai khác lúc công khai" in whys
    with open(ready.file.path, "ab") as kept:
        kept.write(b"x")
    assert f"tệp gửi kèm {ready.file.name} đã bị sửa" in {fault.why for fault in verify().bad}


@pytest.mark.long
def test_pictures_go_with_what_is_erased() -> None:
    petition, file = with_picture()
    ready = make_ready(file, [], by=make.reviewer())
    take(petition, "publish", by=make.reviewer(), public_text=SHOWN, pictures=[ready.sha256])
    take(petition, "erase", by=make.user(Role.ADMINISTRATOR), rule="on-request")
    assert not PublicPicture.objects.exists()
    assert ready.file.name in set(DiscardedFile.objects.values_list("file", flat=True))
