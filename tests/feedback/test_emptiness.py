"""Answers that say nothing: an examination of the checks, the word to writer and approver, the figure."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from classifier import answers
from classifier.answers import CHECKS, Case, emptiness
from feedback import emptiness as warning
from feedback.models import Petition, ReplyDraft
from feedback.steps import take
from tests import make
from tests.feedback.corpus import picture
from tests.pages import at, words

EXAM = Path(__file__).parent / "empty_answers.csv"
EACH = 20  # of either verdict
FORMULA = "Đơn vị đã tiếp nhận phản ánh và sẽ xem xét, giải quyết theo quy định."
EMPTY: dict[str, Any] = {"outcome": "explained", "text": FORMULA}
FULL: dict[str, Any] = {
    "outcome": "explained",
    "text": "Vỉa hè trước trường đã lát lại bằng đá mới ngày 12/11.",
}
WARNED = ["too_general", "no_outcome"]


# --- the examination, written by somebody who had seen none of the checks -------------------------------


@pytest.fixture(scope="module")
def exam() -> list[dict[str, str]]:
    with EXAM.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def test_each_check_is_asked_as_often_of_good_answers_as_of_bad(exam: list[dict[str, str]]) -> None:
    asked = Counter((row["check"], row["verdict"]) for row in exam)
    assert asked == {(check, verdict): EACH for check in CHECKS for verdict in ("good", "bad")}
    assert len({row["answer"] for row in exam}) == len(exam)


@pytest.mark.long
@pytest.mark.parametrize("check", CHECKS)
def test_nine_warnings_in_ten_are_right_and_six_in_ten_empty_answers_are_found(
    exam: list[dict[str, str]], check: str
) -> None:
    found = Counter((row["verdict"], warns(check, row)) for row in exam if row["check"] == check)
    right, wrong, missed = found["bad", True], found["good", True], found["bad", False]
    assert right / (right + wrong) >= 0.9
    assert right / (right + missed) >= 0.6


def warns(check: str, row: dict[str, str]) -> bool:
    earlier = [row["earlier"]] if row["earlier"] else []
    case = Case(row["petition"], row["answer"], row["outcome"], row["evidence"], earlier=earlier)
    return check in emptiness(case)


def test_every_check_has_a_warning() -> None:
    assert list(warning.WARNINGS) == list(CHECKS)


# --- whoever writes -------------------------------------------------------------------------------------


def hand_in(person: Any, petition: Petition, **told: Any) -> Any:
    return at(person).post(f"/xu-ly/{petition.code}/draft_reply/", told)


@pytest.mark.long
@pytest.mark.django_db
def test_an_empty_answer_is_warned_of_once_with_every_word_kept_and_goes_as_it_is() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    page = hand_in(handler, petition, **EMPTY)
    told = words(page)
    assert page.status_code == 200
    assert all(str(warning.WARNINGS[key].says) in told for key in WARNED)
    assert FORMULA in told
    assert "Vẫn trình duyệt" in told
    assert 'name="warned" value="too_general no_outcome ' in page.content.decode()
    assert not petition.replies.exists()
    assert hand_in(handler, petition, **EMPTY, warned=" ".join(WARNED)).status_code == 302
    assert petition.replies.get().text == FORMULA


@pytest.mark.django_db
def test_a_full_answer_is_not_held_up() -> None:
    petition = make.petition("in_progress")
    assert hand_in(make.handler(), petition, **FULL).status_code == 302


@pytest.mark.long
@pytest.mark.django_db
def test_what_was_said_is_not_said_again_of_what_was_written_anew_and_a_new_thing_is() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    assert hand_in(handler, petition, **EMPTY, warned="no_outcome").status_code == 200
    better = EMPTY | {"text": f"{FORMULA} Đoàn đã xuống xem vỉa hè ngày 3/11, đo và chụp ảnh."}
    assert hand_in(handler, petition, **better, warned=" ".join(WARNED)).status_code == 302


@pytest.mark.django_db
def test_what_has_to_be_mended_anyway_is_said_first_and_alone() -> None:
    petition = make.petition("in_progress")
    page = hand_in(make.handler(), petition, outcome="resolved", text=FORMULA)
    assert (page.status_code, "Trước khi trình, xin đọc lại</h3>" in words(page)) == (400, True)
    assert str(warning.WARNINGS["too_general"].says) not in words(page)


@pytest.mark.long
@pytest.mark.django_db
def test_a_page_without_a_script_says_that_files_have_to_be_chosen_again() -> None:
    petition = make.petition("in_progress")
    told = EMPTY | {"outcome": "resolved", "files": [picture_file()]}
    assert "xin chọn lại" in words(hand_in(make.handler(), petition, **told))
    assert "xin chọn lại" not in words(hand_in(make.handler(), petition, **EMPTY))


@pytest.mark.long
@pytest.mark.parametrize("wrong", [{"outcome": "planned"}, {"outcome": "planned", "plan_date": "2020-01-01"}])
@pytest.mark.django_db
def test_files_chosen_for_an_answer_that_has_to_be_mended_are_asked_for_again(wrong: dict[str, Any]) -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    again, told = "Trình duyệt không giữ lại tệp đã chọn", {"text": FULL["text"], **wrong}
    page = hand_in(handler, petition, **told, files=[picture_file()])
    assert (page.status_code, words(page).count(again)) == (400, 1)
    assert again not in words(hand_in(handler, petition, **told))


@pytest.mark.django_db
def test_a_draft_says_that_it_keeps_no_files() -> None:
    petition, client = make.petition("in_progress"), at(make.handler())
    told = {"text": FULL["text"], "files": [picture_file()]}
    page = words(client.post(f"/xu-ly/{petition.code}/nhap/", told, follow=True))
    assert "Bản nháp không giữ tệp: xin chọn lại các tệp trước khi trình." in page


def picture_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("sau.jpg", picture(), content_type="image/jpeg")


@pytest.mark.django_db
def test_a_script_asks_first_and_keeps_the_files_where_they_were_chosen() -> None:
    petition, handler = make.petition("in_progress"), make.handler()
    told = {"outcome": "resolved", "text": FORMULA, "weigh": "sau.jpg"}
    answer = at(handler).post(f"/xu-ly/{petition.code}/nhap/", told, headers={"accept": "application/json"})
    assert [one["key"] for one in answer.json()["warns"]] == WARNED
    assert ReplyDraft.objects.get().text == FORMULA
    full = {**FULL, "weigh": ""}
    answer = at(handler).post(f"/xu-ly/{petition.code}/nhap/", full, headers={"accept": "application/json"})
    assert answer.json()["warns"] == []


# --- whoever approves, and the figure -------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.django_db
def test_the_approver_reads_what_seems_empty_and_may_send_it() -> None:
    petition, approver = make.petition("pending_approval", answer=EMPTY), make.approver()
    page = words(at(approver).get(f"/xu-ly/{petition.code}/"))
    assert str(warning.WARNINGS["no_outcome"].says) in page
    assert at(approver).post(f"/xu-ly/{petition.code}/approve/").status_code == 302
    assert Petition.objects.get(pk=petition.pk).state == "answered"


@pytest.mark.django_db
def test_nobody_but_whoever_decides_reads_the_warning_on_the_page() -> None:
    petition = make.petition("pending_approval", answer=EMPTY)
    page = words(at(make.focal_point()).get(f"/xu-ly/{petition.code}/"))
    assert FORMULA in page
    assert str(warning.WARNINGS["no_outcome"].says) not in page


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "fact"), [(EMPTY, WARNED), (FULL, None)])
def test_the_step_that_sends_it_keeps_what_seemed_empty(answer: dict[str, str], fact: Any) -> None:
    petition = make.petition("answered", answer=answer)
    assert petition.steps.get(action="approve").facts.get("empty") == fact


@pytest.mark.django_db
def test_no_person_tells_the_house_what_is_empty() -> None:
    petition = make.petition("pending_approval", answer=FULL)
    step = take(petition, "approve", by=make.approver(), empty=["no_outcome"])
    assert "empty" not in step.facts


@pytest.mark.django_db
def test_a_check_that_breaks_stops_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_told: Any) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(answers, "CHECKS", {"too_general": broken})
    petition, handler = make.petition("in_progress"), make.handler()
    assert hand_in(handler, petition, **EMPTY).status_code == 302
    step = take(Petition.objects.get(pk=petition.pk), "approve", by=make.approver())
    assert "empty" not in step.facts


# --- what was answered before ---------------------------------------------------------------------------

LETTER = (
    "Qua kiểm tra ngày 3/11, tổ trật tự đô thị phường đã nhắc nhở các hộ kinh doanh trên tuyến, yêu cầu ký "
    "cam kết không lấn chiếm vỉa hè, đồng thời tăng cường tuần tra vào giờ cao điểm trong thời gian tới."
)


@pytest.mark.long
@pytest.mark.django_db
def test_the_same_letter_to_another_is_found_for_half_a_year_and_of_this_agency_alone() -> None:
    told: dict[str, Any] = {"outcome": "explained", "text": LETTER}
    first, now = make.petition("answered", answer=told), timezone.now()
    second = make.petition("in_progress", text="Hàng quán trước chợ lấn hết lối đi bộ.")
    keys = {one.key for one in warning.of(second, **told, now=now)}
    assert "equal_to_earlier" in keys
    later = now + warning.LATELY
    assert "equal_to_earlier" not in {one.key for one in warning.of(second, **told, now=later)}
    elsewhere = make.petition("in_progress", lead=make.CONSTRUCTION)
    assert "equal_to_earlier" not in {one.key for one in warning.of(elsewhere, **told, now=now)}
    own = Petition.objects.get(pk=first.pk)
    assert "equal_to_earlier" not in {one.key for one in warning.of(own, **told, now=now)}


@pytest.mark.long
@pytest.mark.django_db
def test_what_is_sealed_is_compared_with_nothing() -> None:
    told: dict[str, Any] = {"outcome": "explained", "text": LETTER}
    first, now = make.petition("answered", answer=told), timezone.now()
    Petition.objects.filter(pk=first.pk).update(sealed=True)
    second = make.petition("in_progress", text="Hàng quán trước chợ lấn hết lối đi bộ.")
    assert "equal_to_earlier" not in {one.key for one in warning.of(second, **told, now=now)}


@pytest.mark.django_db
def test_weighing_costs_one_statement(django_assert_num_queries: Any) -> None:
    petition = make.petition("in_progress")
    with django_assert_num_queries(1):
        warning.of(petition, **EMPTY)
