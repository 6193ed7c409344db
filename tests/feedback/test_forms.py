"""Every action of officials is a form that works: filled in on the desk, it is taken and told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Role, User
from feedback import story, workflow
from feedback.forms import choices, following
from feedback.forms.desk import FOR
from feedback.models import Exclusion, Petition
from feedback.steps import take
from tests import make
from tests.pages import at, words

# Rights that are nobody's on the desk.
NOT_OF_THE_DESK = {"secret_holder", "system", "citizen", "operator"}


def test_every_action_of_officials_has_a_form_and_every_form_an_action() -> None:
    official = {
        name for name, row in workflow.ACTIONS.items() if {may.name for may in row.who} - NOT_OF_THE_DESK
    }
    assert set(FOR) == official
    own = {name for name, row in workflow.ACTIONS.items() if "secret_holder" in {may.name for may in row.who}}
    assert set(following.FOR) == own


def test_every_action_has_its_sentence_and_whoever_asked_is_told_or_not_for_a_reason() -> None:
    assert set(story.TO_OFFICIALS) == set(workflow.ACTIONS)
    assert set(story.TO_PETITIONER) | set(story.UNTOLD) == set(workflow.ACTIONS)
    assert not set(story.TO_PETITIONER) & set(story.UNTOLD)


def test_what_goes_on_inside_is_told_to_nobody_outside() -> None:
    inside = {"read", "propose_refusal", "note", "draft_reply", "send_back", "seal", "remind", "escalate"}
    assert inside <= set(story.UNTOLD)


def supervisor() -> User:
    return make.user(Role.SUPERVISOR, province="48")


def administrator() -> User:
    return make.user(Role.ADMINISTRATOR, province="48")


def proposed(petition: Petition) -> None:
    take(
        petition, "propose_refusal", by=make.focal_point(), ground="out_of_scope", reason="Tranh chấp dân sự"
    )


def asks_for_time(petition: Petition) -> None:
    asked: dict[str, Any] = {"reason": "Chờ vật tư", "interim_reply": "Đang chờ gạch"}
    take(petition, "request_extension", by=make.handler(), **asked)


def asks_construction(petition: Petition) -> None:
    asked: dict[str, Any] = {
        "agencies": [make.CONSTRUCTION],
        "question": "Đường này ai quản lý?",
        "day": "2030-01-15",
    }
    take(petition, "coordinate", by=make.handler(), **asked)


def silent(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(paused_at=timezone.now() - dt.timedelta(days=40))


def published(petition: Petition) -> None:
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè bong gạch.")


def sealed(kind: str) -> Callable[[Petition], None]:
    def seal(petition: Petition) -> None:
        take(petition, "seal", by=make.officer(), kind=kind)

    return seal


def accepted(kind: str) -> Callable[[Petition], None]:
    def accept(petition: Petition) -> None:
        sealed(kind)(petition)
        told: dict[str, Any] = {"decision_number": "12/QĐ", "signed_on": timezone.localdate()}
        take(petition, "accept_for_handling", by=make.officer(), **told)

    return accept


def decided(kind: str) -> Callable[[Petition], None]:
    def decide(petition: Petition) -> None:
        accepted(kind)(petition)
        take(petition, "draft_reply", by=make.officer(), **make.ANSWER)
        take(petition, "approve", by=make.approver(make.FOCAL_POINT))

    return decide


def promised(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(outcome="planned", commitment_due="2030-01-15")


def names_the_police(petition: Petition) -> None:
    police = {"agency_type": "commune-police", "unit_code": "20242", "role": "unit"}
    take(petition, "reclassify", by=make.focal_point(), why="x", against=police)


def in_doubt(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(law_doubt_at=petition.submitted_at)


def as_it_is(petition: Petition) -> None:
    pass


Row = tuple[str, str, Callable[[Petition], None], Callable[[], User], dict[str, Any], str]
FIELD = "urban-infrastructure.street-lighting"
TABLE: list[Row] = [
    # action, state, what happened before, who, what is filled in, the state after
    ("receive", "submitted", as_it_is, make.focal_point, {"subfield": FIELD, "kind": "report"}, "received"),
    ("ask", "received", as_it_is, make.focal_point, {"question": "Số nhà bao nhiêu?"}, "needs_info"),
    ("inform", "needs_info", as_it_is, make.focal_point, {"text": "Nhà số 12."}, "submitted"),
    ("propose_refusal", "submitted", as_it_is, make.focal_point,
     {"ground": "court", "reason": "Tòa đã xử."}, "submitted"),
    ("confirm_refusal", "submitted", proposed, supervisor, {}, "rejected"),
    ("redirect", "received", as_it_is, make.officer,
     {"body": "Tòa án khu vực 1", "address": "374 Núi Thành"}, "redirected"),
    ("assign", "received", as_it_is, make.focal_point, {"agency": make.CONSTRUCTION}, "assigned"),
    ("accept", "assigned", as_it_is, make.handler, {}, "in_progress"),
    ("accept_for_handling", "submitted", sealed("complaint"), make.officer,
     {"decision_number": "12/QĐ", "signed_on": "2026-11-20"}, "in_progress"),
    ("declare", "submitted", sealed("denunciation"), make.officer,
     {"circumstance": "formal", "reason": "Đơn ký ngày 20/11"}, "received"),
    ("dialogue", "submitted", accepted("complaint"), make.officer,
     {"day": "2030-01-15", "text": "8 giờ, trụ sở"}, "in_progress"),
    ("announce", "submitted", decided("complaint"), make.officer, {"announced": "sent"}, "answered"),
    ("return_", "assigned", as_it_is, make.handler,
     {"reason_code": "wrong_field", "words": "Của Sở", "suggested_agency": make.CONSTRUCTION}, "returned"),
    ("transfer", "in_progress", as_it_is, supervisor,
     {"agency": make.CONSTRUCTION, "reason": "Đường đô thị"}, "assigned"),
    ("lift", "assigned", as_it_is, make.officer,
     {"agency": "provincial-people-committee:48", "reason": "Phường bị phản ánh", "accused": make.HAI_CHAU,
      "accused_role": "unit"}, "assigned"),
    ("accuse", "closed", as_it_is, supervisor,
     {"accused": make.HAI_CHAU, "accused_role": "deputy", "why": "Người gửi nói thêm"}, "closed"),
    ("clear_accused", "in_progress", names_the_police, make.focal_point,
     {"accused": "commune-police:20242/unit", "why": "Nhầm cơ quan"}, "in_progress"),
    ("coordinate", "in_progress", as_it_is, make.handler,
     {"agencies": [make.CONSTRUCTION], "question": "Ai quản lý?", "day": "2030-01-15"}, "in_progress"),
    ("contribute", "in_progress", asks_construction, lambda: make.handler(make.CONSTRUCTION),
     {"text": "Sở quản lý."}, "in_progress"),
    ("split", "received", as_it_is, make.focal_point,
     {"texts": "Phần đèn đường.", "texts_2": "Phần rác."}, "received"),
    ("suspend", "in_progress", as_it_is, make.approver, {"pooled": "on"}, "suspended"),
    ("resume", "suspended", as_it_is, make.approver, {"reason": "Có kết quả giám định"}, "in_progress"),
    ("request_extension", "in_progress", as_it_is, make.handler,
     {"reason": "Chờ vật tư", "interim_reply": "Đang chờ gạch"}, "in_progress"),
    ("grant_extension", "in_progress", asks_for_time, make.approver, {}, "in_progress"),
    ("report", "in_progress", as_it_is, make.handler, {"text": "Đã khảo sát."}, "in_progress"),
    ("draft_reply", "in_progress", as_it_is, make.handler,
     {"outcome": "planned", "text": "Sẽ lát lại.", "plan_date": "2030-01-15"}, "pending_approval"),
    ("send_back", "pending_approval", as_it_is, make.approver, {"words": "Thiếu ảnh"}, "in_progress"),
    ("approve", "pending_approval", as_it_is, make.approver, {}, "answered"),
    ("fulfil", "answered", promised, make.approver,
     {"text": "Đã lát xong.", "evidence": "Biên bản 3"}, "answered"),
    ("reopen", "answered", as_it_is, supervisor, {"reason": "Ảnh không đúng chỗ"}, "reopened"),
    ("close", "needs_info", silent, make.focal_point, {"notice": "Đóng vì không được bổ sung."}, "closed"),
    ("withdraw", "submitted", sealed("denunciation"), make.officer, {"signed_form": "on"}, "withdrawn"),
    ("reclassify", "received", as_it_is, make.focal_point, {"subfield": FIELD, "why": "Là đèn"}, "received"),
    ("clear_doubt", "in_progress", in_doubt, make.focal_point, {}, "in_progress"),
    ("seal", "in_progress", as_it_is, make.handler, {"kind": "denunciation"}, "received"),
    ("unmerge", "merged", as_it_is, make.focal_point, {}, "in_progress"),
    ("offer_publication", "answered", as_it_is, make.reviewer, {"public_text": "Gạch bong."}, "answered"),
    ("publish", "answered", as_it_is, make.reviewer, {"public_text": "Vỉa hè bong gạch."}, "answered"),
    ("unpublish", "answered", published, make.reviewer, {"reason": "Còn số nhà"}, "answered"),
    ("note", "in_progress", as_it_is, make.handler, {"text": "Hẹn thứ Hai."}, "in_progress"),
    ("remind", "in_progress", as_it_is, supervisor, {"note": "Sắp hết hạn"}, "in_progress"),
    ("demand_report", "in_progress", as_it_is, supervisor, {"days": "2"}, "in_progress"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_the_form_is_offered_filled_in_and_taken(row: Row) -> None:
    action, state, happened, who, filled_in, after = row
    petition = make.petition(state)
    happened(petition)
    petition, person = Petition.objects.get(pk=petition.pk), who()
    assert action in workflow.available(petition, person)
    drawn = render_to_string(
        "parts/act.html", {"form": FOR[action](petition=petition, by=person), "petition": petition}
    )
    assert f'action="/xu-ly/{petition.code}/{action}/"' in drawn
    assert all(f'name="{name}"' in drawn for name in filled_in)
    answer = at(person).post(f"/xu-ly/{petition.code}/{action}/", filled_in)
    assert answer.status_code == 302, answer.content.decode()
    petition = Petition.objects.get(pk=petition.pk)
    last = petition.steps.order_by("seq").last()
    assert last is not None
    assert (last.action, petition.state) == (action, after)


def test_the_table_leaves_out_only_what_stands_below() -> None:
    assert set(FOR) - {row[0] for row in TABLE} == {"merge", "erase"}


@pytest.mark.django_db
@pytest.mark.long
def test_a_duplicate_is_merged_by_its_code_and_a_code_that_is_not_mine_does_not_exist() -> None:
    main, double = make.petition("in_progress"), make.petition("in_progress")
    elsewhere = make.petition("in_progress", lead=make.CONSTRUCTION)
    desk, address = at(make.handler()), f"/xu-ly/{double.code}/merge/"
    for code in (elsewhere.code, "123", "1234 5678 9012"):
        answer = desk.post(address, {"main": code})
        assert answer.status_code == 400
        assert "Không có đơn nào mang mã này." in answer.content.decode()
    assert desk.post(address, {"main": main.printed_code}).status_code == 302
    assert Petition.objects.get(pk=double.pk).main_id == main.pk


@pytest.mark.long
@pytest.mark.django_db
def test_erasing_asks_for_the_code_again() -> None:
    petition = make.petition("closed")
    desk, address = at(administrator()), f"/xu-ly/{petition.code}/erase/"
    answer = desk.post(address, {"rule": "on-request", "code": "000000000000"})
    assert (answer.status_code, "không đúng mã đơn này" in answer.content.decode()) == (400, True)
    assert Petition.objects.get(pk=petition.pk).text
    assert desk.post(address, {"rule": "on-request", "code": petition.printed_code}).status_code == 302
    assert not Petition.objects.get(pk=petition.pk).text


@pytest.mark.django_db
def test_a_correction_that_changes_nothing_is_none() -> None:
    petition = make.petition("received")
    same = {"subfield": petition.subfield_id, "kind": petition.kind, "why": "Nhầm"}
    answer = at(make.focal_point()).post(f"/xu-ly/{petition.code}/reclassify/", same)
    assert (answer.status_code, "Xin ghi điều được sửa" in answer.content.decode()) == (400, True)


@pytest.mark.django_db
def test_after_a_lift_the_accused_body_sees_nothing() -> None:
    petition, handler = make.petition("assigned"), make.handler()
    told = {"agency": "provincial-people-committee:48", "reason": "Phường bị phản ánh",
            "accused": make.HAI_CHAU, "accused_role": "unit"}  # fmt: skip
    at(make.officer()).post(f"/xu-ly/{petition.code}/lift/", told)
    assert at(handler).get(f"/xu-ly/{petition.code}/").status_code == 404


@pytest.mark.django_db
def test_the_address_of_an_action_opened_by_a_get_shows_its_form() -> None:
    petition = make.petition("in_progress")
    desk = at(make.handler())
    answer = desk.get(f"/xu-ly/{petition.code}/note/", follow=True)
    assert answer.redirect_chain == [(f"/xu-ly/{petition.code}/?lam=note", 302)]
    first = words(answer)[words(answer).index('<div class="acts"') :]
    assert first.index(f'action="/xu-ly/{petition.code}/note/"') == first.index("action=")
    assert petition.steps.filter(action="note").count() == 0


@pytest.mark.django_db
def test_a_suspected_complaint_is_received_without_a_word_about_its_kind() -> None:
    petition = make.petition("submitted")
    Petition.objects.filter(pk=petition.pk).update(kind="complaint")
    focal = at(make.focal_point())
    assert focal.post(f"/xu-ly/{petition.code}/receive/", {"subfield": FIELD}).status_code == 302
    assert Petition.objects.get(pk=petition.pk).kind == "complaint"


@pytest.mark.django_db
def test_whom_the_agency_that_gave_it_back_names_stands_first_until_it_is_given_on() -> None:
    petition = make.petition("assigned")
    told: dict[str, Any] = {"reason_code": "wrong_field", "words": "Của Sở"}
    take(petition, "return_", by=make.handler(), suggested_agency=make.CONSTRUCTION, **told)
    chosen = f'<option value="{make.CONSTRUCTION}" selected>'
    desk = at(make.focal_point())
    page = words(desk.get(f"/xu-ly/{petition.code}/"))
    assert chosen in page
    assert page.index("Cơ quan trả lại đề nghị") < page.index(chosen)
    Exclusion.objects.create(petition=petition, agency_id=make.CONSTRUCTION)
    page = words(desk.get(f"/xu-ly/{petition.code}/"))
    assert "Cơ quan trả lại đề nghị" not in page
    assert chosen not in page


@pytest.mark.long
@pytest.mark.django_db
def test_whom_the_agency_that_gave_it_back_names_is_one_key_on_its_page_and_in_the_list() -> None:
    petition = make.petition("assigned")
    told: dict[str, Any] = {"reason_code": "wrong_field", "words": "Của Sở"}
    desk = at(make.focal_point())
    choose = f"/xu-ly/{petition.code}/chon/"
    assert desk.post(choose, {"subfield": make.CONSTRUCTION}).status_code == 404  # nobody has named anybody
    take(petition, "return_", by=make.handler(), suggested_agency=make.CONSTRUCTION, **told)
    for address in (f"/xu-ly/{petition.code}/", "/xu-ly/?xem=tra-lai"):
        page = words(desk.get(address))
        key = page.index(f'name="subfield" value="{make.CONSTRUCTION}"')
        assert "nơi trả lại đề nghị" in page[key : page.index("</button>", key)]
        assert page.count(f'name="subfield" value="{make.CONSTRUCTION}"') == 1
    assert (
        desk.post(choose, {"subfield": make.CONSTRUCTION, "seq": petition.steps.count()}).status_code == 302
    )
    given = Petition.objects.get(pk=petition.pk)
    assert (given.state, given.lead_id, given.subfield_id) == ("assigned", make.CONSTRUCTION, make.SIDEWALK)


@pytest.mark.django_db
def test_neither_the_focal_point_nor_whoever_gave_it_back_is_proposed_again() -> None:
    petition = make.petition("assigned")
    told: dict[str, Any] = {"reason_code": "wrong_field", "words": "Của nơi khác"}
    take(petition, "return_", by=make.handler(), suggested_agency="feedback-focal-point:48", **told)
    assert choices.suggested(Petition.objects.get()) == []
    take(petition, "assign", by=make.focal_point(), agency=make.CONSTRUCTION)
    take(petition, "return_", by=make.handler(make.CONSTRUCTION), suggested_agency=make.HAI_CHAU, **told)
    assert choices.suggested(Petition.objects.get()) == []


@pytest.mark.django_db
def test_whoever_gives_it_back_names_another_agency_and_is_offered_no_other_way() -> None:
    petition, desk = make.petition("assigned"), at(make.handler())
    page = words(desk.get(f"/xu-ly/{petition.code}/"))
    assert f'<option value="{make.CONSTRUCTION}"' in page
    assert f'<option value="{make.HAI_CHAU}"' not in page
    told = {"reason_code": "wrong_field", "words": "Của Sở", "suggested_agency": make.HAI_CHAU}
    answer = desk.post(f"/xu-ly/{petition.code}/return_/", told)
    assert (answer.status_code, "không phải chính cơ quan trả lại" in words(answer)) == (400, True)
    assert Petition.objects.get(pk=petition.pk).state == "assigned"
