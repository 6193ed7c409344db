"""What a gazetteer holds and what is found with it."""

from dataclasses import dataclass

NAME = "name"  # the level of a bare name that communes bear: they are asked, however few
FINENESS = {"province": 0, NAME: 1, "district": 2, "commune": 3, "landmark": 4}


class BrokenGazetteerError(ValueError):
    """A gazetteer file is missing, cut short or no gazetteer."""


@dataclass(frozen=True)
class PlaceRow:
    """One name of one unit, or of a landmark that lies in one.

    `name` with its type ("Phường 12", "Huyện Tam Đảo"), or bare for an alias ("Sài Gòn").
    `codes` are units of today: two digits for level province, else five-digit commune codes.
    `code` is the unit's own code ("" for an alias), `province` the province of today, `district` and
    `old_province` what an old unit lay in (codes of before 1/7/2025).
    """

    name: str
    level: str  # province | district | commune | landmark
    code: str
    province: str
    codes: tuple[str, ...]
    is_old: bool
    district: str = ""
    old_province: str = ""


@dataclass(frozen=True)
class PlaceMention:
    """A place named in a text; offsets are code points of the text as given, `codes` units of today.

    `level`: that of a row, or `NAME`.
    `aside`: 0 where it may have happened; else told as where the writer lives (1), comes from or is
    registered, or as what lies near by (2), or as where it was not (3): of no weight beside another place.
    `units`: the codes of each unit that may be meant, one that was split has several; (): each code is one.
    `same_as`: where the mention before starts that the text says is the same place; -1: no such is told.
    """

    start: int
    end: int
    text: str
    codes: tuple[str, ...]
    level: str
    is_old: bool
    aside: int = 0
    same_as: int = -1
    units: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Resolved:
    """Where a text points: one code, several to choose from, or none (`level` "").

    Of level `NAME` one is to be asked as well.
    """

    codes: tuple[str, ...] = ()
    province: str = ""  # "" when the codes lie in several
    basis_old: bool = False
    level: str = ""
