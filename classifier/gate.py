"""Whether a newly learnt model may read in the place of the old: compared on texts that neither has seen."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .evaluation import Outcome, figures, outcomes
from .examples import Example
from .model import AT_LAW, Model

# Texts with answers that no model learns from; what passes here is what the house goes on with.
AUDITED = Path(__file__).parent / "data" / "audited.jsonl"
# As written, and as every eighth citizen types: a model may not gain with the one and lose with the other.
CONDITIONS = ("clean", "nodia")

# How far a share may fall. Of all texts one point: of a thousand that is ten. Of a class three points.
GATE, GATE_OF_A_CLASS = 0.01, 0.03
# Of few texts a share jumps by chance. With whatever is learnt anew some answers change, half of them for the
# worse: a fall counts only beyond so many deviations of that, where the texts of a part change as often as
# all do (and at least this often). Some two hundred classes are looked at, so of each more is asked; one or
# two texts are no fall. A sub-field is compared from ENOUGH texts on.
CHANCE, CHANCE_OF_A_CLASS = 2.0, 4.0
CHANGES_AT_LEAST = 0.02
LEAST = 3
ENOUGH = 8
# How much farther promised and kept confidence may lie apart, their intervals too: on confidence hangs what
# is assigned at once.
GATE_OF_CONFIDENCE = 0.03

# Of a class with so many corrections no one person may have made more than this share.
MANY, MOST = 100, 0.5


@dataclass(frozen=True)
class Fall:
    """What the new model reads worse: right before and after, of `n` texts under one condition."""

    what: str
    condition: str
    n: int
    before: int
    after: int

    @property
    def by(self) -> float:
        """A share of `n`, 0 to 1."""
        return (self.before - self.after) / self.n

    def __str__(self) -> str:
        how = "" if self.condition == "clean" else ", viết không dấu"
        return f"{self.what}{how}: đúng {self.before} còn {self.after} trên {self.n}"


@dataclass(frozen=True)
class Verdict:
    """`reasons`, in Vietnamese and gravest first, why the new model may not read; none: it may."""

    reasons: tuple[str, ...]
    old: dict[str, Any]  # condition -> figures
    new: dict[str, Any]

    @property
    def passes(self) -> bool:
        return not self.reasons


def compare(old: Model, new: Model, audited: Sequence[Example]) -> Verdict:
    """Read every audited text with both, as written and without diacritics; ValueError without any."""
    told: dict[str, dict[str, Any]] = {"old": {}, "new": {}}
    falls: list[Fall] = []
    reasons: list[str] = []
    for condition in CONDITIONS:
        before, after = outcomes(old, audited, condition), outcomes(new, audited, condition)
        falls += _falls(audited, before, after, condition)
        was, now = figures(before), figures(after)
        apart = now.intervals["ece"][0] > was.intervals["ece"][1]
        if apart and now.ece - was.ece > GATE_OF_CONFIDENCE:
            reasons.append(f"độ tin cậy nói sai nhiều hơn (ECE {was.ece:.3f} thành {now.ece:.3f})")
        told["old"][condition], told["new"][condition] = vars(was), vars(now)
    falls.sort(key=lambda fall: -fall.by)
    return Verdict((*map(str, falls), *reasons), told["old"], told["new"])


@dataclass(frozen=True)
class _Part:
    """Some of the texts, by their numbers, and which figure of them is looked at."""

    what: str
    figure: str
    at: Sequence[int]
    whole: bool = False  # all texts rather than a class of them
    wanted: bool = True  # what the figure should be


def _falls(
    audited: Sequence[Example], before: Sequence[Outcome], after: Sequence[Outcome], condition: str
) -> Iterator[Fall]:
    for part in _parts(audited):
        was, now = ([bool(getattr(o, part.figure)) for o in found] for found in (before, after))
        changes = sum(a != b for a, b in zip(was, now, strict=True)) / len(audited)
        k_was, k_now = (sum(found[i] is part.wanted for i in part.at) for found in (was, now))
        if _counts(k_was - k_now, len(part.at), changes, whole=part.whole):
            yield Fall(part.what, condition, len(part.at), k_was, k_now)


def _counts(lost: int, n: int, changes: float, *, whole: bool) -> bool:
    """Whether `lost` texts of `n` are a fall, where that share of all answers changed."""
    gate, chance = (GATE, CHANCE) if whole else (GATE_OF_A_CLASS, CHANCE_OF_A_CLASS)
    deviation = (n * max(changes, CHANGES_AT_LEAST)) ** 0.5
    return lost >= LEAST and lost > gate * n and lost > chance * deviation


def _parts(audited: Sequence[Example]) -> Iterator[_Part]:
    every = range(len(audited))
    yield _Part("tiểu lĩnh vực, mọi văn bản", "sub1", every, whole=True)
    yield _Part("tiểu lĩnh vực trong ba gợi ý, mọi văn bản", "sub3", every, whole=True)
    yield _Part("lĩnh vực, mọi văn bản", "field", every, whole=True)
    yield _Part("loại đơn, mọi văn bản", "kind", every, whole=True)
    yield _Part("khẩn cấp được nhận ra", "urgent", [i for i in every if audited[i].urgent], whole=True)
    calm = [i for i in every if audited[i].urgent is False]
    # An alarm too many costs a look, a danger not heard more: calm texts are held to the gate of a class.
    yield _Part("không khẩn cấp, không bị báo động", "urgent", calm, wanted=False)
    at_law = [i for i in every if not AT_LAW.isdisjoint(audited[i].right_kinds)]
    yield _Part("khiếu nại, tố cáo được nhận ra hoặc được hỏi", "heard", at_law, whole=True)
    others = [i for i in every if AT_LAW.isdisjoint(audited[i].right_kinds)]
    yield _Part("đơn khác, không bị ngờ là khiếu nại, tố cáo", "heard", others, wanted=False)
    for slug, at in _by(e.sub.split(".")[0] for e in audited).items():
        yield _Part(f"lĩnh vực {slug}", "field", at)
    for slug, at in _by(e.sub for e in audited).items():
        if len(at) >= ENOUGH:
            yield _Part(f"tiểu lĩnh vực {slug}", "sub1", at)
    for slug, at in _by(e.kind for e in audited).items():
        yield _Part(f"loại {slug}", "kind", at)


def _by(classes: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, slug in enumerate(classes):
        found.setdefault(slug, []).append(at)
    return found


@dataclass(frozen=True)
class Crowd:
    """A class most of whose corrections one person made."""

    slug: str
    person: str
    made: int
    of: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.made / self.of


def crowded(said: Iterable[tuple[str, str]]) -> list[Crowd]:
    """Of (class, person) of each correction: classes of many with one person behind most of them."""
    by_class: dict[str, Counter[str]] = {}
    for slug, person in said:
        by_class.setdefault(slug, Counter())[person] += 1
    found = [Crowd(slug, *people.most_common(1)[0], of=people.total()) for slug, people in by_class.items()]
    return sorted(
        (crowd for crowd in found if crowd.of >= MANY and crowd.share > MOST), key=lambda crowd: -crowd.made
    )
