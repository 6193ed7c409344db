"""From the mentions of a text to units of today."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .files import shipped
from .finding import Gazetteer
from .rows import FINENESS, NAME, PlaceMention, Resolved

_NEAR = 9  # code points between two parts of one address, where only offsets are known


@dataclass(frozen=True)
class _Reading:
    """One mention in the light of those beside it."""

    at: int  # where it starts
    level: str
    codes: tuple[str, ...]
    is_old: bool
    agreed: int  # coarser neighbours that hold it; -1: none of them does, or none of a level behind it
    aside: int = 0  # where it did not happen, if another place is named
    fit: int = 0  # the same of what stands farther off, and of the home province

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
    readings = [reading for group in _near(mentions) for reading in _readings(group, known)]
    if not readings:
        return Resolved()
    readings = _not_aside(readings)
    best = max(reading.rank for reading in readings)
    leading = [_fitted(reading, mentions, home, known) for reading in readings if reading.rank == best]
    chosen = [_any_of_that_name(one, leading, known) if home else one for one in _one_a_span(leading)]
    surest = max(reading.fit for reading in chosen)
    chosen = [reading for reading in chosen if reading.fit == surest]
    codes = tuple(dict.fromkeys((*_denied(readings, chosen, known), *_common_codes(chosen))))
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


def _not_aside(readings: list[_Reading]) -> list[_Reading]:
    communes = [reading.aside for reading in readings if reading.level == "commune" and reading.agreed >= 0]
    return [reading for reading in readings if reading.aside <= min(communes)] if communes else readings


def _common_codes(readings: Sequence[_Reading]) -> tuple[str, ...]:
    """What all readings may be: "phường 22 cũ, nay là Thạnh Mỹ Tây"; where they part, all of it."""
    shared = set.intersection(*(set(reading.codes) for reading in readings))
    every = dict.fromkeys(code for reading in readings for code in reading.codes)
    return tuple(code for code in every if code in shared or not shared)


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
        codes, agreeing, spans = mention.codes, list[str](), _coarser_spans(mention, group)
        for span in spans:
            held = tuple(code for code in codes if any(_holds(m, code, known) for m in span))
            codes = held or codes
            agreeing += [span[0].level] if held else []
        denied = {span[0].level for span in spans if span[0].start > mention.start} - set(agreeing)
        confirmed = -1 if denied or (spans and not agreeing) else len(agreeing)
        yield _Reading(mention.start, mention.level, codes, mention.is_old, confirmed, aside=mention.aside)


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
    priors = [
        [mention for mention in mentions if mention.level == level and mention.start != reading.at]
        for level in ("district", "province")
        if FINENESS[level] < FINENESS[reading.level]
    ]
    codes, fit = reading.codes, 0
    for beside in priors:
        held = tuple(code for code in codes if any(_holds(m, code, known) for m in beside))
        codes, fit = held or codes, fit + bool(held)
    at_home = tuple(code for code in codes if known.province_of.get(code, code) == home)
    return replace(reading, codes=at_home or codes, fit=fit + bool(at_home))


def _any_of_that_name(one: _Reading, readings: Sequence[_Reading], known: Gazetteer) -> _Reading:
    """One commune's name alone is no key outside the home province: what was called so once may be meant."""
    if one.fit or one.agreed or one.level != "commune" or len(one.codes) > 1:
        return one
    named = dict.fromkeys(code for other in readings if other.at == one.at for code in other.codes)
    return replace(one, codes=tuple(named)) if not _common(tuple(named), known) else one


def _one_a_span(readings: Sequence[_Reading]) -> list[_Reading]:
    """Of today's and the older reading of one mention the one that fits better, else today's."""
    first: dict[int, _Reading] = {}
    for reading in sorted(readings, key=lambda reading: (-reading.fit, reading.is_old)):
        first.setdefault(reading.at, reading)
    return sorted(first.values(), key=lambda reading: reading.at)
