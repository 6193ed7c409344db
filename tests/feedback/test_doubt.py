"""What may be a complaint or denunciation is asked about: it stays in the flow, and nobody else can tell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Post, Role, User
from classifier import Reading, read
from feedback import acting, inbox, story, understanding, workflow
from feedback.forms.publishing import PublishForm
from feedback.intake import read_submitted, receive
from feedback.learning import lessons
from feedback.models import Correction, Notice, Petition, Prediction, PublicPetition
from feedback.permissions import SYSTEM
from feedback.redaction import BLACK
from feedback.steps import NotNow, Overtaken, take
from feedback.verification import verify, verify_one
from tests import make
from tests.feedback.test_races import at_once
from tests.pages import at, words

pytestmark = pytest.mark.django_db

WORDS = "Máy ngờ đây có thể là khiếu nại hoặc tố cáo"
NO = "Không phải khiếu nại, tố cáo"
NOW = dt.datetime(2026, 11, 27, 3, tzinfo=dt.UTC)
TEXT = "Đèn đường trước nhà số 12 không sáng ba đêm nay, phường Hải Châu, Đà Nẵng."


def doubtful(**other: Any) -> Reading:
    """A sure reading of a report that the machine doubts."""
    return replace(read(TEXT), **{"law_doubt": True} | other)


def read_as(reading: Reading, now: dt.datetime | None = None, **sent: Any) -> Petition:
    petition = receive(make.submission(**{"text": TEXT} | sent), now=now).petition
    return read_anew(petition, reading)


def read_anew(petition: Petition, reading: Reading) -> Petition:
    write = read_submitted(petition.steps.select_related("petition").order_by("-seq")[0], reading=reading)
    assert write is not None
    with transaction.atomic():
        write()
    return Petition.objects.get(pk=petition.pk)


def in_doubt(state: str = "in_progress", **fields: Any) -> Petition:
    petition = make.petition(state, **fields)
    Petition.objects.filter(pk=petition.pk).update(law_doubt_at=petition.submitted_at)
    return Petition.objects.get(pk=petition.pk)


def now_in_doubt(petition: Petition) -> bool:
    return Petition.objects.get(pk=petition.pk).law_doubt_at is not None


# --- when it is read ------------------------------------------------------------------------------------


def test_a_doubtful_one_goes_the_way_of_all_others() -> None:
    now = timezone.now()
    plain, doubted = (read_as(doubtful(law_doubt=doubt), now=now) for doubt in (False, True))
    assert (plain.law_doubt_at, doubted.law_doubt_at is None) == (None, False)
    for name in (
        "state",
        "lead_id",
        "kind",
        "subfield_id",
        "sealed",
        "policy_id",
        "provisional",
        "urgent",
        "due_at",
    ):
        assert getattr(plain, name) == getattr(doubted, name), name
    assert doubted.state == "assigned"
    assert doubted.due_at is not None
    told = [[step.action for step in one.steps.all()] for one in (plain, doubted)]
    assert told[0] == told[1] == ["submit", "read", "receive", "assign"]
    assert [one.reading.law_doubt for one in (plain, doubted) if one.reading] == [False, True]


def test_the_step_of_reading_says_nothing_of_it() -> None:
    facts = [
        one.steps.get(action="read").facts
        for one in (read_as(doubtful()), read_as(doubtful(law_doubt=False)))
    ]
    assert facts[0] == facts[1]


@pytest.mark.parametrize("kind", ["spam", "complaint", "denunciation"])
def test_of_spam_and_of_what_is_suspected_nobody_is_asked(kind: str) -> None:
    assert not now_in_doubt(read_as(doubtful(kind=kind)))


def test_of_what_a_person_took_in_before_the_machine_nobody_is_asked() -> None:
    petition = receive(make.submission(text=TEXT)).petition
    write = read_submitted(petition.steps.select_related("petition").get(), reading=doubtful())
    take(petition, "receive", by=make.focal_point(), kind="question")
    assert write is not None
    with transaction.atomic():
        write()
    assert not now_in_doubt(petition)


def unplaced() -> Petition:
    """Read, and waiting at the focal point: a person has to look."""
    return read_as(doubtful(decision="person", subfield="", places=()), commune="")


def tells_where(petition: Petition) -> Petition:
    take(petition, "inform", by=make.holder(petition), commune="20242", text="Hải Châu")
    return read_anew(petition, doubtful(decision="person", subfield=""))


def test_read_anew_it_is_asked_about_still() -> None:
    petition = unplaced()
    assert now_in_doubt(petition)
    assert now_in_doubt(tells_where(petition))


def test_read_anew_after_the_answer_nobody_is_asked_again() -> None:
    petition = unplaced()
    take(petition, "clear_doubt", by=make.focal_point())
    again = tells_where(petition)
    assert again.predictions.count() == 2
    assert not now_in_doubt(again)


def test_read_anew_after_a_person_said_the_kind_nobody_is_asked_again() -> None:
    petition = unplaced()
    take(petition, "reclassify", by=make.focal_point(), kind="question", why="Là câu hỏi")
    assert not now_in_doubt(petition)
    assert not now_in_doubt(tells_where(petition))


def test_what_the_machine_suspects_when_it_reads_anew_is_sealed_and_asked_about_no_more() -> None:
    petition = unplaced()
    take(petition, "inform", by=make.holder(petition), commune="20242", text="Hải Châu")
    again = read_anew(petition, doubtful(kind="denunciation", law_doubt=False))
    assert (again.sealed, again.law_doubt_at) == (True, None)


# --- who may say ----------------------------------------------------------------------------------------

ASKED = {"focal", "officer"}


def supervisor_beside_an_officer() -> User:
    """Where there is nobody of the intake he is asked: test_doubts_reminded."""
    make.officer()
    return make.user(Role.SUPERVISOR, province="48")


OFFICIALS: list[tuple[str, Callable[[], User]]] = [
    ("focal", make.focal_point),
    ("officer", make.officer),
    ("handler", make.handler),
    ("approver", make.approver),
    ("reviewer", make.reviewer),
    ("helper", lambda: make.handler(make.CONSTRUCTION)),
    ("supervisor", supervisor_beside_an_officer),
    ("auditor", lambda: make.user(Role.AUDITOR)),
    ("administrator", lambda: make.user(Role.ADMINISTRATOR)),
    ("operator", lambda: make.user(Role.OPERATOR, province="48")),
    ("elsewhere", lambda: make.focal_point("01")),
]
BY_ROLE = pytest.mark.parametrize(("word", "who"), OFFICIALS, ids=[word for word, _who in OFFICIALS])


@BY_ROLE
@pytest.mark.parametrize("state", ["submitted", "in_progress", "answered", "closed", "rejected", "merged"])
def test_the_intake_alone_may_say_that_it_is_none(word: str, who: Callable[[], User], state: str) -> None:
    petition, person = in_doubt(state), who()
    assert ("clear_doubt" in workflow.available(petition, person)) is (word in ASKED)
    if word in ASKED:
        step = take(petition, "clear_doubt", by=person)
        assert (step.before, step.after, step.by) == (state, state, person)
        assert not now_in_doubt(petition)
    else:
        with pytest.raises(PermissionDenied):
            take(petition, "clear_doubt", by=person)
        assert now_in_doubt(petition)


@pytest.mark.parametrize("who", [lambda petition: make.holder(petition), lambda petition: SYSTEM])
def test_neither_the_sender_nor_the_house_says_it(who: Callable[[Petition], Any]) -> None:
    petition = in_doubt()
    with pytest.raises(PermissionDenied):
        take(petition, "clear_doubt", by=who(petition))


def both(agency: str) -> User:
    """Of the intake, and of an agency too."""
    person = make.focal_point()
    Post.objects.create(user=person, role=Role.HANDLER, agency_id=agency)
    return User.objects.get(pk=person.pk)


@pytest.mark.long
def test_nobody_says_it_whose_agency_has_it_in_hand() -> None:
    petition = in_doubt()
    ours, another = both(make.HAI_CHAU), both(make.CONSTRUCTION)
    assert "clear_doubt" not in workflow.available(petition, ours)
    assert WORDS not in words(at(ours).get(petition.get_absolute_url()))
    assert not listed(ours, petition)
    assert "clear_doubt" in workflow.available(petition, another)
    assert listed(another, petition)


def test_answering_moves_nothing_else() -> None:
    petition = in_doubt("assigned")
    Petition.objects.filter(pk=petition.pk).update(provisional=True)
    focal, officer = make.focal_point(), make.officer()
    take(petition, "propose_refusal", by=focal, ground="court", reason="Tòa đã xử")
    before: dict[str, Any] = dict(Petition.objects.values().get(pk=petition.pk))
    take(petition, "clear_doubt", by=officer)
    after: dict[str, Any] = dict(Petition.objects.values().get(pk=petition.pk))
    assert {name for name in before if before[name] != after[name]} == {"law_doubt_at"}
    assert Notice.objects.filter(step__action="clear_doubt").count() == 0
    assert verify().bad == []


# --- what ends it ---------------------------------------------------------------------------------------


@pytest.mark.long
def test_it_is_said_once() -> None:
    petition, client = in_doubt(), at(make.officer())
    address, seq = f"/xu-ly/{petition.code}/clear_doubt/", petition.steps.count()
    assert client.post(address, {"seq": seq}).status_code == 302
    again = client.post(address, {"seq": seq})
    assert again.status_code == 409
    assert petition.steps.filter(action="clear_doubt").count() == 1


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_two_who_say_it_at_once_one_reads_that_he_is_late(reference_data: None) -> None:
    petition, people = in_doubt(), (make.focal_point(), make.officer())
    answers = at_once(*(lambda by=person: take(petition, "clear_doubt", by=by) for person in people))
    assert sum(isinstance(answer, NotNow) for answer in answers) == 1
    assert petition.steps.filter(action="clear_doubt").count() == 1


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_one_who_seals_and_one_who_says_it_is_none_sealing_stands(reference_data: None) -> None:
    petition, focal, officer = in_doubt(), make.focal_point(), make.officer()
    at_once(
        lambda: take(petition, "seal", by=officer, kind="denunciation"),
        lambda: take(petition, "clear_doubt", by=focal),
    )
    sealed = Petition.objects.get(pk=petition.pk)
    assert (sealed.sealed, sealed.kind, sealed.law_doubt_at) == (True, "denunciation", None)


@pytest.mark.parametrize("who", [make.focal_point, make.officer, make.handler])
def test_sealing_ends_it(who: Callable[[], User]) -> None:
    petition = in_doubt()
    take(petition, "seal", by=who(), kind="complaint")
    with pytest.raises(NotNow):
        take(petition, "clear_doubt", by=make.officer())
    assert not now_in_doubt(petition)


def test_withdrawing_and_erasing_end_it() -> None:
    withdrawn, erased = in_doubt(), in_doubt()
    take(withdrawn, "withdraw", by=make.holder(withdrawn))
    take(erased, "erase", by=SYSTEM, rule="unsigned-1-year")
    assert not now_in_doubt(withdrawn)
    assert not now_in_doubt(erased)


def test_another_kind_in_the_word_of_the_intake_ends_it_and_teaches_as_before() -> None:
    petition = read_as(doubtful())
    take(petition, "reclassify", by=make.focal_point(), kind="question", why="Là câu hỏi")
    assert not now_in_doubt(petition)
    correction = Correction.objects.get(petition=petition)
    assert (correction.read_kind, correction.said_kind) == ("report", "question")
    assert [lesson.kind for lesson in lessons()] == ["question"]


@pytest.mark.parametrize("kind", ["question", "spam"])
def test_another_kind_in_the_word_of_who_has_it_in_hand_does_not(kind: str) -> None:
    petition = in_doubt()
    take(petition, "reclassify", by=make.handler(), kind=kind, why="Không phải phản ánh")
    assert now_in_doubt(petition)
    assert listed(make.officer(), petition)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "asked"), [("report", True), ("question", False)])
def test_the_kind_that_the_form_of_receipt_holds_already_is_no_answer(kind: str, asked: bool) -> None:
    petition, focal = unplaced(), at(make.focal_point())
    told = {"commune": "20242", "subfield": make.SIDEWALK, "kind": kind}
    assert focal.post(f"/xu-ly/{petition.code}/receive/", told).status_code == 302
    assert Petition.objects.get(pk=petition.pk).state == "received"
    assert now_in_doubt(petition) is asked


# --- the desk -------------------------------------------------------------------------------------------

LIST = "co-the-don-thu"


def listed(user: User, petition: Petition, slug: str = LIST) -> bool:
    return petition.printed_code in words(at(user).get(f"/xu-ly/?xem={slug}"))


@BY_ROLE
def test_the_list_is_the_intakes(word: str, who: Callable[[], User]) -> None:
    petition, person = in_doubt("submitted"), who()
    answer = at(person).get(f"/xu-ly/?xem={LIST}")
    assert answer.status_code == (200 if word in {*ASKED, "elsewhere"} else 404)
    assert (petition.printed_code in words(answer)) is (word in ASKED)
    assert inbox.tally(person, timezone.now()).get(LIST, 0) == (word in ASKED)


@pytest.mark.long
def test_the_list_holds_the_newest_first_and_nothing_that_was_answered() -> None:
    older, newer, over, plain = (
        in_doubt("answered"),
        in_doubt("assigned"),
        in_doubt(),
        make.petition("in_progress"),
    )
    take(over, "clear_doubt", by=make.officer())
    page = words(at(make.focal_point()).get(f"/xu-ly/?xem={LIST}"))
    assert page.index(newer.printed_code) < page.index(older.printed_code)
    assert over.printed_code not in page
    assert plain.printed_code not in page


def test_whoever_sees_it_by_another_post_than_of_its_intake_has_it_in_no_list() -> None:
    petition = in_doubt("assigned")
    stranger = make.user(Role.FOCAL_POINT, "feedback-focal-point:01", "01")
    Post.objects.create(user=stranger, role=Role.SUPERVISOR, province_id="48")
    stranger = User.objects.get(pk=stranger.pk)
    assert at(stranger).get(petition.get_absolute_url()).status_code == 200
    assert inbox.tally(stranger, timezone.now())[LIST] == 0
    assert not listed(stranger, petition)


@BY_ROLE
def test_the_page_asks_the_intake_alone(word: str, who: Callable[[], User]) -> None:
    petition = in_doubt("assigned")
    answer = at(who()).get(petition.get_absolute_url())
    assert (WORDS in words(answer)) is (word in ASKED)
    assert ("clear_doubt" in words(answer)) is (word in ASKED)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["complaint", "denunciation"])
def test_its_buttons_need_no_script(kind: str) -> None:
    petition, client = in_doubt("assigned"), at(make.officer())
    page = words(client.get(petition.get_absolute_url()))
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.S) if "/clear_doubt/" in one)
    assert f'name="kind" value="{kind}" formaction="/xu-ly/{petition.code}/seal/"' in form
    seq = re.findall(r'name="seq" value="(\d+)"', form)[0]
    assert client.post(f"/xu-ly/{petition.code}/seal/", {"seq": seq, "kind": kind}).status_code == 302
    sealed = Petition.objects.get(pk=petition.pk)
    assert (sealed.sealed, sealed.kind, sealed.law_doubt_at) == (True, kind, None)
    assert WORDS not in words(client.get(petition.get_absolute_url()))


@pytest.mark.long
def test_where_it_stands_open_by_its_address_it_is_a_form_like_any_other() -> None:
    petition, client = in_doubt(), at(make.officer())
    page = words(client.get(f"{petition.get_absolute_url()}?lam=clear_doubt"))
    assert page.count(f'action="/xu-ly/{petition.code}/clear_doubt/"') == 2
    assert f'action="/xu-ly/{petition.code}/clear_doubt/"' not in words(
        at(make.handler()).get(f"{petition.get_absolute_url()}?lam=clear_doubt")
    )


# --- nobody else can tell -------------------------------------------------------------------------------

UNTOLD = [(word, who) for word, who in OFFICIALS if word not in {*ASKED, "elsewhere", "helper"}]


def plain(answer: Any) -> str:
    """A page without what differs each time that it is asked for."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", words(answer))
    return re.sub(r'name="window" value="\w+"', "", page)


def said_to(petition: Petition, person: User, now: dt.datetime) -> list[Any]:
    """All that this person is told of it: page, lists, timeline, command."""
    client, found = at(person), Petition.objects.get(pk=petition.pk)
    pages = [found.get_absolute_url(), "/xu-ly/", "/xu-ly/?xem=dang-mo", f"/xu-ly/?q={found.code}"]
    return [
        *(plain(client.get(page, follow=True)) for page in pages),
        story.to_officials(found, now, by=person),
        acting.told_petition(found, person, now=now),
    ]


@pytest.mark.long
@pytest.mark.parametrize(("word", "who"), UNTOLD, ids=[word for word, _who in UNTOLD])
@pytest.mark.parametrize("state", ["assigned", "pending_approval"])
def test_to_everybody_else_it_is_as_any_other(
    word: str, who: Callable[[], User], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition, person, now = make.petition(state), who(), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)  # pages tell how long ago
    before = said_to(petition, person, now)
    Petition.objects.filter(pk=petition.pk).update(law_doubt_at=petition.submitted_at)
    assert said_to(petition, person, now) == before
    take(petition, "clear_doubt", by=make.officer())
    assert said_to(petition, person, now) == before


def test_the_sender_reads_nothing_of_it() -> None:
    petition = make.petition("answered")
    holder, now = make.holder(petition), timezone.now()
    before = story.to_petitioner(petition, now), acting.told_petition(petition, holder, now=now)
    Petition.objects.filter(pk=petition.pk).update(law_doubt_at=petition.submitted_at)
    found = Petition.objects.get(pk=petition.pk)
    assert (story.to_petitioner(found, now), acting.told_petition(found, holder, now=now)) == before
    take(found, "clear_doubt", by=make.officer())
    found = Petition.objects.get(pk=petition.pk)
    assert (story.to_petitioner(found, now), acting.told_petition(found, holder, now=now)) == before


def test_a_preview_says_the_same_of_a_doubtful_text(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for doubt in (False, True):
        monkeypatch.setattr(understanding, "read", lambda text, home, doubt=doubt: doubtful(law_doubt=doubt))
        told.append(understanding.propose(TEXT, commune="20242", place_text="", now=NOW))
    assert told[0] == told[1]


def test_whoever_types_meanwhile_is_not_overtaken_by_the_answer() -> None:
    petition, handler = in_doubt(), make.handler()
    seen = petition.last_step().seq
    take(petition, "clear_doubt", by=make.officer())
    take(petition, "draft_reply", by=handler, seen=seen, **make.ANSWER)
    with pytest.raises(Overtaken):
        take(petition, "send_back", by=make.approver(), seen=seen, words="Thiếu ảnh")


@pytest.mark.long
def test_whoever_seals_from_an_older_page_is_told_that_another_has_answered() -> None:
    petition, colleague, person = in_doubt("assigned"), make.officer(), at(make.focal_point())
    page = words(person.get(petition.get_absolute_url()))
    seq = re.search(r'name="seq" value="(\d+)">\s*<input type="hidden" name="asked"', page)
    assert seq is not None
    told = {"seq": seq[1], "kind": "denunciation"}
    take(petition, "clear_doubt", by=colleague)
    for action in ("seal", "clear_doubt"):
        answer = person.post(f"/xu-ly/{petition.code}/{action}/", told | {"asked": "1"})
        assert answer.status_code == 409
        assert colleague.username in words(answer)
        assert NO.lower() in words(answer).lower()
    assert not Petition.objects.get(pk=petition.pk).sealed
    # Whoever has read that and means it says so by the form of its own.
    assert person.post(f"/xu-ly/{petition.code}/seal/", told).status_code == 302
    assert Petition.objects.get(pk=petition.pk).sealed


def test_whoever_is_not_asked_learns_nothing_by_pretending_to_answer() -> None:
    petition = in_doubt("assigned")
    seen = petition.last_step().seq
    take(petition, "clear_doubt", by=make.officer())
    take(petition, "note", by=make.handler(), text="Gọi lại", seen=seen, to_doubt=True)


def test_the_intake_reads_who_said_that_it_is_none() -> None:
    petition, officer = in_doubt(), make.officer()
    take(petition, "clear_doubt", by=officer)
    first = story.to_officials(Petition.objects.get(pk=petition.pk), timezone.now(), by=make.focal_point())[0]
    assert (first.said, first.note) == (
        "Trả lời câu hỏi của máy: không phải khiếu nại, tố cáo",
        officer.username,
    )


# --- in public ------------------------------------------------------------------------------------------

WAITS = "đầu mối tiếp nhận hoặc cán bộ xử lý đơn chưa trả lời"


@pytest.mark.long
def test_what_is_in_doubt_is_not_published() -> None:
    petition, reviewer = in_doubt("answered"), make.reviewer()
    client = at(reviewer)
    for action in ("publish", "offer_publication"):
        assert action not in workflow.available(petition, reviewer)
        answer = client.post(f"/xu-ly/{petition.code}/{action}/", {"public_text": "Gạch bong."})
        assert answer.status_code == 409
        with pytest.raises(NotNow):
            take(petition, action, by=reviewer, public_text="Gạch bong.")
    page = words(client.get(petition.get_absolute_url()))
    assert WAITS in page
    assert WORDS not in page
    assert not listed(reviewer, petition, "cong-khai")
    take(petition, "clear_doubt", by=make.officer())
    page = words(client.get(petition.get_absolute_url()))
    assert WAITS not in page
    assert listed(reviewer, petition, "cong-khai")
    take(petition, "publish", by=reviewer, public_text="Gạch bong.")
    assert Petition.objects.get(pk=petition.pk).published_at is not None


@pytest.mark.long
def test_neither_is_the_whole_of_which_a_part_is_in_doubt() -> None:
    petition, reviewer = make.petition("in_progress"), make.reviewer()
    take(petition, "split", by=make.officer(), texts=["Trưởng thôn thu tiền không ghi biên lai."])
    part = Petition.objects.get(origin=petition)
    Petition.objects.filter(pk=part.pk).update(law_doubt_at=part.submitted_at)
    with pytest.raises(NotNow):
        take(petition, "publish", by=reviewer, public_text="Gạch bong.")
    page = at(reviewer)
    assert WAITS in words(page.get(petition.get_absolute_url()))
    take(part, "clear_doubt", by=make.focal_point())
    assert WAITS not in words(page.get(petition.get_absolute_url()))
    take(petition, "publish", by=reviewer, public_text="Gạch bong.")


def part_in_doubt(petition: Petition) -> Petition:
    """Told in its own text, split off, and a person is asked about it."""
    take(petition, "split", by=make.officer(), texts=["Trưởng thôn thu tiền không ghi biên lai."])
    part = Petition.objects.filter(origin=petition).latest("pk")
    Petition.objects.filter(pk=part.pk).update(law_doubt_at=part.submitted_at)
    return part


def public_with(part: bool) -> Petition:
    """Public before it, or a part of it, came into doubt."""
    petition = make.petition("in_progress")
    take(petition, "publish", by=make.reviewer(), public_text="Gạch bong. Trưởng thôn thu tiền.")
    if part:
        part_in_doubt(petition)
    else:
        Petition.objects.filter(pk=petition.pk).update(law_doubt_at=petition.submitted_at)
    return Petition.objects.get(pk=petition.pk)


@pytest.mark.long
@pytest.mark.parametrize("part", [False, True])
def test_of_what_is_public_already_more_is_hidden_and_nothing_opened(part: bool) -> None:
    petition, reviewer = public_with(part), make.reviewer()
    page = words(at(reviewer).get(petition.get_absolute_url()))
    assert "Chưa đăng công khai được" not in page
    assert "Bản đang công khai lúc này chỉ được che thêm hoặc gỡ xuống" in page
    assert ("máy ngờ một phần của đơn có thể là" in page, "máy ngờ đơn này có thể là" in page) == (
        part, not part
    )  # fmt: skip
    opened: list[dict[str, Any]] = [
        {"public_text": "Gạch bong. Trưởng thôn thu tiền không ghi biên lai."},
        {"public_text": "Gạch bong. Trưởng thôn thu tiền.", "public_answer": "Đã lát lại."},
    ]
    for told in opened:
        with pytest.raises(ValidationError, match="chỉ được che thêm hoặc gỡ xuống"):
            take(petition, "publish", by=reviewer, **told)
    with pytest.raises(NotNow):
        take(petition, "offer_publication", by=reviewer, public_text="Gạch bong.")
    take(petition, "publish", by=reviewer, public_text=f"Gạch bong. {BLACK}")
    assert PublicPetition.objects.get(petition=petition).text == f"Gạch bong. {BLACK}"
    take(petition, "unpublish", by=reviewer, reason="Chờ trả lời")
    with pytest.raises(NotNow):
        take(petition, "publish", by=reviewer, public_text=f"Gạch bong. {BLACK}")
    assert "Chưa đăng công khai được" in words(at(reviewer).get(petition.get_absolute_url()))


def test_what_is_mended_in_the_form_begins_with_what_is_public_and_no_new_answer() -> None:
    petition, reviewer = make.petition("answered"), make.reviewer()
    take(petition, "publish", by=reviewer, public_text="Gạch bong.", public_answer="Đã lát.")
    take(petition, "reopen", by=make.holder(petition), reason="Lại hỏng")
    take(petition, "accept", by=make.handler())
    take(petition, "draft_reply", by=make.handler(), **make.ANSWER)
    take(petition, "approve", by=make.user(Role.APPROVER, "provincial-people-committee:48"))
    Petition.objects.filter(pk=petition.pk).update(law_doubt_at=petition.submitted_at)
    form = PublishForm(petition=Petition.objects.get(pk=petition.pk), by=reviewer)
    assert form.proposed() == {"public_text": "Gạch bong.", "public_answer": ""}


def test_a_reviewer_of_the_agency_that_has_it_mends_and_reads_no_reason() -> None:
    petition, reviewer = public_with(part=False), make.reviewer()
    Post.objects.create(user=reviewer, role=Role.HANDLER, agency_id=make.HAI_CHAU)
    page = words(at(User.objects.get(pk=reviewer.pk)).get(petition.get_absolute_url()))
    assert "Bản đang công khai lúc này chỉ được che thêm hoặc gỡ xuống: chưa xem xong." in page
    assert "máy ngờ" not in page.lower()


def test_the_whole_of_a_doubted_part_does_not_wait_to_be_published() -> None:
    petition, reviewer = make.petition("in_progress"), make.reviewer()
    part = part_in_doubt(petition)
    take(petition, "draft_reply", by=make.handler(), **make.ANSWER)
    take(petition, "approve", by=make.approver())
    assert not listed(reviewer, petition, "cong-khai")
    take(part, "clear_doubt", by=make.focal_point())
    assert listed(reviewer, petition, "cong-khai")


@pytest.mark.long
def test_what_is_over_stands_in_a_list_of_its_own() -> None:
    person = make.officer()
    for state, goes_on in (("in_progress", True), ("answered", True), ("closed", False), ("merged", False)):
        petition = in_doubt(state)
        assert listed(person, petition) is goes_on, state
        assert listed(person, petition, f"{LIST}-da-xong") is not goes_on, state


def test_a_reviewer_of_the_agency_that_has_it_reads_a_sentence_that_tells_nothing() -> None:
    petition, reviewer = in_doubt("answered"), make.reviewer()
    Post.objects.create(user=reviewer, role=Role.HANDLER, agency_id=make.HAI_CHAU)
    person = User.objects.get(pk=reviewer.pk)
    page = words(at(person).get(petition.get_absolute_url()))
    assert "Chưa đăng công khai được: chưa xem xong." in page
    assert "máy ngờ" not in page.lower()


@pytest.mark.long
def test_a_handler_hears_nothing_of_why_it_is_not_public_yet() -> None:
    petition, handler = in_doubt("answered"), make.handler()
    page = words(at(handler).get(petition.get_absolute_url()))
    assert "Chưa đăng" not in page
    answer = at(handler).post(f"/xu-ly/{petition.code}/publish/", {"public_text": "Gạch bong."})
    plain_one = make.petition("answered")
    same = at(handler).post(f"/xu-ly/{plain_one.code}/publish/", {"public_text": "Gạch bong."})
    assert (answer.status_code, same.status_code) in {(409, 403), (403, 403)}


def test_what_was_read_before_is_in_nobodys_list() -> None:
    petition = make.petition("in_progress")
    Prediction.objects.create(
        petition=petition,
        at=petition.submitted_at,
        model="thử",
        confidence=0.5,
        kind="report",
        decision="person",
    )
    assert not listed(make.officer(), petition)


def test_nor_is_the_whole_of_a_part_of_which_a_part_is_in_doubt() -> None:
    petition, reviewer = make.petition("in_progress"), make.reviewer()
    take(petition, "split", by=make.officer(), texts=["Cống nghẹt. Trưởng thôn thu tiền không ghi biên lai."])
    part = Petition.objects.get(origin=petition)
    take(part, "split", by=make.officer(), texts=["Trưởng thôn thu tiền không ghi biên lai."])
    inner = Petition.objects.get(origin=part)
    Petition.objects.filter(pk=inner.pk).update(law_doubt_at=inner.submitted_at)
    whole = Petition.objects.get(pk=petition.pk)
    assert [one.pk for one in whole.doubted_parts()] == [inner.pk]
    with pytest.raises(NotNow):
        take(whole, "publish", by=reviewer, public_text="Gạch bong.")
    take(inner, "clear_doubt", by=make.focal_point())
    take(Petition.objects.get(pk=petition.pk), "publish", by=reviewer, public_text="Gạch bong.")


@pytest.mark.long
@pytest.mark.parametrize(("state", "waits"), [("in_progress", True), ("closed", False)])
def test_what_is_closed_is_not_said_to_go_its_way(state: str, waits: bool) -> None:
    page = words(at(make.focal_point()).get(in_doubt(state).get_absolute_url()))
    assert WORDS in page
    assert ("Đơn vẫn đi đường thường trong lúc chờ." in page) is waits


def faults_of_the_copy(petition: Petition) -> list[str]:
    found = verify_one(Petition.objects.get(pk=petition.pk))[1]
    return [fault.why for fault in found if "công khai" in fault.why]


@pytest.mark.parametrize("left", ["", " ", "\r\n", "\xa0", "\u200b", "--"])
@pytest.mark.parametrize("doubt", [False, True])
@pytest.mark.parametrize("subfield", ["urban-infrastructure.sidewalk", "urban-order.noise"])
def test_an_answer_that_the_reviewer_empties_is_public_no_more(subfield: str, doubt: bool, left: str) -> None:
    petition, reviewer = make.petition("answered", subfield=subfield), make.reviewer()
    take(petition, "publish", by=reviewer, public_text="Có người nói.", public_answer="Đã nhắc nhở chủ quán.")
    if doubt:
        Petition.objects.filter(pk=petition.pk).update(law_doubt_at=petition.submitted_at)
    typed = {
        "seq": petition.last_step().seq,
        "public_text": "Có người nói.",
        "public_answer": left,
        "sure": "on",
    }
    assert at(reviewer).post(f"/xu-ly/{petition.code}/publish/", typed).status_code == 302
    copy = PublicPetition.objects.get(petition=petition)
    assert (copy.text, copy.answer) == ("Có người nói.", "")
    assert not [
        fault for fault in verify_one(Petition.objects.get(pk=petition.pk))[1] if "công khai" in str(fault)
    ]


@pytest.mark.long
def test_what_is_only_hidden_in_doubt_leaves_the_new_answer_waiting() -> None:
    petition, reviewer = make.petition("in_progress"), make.reviewer()
    take(petition, "publish", by=reviewer, public_text="Gạch bong trước trường.")
    Petition.objects.filter(pk=petition.pk).update(law_doubt_at=petition.submitted_at)
    take(petition, "draft_reply", by=make.handler(), **make.ANSWER)
    take(petition, "approve", by=make.approver())
    take(petition, "publish", by=reviewer, public_text=f"Gạch bong {BLACK}")
    take(petition, "clear_doubt", by=make.focal_point())
    assert listed(reviewer, petition, "xem-lai")
    assert "Có câu trả lời mới chưa đăng" in words(at(reviewer).get(petition.get_absolute_url()))
    assert not [
        fault for fault in verify_one(Petition.objects.get(pk=petition.pk))[1] if "công khai" in str(fault)
    ]
    take(petition, "publish", by=reviewer, public_text=f"Gạch bong {BLACK}", public_answer="Đã lát lại.")
    assert not listed(reviewer, petition, "xem-lai")
    assert not [
        fault for fault in verify_one(Petition.objects.get(pk=petition.pk))[1] if "công khai" in str(fault)
    ]
