"""Doubts that lie too long: whoever may answer them is reminded, once a day, of nothing but their number.

No rung of the ladder: that is a step, which all who see the petition read, and of a doubt nobody hears but
whoever is asked.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone

from accounts.links import link_to
from accounts.models import Post, Role, User
from feedback.inbox import GOES_ON, in_doubt
from feedback.ladder import Later
from feedback.models import DoubtDigest, Petition, PetitionQuerySet
from feedback.notifications import NOT_TAKEN, closing, written
from feedback.permissions import (
    answers_for,
    bodies_of,
    intake_of,
    is_asked_about_doubt,
    supervisor_beyond_its_lead,
)
from routing.calendar import DeadlineError, Hours, current_calendar, office_hours_of
from routing.deadlines import rule
from routing.models import PolicyStep
from routing.models.limits import DEFAULT_POLICY

log = logging.getLogger(__name__)
Party = DoubtDigest.Party
STEP = PolicyStep.Step.DOUBT  # of the policy that holds where nothing else does: how long a question may lie
REMEMBERED = dt.timedelta(days=7)  # how long a board asks on after a digest, sent or not
MOST_LOOKED_AT = 200  # in one round, of those that perhaps nobody of the intake may answer


@dataclass
class Asked:
    """One person, and what lies too long: how many of his list wait for his word, which beside it because
    nobody of the intake may answer, and for how many nobody may, so that he should appoint somebody."""

    user: User
    listed: int = 0
    beside: list[Petition] = field(default_factory=list)
    unheard: int = 0

    @property
    def waiting(self) -> int:
        return self.listed + len(self.beside)

    @property
    def party(self) -> Party:
        if self.beside:
            return Party.ABOVE
        return Party.INTAKE if self.listed else Party.ADMIN


def remind(*, now: dt.datetime | None = None) -> int:
    """Once a day whoever has doubts to answer that lie too long; how many letters went out.

    In the office hours of a working day. Twice: one row a day and person, and what was sent is sent. Never:
    the desk of the intake lists them all the same; a supervisor's board names his only after this.
    """
    now = now or timezone.now()
    if not _is_office_time(now):
        return 0
    return sum(_tell(asked, now) for asked in _each_once(_all_asked(now)))


def _is_office_time(now: dt.datetime) -> bool:
    try:
        sessions = current_calendar().sessions(timezone.localdate(now), Hours.parse(office_hours_of(None)))
        return any(begin <= now < end for begin, end in sessions)
    except DeadlineError:  # a year whose days off nobody has entered
        return True


def _each_once(told: Iterable[Asked]) -> list[Asked]:
    """A person of many territories and posts hears all of it at once."""
    people: dict[int, Asked] = {}
    for one in told:
        held = people.setdefault(one.user.pk, Asked(one.user))
        held.listed += one.listed
        held.beside += one.beside
        held.unheard += one.unheard
    return list(people.values())


def asked_beside_the_intake(user: User, *, now: dt.datetime) -> list[Petition]:
    """Of which this supervisor is asked, because nobody of the intake may answer; as he sees them now.

    Looked for where he was told of any in these days: for nearly everybody that is one statement, for him a
    few a territory, however many doubts it has.
    """
    lately = timezone.localdate(now) - REMEMBERED
    if not DoubtDigest.objects.filter(user=user, day__gte=lately, party=Party.ABOVE).exists():
        return []
    doubted = _doubted()
    provinces = user.provinces_as(Role.SUPERVISOR)
    if provinces is not None:
        doubted = doubted.filter(territory__in=provinces)
    territories = doubted.order_by("territory").values_list("territory", flat=True).distinct()
    left = ((one, _for_nobody(doubted.filter(territory=one), intake_of(one))) for one in territories)
    asked = (one for territory, ones in left for one in _above(territory, ones))
    return [petition for one in asked if one.user == user for petition in one.beside]


# --- who -------------------------------------------------------------------------------------------------


def _all_asked(now: dt.datetime) -> Iterator[Asked]:
    """The intake of every territory where anything lies too long; whoever is above where none of it may
    answer."""
    doubted = _doubted()
    for territory in doubted.order_by("territory").values_list("territory", flat=True).distinct():
        late = _late(territory, now)
        if late is None:
            continue
        people = intake_of(territory)
        for person in people:
            waiting = Petition.objects.visible_to(person).filter(late, in_doubt(person)).count()
            if waiting:
                yield Asked(person, listed=waiting)
        left = _for_nobody(doubted.filter(late), people)
        if left:
            yield from _above(territory, left)


def _doubted() -> PetitionQuerySet:
    return Petition.objects.filter(law_doubt_at__isnull=False, state__in=GOES_ON)


def _late(territory: str, now: dt.datetime) -> Q | None:
    """Those that lie longer than the row of the house or of this province allows; None without such a row."""
    try:
        limit = rule(DEFAULT_POLICY, STEP, on=timezone.localdate(now), province=territory)
    except DeadlineError:
        return None
    return Q(territory=territory, state__in=GOES_ON) & _reached(limit, now)


def _reached(limit: PolicyStep, now: dt.datetime) -> Q:
    if limit.unit == PolicyStep.Unit.WORKING_DAY:
        return Later(working_days=limit.amount).reached("law_doubt_at", now)
    if limit.unit == PolicyStep.Unit.CALENDAR_DAY:
        return Later(calendar_days=limit.amount).reached("law_doubt_at", now)
    return Q(law_doubt_at__lt=now - dt.timedelta(hours=limit.amount))


def _for_nobody(late: PetitionQuerySet, people: list[User]) -> list[Petition]:
    """Those that none of these may answer: all work for the lead, are complained of, or filed it."""
    of_all = set.intersection(*map(bodies_of, people)) if people else None
    perhaps = Q()
    if of_all is not None:
        theirs = set().union(*map(answers_for, people))
        perhaps = Q(lead__in=of_all) | Q(exclusions__agency__in=theirs) | Q(petitioner__in=people)
    found = late.filter(perhaps).distinct().prefetch_related("exclusions").order_by("pk")[:MOST_LOOKED_AT]
    return [one for one in found if not any(is_asked_about_doubt(person, one) for person in people)]


def _above(territory: str, left: list[Petition]) -> Iterator[Asked]:
    """Of what nobody of the intake may answer: whoever watches over the territory and may, else over the
    country; where none of them may, who could appoint somebody."""
    unheard = left
    for province in (territory, None):
        heard: set[int] = set()
        for person in _holding(Role.SUPERVISOR, province) if unheard else ():
            own = [one for one in unheard if supervisor_beyond_its_lead(person, one)]
            heard |= {one.pk for one in own}
            if own:
                yield Asked(person, beside=own)
        unheard = [one for one in unheard if one.pk not in heard]
    if unheard:
        over = _holding(Role.ADMINISTRATOR, territory) or _holding(Role.ADMINISTRATOR, None)
        yield from (Asked(person, unheard=len(unheard)) for person in over)


def _holding(role: Role, province: str | None) -> list[User]:
    posts = Post.objects.filter(role=role, province=province)
    people = User.objects.filter(is_active=True, pk__in=posts.values("user"))
    return list(people.prefetch_related("post_set").order_by("pk"))


# --- telling them ----------------------------------------------------------------------------------------


def _tell(asked: Asked, now: dt.datetime) -> bool:
    """Whether a letter went out now. Killed while it is sent, it is told again the next working day; asked
    for another reason since the morning, his board knows it, and he gets no second letter."""
    told = {"party": asked.party, "waiting": asked.waiting or asked.unheard}
    day = timezone.localdate(now)
    begun = told | {"created_at": now}
    DoubtDigest.objects.update_or_create(user=asked.user, day=day, defaults=told, create_defaults=begun)
    if not (settings.EMAIL_URL and asked.user.email):
        return False
    row = DoubtDigest.objects.filter(user=asked.user, day=day)
    if not row.filter(sent_at=None).update(sent_at=now):  # of two workers at once one has it
        return False
    sent = False
    try:  # in no transaction: on SQLite it would shut out whoever files while a server of mail hangs
        _letter(asked, row.get()).send()
        sent = True
    except NOT_TAKEN as error:
        log.warning("a digest was not taken", extra={"cause": type(error).__name__})  # in the next round
    finally:
        if not sent:
            row.update(sent_at=None)
    return sent


def _letter(asked: Asked, row: DoubtDigest) -> EmailMessage:
    """No word of a petition, and to most not even a code."""
    context = {
        "waiting": asked.waiting,
        "unheard": asked.unheard,
        "list": f"{link_to('feedback:desk')}?xem=co-the-don-thu" if asked.listed else "",
        "pages": [link_to("feedback:petition", one.code) for one in asked.beside],
    }
    subject, body = written("notifications/doubts.txt", context)
    headers = {"Message-ID": f"<doubts.{row.user_id}.{row.day}@hoiam>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, f"{body}\n\n{closing()}", to=[asked.user.email], headers=headers)
