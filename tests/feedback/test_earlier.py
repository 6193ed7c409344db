"""Whoever judges an answer reads what was asked first and what was answered; nobody else reads more by it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from feedback import earlier, emptiness, enclosures, followups
from feedback.models import Look, Petition
from feedback.steps import NotNow, take
from tests import make
from tests.feedback.test_verification import sent
from tests.pages import at, words

pytestmark = pytest.mark.django_db

ABOVE = "provincial-people-committee:48"
CHAIR_ABOVE = "provincial-people-committee-chair:48"
FIRST = "Quán ốc ở 45 Trần Phú chiếm hết vỉa hè. Gọi tôi 0905123456."
KEPT = "một đơn trước mà ở đây không mở được"
AGAIN = "Phường trả lời ba lần vẫn không dẹp được. Nhờ cấp trên xem lại."


def appealed(**filed: Any) -> tuple[Petition, Petition]:
    """What was answered with a picture, and the appeal against it, which lies at the intake."""
    first = make.petition("in_progress", anew=True, text=FIRST, files=(sent(),), **filed)
    told = make.ANSWER | {"text": "Đã nhắc nhở chủ quán."}
    enclosures.take(first, "draft_reply", by=make.handler(), files=[sent("PNG")], **told)
    take(first, "approve", by=make.approver())
    take(first, "appeal", by=make.holder(first), text=AGAIN)
    return first, Petition.objects.get(origin=first)


WIRE = "Dây điện đứt rơi xuống đường, tia lửa bắn ra trước trường học, rất nguy hiểm cho các cháu."
HURT = "Vẫn chưa làm, rất nguy hiểm đến tính mạng, có người bị thương, xin xem lại ngay."


def appealed_for_danger(text: str) -> tuple[Petition, Petition]:
    """What was answered, and an appeal that tells of a danger, as the machine has read it."""
    first = make.petition("answered", anew=True)
    take(first, "appeal", by=make.holder(first), text=text)
    followups.catch_up()
    return first, Petition.objects.get(origin=first)


def given(born: Petition, agency: str = ABOVE) -> Petition:
    take(born, "receive", by=make.focal_point())
    take(born, "assign", by=make.focal_point(), agency=agency)
    return born


def page_of(petition: Petition, user: User) -> str:
    return words(at(user).get(petition.get_absolute_url()))


@pytest.mark.long
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


def kin(petition: Petition) -> set[str]:
    """Under which words the focal point is shown what belongs to it."""
    page = words(at(make.focal_point()).get(petition.get_absolute_url()))
    asked = {"Tách ra từ", "Phần tách ra", "Đề nghị xem lại đơn", "Đơn đề nghị xem lại"}
    return {name for name in asked if f"<dt>{name}</dt>" in page}


@pytest.mark.long
def test_an_appeal_and_a_part_are_told_apart_on_both_pages() -> None:
    first, born = appealed()
    assert (kin(first), kin(born)) == ({"Đơn đề nghị xem lại"}, {"Đề nghị xem lại đơn"})
    take(born, "split", by=make.focal_point(), texts=["Dẹp quán ốc", "Đèn tắt"])
    part = Petition.objects.filter(origin=born).first()
    assert part
    assert (kin(born), kin(part)) == ({"Đề nghị xem lại đơn", "Phần tách ra"}, {"Tách ra từ"})


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
    assert KEPT not in page_of(born, judge)
    take(first, "seal", by=make.officer(), kind="denunciation")
    page = page_of(born, judge)
    assert "45 Trần Phú" not in page
    assert KEPT in page, "whom to ask"
    assert KEPT not in page_of(born, make.focal_point()), "who does not judge it need not ask"
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


@pytest.mark.long
def test_it_is_about_the_same_matter_and_place_and_goes_up_by_one_key() -> None:
    first, born = appealed()
    assert (born.subfield_id, born.commune_id) == (first.subfield_id, first.commune_id)
    clerk = make.focal_point()
    page = page_of(born, clerk)
    key = page.index("data-pick")
    assert "cấp trên của nơi đã trả lời" in page[key : page.index("</button>", key)]
    assert "data-pick" not in words(at(clerk).get("/xu-ly/?xem=dau-moi")), "whoever gives it on reads both"
    answer = at(clerk).post(f"/xu-ly/{born.code}/chon/", {"subfield": ABOVE})
    assert answer.status_code == 302
    now = Petition.objects.get(pk=born.pk)
    assert (now.state, now.lead_id, now.subfield_id) == ("assigned", ABOVE, first.subfield_id)
    assert not now.corrections.exists(), "its own words teach nothing of that"


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


DENOUNCED = "Ông Tư chủ tịch phường nhận 50 triệu của chủ quán."


@pytest.mark.long
def test_whoever_denounces_by_an_appeal_keeps_his_first_files_and_his_door() -> None:
    first, born = appealed(place_text="12 Bạch Đằng", phone="0905123456")
    take(born, "seal", by=make.officer(), kind="denunciation")
    take(born, "assign", by=make.officer(), agency=CHAIR_ABOVE)
    judge, (mine, proof) = make.handler(CHAIR_ABOVE), first.attachments.order_by("pk")
    page = page_of(born, judge)
    assert "Đã nhắc nhở chủ quán." in page
    assert "12 Bạch Đằng" not in page
    assert [at(judge).get(f"/tep/{one.pk}/").status_code for one in (mine, proof)] == [404, 200]


@pytest.mark.long
def test_a_sealed_complaint_does_not_open_a_denunciation() -> None:
    first, born = appealed()
    take(born, "seal", by=make.officer(), kind="complaint")
    take(born, "assign", by=make.officer(), agency=CHAIR_ABOVE)
    judge = make.handler(CHAIR_ABOVE)
    assert "45 Trần Phú" in page_of(born, judge)
    take(first, "reopen", by=make.holder(first), reason="Chưa xong")
    take(first, "seal", by=make.officer(), kind="denunciation")
    assert "45 Trần Phú" not in page_of(born, judge)


@pytest.mark.long
def test_a_sealed_part_of_a_part_closes_what_tells_it_too() -> None:
    lamp = "Đèn đường tắt."
    first = make.petition("received", anew=True, text=f"{FIRST} {lamp} {DENOUNCED}")
    take(first, "split", by=make.focal_point(), texts=[f"{lamp} {DENOUNCED}"])
    part = Petition.objects.get(origin=first)
    take(part, "receive", by=make.focal_point(), subfield=make.SIDEWALK)
    take(part, "split", by=make.focal_point(), texts=[DENOUNCED])
    take(Petition.objects.get(origin=part), "seal", by=make.officer(), kind="denunciation")
    first = Petition.objects.get(pk=first.pk)
    assert [one.text for one in first.sealed_parts()] == [DENOUNCED]
    with pytest.raises((ValidationError, NotNow)):
        take(first, "assign", by=make.focal_point(), agency=make.CONSTRUCTION)


@pytest.mark.long
def test_an_appeal_that_tells_of_danger_goes_out_at_once() -> None:
    _first, born = appealed_for_danger(WIRE)
    assert born.urgent
    assert (born.state, born.subfield_id) == ("assigned", "utilities.power-safety")
    assert born.lead_id not in born.excluded_agencies()


@pytest.mark.long
def test_whoever_has_it_by_the_machine_alone_reads_it_once_a_person_has_taken_it_on() -> None:
    first, born = appealed_for_danger(WIRE)
    assert born.provisional
    assert born.lead_id
    people = make.handler(born.lead_id), make.approver(born.lead_id)
    assert [first.printed_code in page_of(born, one) for one in people] == [False, False]
    take(born, "accept", by=people[0])
    assert [first.printed_code in page_of(born, one) for one in people] == [True, True]


@pytest.mark.long
def test_an_appeal_that_tells_of_a_danger_that_nobody_knows_has_the_limit_of_a_danger() -> None:
    first, born = appealed_for_danger(HURT)
    assert (born.urgent, born.subfield_id, born.policy_id) == (True, first.subfield_id, "urgent-safety")
    assert "không xử lý đơn này" in born.route_reason
    take(born, "receive", by=make.focal_point(), subfield=first.subfield_id)
    born = Petition.objects.get(pk=born.pk)
    assert (born.state, born.policy_id) == ("received", "urgent-safety")
    take(born, "reclassify", by=make.focal_point(), subfield="environment.waste-collection", why="Rác")
    assert Petition.objects.get(pk=born.pk).policy_id == "field-3d", "a person has said what it is"


@pytest.mark.long
def test_it_lies_where_an_official_has_put_what_it_is_against() -> None:
    first = make.petition("submitted", anew=True)
    take(first, "receive", by=make.focal_point(), subfield=make.SIDEWALK, commune="20257")
    take(first, "assign", by=make.focal_point(), agency=make.HAI_CHAU)
    take(first, "accept", by=make.handler())
    take(first, "draft_reply", by=make.handler(), **make.ANSWER)
    take(first, "approve", by=make.approver())
    take(first, "appeal", by=make.holder(first), text=AGAIN)
    followups.catch_up()
    assert Petition.objects.get(origin=first).commune_id == "20257"


@pytest.mark.long
def test_each_key_of_an_appeal_that_came_back_leads_where_it_says() -> None:
    _first, born = appealed()
    given(born, make.CONSTRUCTION)
    told: dict[str, Any] = {"reason_code": "wrong_field", "words": "Của Sở khác"}
    health = "department-of-health:48"
    take(born, "return_", by=make.handler(make.CONSTRUCTION), suggested_agency=health, **told)
    clerk = at(make.focal_point())
    page = words(clerk.get(born.get_absolute_url()))
    assert re.findall(r'name="subfield" value="([^"]*)"', page)[:2] == [health, ABOVE]
    assert clerk.post(f"/xu-ly/{born.code}/chon/", {"subfield": ABOVE}).status_code == 302
    assert Petition.objects.get(pk=born.pk).lead_id == ABOVE


@pytest.mark.long
def test_a_list_asks_no_more_the_more_appeals_it_holds() -> None:
    clerk, asked = at(make.focal_point()), []
    for _appeal in range(3):
        appealed()
        followups.catch_up()
        clerk.get("/xu-ly/?xem=dau-moi")
        with CaptureQueriesContext(connection) as statements:
            clerk.get("/xu-ly/?xem=dau-moi")
        asked.append(len(statements))
    assert asked[2] == asked[1] <= asked[0] + 1


@pytest.mark.long
def test_later_words_and_each_round_are_read_too() -> None:
    first = make.petition("in_progress", anew=True, text=FIRST)
    take(first, "draft_reply", by=make.handler(), **make.ANSWER | {"text": "Lần một: đã nhắc."})
    take(first, "approve", by=make.approver())
    take(first, "reopen", by=make.holder(first), reason="Vẫn lấn cả kiệt 12")
    take(first, "accept", by=(again := make.handler()))
    take(first, "draft_reply", by=again, **make.ANSWER | {"text": "Lần hai: đã phạt."})
    take(first, "approve", by=make.approver(ABOVE))
    take(first, "appeal", by=make.holder(first), text=AGAIN)
    born = Petition.objects.get(origin=first)
    page = page_of(born, make.focal_point())
    for said in ("Vẫn lấn cả kiệt 12", "Lần một: đã nhắc.", "Lần hai: đã phạt."):
        assert said in page
    assert f'value="{ABOVE}" title' not in page, "it approved the second answer"
    assert f'value="{CHAIR_ABOVE}" title' in page


@pytest.mark.long
def test_a_part_of_an_appeal_that_denounces_opens_nothing_of_the_first() -> None:
    first, born = appealed()
    take(born, "receive", by=make.focal_point())
    take(born, "split", by=make.focal_point(), texts=["Đèn đường tắt."])
    part = Petition.objects.get(origin=born)
    take(born, "seal", by=make.officer(), kind="denunciation")
    take(part, "receive", by=make.focal_point(), subfield=make.SIDEWALK)
    take(part, "assign", by=make.focal_point(), agency=make.CONSTRUCTION)
    judge, file = make.handler(make.CONSTRUCTION), first.attachments.earliest("pk")
    page = page_of(part, judge)
    assert "Đèn đường tắt." in page
    assert "45 Trần Phú" not in page
    assert at(judge).get(f"/tep/{file.pk}/").status_code == 404
