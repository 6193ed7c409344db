"""What an agency's report of a month says: figures of frozen months alone, as on the page of figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.utils import timezone

from accounts.links import link_to
from classifier.text import fold
from publication import freezing
from publication.coarsening import UNKNOWN
from publication.models import FrozenMonth, FrozenRow
from publication.recompute import REST, last_day_of
from publication.statistics import Figure, Filters, Report, report
from routing.models import Agency

MOST = 50  # agencies that are offered at once
# What people write out and names of agencies shorten.
SHORT = {"uy ban nhan dan": "ubnd", "thanh pho": "tp"}


@dataclass(frozen=True)
class Row:
    """A figure of the month, and the same of the year so far."""

    month: Figure
    year: Figure


@dataclass(frozen=True)
class Monthly:
    """The report of one agency for a month that is over; it never changes, but for the agency's name."""

    agency: Agency
    frozen: FrozenMonth

    @property
    def since(self) -> dt.date:
        return self.frozen.month

    @property
    def until(self) -> dt.date:
        return last_day_of(self.since)

    @cached_property
    def month(self) -> Report:
        return self._told(self.since)

    @cached_property
    def year(self) -> Report:
        """From January to this month."""
        return self._told(self.since.replace(month=1))

    @cached_property
    def _published(self) -> freezing.Published:
        """The months up to this one, without what came after."""
        months = FrozenMonth.objects.filter(month__lte=self.since).order_by("month")
        return freezing.Published(tuple(months), (), timezone.localtime(self.frozen.at))

    def _told(self, since: dt.date) -> Report:
        return report(Filters(agency=self.agency.pk, since=since, until=self.until), self._published)

    @property
    def rows(self) -> Iterator[Row]:
        year = self.year.figures
        return (Row(figure, year[key]) for key, figure in self.month.figures.items())

    @property
    def is_told(self) -> bool:
        """Whether the agency is told apart in this month."""
        return not self.month.silent

    @property
    def check(self) -> str:
        """Where anybody finds the same figures."""
        span = {"agency": self.agency.pk, "from": self.since.isoformat(), "to": self.until.isoformat()}
        return f"{link_to('publication:statistics')}?{urlencode(span, safe=':')}"


def of(agency: str, month: dt.date) -> Monthly | None:
    """The report; None for a month that is not frozen and an agency that there is not."""
    frozen = FrozenMonth.objects.filter(month=month).first()
    known = Agency.objects.filter(pk=agency).first()
    return Monthly(known, frozen) if frozen and known else None


def told_in(month: dt.date) -> frozenset[str]:
    """Codes of the agencies that are told apart in a month."""
    return freezing.kept(f"told-{month}", lambda: frozenset(_told(month=month)))


def _told(**where: dt.date) -> Iterator[str]:
    apart = FrozenRow.objects.filter(table="g", **where).exclude(agency__in=["", REST, UNKNOWN])
    return apart.order_by().values_list("agency", flat=True).distinct().iterator()


def named(words: str) -> list[tuple[str, str]]:
    """(code, name) of agencies with figures of any month, whose names have all the words; with one too many.

    Marks do not count: "so xay dung" finds Sở Xây dựng; "ủy ban nhân dân" finds UBND.
    """
    wanted = _plain(words).split()
    found = []
    for code, name, folded in by_name():
        if all(word in folded for word in wanted):
            found.append((code, name))
        if len(found) > MOST:
            break
    return found


def _plain(words: str) -> str:
    plain = " ".join(fold(words).split())
    for long, short in SHORT.items():
        plain = plain.replace(long, short)
    return plain


def by_name() -> list[tuple[str, str, str]]:
    """(code, name, folded name) of all agencies that are told apart in any month."""
    return freezing.kept("agencies-by-name", _names)


def _names() -> list[tuple[str, str, str]]:
    apart = FrozenRow.objects.filter(table="g").values("agency")
    return [(code, name, _plain(name)) for code, name in Agency.objects.filter(pk__in=apart).listed()]
