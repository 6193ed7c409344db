"""The desk: each sees his own lists, the buttons are the workflow's, and a refusal keeps what was typed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from feedback import inbox, workflow
from feedback.forms.desk import FOR
from feedback.forms.handing import AssignForm
from feedback.inbox import counts
from feedback.models import Attachment, Petition, Prediction
from feedback.steps import take
from feedback.submission import KeptReceipt
from feedback.verification import verify
from feedback.views.opened import signed
from feedback.why import why_in_full
from routing.models import Subfield
from tests import make
from tests.feedback.test_citizen_pages import picture
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db


def actions_on(page: str, code: str) -> set[str]:
    """What the page offers: as a form, or as a word that opens one."""
    return offered_at_once(page, code) | {name for name in FOR if f'href="?lam={name}#viec"' in page}


def offered_at_once(page: str, code: str) -> set[str]:
    return {name for name in FOR if f'action="/xu-ly/{code}/{name}/"' in page}


def test_whoever_is_not_signed_in_is_asked_to() -> None:
    answer = Client().get("/xu-ly/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/dang-nhap/?next=/xu-ly/")


def test_a_citizen_has_no_desk() -> None:
    assert at(make.user()).get("/xu-ly/").status_code == 404
    assert at(make.user()).get("/giam-sat/").status_code == 404


def test_the_inbox_holds_my_agency_and_nothing_else() -> None:
    mine, theirs = make.petition("assigned"), make.petition("assigned", lead=make.CONSTRUCTION)
    page = words(at(make.handler()).get("/xu-ly/"))
    assert mine.printed_code in page
    assert theirs.printed_code not in page


def test_a_list_that_is_not_mine_or_does_not_exist_is_not_found() -> None:
    handler = at(make.handler())
    assert handler.get("/xu-ly/?xem=dau-moi").status_code == 404
    assert handler.get("/xu-ly/?xem=khong-co").status_code == 404


def test_the_buttons_are_those_of_the_workflow() -> None:
    petition = make.petition("assigned")
    handler, stranger = make.handler(), make.handler("commune-people-committee:00367")
    page = words(at(handler).get(f"/xu-ly/{petition.code}/"))
    allowed = set(workflow.available(petition, handler))
    assert actions_on(page, petition.code) == allowed
    assert offered_at_once(page, petition.code) == {"accept", "return_"}
    assert at(stranger).get(f"/xu-ly/{petition.code}/").status_code == 404
    assert at(stranger).post(f"/xu-ly/{petition.code}/accept/").status_code == 404


def test_a_supervisor_sees_but_may_not_act() -> None:
    petition = make.petition("assigned")
    supervisor = at(make.user(Role.SUPERVISOR, province="48"))
    page = words(supervisor.get(f"/xu-ly/{petition.code}/"))
    assert actions_on(page, petition.code) == {
        *("transfer", "lift", "remind", "demand_report", "note"),
    }
    assert supervisor.post(f"/xu-ly/{petition.code}/accept/").status_code == 403


def test_an_answer_without_evidence_is_refused_with_its_text_kept() -> None:
    petition = make.petition("in_progress")
    told = {"outcome": "resolved", "text": "Đã sửa xong sáng nay."}
    answer = at(make.handler()).post(f"/xu-ly/{petition.code}/draft_reply/", told)
    assert answer.status_code == 400
    assert "phải kèm ảnh sau xử lý hoặc văn bản" in words(answer)
    assert "Đã sửa xong sáng nay." in words(answer)
    assert not petition.replies.exists()


@pytest.mark.long
def test_a_picture_is_evidence_and_reaches_the_petitioner_only_with_the_answer() -> None:
    petition = make.petition("in_progress")
    told = {"outcome": "resolved", "text": "Đã sửa xong.", "files": [picture("sau-khi-sua.jpg")]}
    assert at(make.handler()).post(f"/xu-ly/{petition.code}/draft_reply/", told).status_code == 302
    proof = petition.attachments.get()
    assert (proof.evidence, petition.replies.get().evidence) == (True, "Kèm theo: sau-khi-sua.jpg")

    citizen = Client()
    citizen.cookies["opened"] = signed([KeptReceipt.of(petition)])
    assert citizen.get(f"/tep/{proof.pk}/").status_code == 404
    at(make.approver()).post(f"/xu-ly/{petition.code}/approve/")
    assert citizen.get(f"/tep/{proof.pk}/").status_code == 200


@pytest.mark.long
def test_what_came_with_a_draft_that_was_sent_back_goes_with_the_next_unless_left_out() -> None:
    petition, handler, approver = make.petition("in_progress"), make.handler(), make.approver()
    address = petition.get_absolute_url()
    told = {"outcome": "resolved", "text": "Đã sửa xong."}
    first = {**told, "files": [picture("truoc.jpg"), picture("sau.jpg", colour="blue")]}
    at(handler).post(f"{address}draft_reply/", first)
    page = words(at(approver).get(address))
    assert page.count("truoc.jpg</a>") == 2  # among the files, and beside the draft
    at(approver).post(f"{address}send_back/", {"words": "Bỏ ảnh trước khi sửa"})
    form = words(at(handler).get(f"{address}?lam=draft_reply"))
    assert re.findall(r'name="again" value="[0-9a-f]{64}"[^>]*( checked)', form) == [" checked"] * 2
    before, after = petition.attachments.order_by("pk")
    assert 'value="Kèm theo' not in form
    at(handler).post(f"{address}draft_reply/", {**told, "again": [after.sha256]})
    assert petition.replies.last().evidence == "Kèm theo: sau.jpg"  # type: ignore[union-attr]
    at(approver).post(f"{address}approve/")
    citizen = opened(petition)
    assert "sau.jpg" in words(citizen.get(f"/tra-cuu/{petition.code}/"))
    assert [citizen.get(f"/tep/{one.pk}/").status_code for one in (before, after)] == [404, 200]
    assert verify().bad == []
    for file, reply in ((before, petition.replies.last()), (after, None)):
        Attachment.objects.filter(pk=file.pk).update(reply=reply)
        assert "tệp kèm bản trả lời khác bước soạn" in {fault.why for fault in verify().bad}
        Attachment.objects.filter(pk=file.pk).update(reply=file.reply)


@pytest.mark.long
def test_evidence_that_only_names_files_goes_with_them_and_none_goes_twice() -> None:
    petition, handler, approver = make.petition("in_progress"), make.handler(), make.approver()
    address = petition.get_absolute_url()
    told = {"outcome": "resolved", "text": "Đã sửa xong."}
    at(handler).post(f"{address}draft_reply/", {**told, "files": [picture("cu.jpg")]})
    at(approver).post(f"{address}send_back/", {"words": "Thêm ảnh"})
    old = petition.attachments.get().sha256
    anew = [picture("cu.jpg"), picture("moi.jpg", colour="blue")]
    at(handler).post(f"{address}draft_reply/", {**told, "again": [old], "files": anew})
    last = petition.last_reply
    assert last is not None
    assert sorted(one.name for one in last.enclosures.all()) == ["cu.jpg", "moi.jpg"]
    at(approver).post(f"{address}send_back/", {"words": "Bỏ cả hai"})
    form = words(at(handler).get(f"{address}?lam=draft_reply"))
    assert 'value="Kèm theo' not in form
    refused = at(handler).post(f"{address}draft_reply/", told)
    assert "phải kèm ảnh sau xử lý hoặc văn bản" in words(refused)


def test_where_nobody_has_what_an_official_says_it_is_no_guess_is_offered() -> None:
    petition, clerk = make.petition("submitted"), make.focal_point()
    read_as(petition, *GUESSES)
    take(petition, "receive", by=clerk, subfield="integrity-petitions.corruption-bribery")
    petition = Petition.objects.get()
    assert "data-pick" not in words(at(clerk).get(petition.get_absolute_url()))
    assert AssignForm(petition=petition, by=clerk).proposed() == {"agency": ""}


def test_no_file_of_another_petition_or_of_an_answer_that_was_sent_goes_with_a_draft() -> None:
    sent, petition = make.petition("answered"), make.petition("in_progress")
    file = make.attachment(sent)
    Attachment.objects.filter(pk=file.pk).update(evidence=True, reply=sent.replies.last(), sha256="a" * 64)
    with pytest.raises(ValidationError, match="Không có tệp nào như vậy"):
        take(petition, "draft_reply", by=make.handler(), **make.ANSWER, again=["a" * 64])
    take(sent, "reopen", by=make.holder(sent), reason="Lại hỏng")
    take(sent, "accept", by=make.handler())
    with pytest.raises(ValidationError, match="Không có tệp nào như vậy"):
        take(sent, "draft_reply", by=make.handler(), **make.ANSWER, again=["a" * 64])
    file.refresh_from_db()
    assert file.reply == sent.replies.first()


def test_a_bad_file_refuses_the_whole_draft() -> None:
    petition = make.petition("in_progress")
    virus = SimpleUploadedFile("bien-ban.pdf", b"MZ\x90\x00rest", content_type="application/pdf")
    told = {"outcome": "resolved", "text": "Đã sửa xong.", "files": [virus]}
    answer = at(make.handler()).post(f"/xu-ly/{petition.code}/draft_reply/", told)
    assert (answer.status_code, "không phải ảnh" in words(answer)) == (400, True)
    assert Petition.objects.get().state == "in_progress"


@pytest.mark.long
def test_the_second_of_two_handlers_reads_why_and_keeps_his_words() -> None:
    petition = make.petition("pending_approval")
    told = {"outcome": "explained", "text": "Câu trả lời của người đến sau."}
    answer = at(make.handler()).post(f"/xu-ly/{petition.code}/draft_reply/", told)
    assert answer.status_code == 409
    assert "Có thể một người khác vừa làm trước bạn." in words(answer)
    assert "Câu trả lời của người đến sau." in words(answer)
    assert petition.replies.count() == 1


def test_the_drafter_is_not_offered_to_approve_his_own_answer() -> None:
    petition = make.petition("pending_approval")
    assert petition.drafted_by is not None
    page = words(at(petition.drafted_by).get(f"/xu-ly/{petition.code}/"))
    assert offered_at_once(page, petition.code) == {"send_back"}
    assert "approve" not in actions_on(page, petition.code)


def test_an_unknown_action_is_not_found() -> None:
    petition = make.petition("assigned")
    assert at(make.handler()).post(f"/xu-ly/{petition.code}/xoa-het/").status_code == 404


def read_as(petition: Petition, *subfields: str) -> None:
    """What the machine would have guessed, best first."""
    guesses = [{"subfield": slug, "p": 0.5 / (place + 1)} for place, slug in enumerate(subfields)]
    Prediction.objects.create(
        petition=petition, at=petition.submitted_at, model="thử", confidence=0.5, kind="report",
        decision="person", candidates=guesses,
    )  # fmt: skip


GUESSES = ("urban-order.sidewalk-encroachment", "urban-infrastructure.street-lighting", "urban-order.noise")


def test_the_focal_point_assigns_a_candidate_with_one_click() -> None:
    petition = make.petition("submitted")
    read_as(petition, *GUESSES)
    focal = at(make.focal_point())
    assert words(focal.get("/xu-ly/")).count('name="subfield"') == 3
    chosen = focal.post(f"/xu-ly/{petition.code}/chon/", {"subfield": "urban-infrastructure.street-lighting"})
    assert chosen.status_code == 302
    moved = Petition.objects.get()
    assert (moved.state, moved.lead_id) == ("assigned", make.CONSTRUCTION)
    assert moved.subfield_id == "urban-infrastructure.street-lighting"


def test_what_an_official_has_filed_it_under_stands_before_what_the_machine_guessed() -> None:
    petition, clerk = make.petition("submitted"), make.focal_point()
    read_as(petition, "urban-order.noise", "urban-order.sidewalk-encroachment")
    take(petition, "receive", by=clerk, subfield="urban-infrastructure.street-lighting")
    petition = Petition.objects.get()
    page = words(at(clerk).get(petition.get_absolute_url()))
    offered = re.findall(r'name="subfield" value="([^"]+)".*?<b>[^<]+</b> ([^<]*?)(?: · [^<]*)?</span>', page)
    assert offered[0] == ("urban-infrastructure.street-lighting", "· đã phân loại")
    assert offered[1] == ("urban-order.noise", "50%")
    assert AssignForm(petition=petition, by=clerk).proposed() == {"agency": make.CONSTRUCTION}


def test_the_same_guess_is_as_likely_on_the_button_as_in_what_was_read() -> None:
    petition = make.petition("submitted")
    read_as(petition, *GUESSES)
    read = Prediction.objects.get(petition=petition, model="thử")
    for guess, p in zip(read.candidates, (0.91, 0.06, 0.004), strict=True):
        guess["p"] = p
    read.save()
    page = words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/"))
    assert page.count("dưới 1%") == page.count("91%") == 2
    assert "1 %" not in page.replace("\u00a0", " ")


@pytest.mark.parametrize("whence", [{}, {"tu": "/xu-ly/?xem=cho-phan-loai", "sau": ""}])
def test_a_slip_of_one_click_is_mended_one_link_away(whence: dict[str, str]) -> None:
    petition = make.petition("submitted")
    read_as(petition, *GUESSES)
    focal = at(make.focal_point())
    address = f"/xu-ly/{petition.code}/"
    after = focal.post(f"{address}chon/", {"subfield": GUESSES[1], **whence}, follow=True)
    assert f'<a href="{address}?lam=transfer">Nhầm nơi? Chuyển lại</a>' in after.content.decode()
    assert "Cơ quan chủ trì mới" in words(focal.get(f"{address}?lam=transfer"))


@pytest.mark.long
@pytest.mark.parametrize("seq", [True, False], ids=["its page", "list"])
def test_the_second_of_two_presses_reads_who_gave_it_where_and_ones_own_is_one(seq: bool) -> None:
    petition, first, second = make.petition("submitted"), make.focal_point(), make.focal_point()
    User.objects.filter(pk=first.pk).update(first_name="Lê Thị Hoa")
    read_as(petition, *GUESSES)
    told = {"seq": petition.steps.count()} if seq else {}
    for _press in range(2):
        own = at(first).post(f"/xu-ly/{petition.code}/chon/", {**told, "subfield": GUESSES[0]}, follow=True)
        assert "Đã chuyển" in words(own)
    late = words(
        at(second).post(f"/xu-ly/{petition.code}/chon/", {**told, "subfield": GUESSES[1]}, follow=True)
    )
    assert re.search(r"Trong lúc bạn làm: .*Lê Thị Hoa: Chuyển đến UBND phường Hải Châu", late)
    assert "Đã chuyển" not in late
    assert petition.steps.filter(action="assign").count() == 1


def test_what_is_hardly_likely_is_a_key_beside_the_likeliest_alone() -> None:
    petition = make.petition("submitted")
    read_as(petition, *GUESSES)
    read = Prediction.objects.get(petition=petition, model="thử")
    read.candidates[1]["p"], read.candidates[2]["p"] = 0.05, 0.01
    read.save()
    focal = at(make.focal_point())
    page = words(focal.get("/xu-ly/"))
    assert [page.count('name="subfield"'), "1%" in page, "5%" in page] == [3, True, True]
    read.candidates[0]["subfield"] = "other.unclassified"
    for likely, keys in ((0.3, 1), (0.05, 0)):
        read.candidates[1]["p"] = likely
        read.save()
        assert words(focal.get("/xu-ly/")).count('name="subfield"') == keys
    answer = focal.post(f"/xu-ly/{petition.code}/chon/", {"subfield": GUESSES[2]})
    assert (answer.status_code, Petition.objects.get().state) == (404, "submitted")


@pytest.mark.long
def test_what_lacks_a_place_is_named_beside_what_can_be_chosen() -> None:
    petition = make.petition("submitted", commune="")
    Petition.objects.filter(pk=petition.pk).update(commune=None)
    read_as(petition, "environment.waste-collection", "urban-infrastructure.street-lighting")
    focal = at(make.focal_point())
    page = words(focal.get(f"/xu-ly/{petition.code}/"))
    name = Subfield.objects.get(pk="environment.waste-collection").name_vi
    assert f"Nếu là “{name}” thì cần biết xã, phường" in page
    assert 'value="environment.waste-collection" title' not in page
    placed = make.petition("submitted")
    read_as(placed, "environment.waste-collection")
    assert "cần biết xã, phường" not in words(focal.get(f"/xu-ly/{placed.code}/"))


def test_an_erased_petition_does_not_wait_to_be_published() -> None:
    petition, reviewer = make.petition("answered"), make.reviewer()
    assert petition.printed_code in words(at(reviewer).get("/xu-ly/?xem=cong-khai"))
    take(petition, "erase", by=make.user("administrator", province="48"), rule="on-request")
    assert petition.printed_code not in words(at(reviewer).get("/xu-ly/?xem=cong-khai"))


def test_a_choice_that_was_not_offered_is_not_found_and_nothing_moves() -> None:
    petition = make.petition("submitted")
    read_as(petition, *GUESSES)
    focal = at(make.focal_point())
    answer = focal.post(f"/xu-ly/{petition.code}/chon/", {"subfield": "health.hospital"})
    assert (answer.status_code, Petition.objects.get().state) == (404, "submitted")


@pytest.mark.long
def test_until_it_is_received_the_page_says_that_receiving_comes_before_another_agency() -> None:
    petition, focal = make.petition("submitted"), make.focal_point()
    read_as(petition, *GUESSES)
    address, first = f"/xu-ly/{petition.code}/", "Cần cơ quan khác: tiếp nhận trước"
    page = words(at(focal).get(address))
    assert (first in page, "Tiếp nhận xong mới chọn được cơ quan" in page) == (True, True)
    take(petition, "receive", by=focal, subfield=GUESSES[0])
    page = words(at(focal).get(address))
    assert (first in page, 'name="agency"' in page) == (False, True)


def test_a_suspected_denunciation_is_never_one_click_away() -> None:
    petition = make.petition("submitted")
    read_as(petition, *GUESSES)
    Petition.objects.filter(pk=petition.pk).update(kind="denunciation")
    focal = at(make.focal_point())
    assert "/chon/" not in words(focal.get("/xu-ly/"))
    answer = focal.post(f"/xu-ly/{petition.code}/chon/", {"subfield": GUESSES[0]})
    assert (answer.status_code, Petition.objects.get().state) == (404, "submitted")


@pytest.mark.long
def test_a_hidden_name_is_not_on_the_handlers_page_but_on_the_focal_points() -> None:
    petition = make.petition("assigned", name="Phan Thị Giấu", hidden=True)
    assert "Phan Thị Giấu" not in words(at(make.handler()).get(f"/xu-ly/{petition.code}/"))
    assert "Phan Thị Giấu" in words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/"))


@pytest.mark.long
def test_the_reviewers_form_holds_the_masked_text() -> None:
    petition = make.petition("answered", text="Vỉa hè bong gạch, gọi tôi 0905 123 456 nhé.")
    page = words(at(make.reviewer()).get(f"/xu-ly/{petition.code}/"))
    assert "gọi tôi ▇▇▇ nhé" in page


def test_the_board_lists_what_is_overdue_the_longest_first() -> None:
    late, later, fine = (make.petition("assigned") for _ in range(3))
    now = late.submitted_at
    for petition, hours in ((late, -50), (later, -5), (fine, 40)):
        Petition.objects.filter(pk=petition.pk).update(due_at=now + dt.timedelta(hours=hours))
    page = words(at(make.user(Role.SUPERVISOR, province="48")).get("/giam-sat/"))
    assert page.index(late.printed_code) < page.index(later.printed_code)
    assert fine.printed_code not in page
    assert "Đang mở 3 đơn, 2 quá hạn, 1 sẽ đến hạn trong" in page


def test_pages_by_key_have_no_gap_and_no_double() -> None:
    now = make.petition("assigned").submitted_at
    for days in (None, 3, 3, 1):
        due_at = None if days is None else now + dt.timedelta(days=days)
        Petition.objects.filter(pk=make.petition("assigned").pk).update(due_at=due_at)
    seen, after = [], ""
    while True:
        page = inbox.page(Petition.objects.all(), by=make.focal_point(), after=after, now=now, most=2)
        assert len(page.rows) <= 2
        seen += [row.petition.pk for row in page.rows]
        after = page.after
        if not after:
            break
    assert seen == [petition.pk for petition in Petition.objects.by_due()]
    assert len(set(seen)) == 5


@pytest.mark.parametrize("key", ["", "~", "x~1", "2026-13-40T00:00~1", "~" + "9" * 40, "☃~☃"])
def test_what_is_no_key_begins_at_the_top(key: str) -> None:
    petition = make.petition("assigned")
    page = inbox.page(Petition.objects.all(), by=make.focal_point(), after=key, now=petition.submitted_at)
    assert [row.petition for row in page.rows] == [petition]


def listed(user: User, slug: str, petition: Petition) -> bool:
    return petition.printed_code in words(at(user).get(f"/xu-ly/?xem={slug}"))


@pytest.mark.long
def test_the_intake_has_a_list_for_each_thing_it_has_to_do() -> None:
    focal, other, officer = make.focal_point(), make.focal_point(), make.officer()
    unsure, suspected, returned = make.petition(), make.petition(), make.petition("returned")
    Petition.objects.filter(pk=suspected.pk).update(kind="complaint")
    refused, contested, sealed = make.petition(), make.petition("rejected"), make.petition()
    take(refused, "propose_refusal", by=focal, ground="court", reason="Tòa đã xử")
    take(contested, "contest", by=make.holder(contested), text="Chưa tòa nào xử")
    take(sealed, "seal", by=officer, kind="denunciation")
    lists = ("dau-moi", "nghi-don-thu", "tra-lai", "nguoi-thu-hai", "khong-dong-y")
    petitions = (unsure, suspected, returned, refused, contested, sealed)
    found = {slug: [listed(other, slug, one) for one in petitions] for slug in lists}
    assert found == {
        "dau-moi": [True, False, False, False, False, False],
        "nghi-don-thu": [False, True, False, False, False, False],
        "tra-lai": [False, False, True, False, False, False],
        "nguoi-thu-hai": [False, False, False, True, False, False],
        "khong-dong-y": [False, False, False, False, True, False],
    }
    assert not listed(focal, "nguoi-thu-hai", refused)
    assert listed(officer, "niem-phong", sealed)
    assert at(other).get("/xu-ly/?xem=niem-phong").status_code == 404


@pytest.mark.long
@pytest.mark.parametrize(
    ("state", "slug"), [("needs_info", "cho-dan"), ("suspended", "tam-dung"), ("reopened", "mo-lai")]
)
def test_what_waits_has_a_list_that_is_in_the_margin_only_when_it_holds_something(
    state: str, slug: str
) -> None:
    focal = make.focal_point()
    assert f"xem={slug}" not in words(at(focal).get("/xu-ly/"))
    petition = make.petition(state)
    assert f"xem={slug}" in words(at(focal).get("/xu-ly/"))
    assert listed(focal, slug, petition)


@pytest.mark.long
def test_an_agency_that_is_asked_finds_the_question_until_it_answers() -> None:
    petition, helper = make.petition("in_progress"), make.handler(make.CONSTRUCTION)
    asked: dict[str, Any] = {
        "agencies": [make.CONSTRUCTION],
        "question": "Ai quản lý đường này?",
        "day": "2030-01-15",
    }
    take(petition, "coordinate", by=make.handler(), **asked)
    assert listed(helper, "phoi-hop", petition)
    assert "Ai quản lý đường này?" in words(at(helper).get(f"/xu-ly/{petition.code}/"))
    take(petition, "contribute", by=helper, text="Sở quản lý.")
    assert not listed(helper, "phoi-hop", petition)


@pytest.mark.long
def test_an_approver_begins_with_what_waits_for_his_word() -> None:
    make.petition("assigned")
    waits = make.petition("pending_approval")
    assert waits.printed_code in words(at(make.approver()).get("/xu-ly/"))


def test_one_begins_with_the_first_list_that_holds_anything() -> None:
    under_way = make.petition("in_progress")
    assert under_way.printed_code in words(at(make.handler()).get("/xu-ly/"))


def test_who_just_returned_it_is_no_candidate() -> None:
    petition = make.petition("returned", lead="commune-people-committee:20242")
    read_as(petition, *GUESSES)
    page = words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/"))
    assert 'value="urban-infrastructure.street-lighting" title' in page
    assert 'value="urban-order.sidewalk-encroachment" title' not in page


@pytest.mark.long
def test_where_a_refusal_waits_for_the_second_person_no_single_key_passes_it_by() -> None:
    petition, first, second = make.petition("received"), make.focal_point(), make.focal_point()
    read_as(petition, *GUESSES)
    assert 'name="subfield" value' in words(at(second).get(f"/xu-ly/{petition.code}/"))
    take(petition, "propose_refusal", by=first, ground="out_of_scope", reason="Tranh chấp dân sự")
    page = words(at(second).get(f"/xu-ly/{petition.code}/"))
    assert "data-pick" not in page
    assert offered_at_once(page, petition.code) >= {"confirm_refusal"}


@pytest.mark.long
@pytest.mark.parametrize("state", ["submitted", "received"])
def test_who_proposed_a_refusal_reads_whose_turn_it_is_and_nothing_stands_open_that_drops_it(
    state: str,
) -> None:
    petition, first, second = make.petition(state), make.focal_point(), make.focal_point()
    before = words(at(first).get(f"/xu-ly/{petition.code}/"))
    take(petition, "propose_refusal", by=first, ground="out_of_scope", reason="Tranh chấp dân sự")
    page = words(at(first).get(f"/xu-ly/{petition.code}/"))
    assert "Bạn đã đề nghị không tiếp nhận" not in before
    assert "Bạn đã đề nghị không tiếp nhận" in page
    assert "Chờ người thứ hai quyết định" in page
    assert ('class="act main" open' in before, 'class="act main" open' in page) == (True, False)
    assert "Chờ người thứ hai quyết định" not in words(at(second).get(f"/xu-ly/{petition.code}/"))
    asked = words(at(first).get(f"/xu-ly/{petition.code}/", {"lam": "note"}))
    assert 'class="act main" open' in asked


def test_only_who_administers_is_shown_the_way_there() -> None:
    administrator = make.user(Role.ADMINISTRATOR)
    administrator.is_staff = True
    administrator.save()
    assert 'href="/quan-tri/"' in words(at(administrator).get("/xu-ly/"))
    assert 'href="/quan-tri/"' not in words(at(make.handler()).get("/xu-ly/"))


@pytest.mark.long
def test_the_first_drafter_is_told_why_he_cannot_take_a_reopened_petition() -> None:
    petition = make.petition("reopened")
    assert petition.first_drafted_by is not None
    why = "một người khác trong cơ quan phải nhận"
    assert why in words(at(petition.first_drafted_by).get(f"/xu-ly/{petition.code}/"))
    assert why not in words(at(make.handler()).get(f"/xu-ly/{petition.code}/"))
    assert why not in words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/"))


def test_the_point_that_a_telephone_told_leads_to_a_map() -> None:
    petition = make.petition("in_progress", lat=16.06, lon=108.21)
    page = words(at(make.handler()).get(petition.get_absolute_url()))
    assert "16.06000, 108.21000" in page
    assert "mlat=16.06000&amp;mlon=108.21000" in page
    assert "cách trung tâm 2,0 km" in page  # that of phường Hải Châu: 16.0762, 108.218


def test_without_a_point_no_map_is_offered() -> None:
    petition = make.petition("in_progress")
    assert "openstreetmap" not in words(at(make.handler()).get(petition.get_absolute_url()))


def test_a_general_rule_is_told_by_its_source_and_never_by_its_code() -> None:
    petition = make.petition("submitted", text="Đường Lê Lợi có một việc.")
    Petition.objects.filter(pk=petition.pk).update(subfield=None)
    petition.refresh_from_db(fields=["subfield"])
    told = why_in_full(petition, petition.submitted_at)
    assert told.startswith("Nguồn: ")
    assert "focal-point" not in told


def test_why_an_agency_leads_is_told_in_english_to_who_reads_english() -> None:
    reason = "UBND phường Hải Châu phụ trách “Vỉa hè” (đề xuất, chưa phải văn bản của địa phương)."
    petition = make.petition("in_progress")
    Petition.objects.filter(pk=petition.pk).update(route_reason=reason)
    client = at(make.handler())
    assert reason in words(client.get(petition.get_absolute_url()))
    client.cookies["django_language"] = "en"
    page = words(client.get(petition.get_absolute_url()))
    assert reason not in page
    assert "UBND phường Hải Châu is responsible for" in page
    assert "in Phường Hải Châu (a proposal, not yet laid down by the locality)." in page


@pytest.mark.long
def test_the_page_says_to_officials_which_row_decided_and_whether_a_lawyer_saw_it() -> None:
    petition = make.petition("received")
    take(petition, "assign", by=make.focal_point(), agency="commune-economy-office:20242")
    page = words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/"))
    assert "Không dòng thẩm quyền riêng nào khớp, nên theo dòng của tiểu lĩnh vực" in page
    assert "chưa đối chiếu văn bản" in page
    take(petition, "transfer", by=make.focal_point(), agency=make.CONSTRUCTION, reason="Đường lớn")
    assert "chưa đối chiếu văn bản" not in words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/"))


@pytest.mark.parametrize(("many", "told", "beside"), [(2, "2", "2"), (3, "3", "2+"), (4, "3+", "2+")])
def test_the_list_that_is_looked_at_is_counted_farther_than_those_beside_it(
    many: int, told: str, beside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "MOST_COUNTED", 3)
    monkeypatch.setattr(counts, "MOST_BESIDE", 2)
    for _number in range(many):
        make.petition("in_progress")
    client = at(make.user(Role.SUPERVISOR, "", "48"))
    opened, other = client.get("/xu-ly/"), client.get("/xu-ly/?xem=qua-han")  # the lists before it are empty
    assert count_in_margin(opened, "dang-mo") == told
    assert count_in_margin(other, "dang-mo") == beside


def count_in_margin(page: Any, slug: str) -> str:
    found = re.search(rf'xem={slug}".*?<span class="count">([^<]*)</span></a>', page.content.decode())
    assert found
    return found.group(1)


def test_a_page_counts_the_whole_list_wherever_it_begins() -> None:
    for _one in range(3):
        make.petition("in_progress")
    asked: dict[str, Any] = {"by": make.focal_point(), "now": timezone.now(), "most": 2, "counted": True}
    rows = Petition.objects.all()
    first = inbox.page(rows, after="", **asked)
    second = inbox.page(rows, after=first.after, **asked)
    assert [(len(page.rows), page.length) for page in (first, second)] == [(2, 3), (1, 3)]
    assert inbox.page(rows, after="", **asked | {"counted": False}).length is None
