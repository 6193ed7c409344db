"""Whoever is asked about doubts is reminded of those that lie too long, and nobody else hears of it."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from accounts.models import Post, Role, User
from feedback import doubts, story, workflow
from feedback.models import DoubtDigest, Exclusion, Notice, Petition
from feedback.steps import take
from routing.kept import one_version
from routing.models import Agency, PolicyStep
from tests import make
from tests.feedback.test_doubt import in_doubt
from tests.feedback.test_races import at_once
from tests.pages import at, words

pytestmark = pytest.mark.django_db

FILED = dt.datetime(2026, 11, 9, 3, tzinfo=dt.UTC)  # a Monday, ten in the morning in Vietnam
TUESDAY, WEDNESDAY = (FILED + dt.timedelta(days=days, hours=1) for days in (1, 2))
SATURDAY, NIGHT = FILED + dt.timedelta(days=5), WEDNESDAY + dt.timedelta(hours=12)


def doubted(state: str = "in_progress", since: dt.datetime = FILED) -> Petition:
    petition = in_doubt(state)
    Petition.objects.filter(pk=petition.pk).update(law_doubt_at=since)
    return Petition.objects.get(pk=petition.pk)


def with_mail(person: User) -> User:
    person.email = f"{person.username}@example.vn"
    person.save(update_fields=["email"])
    return person


@pytest.fixture(autouse=True)
def post(settings: Any) -> None:
    settings.EMAIL_URL = "smtp://mail.example.vn"


def told() -> dict[str, str]:
    """Who got a letter, and what it says."""
    return {letter.to[0].partition("@")[0]: f"{letter.subject}\n{letter.body}" for letter in mail.outbox}


@pytest.mark.long
def test_the_intake_of_the_territory_is_told_their_number_once_a_day() -> None:
    people = [with_mail(make.focal_point()), with_mail(make.officer())]
    others = [
        make.focal_point("01"), make.handler(), make.approver(), make.reviewer(),
        make.user(Role.SUPERVISOR, province="48"), make.user(Role.AUDITOR), make.user(Role.ADMINISTRATOR),
    ]  # fmt: skip
    for other in others:
        with_mail(other)
    waiting = [doubted(), doubted("answered")]
    doubted("closed")  # over: it stands in a list of its own
    doubted(since=WEDNESDAY)  # of today
    assert doubts.remind(now=WEDNESDAY) == 2
    assert doubts.remind(now=WEDNESDAY) == 0
    letters = told()
    assert set(letters) == {person.username for person in people}
    for letter in letters.values():
        assert letter.startswith("2 đơn chờ trả lời")
        assert "/xu-ly/?xem=co-the-don-thu" in letter
        assert not any(one.code in letter or one.printed_code in letter for one in waiting)
    assert doubts.remind(now=WEDNESDAY + dt.timedelta(days=1)) == 2
    assert not Notice.objects.filter(body__contains="khiếu nại, tố cáo").exists()
    assert not Petition.objects.get(pk=waiting[0].pk).steps.filter(action="escalate").exists()


@pytest.mark.parametrize(
    ("now", "letters"), [(FILED, 0), (TUESDAY, 0), (WEDNESDAY, 1), (SATURDAY, 0), (NIGHT, 0)]
)
def test_it_is_said_after_a_working_day_in_office_hours(now: dt.datetime, letters: int) -> None:
    with_mail(make.officer())
    doubted()
    assert doubts.remind(now=now) == letters


def test_how_long_is_a_row_and_may_be_a_provinces_own() -> None:
    with_mail(make.officer())
    doubted()
    row = PolicyStep.objects.get(step="doubt")
    assert (row.policy_id, row.unit, row.amount, row.legal) == ("field-5d", "working_day", 1, "no")
    row.pk, row.province_id, row.amount = None, "48", 3
    row.save()
    assert doubts.remind(now=WEDNESDAY) == 0
    assert doubts.remind(now=WEDNESDAY + dt.timedelta(days=2)) == 1


def test_of_what_his_own_agency_has_he_is_not_told() -> None:
    person = with_mail(make.officer())
    Post.objects.create(user=person, role=Role.HANDLER, agency_id=make.HAI_CHAU)
    with_mail(make.focal_point())
    doubted()
    assert doubts.remind(now=WEDNESDAY) == 1
    assert person.username not in told()


def test_what_a_mail_server_did_not_take_goes_out_later_that_day(settings: Any) -> None:
    with_mail(make.officer())
    doubted()
    settings.EMAIL_BACKEND = "tests.feedback.test_doubts_reminded.Away"
    assert doubts.remind(now=WEDNESDAY) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert doubts.remind(now=WEDNESDAY + dt.timedelta(hours=3)) == 1


class Away:
    """A mail server that is not there."""

    def __init__(self, **_told: Any) -> None: ...

    def send_messages(self, _letters: Any) -> int:
        raise ConnectionRefusedError


def test_without_a_mail_server_nothing_is_sent_and_nothing_lies_about(settings: Any) -> None:
    settings.EMAIL_URL = ""
    with_mail(make.officer())
    doubted()
    assert doubts.remind(now=WEDNESDAY) == 0
    assert DoubtDigest.objects.get().sent_at is None


# --- where nobody of the intake may answer ---------------------------------------------------------------


def only_one_of_the_lead() -> User:
    """All of the intake that is left, and he works for the agency that has it."""
    Post.objects.filter(role__in=[Role.FOCAL_POINT, Role.PETITION_OFFICER]).delete()
    person = with_mail(make.officer())
    Post.objects.create(user=person, role=Role.HANDLER, agency_id=make.HAI_CHAU)
    return User.objects.get(pk=person.pk)


def test_the_supervisor_is_asked_and_answers() -> None:
    petition, watcher = doubted(), with_mail(make.user(Role.SUPERVISOR, province="48"))
    only_one_of_the_lead()
    country = with_mail(make.user(Role.SUPERVISOR))
    assert doubts.remind(now=WEDNESDAY) == 1
    letter = told()[watcher.username]
    assert f"/xu-ly/{petition.code}/" in letter
    assert country.username not in told()
    page = words(at(watcher).get(petition.get_absolute_url()))
    assert "Máy ngờ đây có thể là khiếu nại hoặc tố cáo" in page
    assert at(watcher).post(f"/xu-ly/{petition.code}/clear_doubt/", {"seq": 99}).status_code == 302
    assert Petition.objects.get(pk=petition.pk).law_doubt_at is None
    lines = story.told_to(watcher, Petition.objects.get(pk=petition.pk), petition.steps.all())
    assert "clear_doubt" in [step.action for step in lines]


def test_he_may_say_that_it_is_one() -> None:
    petition, watcher = doubted(), make.user(Role.SUPERVISOR, province="48")
    only_one_of_the_lead()
    take(petition, "seal", by=watcher, kind="denunciation")
    assert Petition.objects.get(pk=petition.pk).sealed


def test_while_one_of_the_intake_may_answer_he_is_not_asked() -> None:
    petition, watcher = doubted(), with_mail(make.user(Role.SUPERVISOR, province="48"))
    only_one_of_the_lead()
    with_mail(make.focal_point())
    assert "clear_doubt" not in workflow.available(petition, watcher)
    with pytest.raises(PermissionDenied):
        take(petition, "seal", by=watcher, kind="complaint")
    doubts.remind(now=WEDNESDAY)
    assert watcher.username not in told()
    assert "Máy ngờ" not in words(at(watcher).get(petition.get_absolute_url()))


def test_nor_is_one_who_works_for_the_lead_or_is_complained_of() -> None:
    petition = doubted()
    only_one_of_the_lead()
    watcher = make.user(Role.SUPERVISOR, province="48")
    Post.objects.create(user=watcher, role=Role.HANDLER, agency_id=make.HAI_CHAU)
    assert "clear_doubt" not in workflow.available(petition, User.objects.get(pk=watcher.pk))


def test_where_all_the_intake_is_complained_of_the_supervisor_is_asked() -> None:
    petition, watcher = doubted(), with_mail(make.user(Role.SUPERVISOR, province="48"))
    Post.objects.filter(role__in=[Role.FOCAL_POINT, Role.PETITION_OFFICER]).delete()
    with_mail(make.officer())
    Exclusion.objects.create(petition=petition, agency_id=make.FOCAL_POINT)
    assert doubts.remind(now=WEDNESDAY) == 1
    assert list(told()) == [watcher.username]


def test_where_nobody_at_all_may_answer_an_administrator_is_told_to_appoint_somebody() -> None:
    petition = doubted()
    only_one_of_the_lead()
    head = with_mail(make.user(Role.ADMINISTRATOR))
    assert doubts.remind(now=WEDNESDAY) == 1
    letter = told()[head.username]
    assert "1 câu hỏi không ai trả lời được" in letter
    assert petition.code not in letter


def works_for_the_lead(person: User) -> User:
    Post.objects.create(user=person, role=Role.HANDLER, agency_id=make.HAI_CHAU)
    return User.objects.get(pk=person.pk)


def test_where_the_supervisor_of_the_territory_may_not_the_one_of_the_country_is_asked() -> None:
    petition = doubted()
    only_one_of_the_lead()
    works_for_the_lead(with_mail(make.user(Role.SUPERVISOR, province="48")))
    country, head = with_mail(make.user(Role.SUPERVISOR)), with_mail(make.user(Role.ADMINISTRATOR))
    assert doubts.remind(now=WEDNESDAY) == 1
    assert list(told()) == [country.username]
    assert petition.code in told()[country.username]
    assert head.username not in told()


def test_whoever_is_asked_here_and_of_the_intake_there_reads_both_in_one_letter() -> None:
    asked, listed = doubted(), doubted()
    only_one_of_the_lead()
    Petition.objects.filter(pk=listed.pk).update(territory="01")
    person = with_mail(make.user(Role.SUPERVISOR, province="48"))
    desk = Agency.objects.get(pk="feedback-focal-point:01")
    Post.objects.create(user=person, role=Role.FOCAL_POINT, agency=desk, province_id="01")
    assert doubts.remind(now=WEDNESDAY) == 1
    letter = told()[person.username]
    assert letter.startswith("2 đơn chờ trả lời")
    assert "/xu-ly/?xem=co-the-don-thu" in letter
    assert [one.code in letter for one in (asked, listed)] == [True, False]


@pytest.mark.long
def test_the_board_of_whoever_was_asked_beside_the_intake_names_what_is_left(settings: Any) -> None:
    settings.EMAIL_URL = ""  # also where no letter can go out
    petition, watcher = doubted(), make.user(Role.SUPERVISOR, province="48")
    others = [make.user(Role.SUPERVISOR, province="01"), make.user(Role.AUDITOR)]
    only_one_of_the_lead()
    says = "Không ai ở đầu mối được trả lời nên hỏi bạn"
    assert says not in words(at(watcher).get("/giam-sat/"))
    doubts.remind(now=WEDNESDAY)
    DoubtDigest.objects.update(day=timezone.localdate())
    page = words(at(watcher).get("/giam-sat/"))
    assert says in page
    assert petition.printed_code in page[page.index(says) :]
    assert not any(says in words(at(other).get("/giam-sat/")) for other in others)
    take(petition, "clear_doubt", by=watcher)
    assert says not in words(at(watcher).get("/giam-sat/"))


def test_the_board_of_the_country_names_only_what_the_territory_s_own_supervisor_may_not_answer() -> None:
    his, theirs = doubted(), doubted()
    only_one_of_the_lead()
    Petition.objects.filter(pk=theirs.pk).update(territory="01")
    works_for_the_lead(make.user(Role.SUPERVISOR, province="48"))
    make.user(Role.SUPERVISOR, province="01")
    country = make.user(Role.SUPERVISOR)
    doubts.remind(now=WEDNESDAY)
    assert doubts.asked_beside_the_intake(country, now=WEDNESDAY) == [his]


@pytest.mark.long
def test_what_the_board_names_costs_no_more_the_more_there_are(
    django_assert_max_num_queries: Any,
) -> None:
    watcher = make.user(Role.SUPERVISOR, province="48")
    waiting = [doubted() for _one in range(6)]
    only_one_of_the_lead()
    doubts.remind(now=WEDNESDAY)
    asked = User.objects.get(pk=watcher.pk)
    with one_version(), django_assert_max_num_queries(10):
        assert doubts.asked_beside_the_intake(asked, now=WEDNESDAY) == waiting


def test_who_is_asked_for_another_reason_since_the_morning_finds_it_on_his_board() -> None:
    listed, asked = doubted(), doubted(since=TUESDAY - dt.timedelta(hours=2))
    only_one_of_the_lead()
    Petition.objects.filter(pk=listed.pk).update(territory="01")
    watcher = make.user(Role.SUPERVISOR, province="48")
    desk = Agency.objects.get(pk="feedback-focal-point:01")
    Post.objects.create(user=watcher, role=Role.FOCAL_POINT, agency=desk, province_id="01")
    later = WEDNESDAY + dt.timedelta(hours=4)
    Petition.objects.filter(pk=asked.pk).update(law_doubt_at=later)
    doubts.remind(now=WEDNESDAY)
    assert DoubtDigest.objects.get(user=watcher).party == DoubtDigest.Party.INTAKE
    Petition.objects.filter(pk=asked.pk).update(law_doubt_at=FILED)
    doubts.remind(now=later)
    assert DoubtDigest.objects.get(user=watcher).party == DoubtDigest.Party.ABOVE
    assert doubts.asked_beside_the_intake(User.objects.get(pk=watcher.pk), now=later) == [asked]


def test_however_many_are_excluded_elsewhere_the_one_for_nobody_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doubts, "MOST_LOOKED_AT", 2)
    Post.objects.filter(role__in=[Role.FOCAL_POINT, Role.PETITION_OFFICER]).delete()
    make.focal_point()
    watcher = with_mail(make.user(Role.SUPERVISOR, province="48"))
    for _one in range(3):
        Exclusion.objects.create(petition=doubted(), agency_id=make.CONSTRUCTION)
    last = doubted()
    Exclusion.objects.create(petition=last, agency_id=make.FOCAL_POINT)
    doubts.remind(now=WEDNESDAY)
    assert last.code in told()[watcher.username]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_letter(reference_data: None) -> None:
    with_mail(make.officer())
    doubted()
    answers = at_once(*[lambda: doubts.remind(now=WEDNESDAY)] * 2)
    assert sorted(map(str, answers)) == ["0", "1"]
    assert len(mail.outbox) == 1


class Listening(EmailBackend):
    """Tells whether the database waits for it."""

    within: ClassVar[list[bool]] = []
    takes = True

    def send_messages(self, messages: Any) -> int:
        self.within.append(bool(connection.savepoint_ids))
        if not self.takes:
            raise OSError("Connection timed out")
        return super().send_messages(messages)


@pytest.mark.parametrize("takes", [True, False])
def test_a_letter_is_sent_in_no_transaction_and_again_where_it_was_not_taken(
    takes: bool, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Listening"
    monkeypatch.setattr(Listening, "within", [])
    monkeypatch.setattr(Listening, "takes", takes)
    with_mail(make.officer())
    doubted()
    assert doubts.remind(now=WEDNESDAY) == takes
    assert doubts.remind(now=WEDNESDAY) == 0
    assert Listening.within == [False] * (1 if takes else 2)
    monkeypatch.setattr(Listening, "takes", True)
    assert doubts.remind(now=WEDNESDAY) == (not takes)
    assert len(mail.outbox) == 1


def test_a_supervisor_who_filed_it_himself_hears_nothing() -> None:
    petition, watcher = doubted(), with_mail(make.user(Role.SUPERVISOR, province="48"))
    only_one_of_the_lead()
    Petition.objects.filter(pk=petition.pk).update(petitioner=watcher)
    head = with_mail(make.user(Role.ADMINISTRATOR))
    assert doubts.remind(now=WEDNESDAY) == 1
    assert list(told()) == [head.username]
    assert "clear_doubt" not in workflow.available(Petition.objects.get(pk=petition.pk), watcher)
