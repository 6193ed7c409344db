"""What is asked: kind, facts and who is complained of, each value checked at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from classifier.dossiers import bodies

KINDS = ("report", "proposal", "complaint", "denunciation", "question", "praise", "spam")
ROLES = ("head", "deputy", "staff", "unit")
# In a rule's `lead`: the body that is complained of.
ACCUSED_AGENCY = "accused-agency"
HANDLING_AGENCY = "handling-agency"  # the body where the dossier lies, as the facts say
LEVELS = ("commune", "province", "central")


class FactError(ValueError):
    """A fact, kind, subfield, agency or place that makes no sense; the message says which, in Vietnamese."""


@dataclass(frozen=True)
class Against:
    """Who is complained of. `role`: head | deputy | staff | unit (the body as a whole)."""

    agency_type: str
    unit_code: str = ""
    role: str = "unit"

    @property
    def code(self) -> str:
        """The agency's own code."""
        return f"{self.agency_type}:{self.unit_code}" if self.unit_code else self.agency_type

    @classmethod
    def of(cls, code: str, role: str = "unit") -> Against:
        """Whoever stands behind an agency's code; an office of one of these holds its body's code as unit:
        `department-head:department-of-construction:48`."""
        kind, _colon, unit = code.partition(":")
        return cls(kind, unit, role)


@dataclass(frozen=True)
class Facts:
    """What else is known. "" and 0 mean unknown; the closed lists stand in CHOICES."""

    road_class: str = ""
    delegated_to_province: bool = False
    formal_petition: bool = False
    online: bool = False
    disciplinary: bool = False
    court_accepted: bool = False
    party_matter: bool = False
    crime_signs: bool = False
    first_decided: bool = False
    first_expired: bool = False
    cross_province: bool = False
    suspected: str = ""
    instance: int = 0
    school_level: str = ""
    facility_level: str = ""
    dossier_level: str = ""
    dossier_at: str = ""  # the type of agency where it was handed in
    issuer_level: str = ""
    source_commune_code: str = ""
    source_province_code: str = ""
    previous_handler: tuple[str, ...] = ()
    already_answered_by: tuple[str, ...] = ()
    system: str = ""
    text_place: str = ""
    old_ward_code: str = ""
    old_district_code: str = ""
    old_province_code: str = ""
    picked_commune_code: str = ""
    home_commune_code: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> tuple[Facts, list[str]]:
        """Facts of a mapping, and the keys that are none. Raises FactError for a value that cannot be."""
        if not given:
            return NO_FACTS, []
        held = {key: _fact(key, value, DEFAULTS[key]) for key, value in given.items() if key in DEFAULTS}
        facts = object.__new__(cls)  # the long way sets each of the 29 by itself, for thousands a second
        facts.__dict__.update(DEFAULTS, **held)
        return facts, [] if len(held) == len(given) else sorted(key for key in given if key not in DEFAULTS)


NO_FACTS = Facts()
DEFAULTS: dict[str, Any] = {f.name: f.default for f in fields(Facts)}
CHOICES: dict[str, tuple[str, ...]] = {
    "road_class": ("commune", "provincial", "urban", "national", "expressway", "bot"),
    "suspected": ("complaint", "denunciation"),
    "school_level": ("kindergarten", "primary", "lower_secondary", "upper_secondary"),
    "facility_level": LEVELS,
    "dossier_level": LEVELS,
    "dossier_at": bodies(),
    "issuer_level": LEVELS,
}
# What a row of competence may ask besides: who is complained of, and what sort of commune it is.
OF_THE_CASE: dict[str, tuple[str, ...]] = {
    "accused_role": ROLES,
    "accused_level": (*LEVELS, "region", "enterprise", "any"),
    "unit_type": ("commune", "ward", "special_zone"),
}


ACCUSED_TYPE = "accused_type"  # of any type of agency


def checked(key: str, value: Any) -> Any:
    """One value that a row of competence may ask of a fact; raises FactError."""
    if key == ACCUSED_TYPE and isinstance(value, str):
        return value
    if key in OF_THE_CASE:
        if value not in OF_THE_CASE[key]:
            raise FactError(
                f"Dữ kiện {key} phải là một trong {', '.join(OF_THE_CASE[key])}, không phải {value!r}."
            )
        return value
    if key not in DEFAULTS or isinstance(DEFAULTS[key], tuple):
        raise FactError(f"Không có dữ kiện {key!r} để đặt điều kiện.")
    return _fact(key, value, DEFAULTS[key])


def listed(value: Any) -> list[Any]:
    """The values that a condition lets pass."""
    return value if isinstance(value, list) else [value]


def _fact(key: str, value: Any, default: Any) -> Any:
    if value is None:
        return default
    if isinstance(default, tuple):
        value = tuple(value) if isinstance(value, list | tuple) else (value,)
        if not all(isinstance(part, str) for part in value):
            raise FactError(f"Dữ kiện {key} phải là mã loại cơ quan hoặc danh sách mã.")
        return value
    if not isinstance(value, type(default)) or (isinstance(value, bool) and not isinstance(default, bool)):
        raise FactError(f"Dữ kiện {key} không thể là {value!r}.")
    if value and key in CHOICES and value not in CHOICES[key]:
        raise FactError(f"Dữ kiện {key} phải là một trong {', '.join(CHOICES[key])}, không phải {value!r}.")
    if key == "instance" and value not in (0, 1, 2):
        raise FactError(f"Dữ kiện instance phải là 1 hoặc 2, không phải {value!r}.")
    return value
