"""Whoever judges an answer reads what was asked first and what was answered; nobody else reads more by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Role, User
from feedback import earlier, emptiness, enclosures
from feedback.models import Look, Petition
from feedback.steps import take
from tests import make
from tests.feedback.test_verification import sent
from tests.pages import at, words

pytestmark = pytest.mark.django_db

ABOVE = "provincial-people-committee:48"
CHAIR_ABOVE = "provincial-people-committee-chair:48"
FIRST = "Quán ốc ở 45 Trần Phú chiếm hết vỉa hè. Gọi tôi 0905123456."
AGAIN = "Phường trả lời ba lần vẫn không dẹp được. Nhờ cấp trên xem lại."


def appealed(**filed: Any) -> tuple[Petition, Petition]:
    """What was answered with a picture, and the appeal against it, which lies at the intake."""
    first = make.petition("in_progress", anew=True, text=FIRST, files=(sent(),), **filed)
    told = make.ANSWER | {"text": "Đã nhắc nhở chủ quán."}
    enclosures.take(first, "draft_reply", by=make.handler(), files=[sent("PNG")], **told)
    take(first, "approve", by=make.approver())
    take(first, "appeal", by=make.holder(first), text=AGAIN)
    return first, Petition.objects.get(origin=first)


def given(born: Petition, agency: str = ABOVE) -> Petition:
    take(born, "receive", by=make.focal_point())
    take(born, "assign", by=make.focal_point(), agency=agency)
    return born


def page_of(petition: Petition, user: User) -> str:
    return words(at(user).get(petition.get_absolute_url()))


@pytest.mark.parametrize("person", [make.handler, make.approver])
def test_whoever_judges_it_reads_what_it_is_against(person: Any) -> None:
    first, born = appealed()
    given(born)
    judge = person(ABOVE)
    page = page_of(born, judge)
    for said in (AGAIN, FIRST, first.printed_code, "Đã nhắc nhở chủ quán."):
        assert said in page
    assert at(judge).get(first.get_absolute_url()).status_code == 404
    mine, proof = first.attachments.order_by("pk")
    for file in (mine, proof):
        assert f"/tep/{file.pk}/" in page
        assert at(judge).get(f"/tep/{file.pk}/").status_code == 200
    looks = Look.objects.filter(petition=first, user=judge)
    assert {(look.what, look.right) for look in looks} == {
        ("petition", "lead_handler"),
        ("file", "lead_handler"),
    }


@pytest.mark.long
def test_nobody_else_reads_more_by_it() -> None:
    first, born = appealed()
    answered = make.handler()
    assert at(answered).get(born.get_absolute_url()).status_code == 404
    strangers = [make.handler(make.CONSTRUCTION), make.handler(ABOVE)]  # it is not theirs yet
    file = first.attachments.earliest("pk")
    assert [at(one).get(f"/tep/{file.pk}/").status_code for one in strangers] == [404, 404]
    given(born)
    assert [at(one).get(f"/tep/{file.pk}/").status_code for one in strangers] == [404, 200]
    draft = make.ANSWER | {"text": "Chưa gửi"}
    take(first, "reopen", by=make.holder(first), reason="Chưa xong")
    take(first, "accept", by=make.handler())
    enclosures.take(first, "draft_reply", by=make.handler(), files=[sent("WEBP")], **draft)
    unsent = first.attachments.latest("pk")
    assert "Chưa gửi" not in page_of(born, strangers[1])
    assert at(strangers[1]).get(f"/tep/{unsent.pk}/").status_code == 404, "no answer yet"


@pytest.mark.long
def test_a_hidden_sender_stays_hidden_there() -> None:
    _first, born = appealed(hidden=True, phone="0905123456")
    given(born)
    page = page_of(born, make.handler(ABOVE))
    assert "Quán ốc ở 45 Trần Phú" in page
    assert "0905123456" not in page


@pytest.mark.long
def test_what_is_more_secret_than_the_appeal_is_not_read_there() -> None:
    first, born = appealed()
    given(born)
    judge = make.handler(ABOVE)
    file = first.attachments.earliest("pk")
    take(first, "reopen", by=make.holder(first), reason="Chưa xong")
    take(first, "seal", by=make.officer(), kind="denunciation")
    assert "45 Trần Phú" not in page_of(born, judge)
    assert at(judge).get(f"/tep/{file.pk}/").status_code == 404


@pytest.mark.long
def test_whoever_decides_a_complaint_the_second_time_reads_the_first() -> None:
    first = make.petition("received", anew=True, text=FIRST, files=(sent(),))
    take(first, "seal", by=make.officer(), kind="complaint")
    take(first, "assign", by=make.officer(), agency=make.HAI_CHAU)
    told: dict[str, Any] = {"decision_number": "1/QĐ", "signed_on": "2026-11-20"}
    take(first, "accept_for_handling", by=make.approver(), **told)
    take(first, "draft_reply", by=make.handler(), **make.ANSWER | {"text": "Giữ nguyên quyết định."})
    take(first, "approve", by=make.approver())
    take(first, "appeal", by=make.holder(first), text=AGAIN)
    born = Petition.objects.get(origin=first)
    take(born, "receive", by=make.officer())
    take(born, "assign", by=make.officer(), agency=CHAIR_ABOVE)
    judge = make.handler(CHAIR_ABOVE)
    page = page_of(born, judge)
    assert FIRST in page
    assert "Giữ nguyên quyết định." in page
    assert at(judge).get(f"/tep/{first.attachments.get().pk}/").status_code == 200


def test_it_is_about_the_same_matter_and_place_and_goes_up_by_one_key() -> None:
    first, born = appealed()
    assert (born.subfield_id, born.commune_id) == (first.subfield_id, first.commune_id)
    clerk = make.focal_point()
    page = page_of(born, clerk)
    key = page.index("data-pick")
    assert "cấp trên của nơi đã trả lời" in page[key : page.index("</button>", key)]
    assert "data-pick" not in words(at(clerk).get("/xu-ly/?xem=dau-moi")), "whoever gives it on reads both"
    answer = at(clerk).post(f"/xu-ly/{born.code}/chon/", {"subfield": ""})
    assert answer.status_code == 302
    now = Petition.objects.get(pk=born.pk)
    assert (now.state, now.lead_id, now.subfield_id) == ("assigned", ABOVE, first.subfield_id)


@pytest.mark.parametrize("office", ["commune-economy-office:20242", "commune-people-committee-chair:20242"])
def test_no_office_of_the_body_that_answered_judges_its_answer(office: str) -> None:
    _first, born = appealed()
    take(born, "receive", by=make.focal_point())
    with pytest.raises(ValidationError):
        take(born, "assign", by=make.focal_point(), agency=office)


def test_a_part_of_an_appeal_is_read_beside_what_the_appeal_is_against() -> None:
    _first, born = appealed()
    take(born, "receive", by=make.focal_point())
    take(born, "split", by=make.focal_point(), texts=["Dẹp quán ốc", "Đèn tắt"])
    part = Petition.objects.filter(origin=born).earliest("pk")
    assert [one.text for one in earlier.told(part, make.user(Role.SUPERVISOR, province="48"))] == [FIRST]


@pytest.mark.long
def test_an_answer_to_an_appeal_is_weighed_beside_the_first_letter_too() -> None:
    _first, born = appealed()
    given(born)
    answer = "UBND TP đã yêu cầu quán ốc dẹp bàn ghế, trả vỉa hè cho người đi bộ, ký cam kết ngày 28/11."
    assert emptiness.of(born, outcome="resolved", text=answer, evidence="Biên bản 12") == ()
    alone = make.petition("in_progress", anew=True, text=AGAIN)
    warned = emptiness.of(alone, outcome="resolved", text=answer, evidence="Biên bản 12")
    assert [one.key for one in warned] == ["another_matter"]
