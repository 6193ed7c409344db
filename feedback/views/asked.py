"""What the address of a board's page asks for, read once and written back the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any
from urllib.parse import quote_plus

from django.contrib import messages
from django.db.models import Model, Q
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import User
from feedback import trend
from feedback.cube.reading import UNKNOWN, Period, Scope
from feedback.models import PetitionQuerySet
from feedback.permissions import SEES_BOARD
from routing.models import Agency, Commune, Field

PERIODS = (7, 30, 90, 365)
USUAL = 30  # days
WHOLE = "het"
LISTS: dict[str, tuple[str, type[Model]]] = {
    "agency": ("co-quan", Agency),
    "field": ("linh-vuc", Field),
    "commune": ("xa", Commune),
}


def watcher(request: HttpRequest) -> User:
    """Whoever may watch; for all others there is no such page."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(*SEES_BOARD):
        raise Http404
    return user


@dataclass(frozen=True)
class Unknown:
    """Asked for in the place of an agency, a field or a commune (`of`): what has none yet."""

    of: str
    pk = UNKNOWN

    def __str__(self) -> str:
        return str(NOT_KNOWN[self.of])

    name = property(__str__)


NOT_KNOWN = {
    "agency": _l("Chưa rõ cơ quan"),
    "field": _l("Chưa rõ lĩnh vực"),
    "commune": _l("Chưa rõ xã, phường"),
}


@dataclass(frozen=True)
class Asked:
    """The filters of a page: an agency, a field, a commune, and of how many days until today it tells.

    `whole`: of this one of its tables every row, instead of the first few.
    """

    agency: Agency | Unknown | None = None
    field: Field | Unknown | None = None
    commune: Commune | Unknown | None = None
    days: int = USUAL
    whole: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """What is on no list narrows nothing, and that is said."""
        chosen: dict[str, Any] = {}
        for name, (parameter, _model) in LISTS.items():
            key = request.GET.get(parameter, "")
            chosen[name] = _found(name, key)
            if key and chosen[name] is None:
                messages.warning(
                    request,
                    _("Bộ lọc “%(key)s” không có trong danh sách nên bị bỏ qua.") % {"key": key[:60]},
                )
        days = request.GET.get("ky", "")
        known_days = next((n for n in PERIODS if str(n) == days), USUAL)
        return cls(**chosen, days=known_days, whole=request.GET.get(WHOLE, ""))

    def without(self, name: str) -> Asked:
        return replace(self, **{name: None})  # type: ignore[arg-type]  # one of LISTS

    def over(self, days: int) -> Asked:
        return replace(self, days=days)

    def holds(self, agency: str, field: str) -> bool:
        """Whether something of this agency and field is asked for, by their codes."""
        return (self.agency is None or self.agency.pk == (agency or UNKNOWN)) and (
            self.field is None or self.field.pk == (field or UNKNOWN)
        )

    @property
    def narrows(self) -> bool:
        return any((self.agency, self.field, self.commune))

    def rows(self, seen: PetitionQuerySet) -> PetitionQuerySet:
        """The petitions asked for, of those that this person sees."""
        return seen.filter(self.condition)

    @property
    def condition(self) -> Q:
        """Which petitions are asked for; empty where all are."""
        columns = {"lead": self.agency, "subfield__field": self.field, "commune": self.commune}
        asked = {column: one for column, one in columns.items() if one}
        known = ((column, one) for column, one in asked.items() if not isinstance(one, Unknown))
        unknown = ((f"{column}__isnull", True) for column, one in asked.items() if isinstance(one, Unknown))
        return Q(*known, *unknown)

    def scope(self, user: User) -> Scope:
        """The same for the cube, which knows no communes."""
        return Scope(user, self.agency.pk if self.agency else "", self.field.pk if self.field else "")

    def period(self, today: dt.date) -> Period:
        return trend.last_days(self.days, today)

    def query(self, **more: Any) -> str:
        """As it stands in an address, with `more`, which comes last; "" where nothing is asked."""
        added = [f"{name}={quoted(str(value))}" for name, value in more.items() if value]
        return "&".join([*self._told, *added])

    @cached_property
    def _told(self) -> list[str]:
        told = {LISTS[name][0]: getattr(self, name) for name in LISTS}
        named = {parameter: one.pk for parameter, one in told.items() if one}
        period = {"ky": self.days} if self.days != USUAL else {}
        return [urlencode({name: value}) for name, value in (named | period).items()]

    def all_of(self, table: str) -> str:
        """The same page with every row of one table, at that table."""
        return f"?{self.query(**{WHOLE: table})}#{table}"

    def behind(self, key: str, **more: Any) -> str:
        """Where the petitions behind a number are."""
        return f"{_list_address()}?{self.query(so=key, **more)}"


@lru_cache(maxsize=5_000)
def quoted(value: str) -> str:
    return quote_plus(value)


def _found(name: str, key: str) -> Model | Unknown | None:
    if key == UNKNOWN:
        return Unknown(name)
    model = LISTS[name][1]
    known = key and len(key) <= 150 and "\x00" not in key
    return model._default_manager.filter(pk=key).first() if known else None


@cache
def _list_address() -> str:
    return reverse("feedback:behind")
