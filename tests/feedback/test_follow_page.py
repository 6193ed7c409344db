"""The follow page: whatever may be said is offered, a link changes nothing, the inside stays inside."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts import guessing
from accounts.models import Role, User
from config.settings import shared_cache
from feedback import codes, followups, notifications, verification, workflow
from feedback.forms import filing
from feedback.forms.filing import guessers_of
from feedback.models import Notice, Petition
from feedback.permissions import SYSTEM
from feedback.steps import take
from feedback.verification import verify
from tests import make
from tests.feedback.test_verification import sent
from tests.pages import at, opened, words

pytestmark = pytest.mark.django_db


def followed(petition: Petition) -> str:
    return words(opened(petition).get(f"/tra-cuu/{petition.code}/"))


OFFERED = {
    "submitted": {"noi-them", "hieu-chua-dung", "khong-cong-khai", "rut"},
    "needs_info": {"noi-them", "khong-cong-khai", "rut"},
    "rejected": {"khong-dong-y", "xem-lai"},
    "redirected": set(),
    "received": {"noi-them", "khong-cong-khai", "rut"},
    "assigned": {"noi-them", "khong-cong-khai", "rut"},
    "returned": {"noi-them", "khong-cong-khai", "rut"},
    "in_progress": {"noi-them", "khong-cong-khai", "rut"},
    "suspended": {"noi-them", "khong-cong-khai", "rut"},
    "pending_approval": {"noi-them", "khong-cong-khai", "rut"},
    "answered": {"noi-them", "danh-gia", "mo-lai", "xem-lai", "khong-cong-khai"},
    "reopened": {"noi-them", "khong-cong-khai", "rut"},
    "closed": {"danh-gia", "mo-lai", "xem-lai", "khong-cong-khai"},
    "withdrawn": set(),
    "merged": {"noi-them", "khong-cong-khai"},
}


@pytest.mark.parametrize("state", make.WAYS)
def test_every_state_has_its_page_with_what_may_be_said_now_and_nothing_else(state: str) -> None:
    petition = make.petition(state)
    read_by_the_machine(petition)
    page = followed(petition)
    assert petition.public_state in page
    assert set(re.findall(rf'"/tra-cuu/{petition.code}/([a-z-]+)/"', page)) == OFFERED[state]


def read_by_the_machine(petition: Petition) -> None:
    followups.waiting().filter(step__petition=petition, consumer=followups.READING).update(
        done_at=timezone.now()
    )


def test_while_it_is_read_the_page_loads_itself_anew_and_holds_no_box() -> None:
    petition = make.petition("submitted", anew=True)  # of this minute
    answer = opened(petition).get(f"/tra-cuu/{petition.code}/")
    assert answer.headers["Refresh"] == "4"
    assert f'href="/tra-cuu/{petition.code}/">Xem lại</a>' in words(answer)
    assert "<textarea" not in words(answer)
    read_by_the_machine(petition)
    answer = opened(petition).get(f"/tra-cuu/{petition.code}/")
    assert "Refresh" not in answer.headers
    assert "<textarea" in words(answer)


def test_where_nobody_reads_the_page_stands_still_after_a_minute() -> None:
    petition = make.petition("submitted", now=timezone.now() - dt.timedelta(seconds=61))
    answer = opened(petition).get(f"/tra-cuu/{petition.code}/")
    assert "Refresh" not in answer.headers
    assert "<textarea" in words(answer)


@pytest.mark.parametrize("slug", ["noi-them", "danh-gia", "mo-lai", "rut", "khong-cong-khai", "xem-lai"])
def test_a_link_opens_the_page_and_changes_nothing(slug: str) -> None:
    petition = make.petition("answered")
    before = Petition.objects.values().get(pk=petition.pk)
    answer = opened(petition).get(f"/tra-cuu/{petition.code}/{slug}/?score=satisfied&text=abc&hide=abc")
    assert (answer.status_code, Petition.objects.values().get(pk=petition.pk)) == (200, before)
    assert Client().get(f"/tra-cuu/{petition.code}/{slug}/").status_code == 404


def test_a_link_from_a_letter_opens_with_the_choice_made_and_one_button() -> None:
    petition = make.petition("answered")
    page = words(opened(petition).get(f"/tra-cuu/{petition.code}/danh-gia/", {"score": "satisfied"}))
    main = page[page.index("<main") : page.index("</main>")]
    assert re.search(r'value="satisfied"[^>]*checked', main)
    assert main.count("<button") == 1


INTAKE, WARD = "Đầu mối tiếp nhận phản ánh, kiến nghị TP Đà Nẵng", "UBND phường Hải Châu"


@pytest.mark.long
@pytest.mark.parametrize(
    ("by", "asker", "readers"),
    [(make.focal_point, INTAKE, f"{INTAKE}, {WARD}"), (make.handler, WARD, WARD)],
    ids=["intake", "lead"],
)
def test_a_question_is_of_the_body_that_asks_it(by: Callable[[], User], asker: str, readers: str) -> None:
    petition = make.petition("assigned", email="dan@example.com")
    step = take(petition, "ask", by=by(), question="Số nhà bao nhiêu?")
    page = followed(petition)
    assert set(re.findall(r"([^<>\n]+) hỏi bạn", page)) == {asker}
    assert f"{asker} cần bạn cho biết thêm" in page
    assert f">{readers} đọc được lời này." in page
    notifications.notify(step)()
    letter = Notice.objects.filter(step=step, recipient="petitioner").first()
    assert letter
    assert f"{asker} cần bạn cho biết thêm" in letter.body


@pytest.mark.long
def test_a_question_stands_large_and_its_answer_ends_the_waiting() -> None:
    petition = make.petition("needs_info")
    page = followed(petition)
    assert page.index("TP Đà Nẵng hỏi bạn") < page.index("Số nhà bao nhiêu?") < page.index("timeline")
    address = f"/tra-cuu/{petition.code}/noi-them/"
    empty = opened(petition).post(address, {"text": "  "})
    assert (empty.status_code, "Xin viết nội dung." in words(empty)) == (400, True)
    assert opened(petition).post(address, {"text": "Nhà số 12."}).status_code == 302
    assert Petition.objects.get().state == "submitted"
    assert "Nhà số 12." in followed(petition)


def test_closed_for_silence_it_is_not_called_completed() -> None:
    petition = make.petition("needs_info", anew=True)
    later = timezone.now() + dt.timedelta(days=40)
    take(petition, "close", by=make.focal_point(), now=later, notice="Đã nhắn hai lần")
    page = followed(Petition.objects.get(pk=petition.pk))
    assert "Đã đóng mà chưa có câu trả lời: bạn chưa gửi điều được hỏi" in page
    assert "Đã kết thúc" in page
    assert not re.search("hoàn thành", page, re.IGNORECASE)


def test_what_can_no_longer_be_done_says_so() -> None:
    petition = make.petition("closed")
    late = opened(petition).post(f"/tra-cuu/{petition.code}/rut/")
    assert (late.status_code, "không còn làm được" in words(late)) == (409, True)


@pytest.mark.long
def test_withdrawing_takes_two_steps() -> None:
    petition = make.petition("in_progress")
    page = followed(petition)
    assert f'href="/tra-cuu/{petition.code}/rut/"' in page
    assert f'action="/tra-cuu/{petition.code}/rut/"' not in page
    client = opened(petition)
    assert "Không lấy lại được" in words(client.get(f"/tra-cuu/{petition.code}/rut/"))
    assert client.post(f"/tra-cuu/{petition.code}/rut/").status_code == 302
    assert Petition.objects.get().state == "withdrawn"
    said = petition.steps.count()
    assert client.post(f"/tra-cuu/{petition.code}/rut/").status_code == 302
    assert petition.steps.count() == said


@pytest.mark.long
def test_a_refusal_is_shown_with_ground_reason_and_last_day_and_contested_once() -> None:
    petition = make.petition("rejected")
    page = followed(petition)
    assert "Ngoài phạm vi tiếp nhận" in page
    assert "Tranh chấp dân sự" in page
    assert "Bạn đề nghị xem lại được đến hết" in page
    assert page.count("Nhờ cơ quan khác xem lại") == 1
    assert "gắn với phản ánh này; hai người đã từ chối không được từ chối nó lần nữa." in page
    told = {"text": "Đây là đường công cộng."}
    assert opened(petition).post(f"/tra-cuu/{petition.code}/khong-dong-y/", told).status_code == 302
    assert Petition.objects.get().state == "submitted"
    assert "Tranh chấp dân sự" in followed(petition)
    assert "khong-dong-y" not in followed(petition)


@pytest.mark.long
def test_who_refused_it_does_not_refuse_what_is_sent_against_it() -> None:
    """The page promises it."""
    petition = make.petition("rejected")
    two = list(User.objects.filter(pk__in=petition.refused_by))
    assert len(two) == 2
    take(petition, "appeal", by=make.holder(petition), text="Đây là đường công cộng")
    born = Petition.objects.get(origin=petition)
    for person in two:
        assert not {"propose_refusal", "confirm_refusal"} & set(workflow.available(born, person))
    take(born, "propose_refusal", by=make.focal_point(), ground="abusive", reason="Lời lẽ nặng nề")
    born = Petition.objects.get(origin=petition)
    assert not any("confirm_refusal" in workflow.available(born, person) for person in two)
    assert "confirm_refusal" in workflow.available(born, make.officer())


@pytest.mark.long
def test_each_of_two_refusals_tells_its_own_reason() -> None:
    petition, people = make.petition("submitted", anew=True), [make.focal_point() for _ in range(4)]
    for at_, reason in ((0, "Trùng với đơn trước"), (2, "Thiếu nơi xảy ra")):
        take(petition, "propose_refusal", by=people[at_], ground="abusive", reason=reason)
        take(petition, "confirm_refusal", by=people[at_ + 1])
        if not at_:
            take(petition, "contest", by=make.holder(petition), text="Đơn này mới")
    page = words(opened(petition).get(f"/tra-cuu/{petition.code}/"))
    history = page[page.index("timeline") :]
    assert history.count("Trùng với đơn trước") == history.count("Thiếu nơi xảy ra") == 1


def test_a_refusal_that_one_person_proposed_is_not_told() -> None:
    petition = make.petition("received")
    take(petition, "propose_refusal", by=make.focal_point(), ground="abusive", reason="Lời lẽ nặng nề")
    assert "Lời lẽ nặng nề" not in followed(petition)
    assert "đang chọn cơ quan xử lý" in followed(petition)


def test_reopening_tells_why_and_keeps_the_old_answer() -> None:
    petition = make.petition("answered")
    address = f"/tra-cuu/{petition.code}/mo-lai/"
    assert opened(petition).post(address, {"reason": "Gạch lại bong."}).status_code == 302
    page = followed(petition)
    assert "Gạch lại bong." in page
    assert "Đã lát lại vỉa hè sáng nay." in page
    assert "Đang xử lý lại" in page


@pytest.mark.long
def test_an_appeal_is_a_petition_that_the_same_secret_opens() -> None:
    petition = make.petition("answered")
    client = opened(petition)
    asked = {"text": "Xin xem lại câu trả lời."}
    assert client.post(f"/tra-cuu/{petition.code}/xem-lai/", asked).status_code == 302
    appeal = Petition.objects.get(origin=petition)
    assert f"/tra-cuu/{appeal.code}/" in words(client.get(f"/tra-cuu/{petition.code}/"))
    page = words(client.get(f"/tra-cuu/{appeal.code}/"))
    assert "Xin xem lại câu trả lời." in page
    assert f"/tra-cuu/{petition.code}/" in page
    assert Client().get(f"/tra-cuu/{appeal.code}/").status_code == 404
    assert client.post(f"/tra-cuu/{petition.code}/xem-lai/", {"text": "Lần nữa."}).status_code == 409
    assert "Bạn đã nhờ xem lại rồi" in words(client.get(f"/tra-cuu/{petition.code}/xem-lai/"))
    assert client.post(f"/tra-cuu/{appeal.code}/noi-them/", {"text": "Kèm ảnh sau."}).status_code == 302


@pytest.mark.long
def test_a_part_of_a_part_is_opened_from_page_to_page_by_the_first_secret() -> None:
    first = make.petition("in_progress")
    take(first, "split", by=make.focal_point(), texts=["Đèn đường cũng tắt"])
    part = Petition.objects.get(origin=first)
    take(part, "split", by=make.focal_point(), texts=["Cống cũng tắc"])
    parts_part = Petition.objects.get(origin=part)
    client = opened(first)
    assert f"/tra-cuu/{parts_part.code}/" in words(client.get(f"/tra-cuu/{part.code}/"))
    assert "Cống cũng tắc" in words(client.get(f"/tra-cuu/{parts_part.code}/"))
    assert client.post(f"/tra-cuu/{parts_part.code}/noi-them/", {"text": "Ảnh."}).status_code == 302
    for stranger in (Client(), opened(make.petition("in_progress"))):
        assert stranger.get(f"/tra-cuu/{parts_part.code}/").status_code == 404


def test_whoever_holds_only_a_part_opens_nothing_above_it() -> None:
    first = make.petition("in_progress")
    take(first, "split", by=make.focal_point(), texts=["Đèn đường cũng tắt"])
    part = Petition.objects.get(origin=first)
    assert opened(part).get(f"/tra-cuu/{first.code}/").status_code == 404
    with pytest.raises(PermissionDenied):
        take(first, "inform", by=make.holder(part), text="Thêm")


@pytest.mark.parametrize(
    ("told", "kept"), [({"hide": "Số nhà tôi"}, "part"), ({"nothing": "on", "hide": ""}, "all")]
)
def test_whoever_asked_says_what_is_not_to_be_published(told: dict[str, str], kept: str) -> None:
    petition = make.petition("answered")
    assert opened(petition).post(f"/tra-cuu/{petition.code}/khong-cong-khai/", told).status_code == 302
    assert Petition.objects.get().publication_refused == kept


def test_a_merged_petition_shows_the_code_and_the_masked_answer_of_its_main() -> None:
    petition = make.petition("merged")
    main = petition.main
    assert main is not None
    handler = make.handler()
    answer: dict[str, Any] = {"outcome": "explained", "text": "Đã nói với ông Tâm, 0905 123 456, sáng nay."}
    take(Petition.objects.get(pk=main.pk), "draft_reply", by=handler, **answer)
    take(Petition.objects.get(pk=main.pk), "approve", by=make.approver())
    page = followed(petition)
    assert Petition.objects.get(pk=main.pk).printed_code in page
    assert "sáng nay" in page
    assert "0905 123" not in page
    assert page.count('name="score"') == 4


def test_a_sealed_petition_still_has_its_page_which_does_not_speak_of_sealing() -> None:
    petition = make.petition("answered")
    take(petition, "seal", by=make.officer(), kind="denunciation")
    page = followed(petition)
    assert "iêm phong" not in page
    assert "tố cáo" not in page.split("<footer")[0].lower()
    assert "Đã tiếp nhận" in page


@pytest.mark.parametrize(
    "state", make.states("submitted", "needs_info", "rejected", "in_progress", "answered", "merged")
)
def test_every_state_has_its_page_on_the_desk(state: str) -> None:
    petition = make.petition(state)
    desk = at(make.user(Role.SUPERVISOR, province="48"))
    assert str(petition.get_state_display()) in words(desk.get(f"/xu-ly/{petition.code}/"))


# --- guessing ---------------------------------------------------------------------------------------------


@pytest.fixture
def guarded(settings: Any) -> None:
    settings.THROTTLE = True
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "guesses"}
    settings.CACHES = {"default": memory, "guesses": memory}
    cache.clear()


def without_what_was_typed(answer: Any, *typed: str) -> str:
    page = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", words(answer))
    for word in typed:
        page = page.replace(word, "")
    return page


def test_a_wrong_secret_and_an_unknown_code_are_answered_alike(guarded: None) -> None:
    code, unknown = make.petition("submitted").code, "123456789019"
    wrong = Client().post("/tra-cuu/", {"code": code, "secret": "AAAA7777"})
    none = Client().post("/tra-cuu/", {"code": unknown, "secret": "AAAA7777"})
    assert wrong.status_code == none.status_code == 404
    assert without_what_was_typed(wrong, code) == without_what_was_typed(none, unknown)


def filed_with_secret() -> tuple[str, str]:
    client = Client()
    answer = client.post("/gui/", {"text": "Nắp cống trước số 12 bị mất.", "commune": "20242"})
    code = str(answer.headers["Location"]).strip("/").split("/")[-1]
    return code, client.cookies["receipt"].value


@pytest.mark.long
def test_who_knows_a_published_code_cannot_keep_its_owner_out(guarded: None) -> None:
    code, secret = filed_with_secret()
    for number in range(25):
        guesser = Client(REMOTE_ADDR=f"203.0.113.{number}")
        assert "Xin chờ 15 phút" not in words(guesser.post("/tra-cuu/", {"code": code, "secret": "AAAA7777"}))
    owner = Client(REMOTE_ADDR="203.0.113.99")
    assert owner.post("/tra-cuu/", {"code": code, "secret": secret}).status_code == 302


def test_without_redis_guesses_count_whatever_process_they_reach(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.THROTTLE = True
    settings.CACHES = settings.CACHES | {"guesses": shared_cache("", tmp_path / "guesses")}
    guesses = [("203.0.113.1", "123456789019")] * filing.MOST_OF_AN_ADDRESS
    with ThreadPoolExecutor(8) as many:  # at once: none is lost
        list(many.map(lambda guess: guessing.count_wrong(*guessers_of(*guess)), guesses))
    # What another process would find: nothing of it lies in this one's memory.
    settings.CACHES = settings.CACHES | {"guesses": shared_cache("", tmp_path / "guesses")}
    assert guessing.must_wait(*guessers_of("203.0.113.1", "000000000019"))
    assert not guessing.must_wait(*guessers_of("203.0.113.2", "000000000019"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + guessing.WINDOW_S - 5)
    assert guessing.must_wait(*guessers_of("203.0.113.1", "000000000019"))
    monkeypatch.setattr(time, "time", lambda: now + guessing.WINDOW_S + 5)
    assert not guessing.must_wait(*guessers_of("203.0.113.1", "000000000019"))


def test_a_code_that_hundreds_guess_at_is_shut_even_to_the_right_secret(guarded: None) -> None:
    code, secret = filed_with_secret()
    for number in range(filing.MOST_AT_A_CODE):
        guessing.count_wrong(*guessers_of(f"203.0.{number // 250}.{number % 250}", code))
    last = Client(REMOTE_ADDR="203.0.113.99").post("/tra-cuu/", {"code": code, "secret": secret})
    assert (last.status_code, "Xin chờ 15 phút" in words(last)) == (429, True)
    assert last.headers["Retry-After"] == "900"


@pytest.mark.long
def test_one_address_may_not_try_code_after_code(guarded: None) -> None:
    code, secret = filed_with_secret()
    guesser = Client(REMOTE_ADDR="198.51.100.7")
    for number in range(20):
        guesser.post("/tra-cuu/", {"code": f"{number:012}", "secret": "AAAA7777"})
    answers = [guesser.post("/tra-cuu/", {"code": one, "secret": secret}) for one in (code, "000000000019")]
    answers.append(guesser.get("/tra-cuu/", {"code": code, "secret": secret}))
    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(429, "900")] * 3
    elsewhere = Client(REMOTE_ADDR="198.51.100.8").post("/tra-cuu/", {"code": code, "secret": secret})
    assert elsewhere.status_code == 302


@pytest.mark.long
def test_the_switch_turns_the_counting_off(guarded: None, settings: Any) -> None:
    settings.THROTTLE = False
    code, secret = filed_with_secret()
    for _ in range(21):
        Client().post("/tra-cuu/", {"code": code, "secret": "AAAA7777"})
    assert Client().post("/tra-cuu/", {"code": code, "secret": secret}).status_code == 302


def test_what_was_only_guessed_is_no_promise_once_it_is_redirected() -> None:
    petition = make.petition("redirected")
    Petition.objects.filter(pk=petition.pk).update(provisional=True)
    assert "Chúng tôi hiểu là" not in followed(petition)


def proposed() -> Petition:
    """Received and assigned by the machine alone."""
    petition = make.petition("submitted")
    take(petition, "receive", by=SYSTEM, subfield=make.SIDEWALK, provisional=True)
    take(petition, "assign", by=SYSTEM, agency=make.HAI_CHAU, provisional=True)
    return Petition.objects.get(pk=petition.pk)


RETURN = {"reason_code": "not_competent", "words": "Không đúng việc", "suggested_agency": make.CONSTRUCTION}


@pytest.mark.parametrize(
    ("by", "action", "told", "note"),
    [
        (None, "", {}, "Máy đề xuất, chờ cán bộ xác nhận"),
        (make.handler, "accept", {}, "Máy đề xuất, cán bộ đã xác nhận"),
        (make.handler, "return_", RETURN, "Máy đề xuất, cán bộ đã xem lại"),
    ],
)
def test_beside_what_the_machine_proposed_stands_what_became_of_it(
    by: Any, action: str, told: dict[str, Any], note: str
) -> None:
    petition = proposed()
    if by:
        take(petition, action, by=by(), **told)
    page = followed(petition)
    assert page.count("Máy đề xuất") == page.count(note) == 2
    assert note in words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/"))


def test_what_the_machine_proposed_waits_for_nobody_once_it_is_withdrawn() -> None:
    petition = proposed()
    take(petition, "withdraw", by=make.holder(petition))
    assert "chờ cán bộ xác nhận" not in followed(petition)


@pytest.mark.long
def test_a_draft_says_that_nobody_has_it_yet_and_is_handed_in_with_one_tap() -> None:
    citizen, code = make.user(), codes.new_code()
    text, secret = "Xin hỏi thủ tục đăng ký kết hôn.", codes.hash_secret(code, codes.new_secret())
    told = {"secret_hash": secret, "text": text, "petitioner": citizen, "territory_id": "48"}
    draft = Petition.objects.create(code=code, submitted_at=timezone.now(), **told)
    page = words(at(citizen).get(f"/tra-cuu/{code}/"))
    assert "Bản nháp, chưa gửi đi" in page
    assert text in page
    assert f'action="/tra-cuu/{code}/gui-di/"' in page
    for _again in range(2):
        assert at(citizen).post(f"/tra-cuu/{code}/gui-di/").status_code == 302
    assert [step.action for step in draft.steps.all()] == ["submit"]
    assert code not in {fault.code for fault in verification.verify().bad}
    assert at(make.focal_point()).get(f"/xu-ly/{code}/").status_code == 200
    assert "Bạn đã gửi" in words(at(citizen).get(f"/tra-cuu/{code}/"))


def test_where_to_go_instead_stands_in_a_box_and_nothing_claims_an_answer_in_time() -> None:
    petition = make.petition("assigned")
    take(petition, "redirect", by=make.focal_point(), body="Tòa án nhân dân khu vực 1", address="24 Lê Duẩn")
    page = followed(petition)
    box = page.partition('class="refused')[2].partition("</section>")[0]
    assert "Tòa án nhân dân khu vực 1" in box
    assert "24 Lê Duẩn" in box
    assert "Trả lời đúng hạn" not in page


@pytest.mark.long
def test_a_promise_that_was_not_kept_is_said() -> None:
    promise = {"outcome": "planned", "text": "Sẽ lát lại.", "plan_date": dt.date.today() + dt.timedelta(30)}
    petition = make.petition("answered", answer=promise)
    assert "Đã qua ngày hẹn" not in followed(petition)
    Petition.objects.filter(pk=petition.pk).update(commitment_due=dt.date.today() - dt.timedelta(2))
    assert "Đã qua ngày hẹn mà chưa báo xong" in followed(petition)


@pytest.mark.long
def test_whoever_rated_a_promise_is_asked_once_more_when_it_is_kept() -> None:
    promise = {"outcome": "planned", "text": "Lát lại quý sau", "plan_date": "2099-01-01"}
    petition = make.petition("answered", answer=promise)
    take(petition, "rate", by=make.holder(petition), score="dissatisfied")
    address, asks = f"/tra-cuu/{petition.code}/", "Nay đã làm xong: bạn hài lòng tới đâu?"
    assert asks not in words(opened(petition).get(address))
    take(petition, "fulfil", by=make.approver(), evidence="Ảnh", text="Đã lát lại")
    page = words(opened(petition).get(address))
    assert asks in page
    assert "Lúc mới hẹn, bạn đánh giá: không hài lòng" in page
    told = {"score": "satisfied", "seq": petition.steps.count()}
    assert opened(petition).post(f"{address}danh-gia/", told).status_code == 302
    page = words(opened(petition).get(address))
    assert asks not in page
    assert "Bạn đã đánh giá: hài lòng" in page


@pytest.mark.long
def test_a_promise_that_was_kept_stands_with_the_answer_that_made_it() -> None:
    promise = {"outcome": "planned", "text": "Lát lại quý sau", "plan_date": "2099-01-01"}
    petition = make.petition("answered", answer=promise)
    address, kept = f"/tra-cuu/{petition.code}/", "Đã báo làm xong điều đã hẹn"
    assert kept not in words(opened(petition).get(address))
    take(petition, "fulfil", by=make.approver(), evidence="Ảnh", text="Đã lát lại")
    answer = words(opened(petition).get(address)).split("trả lời</h2>", 1)[1].split("</section>", 1)[0]
    assert kept in answer


@pytest.mark.long
def test_a_file_of_a_second_press_of_an_appeal_is_kept_and_none_twice() -> None:
    petition = make.petition("answered", anew=True)
    citizen, address = opened(petition), f"/tra-cuu/{petition.code}/xem-lai/"
    for kinds, lie_there in (([], 0), (["JPEG"], 1), (["JPEG"], 1), (["JPEG", "PNG"], 2), ([], 2)):
        told = {"text": "Nhờ cấp trên xem lại.", "files": [sent(kind) for kind in kinds]}
        assert citizen.post(address, told).status_code == 302
        assert petition.children.get().attachments.count() == lie_there
    assert citizen.post(address, told | {"files": [sent("WEBP"), sent("WEBP")]}).status_code == 302
    assert petition.children.get().attachments.count() == 3, "the same chosen twice is one"
    assert petition.attachments.count() == 0
    assert verify().bad == []


@pytest.mark.long
def test_a_file_of_a_second_press_answers_no_question_that_was_asked_meanwhile() -> None:
    petition = make.petition("answered", anew=True)
    citizen, address = opened(petition), f"/tra-cuu/{petition.code}/xem-lai/"
    told = {"text": "Nhờ cấp trên xem lại."}
    assert citizen.post(address, told).status_code == 302
    born = petition.children.get()
    take(born, "ask", by=make.focal_point(), question="Số nhà bao nhiêu?")
    answer = citizen.post(address, told | {"files": [sent()]})
    assert answer.status_code == 409
    assert "xin theo dõi và nói thêm ở đó" in words(answer)
    born = petition.children.get()
    assert (born.state, born.attachments.count()) == ("needs_info", 0)


SEES_COPY = "Xem bản công khai, che thêm hoặc không cho đăng"


@pytest.mark.parametrize(
    ("state", "says", "offers"),
    [
        ("submitted", "Cơ quan đang giữ việc", True),
        ("in_progress", "Cơ quan đang giữ việc", True),
        ("answered", "Cơ quan đã trả lời", True),
        ("rejected", "Cơ quan", False),
        ("withdrawn", "Cơ quan", False),
    ],
)
def test_an_ended_matter_lies_with_nobody_and_what_is_never_public_offers_no_copy(
    state: str, says: str, offers: bool
) -> None:
    petition = make.petition(state)
    read_by_the_machine(petition)
    page = followed(petition)
    assert re.findall(r"<dt>(Cơ quan[^<]*)</dt>", page) == [says]
    assert (SEES_COPY in page) is offers
