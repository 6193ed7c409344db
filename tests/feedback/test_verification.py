"""A lie told behind the house's back is found, and the petition is named."""

import contextlib
import datetime as dt
import hashlib
import io
import json
import re
import resource
import shutil
import signal
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TestCase
from django.utils import timezone

from feedback import acting, anchors, drafts, enclosures, followups, guards
from feedback.intake import read_submitted, receive
from feedback.models import (
    AnchoredDay,
    Attachment,
    Clock,
    Contact,
    Coordination,
    Exclusion,
    Petition,
    PublicPetition,
    ReplyDraft,
    Step,
    StepText,
    Withheld,
)
from feedback.record import canonical, content
from feedback.steps import take
from feedback.verification import verify
from routing.jsonlines import LineError
from tests import make
from tests.feedback import corpus
from tests.walked import once

pytestmark = pytest.mark.django_db

YESTERDAY = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)
TODAY = YESTERDAY + dt.timedelta(days=1)


def noted() -> dict[str, Petition]:
    petition = make.petition("submitted", now=YESTERDAY)
    take(petition, "receive", by=make.focal_point(), now=YESTERDAY)
    take(petition, "note", by=make.focal_point(), now=YESTERDAY, text="Đã gọi điện")
    return {"noted": petition}


@pytest.fixture
def petition(settings: Any, tmp_path: Path) -> Petition:
    """A petition whose first day is anchored, with the guards taken away as an intruder would."""
    settings.VAR = tmp_path
    petition = once("noted", noted)["noted"]
    assert len(anchors.make(now=TODAY)) == 1
    assert verify().ok
    guards.drop()  # they stand again when the test's transaction is undone
    return petition


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def exchange(petition: Petition) -> None:
    Step.objects.filter(petition=petition, seq=2).update(seq=99)
    Step.objects.filter(petition=petition, seq=3).update(seq=2)
    Step.objects.filter(petition=petition, seq=99).update(seq=3)


def insert(petition: Petition) -> None:
    step = Step.objects.get(petition=petition, seq=3)
    step.pk, step.seq = None, 4
    step.save(force_insert=True)


def delete_petition(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk)
    for table in ("steptext", "followup", "clock", "contact"):
        key = "step_id IN (SELECT id FROM feedback_step)" if table in {"steptext", "followup"} else "1 = 1"
        sql(f"DELETE FROM feedback_{table} WHERE {key}")
    sql("DELETE FROM feedback_step")
    sql("DELETE FROM feedback_petition")


def last_step_gone(petition: Petition) -> None:
    last = Step.objects.get(petition=petition, seq=3)
    StepText.objects.filter(step=last).delete()
    sql(f"DELETE FROM feedback_followup WHERE step_id = {last.pk}")
    sql(f"DELETE FROM feedback_step WHERE id = {last.pk}")


def middle_step_gone(petition: Petition) -> None:
    middle = Step.objects.get(petition=petition, seq=2)
    sql(f"DELETE FROM feedback_followup WHERE step_id = {middle.pk}")
    sql(f"DELETE FROM feedback_step WHERE id = {middle.pk}")


def one_byte(petition: Petition) -> None:
    step = Step.objects.get(petition=petition, seq=2)
    Step.objects.filter(pk=step.pk).update(record=step.record.replace("receive", "receivd"))


def a_column(petition: Petition) -> None:
    Step.objects.filter(petition=petition, seq=2).update(lead_agency=make.CONSTRUCTION)


def words(petition: Petition) -> None:
    StepText.objects.filter(step__petition=petition, step__seq=3).update(text='{"text":"Không gọi"}')


def words_gone(petition: Petition) -> None:
    StepText.objects.filter(step__petition=petition, step__seq=1).delete()


def state(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(state="closed")


def sealed_anew(step: Step) -> None:
    """By one who knows how a step is hashed: its chain fits, only the anchor does not."""
    step.record = canonical(content(step))
    step.hash = hashlib.sha256(step.record.encode()).hexdigest()


def rewritten(petition: Petition) -> None:
    step = Step.objects.get(petition=petition, seq=3)
    step.role = "supervisor"
    sealed_anew(step)
    step.save()


def forged(petition: Petition) -> None:
    step = Step.objects.get(petition=petition, seq=3)
    step.pk, step.seq, step.previous, step.payload_digest = None, 4, step.hash, ""
    sealed_anew(step)
    step.save(force_insert=True)


LIES: list[Callable[[Petition], None]] = [
    one_byte,
    a_column,
    middle_step_gone,
    insert,
    exchange,
    last_step_gone,
    delete_petition,
    words,
    words_gone,
    state,
    rewritten,
    forged,
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_each_lie_is_found_with_the_petition_named(
    petition: Petition, lie: Callable[[Petition], None]
) -> None:
    lie(petition)
    report = verify()
    assert not report.ok
    assert {fault.code for fault in report.bad} == {petition.code}


def published() -> dict[str, Petition]:
    """Another agency helped, the first draft was sent back, the answer in public is the masked one."""
    petition = make.petition("in_progress")
    handler, approver, answer = make.handler(), make.approver(), make.ANSWER | {"text": ANSWER}
    told: dict[str, Any] = {"question": "Ai quản lý đoạn này?", "day": dt.date(2099, 12, 1)}
    take(petition, "coordinate", by=handler, agencies=[make.CONSTRUCTION], **told)
    take(petition, "contribute", by=make.handler(make.CONSTRUCTION), text="Phường quản lý")
    take(petition, "draft_reply", by=handler, **make.ANSWER)
    take(petition, "send_back", by=approver, words="Thiếu số điện thoại")
    take(petition, "draft_reply", by=handler, **answer)
    take(petition, "approve", by=approver)
    take(petition, "publish", by=make.reviewer(), public_text="Vỉa hè bong gạch")
    take(petition, "rate", by=make.holder(petition), score="satisfied")
    return {"published": petition}


ANSWER = "Đã lát lại, xin gọi ông Trần Văn Tám, số 0905 123 456."


@pytest.fixture
def answered(settings: Any, tmp_path: Path) -> Petition:
    """A petition that everyone may read, with its answer, and the guards taken away."""
    settings.VAR = tmp_path
    petition = once("published", published)["published"]
    assert verify().ok
    guards.drop()  # they stand again when the test's transaction is undone
    return petition


SHOWN: dict[str, dict[str, Any]] = {
    "petition": {
        "text": "Không có gì",
        "lead_id": make.CONSTRUCTION,
        "kind": "praise",
        "subfield_id": "urban-infrastructure.flooding-drainage",
        "due_at": dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
        "first_due_at": dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
        "commune_id": "20305",
        "province_id": "01",
        "outcome": "explained",
        "answered_at": dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
        "score": "very_satisfied",
        "submitted_at": dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
        "sealed": True,
    },
    "clock": {
        "due_at": dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
        "first_due_at": dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
        "ended_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        "result": "late",
    },
    "reply": {
        "text": "Chưa làm gì",
        "evidence": "Biên bản khác",
        "outcome": "explained",
        "plan_date": dt.date(2099, 1, 1),
        "approved_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        "sent_back": "Viết hay lắm",
        "drafted_by_id": None,
        "approved_by_id": None,
    },
    "coordination": {
        "agency_id": "department-of-health:48",
        "question": "Không hỏi gì",
        "due_on": dt.date(2099, 1, 1),
        "asked_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        "text": "Sở quản lý",
        "contributed_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    },
    "publicpetition": {
        "text": "Đường rất tốt",
        "answer": "Không có gì phải làm",
        "state": "closed",
        "lead_id": make.CONSTRUCTION,
        "kind": "praise",
        "commune_id": "20305",
        "province_id": "01",
        "outcome": "explained",
        "answered_at": dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
        "score": "very_satisfied",
        "due_on": dt.date(2099, 1, 1),
        "submitted_on": dt.date(2099, 1, 1),
    },
}


@contextlib.contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("table", SHOWN)
@pytest.mark.long
def test_what_people_read_is_found_changed_with_the_petition_named(answered: Petition, table: str) -> None:
    rows = apps.get_model("feedback", table).objects
    for column, value in SHOWN[table].items():
        with undone():
            rows.update(**{column: value})
            assert {fault.code for fault in verify().bad} == {answered.code}, column
    assert verify().ok


@pytest.mark.parametrize("table", ["reply", "publicpetition", "coordination", "clock"])
def test_what_stands_beside_the_petition_taken_away_is_found(answered: Petition, table: str) -> None:
    apps.get_model("feedback", table).objects.all().delete()
    assert {fault.code for fault in verify().bad} == {answered.code}


def test_the_public_answer_is_the_masked_one_and_the_step_keeps_it(answered: Petition) -> None:
    step = answered.steps.get(action="publish")
    shown = PublicPetition.objects.get().answer
    assert (
        json.loads(step.words.text)["public_answer"]
        == shown
        == ANSWER.replace("0905 123 456", "▇▇▇").replace("Trần Văn Tám", "▇▇▇")
    )


def test_an_answer_unmasked_in_public_is_found_also_where_the_step_kept_no_words_of_it(
    answered: Petition,
) -> None:
    """As steps were before they kept it: only what was typed stands in the words."""
    words = StepText.objects.get(step__petition=answered, step__action="publish")
    words.text = canonical({"public_text": "Vỉa hè bong gạch"})
    words.save()
    digest = hashlib.sha256((words.salt + words.text).encode()).hexdigest()
    Step.objects.filter(pk=words.step_id).update(payload_digest=digest)
    before = {fault.why for fault in verify().bad}
    PublicPetition.objects.update(answer=ANSWER)
    assert {fault.why for fault in verify().bad} - before == {"lời công khai khác lúc công khai"}


def test_a_clock_ended_without_a_step_or_left_out_of_count_is_found(answered: Petition) -> None:
    for lie in ({"result": "void"}, {"ended_at": None}, {"ended_at": None, "result": ""}):
        kept = Clock.objects.get(is_resolve=True)
        Clock.objects.filter(pk=kept.pk).update(**lie)
        assert {fault.code for fault in verify().bad} == {answered.code}, lie
        kept.save()
        assert verify().bad == []


def test_a_seal_broken_or_the_accused_let_in_behind_the_steps_is_found(reference_data: None) -> None:
    petition = make.petition("in_progress", anew=True)
    accused = {"agency_type": "commune-people-committee", "unit_code": "20242", "role": "unit"}
    take(petition, "seal", by=make.focal_point(), kind="denunciation")
    take(
        petition,
        "lift",
        by=make.user("petition_officer", province="48"),
        agency=make.CONSTRUCTION,
        against=accused,
        reason="Tố cáo phường",
    )
    assert verify().bad == []
    Petition.objects.update(sealed=False)
    assert [bad.why for bad in verify().bad] == ["niêm phong của đơn khác các bước"]
    Petition.objects.update(sealed=True)
    Exclusion.objects.all().delete()
    assert [bad.why for bad in verify().bad] == ["mất phần loại trừ cơ quan bị phản ánh"]


def test_an_agency_shut_out_by_no_step_is_found(answered: Petition) -> None:
    Exclusion.objects.create(petition=answered, agency_id=make.HAI_CHAU)
    assert {bad.code for bad in verify().bad} == {answered.code}


def test_an_agency_that_nobody_asked_is_found(answered: Petition) -> None:
    row = Coordination.objects.get()
    row.pk, row.agency_id = None, "department-of-health:48"
    row.save(force_insert=True)
    assert {fault.code for fault in verify().bad} == {answered.code}


@pytest.fixture
def enclosing(reference_data: None, settings: Any, tmp_path: Path) -> Petition:
    """Files of the one who filed, of the same when asked, and of an answer."""
    settings.VAR = tmp_path
    petition = make.petition("in_progress", anew=True, files=(sent(),))
    enclosures.take(petition, "inform", by=make.holder(petition), files=[sent()], text="Ảnh mới")
    told = make.ANSWER | {"files": [sent(), sent("PNG")]}
    enclosures.take(petition, "draft_reply", by=make.handler(), **told)
    assert verify().bad == []
    return petition


def sent(kind: str = "JPEG") -> SimpleUploadedFile:
    return SimpleUploadedFile("cong", corpus.picture(kind))


def its_file_gone(file: Attachment) -> None:
    file.file.delete(save=False)


def its_bytes_altered(file: Attachment) -> None:
    Path(file.file.path).write_bytes(corpus.picture(size=(9, 9)))


def its_row_gone(file: Attachment) -> None:
    file.delete()


def its_bytes_and_its_row_altered(file: Attachment) -> None:
    its_bytes_altered(file)
    file.sha256 = hashlib.sha256(Path(file.file.path).read_bytes()).hexdigest()
    file.save()


def another_beside_it(file: Attachment) -> None:
    file.pk = None
    file.save(force_insert=True)


@pytest.mark.long
@pytest.mark.parametrize("action", ["submit", "inform", "draft_reply"])
@pytest.mark.parametrize(
    "lie",
    [its_file_gone, its_bytes_altered, its_row_gone, its_bytes_and_its_row_altered, another_beside_it],
    ids=lambda lie: lie.__name__,
)
def test_a_file_that_is_not_what_its_step_brought_is_found(
    enclosing: Petition, action: str, lie: Callable[[Attachment], None]
) -> None:
    brought = enclosing.steps.get(action=action)
    lie(enclosing.attachments.filter(created_at=brought.at).earliest("pk"))
    assert {fault.code for fault in verify().bad} == {enclosing.code}


@pytest.mark.long
def test_files_that_are_erased_are_gone_by_right_and_leave_no_digest(enclosing: Petition) -> None:
    digests = set(enclosing.attachments.values_list("sha256", flat=True))
    row = enclosing.attachments.earliest("pk")
    with TestCase.captureOnCommitCallbacks(execute=True):
        take(enclosing, "erase", by=make.user("administrator", province="48"), rule="on-request")
    assert verify().bad == []
    dump = "".join(rows for _table, rows in connection_dump())
    assert not [digest for digest in digests if digest in dump]
    enclosures.take(enclosing, "inform", by=make.holder(enclosing), files=[sent()], text="Ảnh nữa")
    assert verify().bad == []
    another_beside_it(row)
    assert {fault.code for fault in verify().bad} == {enclosing.code}


def test_a_file_at_a_step_that_tells_of_none_is_found(petition: Petition) -> None:
    _forge(petition, created_at=petition.steps.get(action="submit").at)
    assert [fault.code for fault in verify().bad] == [petition.code]


def test_a_file_forged_into_an_answer_that_tells_of_none_is_found(reference_data: None) -> None:
    petition = make.petition("answered", anew=True)
    drafted = petition.steps.get(action="draft_reply")
    _forge(petition, created_at=drafted.at, reply=petition.replies.get(), evidence=True)
    assert [(fault.code, fault.seq) for fault in verify().bad] == [(petition.code, drafted.seq)] * 2


def _forge(petition: Petition, **row: Any) -> None:
    """A file with a right digest, put beside the steps."""
    file = make.attachment(petition)
    digest = hashlib.sha256(Path(file.file.path).read_bytes()).hexdigest()
    Attachment.objects.filter(pk=file.pk).update(sha256=digest, **row)


def into_the_senders_hands(file: Attachment) -> None:
    file.evidence = False


def away_from_its_answer(file: Attachment) -> None:
    file.reply = None


def to_the_answer_of_another(file: Attachment) -> None:
    file.reply = make.petition("answered", anew=True).replies.get()


@pytest.mark.long
@pytest.mark.parametrize(
    "lie",
    [into_the_senders_hands, away_from_its_answer, to_the_answer_of_another],
    ids=lambda lie: lie.__name__,
)
@pytest.mark.parametrize("brought", ["draft_reply", "fulfil"])
def test_a_file_is_of_whom_and_of_which_answer_its_step_says(
    reference_data: None, brought: str, lie: Callable[[Attachment], None]
) -> None:
    petition = make.petition("in_progress", anew=True)
    planned = make.ANSWER | {"outcome": "planned", "plan_date": "2099-01-01"}
    enclosures.take(petition, "draft_reply", by=make.handler(), files=[sent()], **planned)
    take(petition, "approve", by=make.approver())
    done: dict[str, Any] = {"text": "Đã xong", "evidence": "Ảnh"}
    enclosures.take(petition, "fulfil", by=make.approver(), files=[sent("PNG")], **done)
    assert verify().bad == []
    file = petition.attachments.get(created_at=petition.steps.get(action=brought).at)
    lie(file)
    file.save()
    assert {fault.code for fault in verify().bad} == {petition.code}


def test_nobody_says_by_hand_what_came_with_a_step(petition: Petition) -> None:
    for name, said in (("enclosed", None), ("files", "Không có thông tin nào tên như vậy.")):
        line = {"code": petition.code, "action": "note", "as": make.focal_point().username}
        line["facts"] = {"text": "Đã gọi", name: ["0" * 64]}  # type: ignore[assignment]
        if said:
            with pytest.raises(LineError, match=said):
                acting.act(line)
        else:
            acting.act(line)
    assert not StepText.objects.filter(text__contains="0" * 64).exists()


@pytest.mark.long
def test_no_step_that_touches_others_leaves_a_fault(reference_data: None) -> None:
    """Split, merged, unmerged, classified again, told a place, redirected, erased."""
    person = make.focal_point()
    main, twin, other = (make.petition("in_progress", anew=True) for _each in range(3))
    take(main, "split", by=person, texts=["Cống tắc", "Đèn tắt"])
    take(twin, "merge", by=person, main=main.code)
    take(other, "merge", by=person, main=main.code)
    take(other, "unmerge", by=person)
    take(other, "reclassify", by=person, why="Sai nơi", commune="20305")
    take(main, "redirect", by=person, body="Tòa án", address="374 Núi Thành")
    take(twin, "erase", by=make.user("administrator", province="48"), rule="on-request")
    assert verify().bad == []


@pytest.mark.long
@pytest.mark.parametrize("state", ["in_progress", "suspended"])
def test_clocks_that_ended_with_the_mains_answer_are_no_fault_and_no_cover(
    reference_data: None, state: str
) -> None:
    petition, main = make.petition(state), make.petition("in_progress")
    take(petition, "merge", by=make.handler(), main=main.code)
    take(main, "draft_reply", by=make.handler(), **make.ANSWER)
    take(main, "approve", by=make.approver())
    take(petition, "reopen", by=make.holder(petition), reason="Lại bong")
    assert verify().bad == []
    early = Clock.objects.get(petition=petition, round=1, step="resolve")
    assert early.ended_at
    Clock.objects.filter(pk=early.pk).update(ended_at=early.ended_at - dt.timedelta(hours=1))
    assert [fault.code for fault in verify().bad] == [petition.code]


@pytest.mark.parametrize("lie", [{"is_resolve": False}, {"is_resolve": False, "step": "accept"}])
def test_a_clock_that_is_made_another_kind_of_clock_is_found(answered: Petition, lie: dict[str, Any]) -> None:
    Clock.objects.filter(petition=answered, is_resolve=True).update(**lie)
    assert {fault.code for fault in verify().bad} == {answered.code}


def test_a_denunciation_answered_without_being_accepted_for_handling_misses_no_clock(
    reference_data: None,
) -> None:
    petition, officer, handler = make.petition("received"), make.officer(), make.handler(make.CONSTRUCTION)
    take(petition, "seal", by=officer, kind="denunciation")
    take(petition, "assign", by=officer, agency=make.CONSTRUCTION)
    row = Petition.objects.filter(pk=petition.pk)
    row.update(kind="report")  # as it could be taken on before thụ lý alone did so
    take(petition, "accept", by=handler)
    row.update(kind="denunciation")
    take(petition, "draft_reply", by=handler, **make.ANSWER)
    take(petition, "approve", by=make.approver(make.CONSTRUCTION))
    assert verify().bad == []


def test_words_said_after_an_erase_may_not_be_missing(answered: Petition) -> None:
    take(answered, "erase", by=make.user("administrator", province="48"), rule="on-request")
    last = take(answered, "note", by=make.focal_point(), text="Đã gọi điện")
    assert verify().ok
    StepText.objects.filter(step=last).delete()
    assert {(fault.code, fault.seq) for fault in verify().bad} == {(answered.code, last.seq)}


def test_a_public_copy_that_nobody_published_is_found(answered: Petition) -> None:
    copy = PublicPetition.objects.get()
    take(answered, "unpublish", by=make.reviewer(), reason="Lộ tên người")
    copy.save(force_insert=True)
    assert {fault.code for fault in verify().bad} == {answered.code}


def one_line_gone() -> None:
    (anchors.folder() / "chain.jsonl").write_text("")


def line_and_list_gone() -> None:
    one_line_gone()
    for path in anchors.folder().glob("*.txt.gz"):
        path.unlink()


def folder_gone() -> None:
    shutil.rmtree(anchors.folder())


@pytest.mark.parametrize("lie", [one_line_gone, line_and_list_gone, folder_gone])
def test_an_anchor_taken_away_is_found_and_made_again_from_the_same_steps(
    petition: Petition, lie: Callable[[], None]
) -> None:
    lie()
    assert not verify(now=TODAY).ok
    anchors.make(now=TODAY)
    assert verify(now=TODAY).ok


def test_all_anchors_taken_away_with_the_notes_of_them_are_missed(petition: Petition) -> None:
    folder_gone()
    AnchoredDay.objects.all().delete()
    assert [bad.why[:24] for bad in verify(now=TODAY + dt.timedelta(days=2)).bad] == [
        "ngày 25/11/2026 chưa có "
    ]


def test_a_step_dated_before_the_first_anchor_is_found(petition: Petition) -> None:
    with time_machine.travel(YESTERDAY - dt.timedelta(days=9), tick=False):
        AnchoredDay.objects.all().delete()
        anchors.forget()
        make.petition("submitted", anew=True)
    assert [bad.why for bad in verify(now=TODAY).bad] == ["ngày 16/11/2026 chưa có neo: có bước ghi lùi ngày"]


def test_anchors_made_again_over_a_changed_past_do_not_hide_it(petition: Petition) -> None:
    folder_gone()
    Step.objects.filter(petition=petition, seq=3).update(hash="0" * 64)
    anchors.make(now=TODAY)
    assert "neo ngày 25/11/2026 khác dòng neo mà cơ sở dữ liệu đã ghi" in [bad.why for bad in verify().bad]


def test_a_copy_kept_elsewhere_shows_what_house_and_database_deny_together(
    petition: Petition, tmp_path: Path
) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(anchors.folder(), copy)
    assert verify(copy=copy, now=TODAY).ok
    folder_gone()
    AnchoredDay.objects.all().delete()
    last_step_gone(petition)
    anchors.make(now=TODAY)
    assert verify(now=TODAY).ok
    assert {bad.code for bad in verify(copy=copy, now=TODAY).bad} == {petition.code, ""}


def test_a_copy_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    err = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify", anchors=tmp_path / "nowhere", stderr=err)
    assert (ended.value.code, "nowhere" in err.getvalue()) == (2, True)


@pytest.mark.parametrize(("days", "fits"), [(2, True), (3, False)])
def test_a_day_long_over_without_an_anchor_is_found(petition: Petition, days: int, fits: bool) -> None:
    take(petition, "note", by=make.focal_point(), now=TODAY, text="Đã gọi lại")
    assert verify(now=TODAY + dt.timedelta(days=days)).ok is fits


@pytest.mark.long
def test_nothing_is_added_to_an_anchored_day_by_a_clock_that_was_set_back(petition: Petition) -> None:
    """A quarter past midnight the day before was anchored; then the clock goes back half an hour."""
    begins = dt.datetime(2026, 11, 25, 17, 0, tzinfo=dt.UTC)  # 00:00 of the 26th
    with time_machine.travel(begins - dt.timedelta(minutes=15), tick=False):
        filed = receive(make.submission()).petition
        read_submitted(filed.steps.select_related("petition").get())()  # type: ignore[misc]
        take(petition, "note", by=make.focal_point(), text="Đã gọi lại")
    moments = Step.objects.filter(petition=filed).values_list("at", flat=True)
    assert (set(moments), Petition.objects.get(pk=filed.pk).submitted_at) == ({begins}, begins)
    assert petition.steps.order_by("seq").last().at == begins  # type: ignore[union-attr]
    assert verify(now=TODAY).bad == []
    assert len(anchors.make(now=TODAY + dt.timedelta(days=1))) == 1
    assert verify(now=TODAY + dt.timedelta(days=1)).bad == []


def test_a_process_learns_that_another_anchored_a_day(petition: Petition, monkeypatch: Any) -> None:
    assert anchors.not_before(TODAY) == TODAY
    AnchoredDay.objects.create(day=dt.date(2026, 11, 26), hash="0" * 64)
    assert anchors.not_before(TODAY) == TODAY  # for a minute
    monkeypatch.setattr(anchors, "KNOWN_FOR_S", -1.0)
    assert anchors.not_before(TODAY) == dt.datetime(2026, 11, 26, 17, 0, tzinfo=dt.UTC)


def test_a_pretended_moment_on_an_anchored_day_is_refused_by_name(petition: Petition, settings: Any) -> None:
    settings.CLOCK_OPEN = True
    line = {
        "code": petition.code,
        "action": "note",
        "as": make.focal_point().username,
        "facts": {"text": "Gọi"},
    }
    with pytest.raises(LineError, match="Ngày 25/11/2026 đã neo"):
        acting.act(line | {"at": "2026-11-25T10:00:00+07:00"})
    assert acting.act(line | {"at": "2026-11-26T10:00:00+07:00"})["action"] == "note"
    assert verify().bad == []


@pytest.mark.parametrize("torn", ['{"date":"2026-11-26","dig', '{"date":"2026-11-26"}', "\x00\x00"])
def test_a_last_line_torn_by_a_full_disk_is_written_anew(petition: Petition, torn: str) -> None:
    path = anchors.folder() / "chain.jsonl"
    whole = path.read_text()
    path.write_text(whole + torn)
    assert verify(now=TODAY).ok
    assert len(anchors.make(now=TODAY + dt.timedelta(days=1))) == 1
    assert path.read_text().startswith(whole + '{"date":"2026-11-26","digest"')
    assert verify(now=TODAY).ok


def test_a_last_line_without_its_end_is_kept(petition: Petition) -> None:
    path = anchors.folder() / "chain.jsonl"
    path.write_text(path.read_text().rstrip("\n"))
    assert len(anchors.make(now=TODAY + dt.timedelta(days=1))) == 1
    assert verify(now=TODAY).anchors == 2


def test_a_disk_that_is_full_leaves_no_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "full"
    path.write_bytes(b"before\n")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with path.open("a+b", buffering=0) as file, pytest.raises(OSError):
            anchors._write_whole(file, b"a longer line\n", at=7)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == b"before\n"


def test_a_line_broken_in_the_middle_is_named_and_nothing_is_signed(petition: Petition) -> None:
    path = anchors.folder() / "chain.jsonl"
    path.write_text("{}\n" + path.read_text())
    err = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("anchor", stderr=err)
    assert (ended.value.code, "hỏng ở dòng 1" in err.getvalue()) == (1, True)
    assert [bad.why for bad in verify().bad] == ["Tệp neo chain.jsonl hỏng ở dòng 1."]


@pytest.mark.parametrize("change", ["root", "steps", "signature"])
def test_an_anchor_line_changed_is_found(petition: Petition, change: str) -> None:
    path = anchors.folder() / "chain.jsonl"
    line = path.read_text()
    at = line.index(f'"{change}":') + len(change) + 4
    path.write_text(line[:at] + ("1" if line[at] != "1" else "2") + line[at + 1 :])
    assert not verify().ok


def test_anchoring_twice_makes_one_line_a_day(petition: Petition) -> None:
    assert anchors.make(now=TODAY) == []
    assert len(anchors.chain()) == 1
    assert len(anchors.make(now=TODAY + dt.timedelta(days=2))) == 2
    assert verify().ok


def test_a_day_is_not_anchored_while_its_last_steps_may_still_come(petition: Petition) -> None:
    midnight = dt.datetime(2026, 11, 26, 17, 5, tzinfo=dt.UTC)  # 00:05 of the 27th
    assert anchors.make(now=midnight) == []


SECRET = "Nguyễn Văn Kín, số 77 đường Kín Cổng"
TRACES = ("Nguyễn Văn Kín", "Kín Cổng", "kin@example.vn", "0905 778 899")


TABLES_OF_WORDS = {
    f"feedback_{table}"
    for table in (
        *("petition", "attachment", "steptext", "coordination"),
        *("reply", "replydraft", "withheld", "publicpetition"),
    )
}


def told_everywhere() -> Petition:
    """The same words wherever words can be said, read by the machine and told in notices."""
    petition = make.petition(
        "in_progress",
        text=f"{SECRET}, điện thoại 0905 778 899: mất nắp cống",
        name=SECRET,
        email=TRACES[2],
        place_text=SECRET,
    )
    file = make.attachment(petition)
    file.name = f"{SECRET}.pdf"
    file.save()
    handler, approver, focal, holder = (
        *(make.handler(), make.approver(), make.focal_point()),
        make.holder(petition),
    )
    take(petition, "note", by=focal, text=SECRET)
    day = dt.date(2099, 12, 1)
    take(petition, "coordinate", by=handler, agencies=[make.CONSTRUCTION], question=SECRET, day=day)
    take(petition, "contribute", by=make.handler(make.CONSTRUCTION), text=SECRET)
    take(petition, "ask", by=focal, question=SECRET)
    take(petition, "inform", by=holder, text=SECRET)
    answer = make.ANSWER | {"text": SECRET, "evidence": SECRET}
    drafts.keep(petition, by=handler, told=answer, now=timezone.now())
    take(petition, "draft_reply", by=handler, **answer)
    take(petition, "send_back", by=approver, words=SECRET)
    take(petition, "draft_reply", by=handler, **answer)
    take(petition, "approve", by=approver)
    take(petition, "refuse_publication", by=holder, hide=f"{SECRET} ở nhà bên")  # else it is black in public
    Withheld.objects.create(petition=petition, by=focal, at=timezone.now(), reason=SECRET)
    followups.catch_up()
    take(petition, "publish", by=make.reviewer(), public_text=SECRET, public_answer=SECRET)
    drafts_of_another = {"petition": petition, "person": approver, "agency_id": make.HAI_CHAU}
    ReplyDraft.objects.create(**drafts_of_another, text=SECRET, updated_at=timezone.now())
    return petition


@pytest.mark.long
def test_after_erasing_no_table_holds_the_words_and_the_chain_still_verifies(
    settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    petition = told_everywhere()
    path = Path(petition.attachments.get().file.path)
    told = found_in_tables()
    assert {trace for trace, tables in told.items() if not tables} == {TRACES[2]}  # sealed where it stands
    assert Contact.objects.filter(petition=petition).exists()
    assert set().union(*told.values()) >= TABLES_OF_WORDS
    assert path.exists()
    with TestCase.captureOnCommitCallbacks(execute=True):
        take(petition, "erase", by=make.user("administrator"), rule="feedback-5-years")
    assert found_in_tables() == {trace: set() for trace in (*TRACES, SECRET)}
    assert not Contact.objects.filter(petition=petition).exists()
    assert not path.exists()
    assert verify().bad == []


def found_in_tables() -> dict[str, set[str]]:
    """The tables that hold each trace, however it is written: in capitals, without its marks, in JSON."""
    found: dict[str, set[str]] = {trace: set() for trace in (*TRACES, SECRET)}
    looked_for = {
        trace: (trace.casefold(), bare(trace), json.dumps(trace)[1:-1].casefold()) for trace in found
    }
    for table, rows in connection_dump():
        written = (rows.casefold(), bare(rows))
        for trace, forms in looked_for.items():
            if any(form in text for form in forms for text in written):
                found[trace].add(table)
    return found


def bare(text: str) -> str:
    """Letters and digits without their marks."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return re.sub(r"[\W_]+", "", plain)


def connection_dump() -> Iterator[tuple[str, str]]:
    """Every table with its rows as text."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            yield table, "\n".join(map(repr, cursor.fetchall()))
