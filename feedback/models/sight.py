"""Which petitions a person may see, as one condition; lists, pages, files and commands share it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from accounts.models import Post, Role, User
from feedback.models.involvement import Coordination, CoordinationQuerySet, Exclusion
from feedback.models.reply import Reply
from feedback.models.words import Among, kept_for
from feedback.permissions import WATCHING, WORKERS, answers_for, headed_by
from feedback.workflow import APPEALS, NEVER_PUBLIC, PUBLISH_FROM, Kind, State
from routing.models import Agency, Subfield
from routing.superiors import superiors

if TYPE_CHECKING:
    from feedback.models.petition import PetitionQuerySet

# A suspected complaint or denunciation is never published, nor is a confidential matter.
CONFIDENTIAL = Q(subfield__in=Subfield.objects.filter(sensitivity="confidential"))
PUBLISHABLE = Q(sealed=False) & ~Q(kind__in=NEVER_PUBLIC) & ~CONFIDENTIAL

NOTHING = Q(pk__in=[])
# Whoever has one of these sees all of his territory, what is sealed included.
ALL_OF_TERRITORY = (*WATCHING, Role.AUDITOR)


def sight(user: User, asked: Collection[int] | None = None) -> Q:
    """Each role widens the sight; a person without a post sees nothing here.

    `asked`: what `asked_of` gave out a moment ago, so that the database need not look for it row by row.

    What one filed oneself is seen as its petitioner (`owned_by`), never from behind the desk. The body
    complained about sees nothing, whatever the role; what is sealed is seen by those alone who work on
    it or watch over it. What is still being written is its writer's alone.
    """
    seen = ways(user, asked)
    if seen is NOTHING:
        return NOTHING
    return (
        seen
        & ~barred(user)
        & ~_holds_what_is_sealed_from(seen)
        & ~Q(state=State.DRAFT)
        & (Q(petitioner__isnull=True) | ~Q(petitioner_id=user.pk))
    )


def ways(user: User, asked: Collection[int] | None = None) -> Q:
    """All that this person's posts open, before what is shut to him; NOTHING without a post."""
    found = list(_ways(user, asked))
    return reduce(or_, found) if found else NOTHING


def split_off() -> PetitionQuerySet:
    """Petitions that were split off from another, whose text has their words as well."""
    found: PetitionQuerySet = apps.get_model("feedback", "Petition").objects.filter(born_by="split")
    return found


def holding_denunciations() -> set[int]:
    """Numbers of whatever a sealed denunciation was split off from, as `Petition.letter_sealed`."""
    denounces = split_off().filter(origin__isnull=False, sealed=True, kind=Kind.DENUNCIATION)  # by its index
    found: set[int] = set()
    new = set(denounces.values_list("origin_id", flat=True))
    while new:
        found |= new
        new = set(split_off().filter(pk__in=new).values_list("origin_id", flat=True)) - found
    return found


def _holds_what_is_sealed_from(seen: Q) -> Q:
    """It keeps the whole text, a part of which is sealed and not among what is `seen`."""
    parts = split_off().filter(~seen, sealed=True, origin=OuterRef("pk"))
    return Q(sealed=False) & Q(Exists(parts))


def wholes_of_what_is_sealed_from(seen: Q) -> PetitionQuerySet:
    """The parts for which that holds of what they were split off from (`origin`)."""
    return split_off().filter(~seen, sealed=True, origin__sealed=False)


def barred(user: User, of: str = "") -> Q:
    """Petitions that complain about a body of this person, save where his is the office that decides.

    `of`: the way to the petition from rows that hang on one.
    """
    own = answers_for(user)
    if not own:
        return NOTHING
    shut = Exclusion.objects.filter(petition=OuterRef(f"{of}pk"))
    accused = Q(Exists(shut.filter(agency_id__in=own)))
    for office, headed in headed_by(user).items():
        others = Exists(shut.filter(agency_id__in={office, *(own - headed)}))
        accused &= ~(Q(**{f"{of}lead_id": office}) & ~Q(others))
    return accused


def still_asked_of(user: User) -> CoordinationQuerySet | None:
    """The requests for help of this person's agencies; few. None for who works in none."""
    agencies = user.agencies_as(*WORKERS)
    return Coordination.objects.still_asked().filter(agency_id__in=agencies) if agencies else None


MOST_TOLD = 2_000  # numbers in a condition that is kept


def told_by_number(asked: Collection[int]) -> tuple[int, ...] | None:
    """These as `sight` takes them; None where they are so many that it had better look for them itself."""
    return tuple(asked) if len(asked) <= MOST_TOLD else None


class Helped(NamedTuple):
    """How a petition stands on which one is asked to help."""

    state: str
    sealed: bool


def asked_of(user: User) -> dict[int, Helped]:
    """The petitions, by number, on which agencies of this person are asked to help."""
    if not user.agencies_as(*WORKERS):
        return {}
    sql, params = kept_for(user, "asked", lambda: _asked_in_words(user))
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {number: Helped(state, bool(sealed)) for number, state, sealed in cursor.fetchall()}


def _asked_in_words(user: User) -> tuple[str, tuple[Any, ...]]:
    rows = Coordination.objects.still_asked().filter(agency_id__in=user.agencies_as(*WORKERS))
    told = rows.order_by("petition").values_list("petition", "petition__state", "petition__sealed")
    return told.distinct().query.sql_with_params()


def _ways(user: User, asked: Collection[int] | None) -> Iterator[Q]:
    """One condition for each way that this person's posts open; whoever has none gets none."""
    agencies = user.agencies_as(*WORKERS)
    if agencies:
        yield Q(lead_id__in=agencies)
        rows = Coordination.objects.still_asked().filter(agency_id__in=agencies)
        still = Q(Exists(rows.filter(petition=OuterRef("pk"))))
        if asked is None:
            yield still
        elif asked:  # asked again of those few: one may have been sealed since
            yield Q(Among(asked)) & still
    if user.has_role(*ALL_OF_TERRITORY):
        yield _territory(user, *ALL_OF_TERRITORY)
    if user.has_role(Role.OPERATOR):
        yield Q(entered_by_id=user.pk)
    if user.has_role(Role.ADMINISTRATOR, Role.OPERATOR):
        yield _territory(user, Role.ADMINISTRATOR, Role.OPERATOR) & Q(sealed=False)
    if user.has_role(Role.REVIEWER):
        yield _territory(user, Role.REVIEWER) & Q(state__in=PUBLISH_FROM) & PUBLISHABLE
    waiting = awaiting_superior(user)
    if waiting is not None:
        yield waiting


def awaiting_superior(user: User) -> Q | None:
    """Drafted answers that this person sends, for he approves in the office above; None for most people."""
    heads = user.agencies_as(Role.APPROVER)
    superior_of = heads and heads & superiors()
    if not superior_of:
        return None
    return Q(state="pending_approval") & _stands_below(superior_of) & awaits_superior()


HIGHEST = 3  # steps from a commune's office to the ministries


def _stands_below(agencies: Iterable[str]) -> Q:
    """The nearest above its lead that is not shut out is one of these; the same rule as `superior_of`."""
    shut, nearer, found = Exclusion.objects.filter(petition=OuterRef("pk")), Q(), NOTHING
    lead = Agency.objects.filter(pk=OuterRef("lead_id"))
    leads = Agency.objects.filter(pk=OuterRef(OuterRef("lead_id")))
    for height in range(1, HIGHEST + 1):
        above = "__".join(["superior"] * height)
        barred_too = Q(Exists(shut.filter(agency_id__in=leads.values(above))))
        found |= nearer & Q(Exists(lead.filter(**{f"{above}__in": agencies}))) & ~barred_too
        nearer &= barred_too
    return found


def awaits_superior() -> Q:
    """Petitions whose answer only the direct superior may send; the same rule as `needs_superior`."""
    approvers = Post.objects.filter(role=Role.APPROVER, agency=OuterRef("lead_id"), user__is_active=True)
    has_superior = Agency.objects.filter(pk=OuterRef("lead_id"), superior__isnull=False)
    reopened = Q(Exists(has_superior), round__gt=1)
    others = approvers.exclude(user=OuterRef("drafted_by_id"))
    judged = Q(drafted_by=OuterRef("user")) | Q(approved_by=OuterRef("user"))
    answers = Reply.objects.sent().filter(petition=OuterRef(OuterRef("origin_id")))
    fresh = others.exclude(Exists(answers.filter(judged)))
    return reopened | ~Q(Exists(others)) | (Q(born_by__in=APPEALS) & ~Q(Exists(fresh)))


def _territory(user: User, *roles: Role) -> Q:
    """Petitions in the provinces where `user` holds one of `roles`."""
    provinces = user.provinces_as(*roles)
    if provinces is None:
        return ~Q(pk=None)
    return Q(territory_id__in=provinces) if provinces else NOTHING
