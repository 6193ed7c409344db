"""Reading Vietnamese: what a citizen's text is about, which places it names, what in it is personal.

Pure functions of text, no Django. `read` is the one call most callers need.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from . import model as _models
from . import personal as _personal
from . import places as _places
from . import store as _store
from . import urgency as _urgency
from .evaluation import Report, measure
from .examples import Example
from .language import is_foreign
from .matters import Matter, matters_in
from .officials import bears_office, officials
from .personal import Span
from .places import PlaceMention
from .text import KEPT, Clean, guard

__all__ = [
    "Candidate",
    "Example",
    "Matter",
    "PlaceMention",
    "Reading",
    "Report",
    "Span",
    "bears_office",
    "evaluate",
    "learnt_in",
    "matters_in",
    "mentions",
    "officials",
    "personal_spans",
    "read",
    "train",
    "unread",
    "without_people",
]

_BLACK = "▇"
_UNCLASSIFIED = "other.unclassified"  # "read, and found to say nothing": a person asks back


@dataclass(frozen=True)
class Candidate:
    """A sub-field a text may be about, with its calibrated probability."""

    subfield: str
    p: float


@dataclass(frozen=True)
class Reading:
    """What a text seems to be about; a person confirms."""

    subfield: str  # slug of the tiểu lĩnh vực, "" when unsure
    confidence: float  # calibrated p of candidates[0], also when subfield is ""
    candidates: tuple[Candidate, ...]  # always the best three; none when the guard gave up
    field: str  # slug of the lĩnh vực, "" when unsure
    decision: str  # subfield | field | person
    kind: str  # report | proposal | complaint | denunciation | question | praise | spam
    kind_p: Mapping[str, float]
    law_doubt: bool  # may be a complaint or denunciation although read as something else: a person is asked
    urgent: bool  # danger to life or safety now
    urgency: float  # what the learnt head gives for that, 0 to 1
    places: tuple[PlaceMention, ...]  # code points of the text AS GIVEN
    personal: tuple[Span, ...]  # personal data to hide before publication, offsets likewise
    urgent_words: tuple[str, ...]
    words: tuple[str, ...]  # what weighed most, shown to the handler
    guarded: bool  # the guard had to give up, or it is another language: a person reads it
    model: str  # version that said so


def read(text: str, *, home: str = "") -> Reading:
    """Read one text; `home` is the province code (two digits) that breaks ties between places.

    Never raises and never answers None: what cannot be read comes back `guarded`, for a person; of a text
    without a letter only what is personal is told, of one in another language also its places and the words
    of danger that are known of it.
    """
    try:
        clean = guard(text)
        if is_foreign(clean.text):
            return _foreign(clean, home)
        if any(char.isalpha() for char in clean.text):
            return _read(clean, home)
        return replace(unread(), model=_version(), personal=_personal.find(clean))
    except Exception:  # noqa: S110 - whatever a text does to us, a person still gets it
        pass
    return replace(unread(), model=_version())


def mentions(text: str, *, home: str = "") -> tuple[PlaceMention, ...]:
    """The places that a text names, as `read` finds them, without reading what it is about; never raises."""
    try:
        return _places.shipped().find(guard(text), home=home)
    except Exception:  # whatever a text does to us, somebody asks where it was
        return ()


def without_people(text: str) -> str:
    """What `read` looks at of a text, each piece that seems to be personal data replaced by a mark.

    Never raises: of a text that cannot be read the mark alone is left.
    """
    try:
        return _blackened(text)
    except Exception:  # whatever a text does to us, nobody learns who is in it
        return _BLACK


def _blackened(text: str) -> str:
    clean = guard(text)
    kept: list[str] = []
    at, end = 0, clean.ends[-1] if clean.text else 0
    for span in _spans(clean):
        if span.start >= at:
            kept += [text[at : span.start], _BLACK]
            at = span.end
    return "".join([*kept, text[at:end]])


def learnt_in(folder: Path | None) -> None:
    """Where the house keeps the models it has learnt (see `store`); None: the shipped one reads."""
    _store.use(folder)


def personal_spans(text: str) -> tuple[Span, ...]:
    """What in a text is personal, over the whole length that is kept, without reading what it is about.

    `read` looks at the first 4,000 code points only; whoever publishes has to know of all 20,000. Never
    raises: a text that cannot be read is personal as a whole (a `person`).
    """
    try:
        return _spans(guard(text, KEPT))
    except Exception:  # whatever a text does to us, it is not published unseen
        return (Span(0, len(text), "person"),)


def _spans(clean: Clean) -> tuple[Span, ...]:
    return _personal.find(clean, _places.shipped().find(clean))


def unread() -> Reading:
    """What is said of a text that no model read (`model` ""): a person reads it."""
    return Reading(
        subfield="", confidence=0.0, candidates=(), field="", decision="person", kind="report", kind_p={},
        law_doubt=False, urgent=False, urgency=0.0, places=(), personal=(), urgent_words=(), words=(),
        guarded=True, model="",
    )  # fmt: skip


def _version() -> str:
    try:
        return _store.current().version
    except _models.BrokenModelError:
        return ""


def _read(clean: Clean, home: str) -> Reading:
    model = _store.current()
    scores = model.score(clean.text)
    best = scores.subfields.argsort()[::-1][:3].tolist()
    candidates = tuple(Candidate(model.subfields[at], float(scores.subfields[at])) for at in best)
    top_field, field_p = model.best_field(scores)
    decision = _decide(model, candidates[0], field_p)
    words = tuple(model.weighty(scores, best[0]))  # while a processor has what was scored at hand
    places = _places.shipped().find(clean, home=home)
    dangers = _urgency.danger_words(clean.text)
    kind = model.kind(scores)
    kinds = dict(zip(model.kinds, scores.kinds.tolist(), strict=True))
    return Reading(
        subfield=candidates[0].subfield if decision == "subfield" else "",
        confidence=candidates[0].p,
        candidates=candidates,
        field={"subfield": candidates[0].subfield.split(".")[0], "field": top_field}.get(decision, ""),
        decision=decision,
        kind=kind,
        kind_p=kinds,
        law_doubt=model.doubtful(scores),
        # Thanks tell of a danger that is over, but where a word says that one stands.
        urgent=model.is_urgent(scores, bool(dangers)) and (kind != "praise" or bool(dangers)),
        urgency=float(scores.urgent),
        places=places,
        personal=_personal.find(clean, places),
        urgent_words=dangers,
        words=words,
        guarded=False,
        model=model.version,
    )


def _foreign(clean: Clean, home: str) -> Reading:
    """What is told of a text in another language: nothing that was learnt from Vietnamese ones."""
    places, dangers = _places.shipped().find(clean, home=home), _urgency.danger_words(clean.text)
    return replace(
        unread(),
        model=_version(),
        places=places,
        personal=_personal.find(clean, places),
        urgent=bool(dangers),
        urgent_words=dangers,
    )


def _decide(model: _models.Model, best: Candidate, field_p: float) -> str:
    if best.subfield == _UNCLASSIFIED:
        return "person"
    if best.p >= model.thresholds["subfield"]:
        return "subfield"
    return "field" if field_p >= model.thresholds["field"] else "person"


def train(examples: Iterable[Example], into: Path) -> Report:
    """Train a model on the examples, write it into a folder and say how it does on them.

    Needs scikit-learn. Raises ValueError when there is nothing to learn from.
    """
    from .training import fit  # brings scikit-learn, which a running house does not need

    every = list(examples)
    return measure(fit(every, into), [example for example in every if not example.hint][::20])


def evaluate(examples: Iterable[Example]) -> Report:
    """How the shipped model reads texts whose answers are known, as given and three times spoilt."""
    return measure(_models.shipped(), list(examples))
