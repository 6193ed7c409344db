"""What everybody reads follows its petition: who has it, what came of it, what its sender hides meanwhile."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from feedback import followups
from feedback.blacking import make_ready
from feedback.forms.publishing import PublishForm
from feedback.models import Petition, PublicPetition
from feedback.redaction import without
from feedback.steps import NotNow, take
from feedback.submission import KeptReceipt
from feedback.verification import verify
from feedback.views.opened import COOKIE, signed
from routing.models import Subfield
from tests import make
from tests.feedback.test_public_pictures import with_picture
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db

FIRST = "Đã lát lại vỉa hè sáng nay."
SECOND = "Vỉa hè này do chủ đầu tư quản lý, phường không sửa được."
TEXT = "Vỉa hè trước quán Cây Me bong gạch."
LIGHTING = "urban-infrastructure.street-lighting"


def published(state: str = "answered", text: str = TEXT, **told: Any) -> Petition:
    petition = make.petition(state, anew=True, text=TEXT, **told)
    take(petition, "publish", by=make.reviewer(), public_text=text)
    return petition


def page(petition: Petition) -> str:
    return words(Client().get(f"/cong-khai/{petition.code}/"))


def copy_of(petition: Petition) -> PublicPetition:
    return PublicPetition.objects.get(petition=petition)


def answered_anew(petition: Petition) -> None:
    take(petition, "reopen", by=make.holder(petition), reason="Chưa sửa")
    another = make.handler()
    take(petition, "accept", by=another)
    take(petition, "draft_reply", by=another, outcome="explained", text=SECOND, evidence="Bản đồ")
    take(petition, "approve", by=make.approver("provincial-people-committee:48"))


@pytest.mark.long
def test_while_it_is_looked_at_again_the_answer_is_the_earlier_one() -> None:
    petition = published()
    assert "UBND phường Hải Châu trả lời" in page(petition)
    take(petition, "reopen", by=make.holder(petition), reason="Chưa sửa")
    shown = page(petition)
    assert "UBND phường Hải Châu đang xử lý" in shown
    assert "UBND phường Hải Châu trả lời" not in shown
    assert shown.index("Câu trả lời trước") < shown.index(FIRST)  # nor is it what a preview of the link tells
    assert FIRST not in words(Client().get("/cong-khai/"))
    assert verify().bad == []


@pytest.mark.long
def test_a_new_answer_is_never_told_in_the_words_of_the_old_one() -> None:
    petition, reviewer = published(), make.reviewer()
    answered_anew(petition)
    shown = page(petition)
    assert (FIRST in shown, SECOND in shown) == (False, False)
    assert "bản công khai đang được xem lại" in shown
    assert petition.printed_code in words(at(reviewer).get("/xu-ly/?xem=xem-lai"))
    desk = words(at(reviewer).get(f"/xu-ly/{petition.code}/?lam=publish"))
    assert SECOND in desk.split('name="public_answer"')[1].split("</textarea>")[0]
    assert verify().bad == []
    take(petition, "publish", by=reviewer, public_text=TEXT)
    assert SECOND in page(petition)
    assert petition.printed_code not in words(at(reviewer).get("/xu-ly/?xem=xem-lai"))
    assert verify().bad == []


@pytest.mark.long
def test_who_has_it_now_answers_in_public() -> None:
    petition = published("in_progress")
    take(petition, "transfer", by=make.focal_point(), agency=make.CONSTRUCTION, reason="Đường lớn")
    assert "Sở Xây dựng" in page(petition)
    assert "UBND phường Hải Châu" not in page(petition)
    listed = "/cong-khai/?province=48&agency="
    assert petition.code in words(Client().get(f"{listed}{make.CONSTRUCTION}"))
    assert petition.code not in words(Client().get(f"{listed}{make.HAI_CHAU}"))
    assert verify().bad == []


def test_field_place_and_point_are_those_of_the_petition() -> None:
    petition = published("in_progress", lat=16.047123, lon=108.206456)
    told: dict[str, Any] = {"subfield": LIGHTING, "commune": "20194", "why": "Đèn, không phải gạch"}
    take(petition, "reclassify", by=make.focal_point(), **told)
    copy = copy_of(petition)
    assert (copy.subfield_id, copy.commune_id) == (LIGHTING, "20194")
    assert (copy.lat, copy.lon) == (16.047, 108.206)
    assert verify().bad == []


def test_a_promise_is_told_with_the_day_on_which_it_was_kept() -> None:
    day = timezone.localdate() + dt.timedelta(days=20)
    told = {"outcome": "planned", "text": "Sẽ làm trong tháng.", "plan_date": day.isoformat()}
    petition = published(answer=told)
    assert "Hẹn hoàn thành" in page(petition)
    take(petition, "fulfil", by=make.approver(), evidence="Biên bản", text="Đã làm xong.")
    assert f'Đã báo làm xong <time datetime="{timezone.localdate():%Y-%m-%d}">' in page(petition)
    assert verify().bad == []


ENDS: dict[str, tuple[str, Callable[[Petition], Any]]] = {
    "withdraw": ("Người gửi đã rút phản ánh này", lambda one: take(one, "withdraw", by=make.holder(one))),
    "merge": (
        "gộp vào một phản ánh khác",
        lambda one: take(
            one, "merge", by=make.focal_point(), main=make.petition("in_progress", text="Cống nghẹt").code
        ),
    ),
    "redirect": (
        "không thuộc thẩm quyền",
        lambda one: take(one, "redirect", by=make.focal_point(), body="Tòa án", address="374 Núi Thành"),
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_an_end_without_an_answer_is_told_as_what_it_is(end: str) -> None:
    petition = published("in_progress")
    said, happens = ENDS[end]
    happens(petition)
    shown = page(petition)
    assert said in shown
    assert "trả lời. Người gửi đã nhận" not in shown
    assert "Người gửi đã nhận câu trả lời" not in shown
    assert "UBND phường Hải Châu trả lời" not in shown
    assert verify().bad == []


def test_closed_for_the_senders_silence_it_was_not_answered() -> None:
    petition = published("in_progress")
    take(petition, "ask", by=make.handler(), question="Số nhà nào?")
    later = timezone.now() + dt.timedelta(days=40)
    take(petition, "close", by=make.focal_point(), now=later, notice="Đã nhắn hai lần")
    shown = page(petition)
    assert "mà chưa có câu trả lời" in shown
    assert "Người gửi đã nhận câu trả lời" not in shown
    assert "Hoàn thành" not in shown


@pytest.mark.long
def test_what_the_sender_hides_is_black_at_once_and_a_reviewer_looks_again() -> None:
    answer = make.ANSWER | {"text": "Đã nhắc quán cây me dọn gạch."}
    petition, reviewer = published(answer=answer), make.reviewer()
    assert "Cây Me" in page(petition)
    take(petition, "refuse_publication", by=make.holder(petition), hide="quan cay me")
    copy = copy_of(petition)
    assert (copy.text, copy.answer) == ("Vỉa hè trước ▇▇▇ bong gạch.", "Đã nhắc ▇▇▇ dọn gạch.")
    for address in (f"/cong-khai/{petition.code}/", "/cong-khai/", "/cong-khai/atom.xml"):
        assert "Cây Me" not in words(Client().get(address))
    assert petition.printed_code in words(at(reviewer).get("/xu-ly/?xem=xem-lai"))
    desk = words(at(reviewer).get(f"/xu-ly/{petition.code}/?lam=publish"))
    assert "Cây Me" not in desk.split('name="public_text"')[1].split("</textarea>")[0]
    assert verify().bad == []
    take(petition, "publish", by=reviewer, public_text=TEXT)  # typed again by mistake
    assert copy_of(petition).text == "Vỉa hè trước ▇▇▇ bong gạch."
    assert petition.printed_code not in words(at(reviewer).get("/xu-ly/?xem=xem-lai"))
    assert verify().bad == []


@pytest.mark.long
def test_a_matter_that_becomes_restricted_is_told_in_nobodys_own_words() -> None:
    petition, reviewer = published(), make.reviewer()
    Subfield.objects.filter(pk=make.SIDEWALK).update(sensitivity="restricted")
    assert Client().get(f"/cong-khai/{petition.code}/").status_code == 404
    assert petition.code not in words(Client().get("/cong-khai/"))
    assert petition.printed_code in words(at(reviewer).get("/xu-ly/?xem=xem-lai"))
    take(petition, "publish", by=reviewer, public_text="Người dân báo lối đi xuống cấp.")
    assert "bản tóm tắt do cán bộ viết" in page(petition)
    assert petition.printed_code not in words(at(reviewer).get("/xu-ly/?xem=xem-lai"))
    Subfield.objects.filter(pk=make.SIDEWALK).update(sensitivity="confidential")
    assert Client().get(f"/cong-khai/{petition.code}/").status_code == 404
    assert verify().bad == []


@pytest.mark.long
def test_a_summary_is_called_one_and_words_as_sent_are_not() -> None:
    Subfield.objects.filter(pk=make.SIDEWALK).update(sensitivity="restricted")
    petition = published(text="Người dân báo lối đi xuống cấp.")
    assert "bản tóm tắt do cán bộ viết" in page(petition)
    Subfield.objects.filter(pk=make.SIDEWALK).update(sensitivity="public")
    assert "bản tóm tắt do cán bộ viết" in page(petition)
    assert "bản tóm tắt do cán bộ viết" not in page(published())


@pytest.mark.long
def test_the_whole_of_a_part_that_is_sealed_is_public_no_more() -> None:
    whole = published("in_progress")
    take(whole, "split", by=make.focal_point(), texts=["Chủ tịch phường nhận tiền của nhà thầu"])
    part = whole.children.get()
    assert Client().get(f"/cong-khai/{whole.code}/").status_code == 200
    take(part, "seal", by=make.officer(), kind="denunciation")
    assert Client().get(f"/cong-khai/{whole.code}/").status_code == 404
    assert not PublicPetition.objects.exists()
    assert verify().bad == []
    with pytest.raises(NotNow):  # nor again, by one whose other post lets him see it
        take(whole, "publish", by=make.reviewer(), public_text=TEXT)


def test_erased_it_is_neither_offered_nor_published() -> None:
    petition = make.petition("answered", anew=True)
    take(petition, "erase", by=make.user("administrator"), rule="on-request")
    for action in ("offer_publication", "publish"):
        with pytest.raises(NotNow):
            take(petition, action, by=make.reviewer(), public_text="Vỉa hè bong gạch.")


@pytest.mark.long
def test_nobody_finds_by_its_words_what_was_just_refused() -> None:
    petition = published(text="Vỉa hè Quybarzed bong gạch.")
    followups.catch_up(limit=2_000)
    assert petition.code in words(Client().get("/tim/?q=Quybarzed"))
    take(petition, "refuse_publication", by=make.holder(petition), hide="all")
    assert "Tìm thấy" not in words(Client().get("/tim/?q=Quybarzed"))


DECOMPOSED = unicodedata.normalize("NFD", "Cây Me")
HIDES = ["quán cây me", "quan cay me", "“Quán Cây Me”,", "- Quán Cây Me.", DECOMPOSED]


@pytest.mark.parametrize("hide", HIDES)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_the_sender_hides_is_found_however_he_writes_it(hide: str, form: Any) -> None:
    text = unicodedata.normalize(form, "Vỉa hè trước ‘Quán Cây Me’ bong gạch, gần cây mẹ.")
    left = unicodedata.normalize("NFC", without(text, [hide]))
    assert "Quán Cây Me" not in left.replace("Quán ▇▇▇", "")
    assert left.startswith("Vỉa hè trước ‘")
    assert left.endswith("’ bong gạch, gần cây mẹ." if "uán" in hide or "uan" in hide else "gần ▇▇▇.")


@pytest.mark.parametrize(
    ("hide", "left"),
    [("Tư", "Bà ▇▇▇ bán từ sáng, tự dọn"), *((vain, "Bà Tư bán từ sáng, tự dọn") for vain in ("tu", "-"))],
)
def test_one_word_is_hidden_as_it_is_spelt(hide: str, left: str) -> None:
    assert without("Bà Tư bán từ sáng, tự dọn", [hide]) == left


def test_the_door_itself_holds_what_the_sender_hid_before() -> None:
    answer = make.ANSWER | {"text": "Quán Cây Me đã dọn."}
    petition = make.petition("answered", anew=True, text=TEXT, answer=answer)
    take(petition, "refuse_publication", by=make.holder(petition), hide="Quán cây me")
    take(petition, "publish", by=make.reviewer(), public_text=TEXT)
    copy = copy_of(petition)
    assert (copy.text, copy.answer) == ("Vỉa hè trước ▇▇▇ bong gạch.", "▇▇▇ đã dọn.")


@pytest.mark.long
@pytest.mark.parametrize("sign", ["\x0b", "\x1b", "\ufffe", "\u2028"])
def test_no_sign_that_xml_forbids_breaks_the_feed(sign: str) -> None:
    text = f"Vỉa hè{sign}bong gạch"
    petition = make.petition("answered", anew=True, text=text, answer=make.ANSWER | {"text": f"Đã{sign}lát."})
    reviewer = at(make.reviewer())
    boxes = PublishForm(petition=petition, by=make.reviewer()).proposed()
    assert reviewer.post(f"/xu-ly/{petition.code}/publish/", boxes).status_code == 302
    copy = copy_of(petition)
    assert sign not in copy.text + copy.answer
    assert "Vỉa hè" in copy.text
    PublicPetition.objects.update(text=text)  # one that was published before
    feed = Client().get("/cong-khai/atom.xml")
    assert "bong gạch" in "".join(ElementTree.fromstring(feed.content).itertext())


@pytest.mark.long
def test_the_sender_sees_just_what_he_agrees_to() -> None:
    petition, browser = published(text="Vỉa hè bong gạch."), Client()
    browser.cookies[COOKIE] = signed([KeptReceipt.of(petition)])
    address = f"/tra-cuu/{petition.code}/khong-cong-khai/"
    assert "dong-y-cong-khai" not in words(browser.get(address))
    anew = "Vỉa hè trước quán bong gạch, xe máy ngã."
    take(petition, "offer_publication", by=make.reviewer(), public_text=anew)
    shown = words(browser.get(address))
    assert anew in shown
    assert "Vỉa hè bong gạch." not in shown
    assert "Bản đang công khai vẫn đứng đó" in shown
    assert "dong-y-cong-khai" in shown
    assert "Vỉa hè bong gạch." in page(petition)
    take(petition, "agree_publication", by=make.holder(petition))
    take(petition, "publish", by=make.reviewer(), public_text=anew)
    assert anew in page(petition)
    assert verify().bad == []


def test_what_was_shown_to_the_sender_before_is_no_longer_what_he_agrees_to() -> None:
    petition, browser = make.petition("answered", anew=True, text=TEXT), Client()
    browser.cookies[COOKIE] = signed([KeptReceipt.of(petition)])
    take(petition, "offer_publication", by=make.reviewer(), public_text="Vỉa hè bong gạch.")
    seq = petition.steps.count()
    take(petition, "offer_publication", by=make.reviewer(), public_text=TEXT)
    answer = browser.post(f"/tra-cuu/{petition.code}/dong-y-cong-khai/", {"seq": seq})
    assert answer.status_code == 409
    assert not petition.steps.filter(action="agree_publication").exists()


@pytest.mark.long
def test_pictures_that_are_public_can_be_taken_back_by_the_sender() -> None:
    petition, file = with_picture()
    shown = make_ready(file, [], by=make.reviewer())
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè bong.", pictures=[shown.sha256])
    browser, address = opened(petition), f"/cong-khai/{petition.code}/anh/{shown.pk}/"
    assert Client().get(address).status_code == 200
    hiding = f"/tra-cuu/{petition.code}/khong-cong-khai/"
    assert shown.sha256 in words(browser.get(hiding))
    assert browser.post(hiding, {"pictures": [shown.sha256]}).status_code == 302
    assert Client().get(address).status_code == 404
    petition = Petition.objects.get(pk=petition.pk)
    assert "pictures" not in PublishForm(petition=petition, by=make.reviewer()).proposed()
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè bong.", pictures=[shown.sha256])
    assert Client().get(address).status_code == 404
    assert not [fault for fault in verify().bad if "công khai" in fault.why]


@pytest.mark.long
@pytest.mark.parametrize(("hide", "missed"), [("quan cay me", False), ("Đừng đăng tên trường", True)])
def test_who_asks_to_hide_what_stands_nowhere_is_told_so(hide: str, missed: bool) -> None:
    petition = published()
    browser = opened(petition)
    answer = browser.post(f"/tra-cuu/{petition.code}/khong-cong-khai/", {"hide": hide}, follow=True)
    assert (f"Không thấy “{hide}”" in words(answer)) == missed
    assert petition.steps.filter(action="refuse_publication").exists()
