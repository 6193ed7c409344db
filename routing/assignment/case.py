"""One question of competence, and what the tables say to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings

from routing.assignment.facts import Facts
from routing.kept import Kept
from routing.models import Agency, Commune, CompetenceRule, Province, Subfield
from routing.places import Place

FOCAL_POINT = "feedback-focal-point"


MOST_STANDING = 50_000  # agencies kept in memory at most, a few kilobytes each


@dataclass(frozen=True)
class Tables:
    subfields: Mapping[str, Subfield]
    rules: Sequence[CompetenceRule]
    provinces: Mapping[str, str]
    communes: Mapping[str, tuple[str, str]]  # code -> province, name
    # Who stands where, as far as it was asked: there are too many to read them all.
    standing: dict[tuple[str, str, str], Sequence[Agency]] = field(default_factory=dict)

    def asked(
        self, slug: str, province: str, commune: str, find: Callable[[], Sequence[Agency]]
    ) -> Sequence[Agency]:
        """The agencies of all times, found once for each place; none is an answer too."""
        key = (slug, province, commune)
        if key in self.standing:
            return self.standing[key]
        if len(self.standing) >= MOST_STANDING:
            return find()
        return self.standing.setdefault(key, find())


def _load() -> Tables:
    return Tables(
        subfields={row.slug: row for row in Subfield.objects.all()},
        rules=list(CompetenceRule.objects.all()),
        provinces=dict(Province.objects.values_list("code", "name")),
        communes={
            code: (province, name)
            for code, province, name in Commune.objects.values_list("code", "province_id", "name")
        },
    )


tables = Kept(_load)


@dataclass
class Case:
    """One question of competence while it is answered."""

    kind: str
    subfield: Subfield | None
    place: Place
    facts: Facts
    on: dt.date
    accused: Agency | None = None
    role: str = ""
    excluded: set[str] = field(default_factory=set)
    tables: Tables = field(default_factory=lambda: tables())

    def agency(self, slug: str) -> Agency | None:
        """The agency of that type at the place of the event; None when there is none or the place is open."""
        if not slug:
            return None
        place = self.place
        standing = self.tables.asked(slug, place.province, place.commune, lambda: _standing(slug, place))
        return next((agency for agency in standing if _stands(agency, self.on)), None)

    @property
    def focal_point(self) -> Agency | None:
        province = self.place.province or settings.HOME_PROVINCE
        standing = self.tables.asked(FOCAL_POINT, province, "", lambda: _focal_point(province))
        return next(iter(standing), None)


def _standing(slug: str, place: Place) -> Sequence[Agency]:
    codes = [slug, f"{slug}:{place.province}", f"{slug}:{place.commune}"]
    return tuple(Agency.objects.filter(code__in=codes, type_id=slug).select_related("type").order_by("pk"))


def _focal_point(province: str) -> Sequence[Agency]:
    return tuple(Agency.objects.filter(code=f"{FOCAL_POINT}:{province}"))


def _stands(agency: Agency, on: dt.date) -> bool:
    return agency.valid_from <= on and (agency.valid_to is None or agency.valid_to >= on)
