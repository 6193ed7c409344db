"""One question of competence, and what the tables say to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings

from routing.assignment.answer import Assignment
from routing.assignment.rules import MINISTRY, Row, rows_for, rows_of
from routing.facts import HANDLING_AGENCY, Facts
from routing.kept import Kept
from routing.models import (
    Agency,
    AgencyType,
    Commune,
    CompetenceRule,
    OutsideBody,
    Province,
    Subfield,
)
from routing.models.agencies import focal_point_of
from routing.names import in_sentence
from routing.places import Place
from routing.succession import Successions, follow, successions


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune as far as competence asks; `name` as it stands inside a sentence."""

    province: str
    name: str
    type: str
    valid_to: dt.date | None


@dataclass(frozen=True)
class Tables:
    """What is known, in memory; agencies by province, each province when it is first asked for."""

    subfields: Mapping[str, Subfield]
    rows: Sequence[Row]
    provinces: Mapping[str, str]  # code -> name
    communes: Mapping[str, Unit]
    types: Mapping[str, AgencyType]
    outside: Mapping[tuple[str, str], OutsideBody]  # (slug, province or "")
    successions: Successions
    standing: dict[str, dict[str, Agency]] = field(default_factory=dict)
    below: dict[str, list[Agency]] = field(default_factory=dict)  # superior -> those under it
    chosen: dict[tuple[str, str], tuple[Row, ...]] = field(default_factory=dict)
    strays: dict[str, Agency | None] = field(default_factory=dict)
    # What was answered where nothing but kind, sub-field, place and day was known.
    plain: dict[tuple[str, str, Place, dt.date], Assignment] = field(default_factory=dict)

    def agency(self, code: str) -> Agency | None:
        """The agency with this code, in force or not; None where there is none."""
        unit = code.rpartition(":")[2]
        province = self.communes[unit].province if unit in self.communes else unit
        centre = self.of_province("").get(code)
        if province in self.provinces:
            return self.of_province(province).get(code) or centre
        return centre or self._stray(code)

    def of_province(self, province: str) -> dict[str, Agency]:
        """All agencies of a province by code, each with its superior; of the centre for ""."""
        if province not in self.standing:
            centre = self.of_province("") if province else {}
            rows = Agency.objects.filter(province=province or None)
            self.standing[province] = held = {row.code: row for row in rows}
            for row in held.values():
                row.type = self.types[row.type_id]
                above = held.get(row.superior_id or "") or centre.get(row.superior_id or "")
                if above or row.superior_id is None:
                    row.superior = above
                if above:
                    self.below.setdefault(above.code, []).append(row)
        return self.standing[province]

    def under(self, body: Agency) -> Iterable[Agency]:
        """Its direct subordinates in its own territory, and in the provinces that were asked for."""
        return self.below.get(body.code, ())

    def stands(self, agency: Agency, on: dt.date) -> bool:
        """In force on that day, and its commune and, of an office, its body are so too."""
        body = agency.superior if agency.type.kind == AgencyType.Kind.OFFICE else None
        return self._in_force(agency, on) and (body is None or self._in_force(body, on))

    def _in_force(self, agency: Agency, on: dt.date) -> bool:
        of_commune = self.communes[agency.commune_id].valid_to if agency.commune_id else None
        last_days = (agency.valid_to, of_commune)
        return agency.valid_from <= on and all(last is None or last >= on for last in last_days)

    def heirs(self, agency: Agency, on: dt.date) -> tuple[Agency, ...]:
        """Who goes on with the work of a closed agency on that day; () where no row says it, or it stands."""
        if self.stands(agency, on):
            return ()

        def stands(code: str) -> bool:
            heir = self.agency(code)
            return heir is not None and self.stands(heir, on)

        codes = follow(agency.code, lambda code: self.successions.of_agency(code, on), stands)
        return tuple(heir for heir in map(self.agency, codes) if heir)

    def heirs_of_commune(self, code: str, on: dt.date) -> tuple[str, ...]:
        """The communes in which a closed one lies on that day; () where no row says it."""

        def stands(code: str) -> bool:
            until = self.communes[code].valid_to
            return until is None or until >= on

        return follow(code, lambda code: self.successions.of_commune(code, on), stands)

    def rows_for(self, kind: str, subfield: Subfield | None) -> tuple[Row, ...]:
        """The rows that this kind and sub-field may meet, in the order in which they are tried."""
        key = (kind, subfield.slug if subfield else "")
        if key not in self.chosen:
            self.chosen[key] = rows_for(self.rows, kind, subfield)
        return self.chosen[key]

    def outside_body(self, slug: str, province: str) -> OutsideBody | None:
        return self.outside.get((slug, province)) or self.outside.get((slug, ""))

    def _stray(self, code: str) -> Agency | None:
        """One whose code does not tell its territory; asked for once."""
        if code not in self.strays:
            found = Agency.objects.filter(code=code).first()
            self.strays[code] = self.of_province(found.province_id or "").get(code) if found else None
        return self.strays[code]


def _load() -> Tables:
    return Tables(
        subfields={row.slug: row for row in Subfield.objects.all()},
        rows=rows_of(CompetenceRule.objects.all()),
        provinces=dict(Province.objects.values_list("code", "name")),
        communes={
            code: Unit(province, in_sentence(name), sort, until)
            for code, province, name, sort, until in Commune.objects.values_list(
                "code", "province_id", "name", "type", "valid_to"
            )
        },
        types={row.slug: row for row in AgencyType.objects.all()},
        outside={(row.slug, row.province_id or ""): row for row in OutsideBody.objects.all()},
        successions=successions(),
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
    handled: set[str] = field(default_factory=set)  # shut out for no more than that they handled it before
    tables: Tables = field(default_factory=lambda: tables())
    closed: str = ""  # the name of the commune that was named and is no more
    heirs: tuple[str, ...] = ()  # the communes between which that one was divided
    since: str = ""  # what has become of whom it names, as a clause
    gone: str = ""  # the name of the accused body that is no more and has no one successor

    def agency(self, slug: str) -> Agency | None:
        """The agency of that type at the place of the event; None when there is none or the place is open.

        For a closed one its one successor; between several a person chooses.
        """
        slug = self.facts.dossier_at if slug == HANDLING_AGENCY else slug
        if not slug:
            return None
        place, known = self.place, self.tables
        if place.province:
            here = known.of_province(place.province)
            for unit in (place.commune, place.province):
                found = here.get(f"{slug}:{unit}") if unit else None
                if found is not None and (standing := self.today(found)):
                    return standing
        found = known.of_province("").get(slug)
        return self.today(found) if found is not None else None

    def stands(self, agency: Agency) -> bool:
        return self.tables.stands(agency, self.on)

    def today(self, agency: Agency) -> Agency | None:
        """The agency where it stands on that day, else its one successor."""
        if self.stands(agency):
            return agency
        heirs = self.tables.heirs(agency, self.on)
        return heirs[0] if len(heirs) == 1 else None

    @property
    def focal_point(self) -> Agency | None:
        """The last rung: it is there whatever the day."""
        return self.tables.agency(focal_point_of(self.place.province or settings.HOME_PROVINCE))

    @cached_property
    def rule(self) -> CompetenceRule | None:
        """The row of competence that decides."""
        return next(self._holding, None)

    @cached_property
    def next_rule(self) -> CompetenceRule | None:
        """The one that would decide without it."""
        return next(self._holding, None) if self.rule else None

    @cached_property
    def _holding(self) -> Iterator[CompetenceRule]:
        """The rows that hold, each looked at once, in the order in which they are tried."""
        rows = self.tables.rows_for(self.kind, self.subfield)
        return (row.rule for row in rows if row.holds(self))

    @property
    def ministry(self) -> str:
        """The type of the ministry of the field, "" where no row names one."""
        rows = self.tables.rows_for(MINISTRY, self.subfield)
        return next((row.rule.lead for row in rows if row.holds(self)), "")

    def told(self, key: str) -> str:
        """What a row may ask besides the facts: who is complained of, or what sort of commune it is."""
        if key == "unit_type":
            return self.tables.communes[self.place.commune].type if self.place.commune else ""
        if key == "accused_role":
            return self.role
        if self.accused is None:
            return ""
        return self.accused.level if key == "accused_level" else self.accused.type_id
