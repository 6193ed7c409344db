"""Doubts that lie too long: whoever may answer them is reminded, once a day, of nothing but their number.

No rung of the ladder: that is a step, which all who see the petition read, and of a doubt nobody hears but
whoever is asked.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Post, Role, User
from feedback.clocks import DEFAULT_POLICY
from feedback.inbox import GOES_ON, in_doubt
from feedback.ladder import Later
from feedback.models import DoubtDigest, Petition, PetitionQuerySet
from feedback.permissions import bodies_of, hears_doubt, intake_of, is_asked_about_doubt
from routing.calendar import DeadlineError, Hours, current_calendar, office_hours_of
from routing.deadlines import rule
from routing.models import PolicyStep

log = logging.getLogger(__name__)
Party = DoubtDigest.Party
STEP = PolicyStep.Step.DOUBT  # of the policy that holds where nothing else does: how long a question may lie
MOST_LOOKED_AT = 200  # in one round, of those that perhaps nobody of the intake may answer


@dataclass
class Asked:
    """One person, how many wait for his word too long, and where he has no list of them, which."""

    user: User
    party: Party
    waiting: int = 0
    codes: list[str] = field(default_factory=list)


def remind(*, now: dt.datetime | None = None) -> int:
    """Once a day whoever has doubts to answer that lie too long; how many letters went out.

    In the office hours of a working day. Twice: one row a day and person, and what was sent is sent. Never:
    his desk lists them all the same.
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
    """A person of many territories hears one sum."""
    people: dict[int, Asked] = {}
    for one in told:
        held = people.setdefault(one.user.pk, Asked(one.user, one.party))
        held.waiting += one.waiting
        held.codes += one.codes
    return list(people.values())


# --- who -------------------------------------------------------------------------------------------------


def _all_asked(now: dt.datetime) -> Iterator[Asked]:
    """The intake of every territory where anything lies too long; whoever is above where none of it may
    answer."""
    doubted = Petition.objects.filter(law_doubt_at__isnull=False, state__in=GOES_ON)
    for territory in doubted.order_by("territory").values_list("territory", flat=True).distinct():
        late = _late(territory, now)
        if late is None:
            continue
        people = intake_of(territory)
        for person in people:
            waiting = Petition.objects.visible_to(person).filter(late, in_doubt(person)).count()
            if waiting:
                yield Asked(person, Party.INTAKE, waiting)
        left = _for_nobody(doubted.filter(late), people)
        if left:
            yield from _above(territory, left)


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
    perhaps = Q() if of_all is None else Q(lead__in=of_all) | Q(exclusions__isnull=False)
    if people:
        perhaps |= Q(petitioner__in=people)
    found = late.filter(perhaps).distinct().order_by("pk")[:MOST_LOOKED_AT]
    return [one for one in found if not any(is_asked_about_doubt(person, one) for person in people)]


def _above(territory: str, left: list[Petition]) -> Iterator[Asked]:
    """Whoever watches over the territory, else over the country; where nobody may, who could appoint one."""
    watching = _holding(Role.SUPERVISOR, territory) or _holding(Role.SUPERVISOR, None)
    heard: set[int] = set()
    for person in watching:
        own = [one for one in left if hears_doubt(person, one)]
        heard |= {one.pk for one in own}
        if own:
            yield Asked(person, Party.ABOVE, len(own), [one.code for one in own])
    unheard = len({one.pk for one in left} - heard)
    if unheard:
        over = _holding(Role.ADMINISTRATOR, territory) or _holding(Role.ADMINISTRATOR, None)
        yield from (Asked(person, Party.ADMIN, unheard) for person in over)


def _holding(role: Role, province: str | None) -> list[User]:
    posts = Post.objects.filter(role=role, province=province)
    people = User.objects.filter(is_active=True, pk__in=posts.values("user"))
    return list(people.prefetch_related("post_set").order_by("pk"))


# --- telling them ----------------------------------------------------------------------------------------


def _tell(asked: Asked, now: dt.datetime) -> bool:
    """Whether a letter went out now."""
    told = {"party": asked.party, "waiting": asked.waiting, "created_at": now}
    row, _made = DoubtDigest.objects.get_or_create(
        user=asked.user, day=timezone.localdate(now), defaults=told
    )
    if row.sent_at or not (settings.EMAIL_URL and asked.user.email):
        return False
    try:
        _letter(asked, row).send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        log.warning("a digest was not taken", extra={"cause": type(error).__name__})  # in the next round
        return False
    return bool(DoubtDigest.objects.filter(pk=row.pk, sent_at__isnull=True).update(sent_at=now))


def _letter(asked: Asked, row: DoubtDigest) -> EmailMessage:
    """The first line of the template is the subject; no word of a petition, and to most not even a code."""
    base = settings.BASE_URL.rstrip("/")
    context = {
        "party": asked.party,
        "waiting": asked.waiting,
        "list": f"{base}/xu-ly/?xem=co-the-don-thu",
        "pages": [f"{base}/xu-ly/{code}/" for code in asked.codes],
    }
    subject, _, body = render_to_string("notifications/doubts.txt", context).strip().partition("\n")
    headers = {"Message-ID": f"<doubts.{row.user_id}.{row.day}@hoiam>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body.strip(), to=[asked.user.email], headers=headers)
