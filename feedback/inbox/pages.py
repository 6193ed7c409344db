"""A list of the desk as it is read: its lines, fifty at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from feedback.heading import heading
from feedback.inbox.counts import length, most_counted
from feedback.inbox.order import Order, key_of, ordered
from feedback.models import Petition, PetitionQuerySet
from feedback.models.petition import read_clocks, read_exclusions
from feedback.models.words import planned_for_its_values
from feedback.redaction import as_seen, place_as_seen
from feedback.timing import Timing, timing
from feedback.workflow import State
from routing.kept import commune_names, province_names

PAGE = 50


@dataclass(frozen=True)
class Row:
    """A petition as one line of a list."""

    petition: Petition
    address: str
    code: str
    line: str
    place: str
    state: str
    clock: Timing
    key: str


@dataclass(frozen=True)
class Page:
    """One page of a list of the desk."""

    rows: list[Row]
    after: str  # the key that the next page begins after, "" on the last
    length: int | None = None  # of the whole list, up to one more than `most_counted`; None: not asked for


# What a line says, and who may read it, is said by these columns; another would be read when it is asked for.
LISTED = (
    *("code", "state", "kind", "text", "sealed", "urgent", "round", "hops", "proposed_ground", "place_text"),
    *("due_at", "paused_at", "legal_due_on", "territory", "petitioner", "subfield", "submitted_at"),
    *("main", "origin", "born_by", "lead", "commune", "province"),
    *(f"contact__{name}" for name in ("petition", "hidden", "anonymous", "secret")),
    *(f"contact__{name}" for name in ("name", "organisation", "phone", "email", "residence")),
)


def page(
    rows: PetitionQuerySet,
    *,
    by: User,
    after: str,
    now: dt.datetime,
    order: Order = Order.DUE,
    most: int = PAGE,
    columns: Sequence[str] = (),
    counted: bool = False,
) -> Page:
    """Fifty rows (`most`), by deadline those without one first, beginning after a key that a page gave out.

    `columns`: LISTED where nothing but lines is shown; without it all are read. `counted`: the list is also
    counted, in the same statement where it begins here: for what takes long to find.
    """
    at_once = counted and not after
    # Which rows they are is found first: of a long list not every row is read with what hangs on it. Whether
    # they may be seen is asked again with what is read.
    with planned_for_its_values():
        far = 1 + (max(most, most_counted(is_current=True)) if at_once else most)
        numbers = list(ordered(rows, after, order).values_list("pk", flat=True)[:far])
    listed = rows.filter(pk__in=numbers[:most])
    listed = listed.only(*columns) if columns else listed.select_related("lead")
    of_number = {one.pk: one for one in listed.select_related("contact")}
    found = [of_number[number] for number in numbers[:most] if number in of_number]
    read_exclusions(found)
    commune_names([petition.commune_id for petition in found if petition.commune_id])  # in one statement
    read_clocks([petition for petition in found if not petition.is_open])
    return Page(
        rows=[row(petition, now, by=by) for petition in found],
        after=key_of(found[-1]) if found and len(numbers) > most else "",
        length=len(numbers) if at_once else length(rows) if counted else None,
    )


def row(petition: Petition, now: dt.datetime, *, by: User) -> Row:
    """One line of the list, as this person may read it."""
    return Row(
        petition=petition,
        address=petition.get_absolute_url(),
        code=petition.printed_code,
        line=_line(petition, by),
        place=_unit(petition) or place_as_seen(petition, by) or _("chưa rõ nơi"),
        state=str(State(petition.state).label),
        clock=timing(petition, now),
        key=key_of(petition),
    )


def _line(petition: Petition, by: User) -> str:
    if not petition.text:  # a draft has some, too
        return _("Lời người gửi đã được xóa")
    return heading(as_seen(petition.text, petition, by))[:160]


def _unit(petition: Petition) -> str:
    """The commune that it is about, else the province, by name; "" where neither is known."""
    if petition.commune_id:
        return commune_names([petition.commune_id]).get(petition.commune_id, "")
    return province_names().get(petition.province_id or "", "")
