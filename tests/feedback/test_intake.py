"""What comes in by the door: kept as sent, refused in words, never twice."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from feedback import codes, understanding
from feedback.followups import catch_up
from feedback.intake import read_submitted, receive
from feedback.models import Attachment, Petition
from feedback.steps import take
from tests import make
from tests.pages import at, words

pytestmark = pytest.mark.django_db


def test_a_submission_becomes_a_petition_with_code_and_secret() -> None:
    receipt = receive(make.submission(name="Lê Thị B", phone="0905 123 456", email="b@example.vn"))
    petition = receipt.petition
    assert receipt.created
    assert codes.clean_code(petition.code) == petition.code
    assert codes.secret_fits(petition.code, receipt.secret.lower(), petition.secret_hash)
    assert receipt.secret not in str(petition.__dict__)
    assert (petition.contact.name, petition.contact.phone) == ("Lê Thị B", "0905123456")
    assert petition.lead_id == "feedback-focal-point:48"


@pytest.mark.parametrize(
    "text",
    [
        "Đường hỏng " * 3,
        "NFD: Đươ\u0300ng",
        "🙂 đường ngập 👍🏽",
        "<script>alert(1)</script>",
        "=1+1",
        "\tcó tab\n",
    ],
)
def test_the_text_is_kept_exactly_as_sent(text: str) -> None:
    assert Petition.objects.get(pk=receive(make.submission(text=text)).petition.pk).text == text


def test_a_line_keeps_no_mark_that_is_not_seen() -> None:
    typed = "Lê\u200b Văn\u202e\x07\t C\ufeff\u3164\u2800\ufe0f"
    petition = Petition.objects.get(pk=receive(make.submission(name=typed, residence=typed)).petition.pk)
    assert [petition.contact.name, petition.contact.residence] == ["Lê Văn C", "Lê Văn C"]


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n\t "}, "text"),
        ({"text": "\u200b\u200d\ufeff\u202e"}, "text"),
        ({"text": "\u3164\u2800\u115f"}, "text"),
        ({"text": "a" * 20_001}, "text"),
        ({"text": "đường\x00hỏng"}, "text"),
        ({"text": "đường\ud800hỏng"}, "text"),
        ({"name": "Lê\x00Văn C"}, "name"),
        ({"commune": "99999"}, "commune"),
        ({"phone": "12"}, "phone"),
        ({"phone": "không có"}, "phone"),
        ({"email": "a@"}, "email"),
        ({"tax_code": "123"}, "tax_code"),
        ({"lat": 48.8, "lon": 2.3}, "lat"),
        ({"lat": 16.0}, "lat"),
        ({"channel": "fax"}, "channel"),
        ({"files": (SimpleUploadedFile("a.jpg", b"MZ\x90\x00 this program"),)}, "files"),
        ({"files": (SimpleUploadedFile("a.jpg", b""),)}, "files"),
    ],
)
def test_bad_input_is_refused_in_words_and_leaves_nothing(fields: dict[str, Any], at: str) -> None:
    with pytest.raises(ValidationError) as refused:
        receive(make.submission(**fields))
    assert at in refused.value.message_dict
    assert not Petition.objects.exists()


def test_the_same_form_twice_is_one_petition_and_shows_no_secret_again() -> None:
    first = receive(make.submission(key="abc"))
    second = receive(make.submission(key="abc"))
    assert (second.created, second.secret) == (False, "")
    assert second.petition == first.petition


def test_the_same_key_with_other_words_is_another_petition() -> None:
    first = receive(make.submission(key="abc"))
    second = receive(make.submission(key="abc", text="Chuyện khác hẳn"))
    assert second.created
    assert second.petition != first.petition


def test_the_same_external_id_twice_is_one_petition() -> None:
    first = receive(make.submission(source="dvc", external_id="7", channel="sync"))
    second = receive(make.submission(source="dvc", external_id="7", channel="sync", text="Sửa lại"))
    assert not second.created
    assert second.petition == first.petition


SENDER: dict[str, Any] = {"name": "A", "phone": "0905123456", "residence": "12 Lê Lợi"}


def test_an_anonymous_sender_leaves_no_contact() -> None:
    petition = receive(make.submission(**{**SENDER, "anonymous": True})).petition
    assert {getattr(petition.contact, name) for name in SENDER} == {""}


def test_a_picture_is_kept_without_its_position(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    picture = SimpleUploadedFile("Nguyen Van A.jpg", jpeg_with_position())
    petition = receive(make.submission(files=(picture,))).petition
    kept = Attachment.objects.get(petition=petition)
    raw = kept.file.read()
    assert kept.media_type == "image/jpeg"
    assert b"Exif" not in raw
    assert "Nguyen" not in str(kept.file.name)


def test_a_disk_that_is_full_at_the_second_file_leaves_nothing_of_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk, written = Attachment(file="any").file.storage, list[str]()
    write = FileSystemStorage.save

    def save(disk: FileSystemStorage, *told: Any, **more: Any) -> str:
        if written:
            raise OSError("No space left on device")
        written.append(write(disk, *told, **more))
        return written[0]

    monkeypatch.setattr(FileSystemStorage, "save", save)
    files = tuple(SimpleUploadedFile(f"{number}.jpg", jpeg_with_position()) for number in range(2))
    with pytest.raises(OSError):
        receive(make.submission(files=files))
    assert written
    assert not disk.exists(written[0])
    assert not Petition.objects.exists()


@pytest.mark.parametrize("see_through", [False, True])
def test_a_screenshot_with_a_palette_keeps_its_colours(
    settings: Any, tmp_path: Any, see_through: bool
) -> None:
    settings.MEDIA_ROOT = tmp_path
    screen = Image.new("RGB", (20, 20), "red")
    screen.paste("blue", (10, 0, 20, 20))
    raw = io.BytesIO()
    screen.quantize(8).save(raw, "PNG", **({"transparency": 7} if see_through else {}))
    petition = receive(make.submission(files=(SimpleUploadedFile("a.png", raw.getvalue()),))).petition
    kept = Image.open(Attachment.objects.get(petition=petition).file).convert("RGB")
    assert (kept.getpixel((2, 2)), kept.getpixel((17, 2))) == ((255, 0, 0), (0, 0, 255))


@pytest.mark.long
def test_a_sure_reading_is_assigned_at_once_and_says_it_is_provisional() -> None:
    petition = receive(
        make.submission(text="Gạch vỉa hè đường Bạch Đằng bị bong tróc, lún, người đi bộ vấp ngã")
    ).petition
    catch_up()
    petition = Petition.objects.get(pk=petition.pk)
    assert petition.subfield_id == "urban-infrastructure.sidewalk"
    assert (petition.state, petition.provisional) == ("assigned", True)
    assert petition.commune_id == "20242"
    assert str(petition.lead_id).endswith(":20242")
    assert petition.due_at is not None
    assert petition.route_reason


HOLE = "Ổ gà lớn giữa đường, xe máy té ngã."


@pytest.mark.long
@pytest.mark.parametrize(
    ("filed", "hint"),
    [
        ({"commune": "20242"}, ""),
        ({"commune": "", "text": f"Ở phường Hải Châu. {HOLE}"}, ""),
        ({"commune": "", "text": f"Ở phường Thạch Thang. {HOLE}"}, "Suy từ tên trước 1/7/2025."),
        ({"commune": "", "lat": 16.06, "lon": 108.22}, "Đoán từ điểm trên bản đồ, cần xác nhận."),
    ],
)
def test_how_a_place_was_guessed_is_said_until_an_official_names_it(filed: dict[str, Any], hint: str) -> None:
    receive(make.submission(**{"text": HOLE} | filed))
    catch_up()
    petition = Petition.objects.get()
    assert (petition.territory_id, petition.place_guess) == ("48", hint)
    page = words(at(make.focal_point()).get(petition.get_absolute_url()))
    assert (hint in page, "Nơi xảy ra" in page) == (True, True)
    take(petition, "reclassify", by=make.focal_point(), commune="20242", why="Đã hỏi người gửi.")
    assert Petition.objects.get().place_guess == ""


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "Chủ tịch UBND phường Hải Châu có thái độ hách dịch, quát mắng dân ở bộ phận một cửa",
        "Ông Nguyễn Văn Tám, chủ tịch UBND phường Hải Châu, thường xuyên la mắng người dân",
        "Chủ tịch phường cho người nhà bày bàn ghế lấn chiếm hết vỉa hè, người đi bộ phải xuống đường",
        "Pho chu tich phuong Hai Chau cho xe do trom xa ban xuong bo kenh, hoi thoi",
        "Nhân viên một cửa phường quát mắng, thái độ rất hách dịch với người dân",
    ],
)
def test_what_may_complain_of_the_bodys_own_people_waits_for_a_person(text: str) -> None:
    petition = receive(make.submission(text=text)).petition
    typed = understanding.propose(text, commune="20242", place_text="", now=petition.submitted_at)
    assert typed
    assert (typed.agency, typed.due) == ("", "")
    catch_up()
    petition = Petition.objects.get(pk=petition.pk)
    assert (petition.state, petition.lead_id) == ("submitted", make.FOCAL_POINT)
    assert not Petition.objects.visible_to(make.handler()).filter(pk=petition.pk).exists()


def test_what_a_person_did_while_the_machine_was_reading_stands() -> None:
    """The row that came with the step is not the row of now: it is read anew."""
    petition = receive(make.submission()).petition
    step = petition.steps.select_related("petition").get()
    write = read_submitted(step)
    take(petition, "receive", by=make.focal_point())
    assert write is not None
    with transaction.atomic():
        write()
    kept = Petition.objects.get()
    assert (kept.state, kept.commune_id, kept.lead_id) == ("received", "20242", make.FOCAL_POINT)
    assert list(kept.steps.order_by("seq").values_list("seq", "action")) == [(1, "submit"), (2, "receive")]
    assert kept.predictions.count() == 1


def test_a_place_that_an_official_told_while_the_machine_was_reading_stands() -> None:
    petition, person = receive(make.submission()).petition, make.focal_point()
    write = read_submitted(petition.steps.select_related("petition").get())
    take(petition, "receive", by=person)
    take(petition, "reclassify", by=person, commune="20305", why="Người gửi chọn nhầm")
    assert write is not None
    with transaction.atomic():
        write()
    assert Petition.objects.get().commune_id == "20305"


def test_a_new_row_names_only_the_columns_that_it_fills() -> None:
    with CaptureQueriesContext(connection) as asked:
        petition = receive(make.submission()).petition
    insert = next(one["sql"] for one in asked if one["sql"].startswith('INSERT INTO "feedback_petition"'))
    assert '"text"' in insert
    assert '"received_at"' not in insert
    kept = Petition.objects.get(pk=petition.pk)
    columns = [field.attname for field in Petition._meta.concrete_fields]
    assert {name: getattr(kept, name) for name in columns} == {
        name: getattr(petition, name) for name in columns
    }


def test_what_cannot_be_read_waits_for_a_person_at_the_focal_point() -> None:
    petition = receive(make.submission(text="xyz qwerty")).petition
    catch_up()
    petition = Petition.objects.get(pk=petition.pk)
    assert (petition.state, petition.lead_id) == ("submitted", "feedback-focal-point:48")
    assert petition.due_at is not None
    assert petition.reading is not None
    assert len(petition.reading.routes) == 3


@pytest.mark.long
def test_a_suspected_denunciation_stays_with_the_focal_point() -> None:
    text = "Tôi tố cáo ông chủ tịch phường nhận hối lộ 50 triệu đồng để bỏ qua công trình xây trái phép"
    petition = receive(make.submission(text=text)).petition
    catch_up()
    petition = Petition.objects.get(pk=petition.pk)
    assert petition.kind in {"denunciation", "complaint"}
    assert (petition.state, petition.lead_id) == ("submitted", "feedback-focal-point:48")


def jpeg_with_position() -> bytes:
    picture = Image.new("RGB", (40, 30), "red")
    exif = picture.getexif()
    exif[0x010E] = "Nhà ông A"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()
