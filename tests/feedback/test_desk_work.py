"""The day of a handler: from one petition to the next, what others did meanwhile, what is half written."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from accounts.models import User
from feedback import workflow
from feedback.forms.desk import FOR
from feedback.models import Petition, Prediction, ReplyDraft
from feedback.permissions import SYSTEM
from feedback.steps import take
from feedback.workflow import OPEN, State
from routing.models import SubfieldBorder
from tests import make
from tests.pages import at, onward, words

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}


# --- two people, one petition ---------------------------------------------------------------------------


@pytest.mark.long
def test_a_form_made_before_another_acted_does_nothing_and_says_who_did_what() -> None:
    petition, focal, other = make.petition("received"), make.focal_point(), make.focal_point()
    other.first_name = "Lê Thị Hoa"
    other.save()
    seq = petition.steps.count()
    take(petition, "reclassify", by=other, subfield="urban-order.noise", why="Là tiếng ồn")
    told = {"seq": seq, "text": "Hẹn dân thứ Hai."}
    answer = at(focal).post(f"/xu-ly/{petition.code}/note/", told)
    assert answer.status_code == 409
    page = words(answer)
    assert "Lê Thị Hoa</b>: Phân loại lại" in page
    assert "Hẹn dân thứ Hai." in page
    assert not petition.steps.filter(action="note").exists()
    assert f'name="seq" value="{seq + 1}"' in page  # sent again, it is done


TWICE: list[tuple[str, str, dict[str, Any]]] = [
    ("in_progress", "note", {"text": "Hẹn dân thứ Hai."}),
    ("in_progress", "draft_reply", make.ANSWER),
    ("in_progress", "ask", {"question": "Chỗ nào ạ?"}),
    ("in_progress", "reclassify", {"subfield": "urban-order.noise", "why": "Là tiếng ồn"}),
    ("in_progress", "coordinate", {"agencies": [make.CONSTRUCTION], "question": "Có phép không?"}),
    ("assigned", "accept", {}),
    (
        "assigned",
        "return_",
        {"reason_code": "wrong_field", "words": "Là đường.", "suggested_agency": make.CONSTRUCTION},
    ),
]


@pytest.mark.long
@pytest.mark.parametrize(("state", "action", "told"), TWICE, ids=[action for _state, action, _told in TWICE])
def test_the_same_form_sent_twice_is_done_once_and_said_once(
    state: str, action: str, told: dict[str, Any]
) -> None:
    petition, handler = make.petition(state), at(make.handler())
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    sent = {"seq": petition.steps.count(), "day": tomorrow.isoformat(), **told}
    answers = [handler.post(f"/xu-ly/{petition.code}/{action}/", sent) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert petition.steps.filter(action=action).count() == 1
    assert "Chưa có gì được ghi" not in (page := words(handler.get(answers[1].headers["Location"])))
    assert page.count("Đã xong: ") == 1


def test_a_form_whose_work_was_undone_since_is_not_said_to_be_done() -> None:
    petition, handler = make.petition("in_progress"), at(make.handler())
    sent = {"seq": petition.steps.count(), **make.ANSWER}
    handler.post(f"/xu-ly/{petition.code}/draft_reply/", sent)
    take(Petition.objects.get(pk=petition.pk), "send_back", by=make.approver(), words="Viết lại")
    assert handler.post(f"/xu-ly/{petition.code}/draft_reply/", sent).status_code == 409
    assert petition.steps.filter(action="draft_reply").count() == 1


@pytest.mark.long
def test_other_words_in_a_form_that_is_sent_again_are_not_taken_for_done() -> None:
    petition, handler = make.petition("in_progress"), at(make.handler())
    seq = petition.steps.count()
    handler.post(f"/xu-ly/{petition.code}/note/", {"seq": seq, "text": "Hẹn dân thứ Hai."})
    answer = handler.post(f"/xu-ly/{petition.code}/note/", {"seq": seq, "text": "Hẹn dân thứ Ba."})
    assert (answer.status_code, "Hẹn dân thứ Ba." in words(answer)) == (409, True)
    assert petition.steps.filter(action="note").count() == 1


def test_the_voice_of_the_clock_stands_in_nobodys_way() -> None:
    petition = make.petition("in_progress")
    seq = petition.steps.count()
    take(petition, "escalate", by=SYSTEM, rung="due", sent_to=[])
    answer = at(make.handler()).post(f"/xu-ly/{petition.code}/note/", {"seq": seq, "text": "Đã gọi."})
    assert answer.status_code == 302


@pytest.mark.parametrize("seq", ["", "x", "-1", "9" * 40, "²"])
def test_a_number_that_is_none_is_no_obstacle_and_no_crash(seq: str) -> None:
    petition = make.petition("in_progress")
    answer = at(make.handler()).post(f"/xu-ly/{petition.code}/note/", {"seq": seq, "text": "Đã gọi."})
    assert answer.status_code == 302


# --- drafts ---------------------------------------------------------------------------------------------


def save(user: User, petition: Petition, **told: str) -> Any:
    return at(user).post(f"/xu-ly/{petition.code}/nhap/", {"window": FIRST} | told, headers=JSON)


# What a page brings back unseen: its name, the draft that it began with, the drafts that it showed.
FIRST, SECOND = "1" * 16, "2" * 16
UNSEEN = re.compile(r'<input type="hidden" name="(window|began|shown)" value="([^"]*)">')


def opened(client: Client, petition: Petition) -> dict[str, str]:
    """One more window of this person's on the petition, and what it will bring back."""
    return dict(UNSEEN.findall(client.get(f"/xu-ly/{petition.code}/").content.decode()))


def typed(petition: Petition) -> list[str]:
    return [draft.text for draft in petition.drafts.order_by("-updated_at")]


def test_a_draft_is_kept_and_stands_in_the_form_again() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    answer = save(handler, petition, outcome="planned", text="Sẽ lát lại.", plan_date="2030-01-15")
    assert answer.json()["said"].startswith("Đã lưu nháp lúc")
    save(handler, petition, outcome="planned", text="Sẽ lát lại toàn tuyến.", plan_date="2030-01-15")
    page = words(at(handler).get(f"/xu-ly/{petition.code}/"))
    assert "Sẽ lát lại toàn tuyến." in page
    assert 'value="2030-01-15"' in page
    assert ReplyDraft.objects.count() == 1


def test_a_draft_without_a_script_leads_back_to_the_petition() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    answer = at(handler).post(f"/xu-ly/{petition.code}/nhap/", {"text": "Đang soạn."})
    assert answer.headers["Location"] == f"/xu-ly/{petition.code}/"
    assert ReplyDraft.objects.get().text == "Đang soạn."


@pytest.mark.long
def test_colleagues_see_that_one_is_writing_and_nobody_else_does() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    save(handler, petition, text="Đang soạn dở.")
    assert "cũng đang soạn" in words(at(make.approver()).get(f"/xu-ly/{petition.code}/"))
    for stranger in (make.focal_point(), make.user("supervisor", province="48")):
        page = at(stranger).get(f"/xu-ly/{petition.code}/")
        assert (page.status_code, "Đang soạn dở." in words(page)) == (200, False)


@pytest.mark.long
def test_the_next_agency_does_not_read_what_the_last_one_was_writing() -> None:
    petition, handler, next_one = (
        make.petition("in_progress"),
        make.handler(),
        make.handler(make.CONSTRUCTION),
    )
    save(handler, petition, text="Đang soạn dở.")
    take(petition, "transfer", by=make.focal_point(), agency=make.CONSTRUCTION, reason="Đường đô thị")
    take(petition, "accept", by=next_one)
    assert "Đang soạn dở." not in words(at(next_one).get(f"/xu-ly/{petition.code}/"))


def test_drafts_are_gone_once_the_answer_is_sent_or_erased() -> None:
    petition, handler, colleague = make.petition("in_progress"), make.handler(), make.handler()
    save(handler, petition, text="Của tôi.")
    save(colleague, petition, text="Của người khác.")
    take(petition, "draft_reply", by=handler, **make.ANSWER)
    assert [draft.person for draft in ReplyDraft.objects.all()] == [colleague]
    take(petition, "approve", by=make.approver())
    assert not ReplyDraft.objects.exists()


@pytest.mark.long
def test_a_save_that_comes_late_brings_nothing_back() -> None:
    petition, handler = make.petition("pending_approval"), make.handler()
    answer = save(handler, petition, text="Muộn rồi.")
    assert (answer.status_code, ReplyDraft.objects.count()) == (409, 0)
    page = at(handler).post(f"/xu-ly/{petition.code}/nhap/", {"text": "Muộn rồi."})
    assert (page.status_code, "Muộn rồi." in words(page)) == (409, True)


@pytest.mark.long
def test_who_may_see_it_and_not_answer_it_is_told_so_and_nothing_is_kept() -> None:
    petition, reader = make.petition("in_progress"), make.focal_point()
    answer = save(reader, petition, text="Của người khác.")
    assert (answer.status_code, answer.json()["said"]) == (403, "Bạn không có quyền làm việc này.")
    assert at(reader).post(f"/xu-ly/{petition.code}/nhap/", {"text": "Như vậy."}).status_code == 403
    assert at(reader).post(f"/xu-ly/{petition.code}/draft_reply/", make.ANSWER).status_code == 403
    assert not ReplyDraft.objects.exists()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [({"text": "a" * 20_001}, "20.000"), ({"text": "a\0b"}, "NUL"), ({"plan_date": "mai"}, "2026-12-01")],
)
def test_a_draft_that_cannot_be_kept_says_why(told: dict[str, str], sentence: str) -> None:
    petition = make.petition("in_progress")
    answer = save(make.handler(), petition, **told)
    assert (answer.status_code, sentence in answer.json()["said"]) == (400, True)


def test_an_emptied_draft_is_none() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    save(handler, petition, text="Đang soạn.")
    save(handler, petition, text="  ")
    assert not ReplyDraft.objects.exists()


# --- one answer in two windows --------------------------------------------------------------------------


@pytest.mark.long
def test_two_devices_of_one_handler_keep_both_texts_and_he_is_told() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    desk, telephone = at(handler), at(handler)
    address = f"/xu-ly/{petition.code}/nhap/"
    on_desk, on_telephone = opened(desk, petition), opened(telephone, petition)
    desk.post(address, {**on_desk, "text": "Đã lát lại bằng đá mới."})
    told = telephone.post(address, {**on_telephone, "text": "Hẹn thứ Sáu."}, follow=True)
    page = words(told)
    assert "Bạn còn một bản nháp khác" in page
    assert page.index("Hẹn thứ Sáu.") < page.index("Bản khác của bạn") < page.index("Đã lát lại bằng đá mới.")
    assert typed(petition) == ["Hẹn thứ Sáu.", "Đã lát lại bằng đá mới."]


@pytest.mark.long
def test_a_window_that_opens_the_draft_of_another_goes_on_with_it_and_the_first_one_in_its_own() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    client = at(handler)
    first = opened(client, petition)
    save(handler, petition, **first, text="Một.")
    second = opened(client, petition)
    assert save(handler, petition, **second, text="Một. Hai.").json()["unseen"] is False
    assert typed(petition) == ["Một. Hai."]
    told = save(handler, petition, **first, text="Một. Ba.").json()
    assert (told["unseen"], "cửa sổ khác" in told["said"]) == (True, True)
    assert save(handler, petition, **second, text="Một. Hai. Bốn.").json()["unseen"] is True
    assert typed(petition) == ["Một. Hai. Bốn.", "Một. Ba."]


def test_a_save_whose_answer_was_lost_on_the_way_is_no_second_draft() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    for text in ("Một", "Một hai", "Một hai"):  # the page has heard of none of them
        save(handler, petition, began="", shown="", text=text)
    assert typed(petition) == ["Một hai"]


def test_an_empty_window_empties_no_draft_but_its_own() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    save(handler, petition, text="Của máy bàn.")
    save(handler, petition, window=SECOND, text="")
    assert typed(petition) == ["Của máy bàn."]


@pytest.mark.long
def test_an_answer_is_handed_in_only_once_the_draft_of_the_other_window_was_shown() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    client = at(handler)
    here = opened(client, petition)
    save(handler, petition, window=SECOND, text="Ở máy kia: thiếu biên bản.")
    address = f"/xu-ly/{petition.code}/draft_reply/"
    answer = client.post(address, {**here, "seq": "", **make.ANSWER})
    page = words(answer)
    assert answer.status_code == 409
    assert "Chưa trình duyệt" in page
    assert page.index(make.ANSWER["text"]) < page.index("Ở máy kia: thiếu biên bản.")
    assert petition.replies.count() == 0
    shown = dict(UNSEEN.findall(answer.content.decode()))
    assert client.post(address, {**shown, **make.ANSWER}).status_code == 302
    assert (petition.replies.count(), typed(petition)) == (1, [])


@pytest.mark.long
def test_who_may_not_answer_now_is_told_just_that_whatever_he_typed_elsewhere() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    save(handler, petition, text="Của tôi.")
    take(petition, "suspend", by=make.approver(), reason="Chờ kết luận")
    answer = at(handler).post(f"/xu-ly/{petition.code}/draft_reply/", {"window": SECOND, **make.ANSWER})
    assert (answer.status_code, typed(petition)) == (409, ["Của tôi."])
    assert "Chưa trình duyệt" not in words(answer)


@pytest.mark.long
def test_either_draft_can_be_taken_up_again_or_thrown_away() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    save(handler, petition, text="Bản một.")
    save(handler, petition, window=SECOND, text="Bản hai.")
    first = petition.drafts.get(text="Bản một.").pk
    here, address = {"window": SECOND, "text": "Bản hai, dài hơn."}, f"/xu-ly/{petition.code}/nhap/"
    at(handler).post(address, {**here, "prefer": first})
    assert typed(petition) == ["Bản một.", "Bản hai, dài hơn."]
    at(handler).post(address, {**here, "drop": first})
    assert typed(petition) == ["Bản hai, dài hơn."]


@pytest.mark.parametrize("pk", ["", "x", "9" * 40, "-1", "²"])
def test_only_a_draft_of_ones_own_can_be_thrown_away(pk: str) -> None:
    petition, handler, colleague = make.petition("in_progress"), make.handler(), make.handler()
    save(colleague, petition, text="Của người khác.")
    theirs = petition.drafts.get().pk
    for wanted in (pk, str(theirs)):
        at(handler).post(f"/xu-ly/{petition.code}/nhap/", {"drop": wanted, "prefer": wanted})
    assert typed(petition) == ["Của người khác."]


# --- from one petition to the next ----------------------------------------------------------------------


@pytest.mark.long
def test_the_list_leads_from_one_petition_to_the_next_and_begins_again() -> None:
    first, second, third = (make.petition("assigned") for _number in range(3))
    handler = at(make.handler())
    listed = words(handler.get("/xu-ly/?xem=can-nhan"))
    came = listed.split(f'href="/xu-ly/{second.code}/?')[1].split('"')[0]
    page = words(handler.get(f"/xu-ly/{second.code}/?{came}"))
    assert onward(handler, page).startswith(f"/xu-ly/{third.code}/?tu=can-nhan~")
    last = listed.split(f'href="/xu-ly/{third.code}/?')[1].split('"')[0]
    page = words(handler.get(f"/xu-ly/{third.code}/?{last}"))
    assert "lại từ đầu" not in page
    again = onward(handler, page)
    assert again.startswith(f"/xu-ly/{first.code}/?tu=")
    assert "Hết danh sách “Cần nhận”: lại từ đầu." in words(handler.get(again))


@pytest.mark.long
def test_after_an_action_the_next_one_is_still_at_hand() -> None:
    first, second = make.petition("assigned"), make.petition("assigned")
    handler = at(make.handler())
    answer = handler.post(f"/xu-ly/{first.code}/accept/", {"tu": "can-nhan~"}, follow=True)
    assert onward(handler, words(answer)).startswith(f"/xu-ly/{second.code}/?tu=can-nhan~")


def test_behind_the_only_one_of_a_list_stands_the_list() -> None:
    petition, client = make.petition("assigned"), at(make.handler())
    page = words(client.get(f"/xu-ly/{petition.code}/", {"tu": "can-nhan~"}))
    assert onward(client, page) == "/xu-ly/?xem=can-nhan"


@pytest.mark.parametrize("told", ["", "dau-moi~", "khong-co", "\0", "☃" * 400])
def test_behind_one_of_no_list_of_mine_stands_my_first(told: str) -> None:
    answer = at(make.handler()).get("/xu-ly/tiep/", {"tu": told, "sau": told})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/xu-ly/")


@pytest.mark.parametrize("told", ["dau-moi~", "khong-co", "~", "☃" * 400])
def test_a_list_that_is_not_mine_is_nowhere(told: str) -> None:
    petition = make.petition("in_progress")
    page = at(make.handler()).get(f"/xu-ly/{petition.code}/", {"tu": told})
    assert page.status_code == 200
    assert "Trong danh sách" not in words(page)


def test_a_place_that_is_none_begins_at_the_head_of_the_list() -> None:
    petition, waits = make.petition("in_progress"), make.petition("assigned")
    client = at(make.handler())
    page = words(client.get(f"/xu-ly/{petition.code}/", {"tu": "can-nhan~2026-13-45~x"}))
    assert onward(client, page).startswith(f"/xu-ly/{waits.code}/?tu=can-nhan~")


def test_a_candidate_taken_in_a_list_leads_back_to_that_list() -> None:
    petition = make.petition("returned")
    candidates = [{"subfield": "urban-infrastructure.street-lighting", "p": 0.5}]
    Prediction.objects.create(
        petition=petition, at=petition.submitted_at, model="thử", confidence=0.5, kind="report",
        decision="person", candidates=candidates,
    )  # fmt: skip
    told = {"subfield": "urban-infrastructure.street-lighting", "tu": "tra-lai", "sau": ""}
    answer = at(make.focal_point()).post(f"/xu-ly/{petition.code}/chon/", told)
    assert answer.headers["Location"] == "/xu-ly/?xem=tra-lai"


@pytest.mark.long
def test_a_code_read_aloud_opens_its_petition_and_a_strangers_does_not_exist() -> None:
    petition = make.petition("assigned")
    mine = at(make.handler()).get("/xu-ly/", {"ma": petition.printed_code})
    assert mine.headers["Location"] == f"/xu-ly/{petition.code}/"
    stranger = at(make.handler(make.CONSTRUCTION))
    for code in (petition.code, "123456789012", "<b>", "9" * 400):
        answer = stranger.get("/xu-ly/", {"ma": code}, follow=True)
        assert "Không có đơn nào mang mã" in words(answer)


# --- keys -----------------------------------------------------------------------------------------------


def test_two_actions_share_a_letter_only_where_they_can_never_meet() -> None:
    taken = {"j", "k", "g", "u"}
    keyed = [form for form in FOR.values() if form.key]
    assert not [form for form in keyed if form.key in taken or len(form.key) != 1]
    pairs = itertools.combinations(keyed, 2)
    same = [(one.action, other.action) for one, other in pairs if one.key == other.key]
    assert same
    meet = [pair for pair in same if workflow.ACTIONS[pair[0]].sources & workflow.ACTIONS[pair[1]].sources]
    assert meet == []


def test_single_keys_are_each_persons_own_and_the_way_back_stays_in_the_house() -> None:
    handler, other = make.handler(), make.handler()
    answer = at(handler).post("/xu-ly/phim-tat/", {"dung": "khong", "ve": "/xu-ly/?xem=qua-han"})
    assert answer.headers["Location"] == "/xu-ly/?xem=qua-han"
    kept = dict(User.objects.filter(pk__in=[handler.pk, other.pk]).values_list("pk", "single_keys"))
    assert kept == {handler.pk: False, other.pk: True}
    away = at(handler).post("/xu-ly/phim-tat/", {"dung": "co", "ve": "https://noi-khac.example/"})
    assert away.headers["Location"] == "/xu-ly/"
    assert at(make.user()).post("/xu-ly/phim-tat/", {"dung": "co"}).status_code == 404


# --- correcting in two keys -----------------------------------------------------------------------------


def guessed(petition: Petition, *subfields: str) -> None:
    guesses = [{"subfield": slug, "p": 0.4} for slug in subfields]
    Prediction.objects.create(
        petition=petition, at=petition.submitted_at, model="thử", confidence=0.4, kind="report",
        decision="person", candidates=guesses,
    )  # fmt: skip


def test_whoever_corrects_reads_where_the_field_ends_towards_the_other_guesses_first() -> None:
    petition, works = make.petition("received"), "transport.road-works"
    guessed(petition, make.SIDEWALK, works)
    page = words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/?lam=reclassify"))
    pairs = re.findall(r'data-border="(\S+) (\S+)"', page)
    assert pairs[0] == (works, make.SIDEWALK)
    assert (
        len(pairs) == SubfieldBorder.objects.filter(Q(one=make.SIDEWALK) | Q(other=make.SIDEWALK)).count() > 1
    )
    assert SubfieldBorder.objects.get(one=works, other=make.SIDEWALK).says in page


def test_what_is_filed_under_nothing_yet_is_told_apart_from_its_first_guess() -> None:
    petition, works = make.petition("received"), "transport.road-works"
    guessed(petition, make.SIDEWALK, works)
    Petition.objects.filter(pk=petition.pk).update(subfield=None)
    page = words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/?lam=reclassify"))
    pairs = re.findall(r'data-border="(\S+) (\S+)"', page)
    assert pairs[0] == (works, make.SIDEWALK)
    assert all(make.SIDEWALK in pair for pair in pairs)


@pytest.mark.long
def test_nobody_is_made_to_say_that_the_machine_erred_and_silence_says_it() -> None:
    petition, focal = make.petition("received"), at(make.focal_point())
    page = words(focal.get(f"/xu-ly/{petition.code}/?lam=reclassify"))
    assert re.search(r'<textarea name="why"[^>]*>\s*</textarea>', page)
    told = {"subfield": "urban-order.noise", "kind": petition.kind}
    assert focal.post(f"/xu-ly/{petition.code}/reclassify/", told).status_code == 302
    assert petition.steps.get(action="reclassify").said["why"] == "Máy đọc chưa đúng."


@pytest.mark.long
def test_one_button_corrects_the_field_and_leaves_the_rest() -> None:
    petition = make.petition("received")
    guessed(petition, make.SIDEWALK, "urban-order.noise")
    focal = at(make.focal_point())
    page = words(focal.get(f"/xu-ly/{petition.code}/?lam=reclassify"))
    assert page.count('name="pick"') == 1
    told = {"pick": "subfield:urban-order.noise", "subfield": make.SIDEWALK, "kind": "report", "why": "Nhầm"}
    assert focal.post(f"/xu-ly/{petition.code}/reclassify/", told).status_code == 302
    assert Petition.objects.get().subfield_id == "urban-order.noise"
    told["pick"] = "subfield:health.hospital"  # not offered: no button was pressed
    assert focal.post(f"/xu-ly/{petition.code}/reclassify/", told).status_code == 302
    assert Petition.objects.get().subfield_id == make.SIDEWALK


@pytest.mark.long
def test_the_petition_officer_first_answers_whether_it_is_a_complaint_at_all() -> None:
    petition, officer = make.petition("submitted"), make.officer()
    take(petition, "seal", by=SYSTEM, kind="denunciation")
    desk = at(officer)
    assert petition.printed_code in words(desk.get("/xu-ly/"))
    page = words(desk.get(f"/xu-ly/{petition.code}/"))
    assert 'name="pick" value="kind:report"' in page
    assert "Đúng vậy thì tiếp nhận ở dưới" in page
    told = {"pick": "kind:report", "why": "Chỉ là phản ánh"}
    assert desk.post(f"/xu-ly/{petition.code}/reclassify/", told).status_code == 302
    mended = Petition.objects.get(pk=petition.pk)
    assert (mended.kind, mended.sealed) == ("report", False)
    assert 'value="kind:report"' not in words(
        at(make.focal_point()).get(f"/xu-ly/{petition.code}/?lam=reclassify")
    )


def test_the_clocks_rung_is_told_in_words() -> None:
    petition = make.petition("in_progress")
    take(petition, "escalate", by=SYSTEM, rung="due", sent_to=[])
    assert "Hệ thống nhắc: đã quá hạn" in words(at(make.handler()).get(f"/xu-ly/{petition.code}/"))


def test_the_index_of_what_is_open_by_due_names_the_states_that_are_open(reference_data: None) -> None:
    """By another set of states no list would be read from it, and nobody would notice."""
    postgresql = "SELECT indexdef FROM pg_indexes WHERE indexname = 'petition_due_in'"
    sqlite = "SELECT sql FROM sqlite_master WHERE name = 'petition_due_in'"
    with connection.cursor() as cursor:
        cursor.execute(postgresql if connection.vendor == "postgresql" else sqlite)
        told = cursor.fetchone()[0]
    assert {state.value for state in State if f"'{state}'" in told} == OPEN
