"""Looking for petitions: as an official by his sight, as anybody among what is published."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l

import search
from accounts.models import Role, User
from classifier.text import fold
from feedback.finding import names
from feedback.finding.documents import findable
from feedback.finding.indexing import INDEX, SEALING, is_lost, known_lost
from feedback.finding.sight import knows_contact, rule
from feedback.followups import undone, waiting
from feedback.models import Petition, PetitionQuerySet, PublicPetition, Step
from feedback.models.contact import PHONE
from feedback.permissions import INTAKE, WORKERS
from feedback.sealing import digest
from feedback.submission import phone_alike
from search import Page, Shelf, Sort, Sought
from search.query import parse
from search.rules import EVERYTHING, All

SIZE = 20
FOR_OFFICIALS = (Shelf.DESK, Shelf.SEALED)
MOST_UNTOLD = 5_000  # the next comparison of the index takes these and any more out of it
# What a list is narrowed by in an address, and how it is called in the box.
NARROWS = frozenset({"field", "subfield", "commune", "province", "agency", "state", "kind", "channel"})
DATABASE = "database"


def read(typed: str) -> Sought:
    """What was typed, with the names that people know."""
    return parse(typed, names.BY_NAME, names.topics())


def narrowed(sought: Sought, filters: Mapping[str, Collection[str]]) -> Sought:
    """With what is chosen beside the words; ValueError for what nothing is narrowed by."""
    if unknown := filters.keys() - NARROWS:
        raise ValueError(", ".join(sorted(unknown)))
    both = {fact: frozenset(values) for fact, values in filters.items() if values}
    for fact in both.keys() & sought.filters.keys():
        both[fact] &= sought.filters[fact]
    return replace(sought, filters={**sought.filters, **both})


def suggested(typed: str) -> list[str]:
    """What was perhaps meant: public names alone, and none that was typed so already."""
    asked = fold(typed)
    return [name for name in search.suggest(typed, names.suggested(), 5) if fold(name) != asked]


def behind_s() -> float:
    """How many seconds ago that happened which the index has not heard of for longest."""
    oldest = waiting().filter(consumer=INDEX).aggregate(oldest=Min("step__at"))["oldest"]
    return max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0.0


def anything_late() -> bool:
    """Whether there is anything that the index has not heard of, or never will."""
    return _late().exists()


# --- an official ----------------------------------------------------------------------------------------


def find(
    user: User, sought: Sought, *, sort: Sort = Sort.BEST, after: str = "", size: int = SIZE
) -> tuple[Page, list[Petition]]:
    """A page of what this official may see, and its rows as they stand now.

    A code, a telephone and lists are answered out of the database where the engine does not answer, a code
    or a telephone alone always. Raises search.Unavailable for words then, ValueError for a bad `after`.
    """
    sought = understood(user, sought)
    seen = findable(Petition.objects.visible_to(user))
    by_database = Database(seen, _in_petitions, "submitted_at__date", _telephone_of(user))
    sight = All(rule(user), *([knows_contact(user)] if sought.phone else []))

    def ask() -> Page:
        hidden = unfinished(user, _telephone_of(user)(sought.phone) if sought.phone else Q())
        asked: dict[str, Any] = {"sort": sort, "after": after, "size": size}
        return search.find(sought, shelves=FOR_OFFICIALS, rule=sight, without=hidden, **asked)

    page = _answered(sought, ask, by_database, after, size)
    rows = seen.filter(pk__in=page.petitions).select_related("lead", "commune", "province", "contact")
    return page, _in_order(page, {row.pk: row for row in rows.prefetch_related("exclusions")})


def understood(user: User, sought: Sought) -> Sought:
    """As it is asked for him: a telephone by its sender where he knows of one, no code of none in sight."""
    seen = findable(Petition.objects.visible_to(user))
    return _by_phone(_of_no_code(sought, seen), user, seen)


def _of_no_code(sought: Sought, seen: QuerySet[Any]) -> Sought:
    """Of other numbers of twelve digits, of cards and contracts, one in ten has the check digit of a code."""
    return sought.as_words if sought.code and not seen.filter(code=sought.code).exists() else sought


def unfinished(user: User, known: Q) -> set[int]:
    """What the index has not heard all of, but for what this person sees now and nobody hides from him.

    `known`: of that what he may be told. Asked of the rows as they stand and not of what was done: whatever
    takes sight away, it is gone.
    """
    numbers = set(_late())
    if not numbers:
        return numbers
    # As a question of its own: behind an engine that was away for a day stand more than a list may have.
    seen = findable(Petition.objects.visible_to(user)).filter(known, pk__in=_late(), sealed=False)
    return numbers - set(seen.values_list("pk", flat=True)) | _secret_since_a_late_seal()


def _secret_since_a_late_seal() -> set[int]:
    """The family of what was sealed, which the index may still find by its sender's name."""
    late = Petition.objects.filter(pk__in=_late().filter(step__action__in=SEALING))
    return {one.pk for petition in late for one in petition.family() if one.identity_sealed}


def _late() -> QuerySet[Any, int]:
    """Petitions of which the index has not heard all."""
    return undone().filter(consumer=INDEX).order_by().values_list("step__petition_id", flat=True)


def _by_phone(sought: Sought, user: User, seen: PetitionQuerySet) -> Sought:
    """Digits are looked for in the words; but where he may know that somebody sent a petition from that
    telephone, by its sender."""
    if not sought.telephone or sought.phone or not knows_senders(user):
        return sought
    hashed = digest(phone_alike(sought.telephone), PHONE)
    sent = seen.filter(_telephone_of(user)(hashed)).exists()
    return sought.by_phone(hashed) if sent else sought


KNOW_PETITIONERS = (*INTAKE, *WORKERS)


def knows_senders(user: User) -> bool:
    """Whether he may know of anybody who sent a petition; of whom, each petition tells."""
    return user.has_role(*KNOW_PETITIONERS)


def _telephone_of(user: User) -> Callable[[str], Q]:
    """The same as `knows_contact` for the database."""
    officer = _over(user, Role.PETITION_OFFICER)
    focal_point = _over(user, Role.FOCAL_POINT) & Q(sealed=False, contact__secret=False)
    own = Q(lead_id__in=user.agencies_as(*WORKERS), sealed=False)
    named = Q(contact__hidden=False, contact__anonymous=False, contact__secret=False)
    return lambda phone: Q(contact__phone_digest=phone) & (officer | focal_point | own & named)


def _over(user: User, role: Role) -> Q:
    provinces = user.provinces_as(role) if user.has_role(role) else set[str]()
    return ~Q(pk=None) if provinces is None else Q(territory_id__in=provinces)


# --- anybody --------------------------------------------------------------------------------------------


def find_published(
    sought: Sought, *, sort: Sort = Sort.BEST, after: str = ""
) -> tuple[Page, list[PublicPetition]]:
    """The same among the reviewed copies, for everybody alike; a telephone is found nowhere."""
    copies = PublicPetition.objects.shown().select_related("subfield__field", "lead", "province", "commune")
    sought = understood_by_all(sought)
    by_database = Database(copies, _in_copies, "submitted_on", lambda phone: Q(pk__in=[]))

    def ask() -> Page:
        asked: dict[str, Any] = {"sort": sort, "after": after, "size": SIZE}
        return search.find(sought, shelves=[Shelf.PUBLIC], rule=EVERYTHING, without=_unpublished(), **asked)

    page = _answered(sought, ask, by_database, after, SIZE)
    rows = {row.petition_id: row for row in copies.filter(petition__in=page.petitions)}
    return page, _in_order(page, rows)


def understood_by_all(sought: Sought) -> Sought:
    """As it is asked for everybody."""
    return _of_no_code(sought, PublicPetition.objects.shown())


def _unpublished() -> set[int]:
    """What was ever published and may have another public text by now, or none; or may no longer be told.

    Whatever was done to it: a list of what hides would be a step short one day.
    """
    once = Step.objects.filter(public=True, petition=OuterRef("step__petition"))
    untold = PublicPetition.objects.untold().order_by().values_list("petition", flat=True)
    return {*_late().filter(Exists(once)), *untold[:MOST_UNTOLD]}


def _in_order(page: Page, rows: dict[int, Any]) -> list[Any]:
    return [rows[pk] for pk in page.petitions if pk in rows]


# --- without the engine ---------------------------------------------------------------------------------


class Database:
    """What an engine is asked, asked of the tables: no words, newest first."""

    def __init__(
        self,
        rows: QuerySet[Any],
        number: Callable[[str], str],
        day: str,
        telephone: Callable[[str], Q],
    ) -> None:
        self.rows, self.number, self.day, self.telephone = rows, number, day, telephone

    def page(self, sought: Sought, after: str, size: int) -> Page:
        began, pk = time.perf_counter(), self.number("petition")
        found = self.rows.filter(self._narrowed(sought))
        behind = found.filter(**{f"{pk}__lt": _number(after)}) if after else found
        numbers = list(behind.order_by(f"-{pk}").values_list(pk, flat=True)[: size + 1])
        total = found.order_by().count()
        return Page(
            petitions=numbers[:size],
            total=total,
            whole=total,
            after=f"{DATABASE}-{numbers[size - 1]}" if len(numbers) > size else "",
            engine=DATABASE,
            took_ms=round((time.perf_counter() - began) * 1000, 1),
        )

    def _narrowed(self, sought: Sought) -> Q:
        wanted = Q(code=sought.code) if sought.code else Q()
        wanted &= self.telephone(sought.phone) if sought.phone else Q()
        for fact, values in sought.filters.items():
            wanted &= self._of(fact, values)
        for fact, values in sought.barred.items():
            wanted &= ~self._of(fact, values)
        if sought.since:
            wanted &= Q(**{f"{self.day}__gte": sought.since})
        return wanted & Q(**{f"{self.day}__lte": sought.until}) if sought.until else wanted

    def _of(self, fact: str, values: Collection[str]) -> Q:
        if fact == "field":
            return Q(subfield__field__in=values) | Q(subfield__in=values)
        column = self.number(fact)
        return Q(**{f"{column}__in": values}) if column else Q(pk__in=[])


COLUMNS = {"agency": "lead_id", "subfield": "subfield_id", "commune": "commune_id", "province": "province_id"}


def _in_petitions(fact: str) -> str:
    return "pk" if fact == "petition" else COLUMNS.get(fact, fact)


def _in_copies(fact: str) -> str:
    """The channel is told to nobody outside: `Database` finds nothing by it there."""
    return {"petition": "petition_id", "channel": ""}.get(fact, COLUMNS.get(fact, fact))


def _number(after: str) -> int:
    found = re.fullmatch(rf"{DATABASE}-([0-9]{{1,18}})", after)
    if not found:
        raise ValueError("no key of a page")
    return int(found[1])


def _answered(sought: Sought, ask: Callable[[], Page], database: Database, after: str, size: int) -> Page:
    if sought.wordless:
        return Page(petitions=[], total=0, whole=0, engine=DATABASE)
    exact = not sought.full_text and (sought.code or sought.phone)
    if exact or (after.startswith(DATABASE) and not sought.full_text):
        return database.page(sought, after, size)
    try:
        if known_lost():
            raise Lost
        page = ask()
        if not page.total and is_lost():  # lost a moment ago, perhaps
            raise Lost
        return page
    except search.Unavailable:
        if sought.full_text:
            raise
        return database.page(sought, after, size)


class Lost(search.Unavailable):
    """Most petitions stand in no index now: whatever was found there would be said as if it were all."""

    said = _l(
        "Chỉ mục tìm kiếm đang được lập lại, nên chưa tìm được theo từ ngữ. Tìm theo mã"
        " và lọc danh sách vẫn dùng được; bạn thử lại sau ít phút."
    )
