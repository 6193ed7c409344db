"""From the mentions of a text to units of today."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from classifier.text import fold

from .files import shipped
from .finding import Gazetteer
from .rows import FINENESS, NAME, PlaceMention, Resolved
from .words import PREFIXES

_TYPE = re.compile(
    rf"(?P<type>{'|'.join(sorted(PREFIXES, key=len, reverse=True))})(?![a-z])[\W_]*0*(?=[^\W_])"
)
_NEAR = 9  # code points between two parts of one address, where only offsets are known
_Each = tuple[tuple[str, ...], ...]  # the codes of each unit that may be meant


@dataclass(frozen=True)
class _Reading:
    """One mention in the light of those beside it."""

    at: int  # where it starts
    level: str
    units: _Each
    is_old: bool
    agreed: int  # coarser levels of which a neighbour holds it; -1: none does, or none of a level behind it
    name: tuple[str, str]  # its type and the rest, folded
    same_as: int = -1  # see `PlaceMention`
    aside: int = 0  # where it did not happen, if another place is named
    fit: int = 0  # the same of what stands farther off, and of the home province

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(sorted({code for unit in self.units for code in unit}))

    @property
    def rank(self) -> tuple[bool, int, int]:
        return (self.agreed >= 0, FINENESS[self.level], self.agreed)


def resolve(
    mentions: Sequence[PlaceMention], *, home: str = "", gazetteer: Gazetteer | None = None
) -> Resolved:
    """Bring the mentions of a text down to units of today.

    The finest mention that its neighbours confirm wins, a unit of today over an older one of the same
    name, then the home province (a two-digit code). Where the writer lives counts only where no other
    commune is named; a landmark (`level` landmark) where no commune is. What is still open comes back as
    several codes.
    """
    known = gazetteer or shipped()
    units = [mention for mention in mentions if mention.level != "landmark"]
    named = _units(units, home, known)
    if named.level == "commune" or len(units) == len(mentions):
        return named
    return _landmark([m for m in mentions if m.level == "landmark"], named, known)


def _units(mentions: Sequence[PlaceMention], home: str, known: Gazetteer) -> Resolved:
    readings = _agreed_together([one for group in _near(mentions) for one in _readings(group, known)])
    if not readings:
        return Resolved()
    readings = _not_aside(readings)
    best = max(reading.rank for reading in readings)
    leading = [_fitted(reading, mentions, home, known) for reading in readings if reading.rank == best]
    chosen = [_any_of_that_name(one, leading, known) if home else one for one in _one_a_span(leading)]
    surest = max(reading.fit for reading in chosen)
    chosen = [reading for reading in chosen if reading.fit == surest]
    codes = tuple(dict.fromkeys((*_denied(readings, chosen, known), *_of_all(chosen))))
    return Resolved(codes, _common(codes, known), chosen[0].is_old, chosen[0].level)


def _denied(readings: Sequence[_Reading], chosen: Sequence[_Reading], known: Gazetteer) -> Iterator[str]:
    """Communes that a district behind them does not hold: of its province they are asked with its own."""
    if chosen[0].level == "district":
        province = _common([code for reading in chosen for code in reading.codes], known)
        for reading in readings:
            if reading.level == "commune" and province and _common(reading.codes, known) == province:
                yield from reading.codes


def _common(codes: Sequence[str], known: Gazetteer) -> str:
    """The province that all codes lie in, "" for several."""
    provinces = {known.province_of.get(code, code) for code in codes}
    return provinces.pop() if len(provinces) == 1 else ""


def _agreed_together(readings: list[_Reading]) -> list[_Reading]:
    """What holds the older unit holds that of today: "phường Cống Vị, quận Ba Đình, nay là Ngọc Hà"."""
    for place in dict.fromkeys((one.same_as, one.at) for one in readings if one.same_as >= 0):
        most = max(one.agreed for one in readings if one.at in place)
        readings = [replace(one, agreed=most) if one.at in place else one for one in readings]
    return readings


def _not_aside(readings: list[_Reading]) -> list[_Reading]:
    communes = [reading.aside for reading in readings if reading.level == "commune" and reading.agreed >= 0]
    return [reading for reading in readings if reading.aside <= min(communes)] if communes else readings


def _of_all(readings: Sequence[_Reading]) -> Iterator[str]:
    """The codes of every place named; two mentions, in the order of the text, of the same place narrow it.

    "phường 22 cũ, nay là Thạnh Mỹ Tây" is one, "từ quận Ba Đình đến quận Long Biên" are two, which may well
    share a commune of today: it is never the answer.
    """
    places: list[list[_Reading]] = []
    for reading in readings:
        place = next((place for place in places if any(_is_same(one, reading) for one in place)), None)
        if place is None:
            places.append([reading])
        else:
            place.append(reading)
    for place in places:
        shared = set.intersection(*(set(reading.codes) for reading in place))
        yield from (code for reading in place for code in reading.codes if code in shared or not shared)


def _is_same(one: _Reading, later: _Reading) -> bool:
    """Whether both name one place: told again, or an older unit and the one of today that it became."""
    (kind, name), (later_kind, later_name) = one.name, later.name
    again = name == later_name and (kind == later_kind or not (kind and later_kind))
    return again or (later.same_as == one.at and one.is_old != later.is_old)


def _landmark(landmarks: Sequence[PlaceMention], around: Resolved, known: Gazetteer) -> Resolved:
    """The communes of landmarks, unless what else is named lies elsewhere."""
    codes = tuple(dict.fromkeys(code for mention in landmarks for code in mention.codes))
    if around.codes:
        codes = tuple(
            code for code in codes if code in around.codes or known.province_of.get(code) in around.codes
        )
    return Resolved(codes, _common(codes, known), False, "landmark") if codes else around


def _near(mentions: Sequence[PlaceMention]) -> Iterator[list[PlaceMention]]:
    group: list[PlaceMention] = []
    for mention in sorted(mentions, key=lambda mention: (mention.start, mention.is_old)):
        if group and mention.start - max(m.end for m in group) > _NEAR:
            yield group
            group = []
        group.append(mention)
    if group:
        yield group


def _readings(group: Sequence[PlaceMention], known: Gazetteer) -> Iterator[_Reading]:
    for mention in group:
        units, agreeing, spans = _units_of(mention), set[str](), _coarser_spans(mention, group)
        for span in spans:
            held = _held(units, span, known)
            units = held if held and mention.level != NAME else units  # what is asked is asked whole
            agreeing |= {span[0].level} if held else set()
        denied = {span[0].level for span in spans if span[0].start > mention.start} - agreeing
        confirmed = -1 if denied or (spans and not agreeing) else len(agreeing)
        name = _name(mention.text)
        same, aside = mention.same_as, mention.aside
        yield _Reading(mention.start, mention.level, units, mention.is_old, confirmed, name, same, aside)


def _units_of(mention: PlaceMention) -> _Each:
    return mention.units or tuple((code,) for code in mention.codes)


def _held(units: _Each, coarse: Iterable[PlaceMention], known: Gazetteer) -> _Each:
    """The units that one of the coarser ones holds whole: part of a ward may lie in the next district's."""
    return tuple(
        unit for unit in units if any(all(_holds(one, code, known) for code in unit) for one in coarse)
    )


def _name(text: str) -> tuple[str, str]:
    """What kind of unit is told ("" for none), and its name, folded."""
    folded = fold(text)
    told = _TYPE.match(folded)
    return (PREFIXES[told["type"]][1], folded[told.end() :]) if told else ("", folded)


def _coarser_spans(mention: PlaceMention, group: Sequence[PlaceMention]) -> list[list[PlaceMention]]:
    spans: dict[int, list[PlaceMention]] = defaultdict(list)
    for other in group:
        coarser = other.level != NAME and FINENESS[other.level] < FINENESS[mention.level]
        if coarser and other.aside <= mention.aside:
            spans[other.start].append(other)
    return list(spans.values())


def _holds(coarse: PlaceMention, code: str, known: Gazetteer) -> bool:
    return code in coarse.codes or known.province_of.get(code) in coarse.codes


def _fitted(reading: _Reading, mentions: Sequence[PlaceMention], home: str, known: Gazetteer) -> _Reading:
    """A reading narrowed by what else the text names, then by the home province.

    Its `fit` counts what held it.
    """
    if reading.level == NAME:
        return reading
    priors = [
        [mention for mention in mentions if mention.level == level and mention.start != reading.at]
        for level in ("district", "province")
        if FINENESS[level] < FINENESS[reading.level]
    ]
    units, fit = reading.units, 0
    for beside in priors:
        held = _held(units, beside, known)
        units, fit = held or units, fit + bool(held)
    at_home = tuple(unit for unit in units if any(known.province_of.get(code, code) == home for code in unit))
    return replace(reading, units=at_home or units, fit=fit + bool(at_home))


def _any_of_that_name(one: _Reading, readings: Sequence[_Reading], known: Gazetteer) -> _Reading:
    """One commune's name alone is no key outside the home province: what was called so once may be meant."""
    if one.fit or one.agreed or one.level != "commune" or len(one.codes) > 1:
        return one
    named = dict.fromkeys(unit for other in readings if other.at == one.at for unit in other.units)
    return (
        replace(one, units=tuple(named)) if not _common([c for unit in named for c in unit], known) else one
    )


def _one_a_span(readings: Sequence[_Reading]) -> list[_Reading]:
    """Of today's and the older reading of one mention the one that fits better, else today's."""
    first: dict[int, _Reading] = {}
    for reading in sorted(readings, key=lambda reading: (-reading.fit, reading.is_old)):
        first.setdefault(reading.at, reading)
    return sorted(first.values(), key=lambda reading: reading.at)
