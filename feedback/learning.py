"""The machine learns from officials: a full training from our texts and their corrections, then the gate."""

from __future__ import annotations

import fcntl
import hashlib
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from django.conf import settings
from django.utils import timezone

from accounts.models import Post, User
from classifier import gate, shares, store, without_people
from classifier.examples import CORPUS, Example, from_file, from_files, hints
from classifier.model import SHIPPED, Model, shipped
from feedback import drift
from feedback.models import Correction, Outcome, Training
from feedback.workflow import PETITIONS_AT_LAW, State

TAXONOMY = settings.BASE_DIR / "routing" / "data" / "taxonomy.yaml"
# What no version may read worse than, however many nights lie between: else each could lose a little.
FLOOR = SHIPPED

# The latest of a class, and of one person in it: what lies behind them would weigh next to nothing, and a
# night has a limit.
MOST_OF_A_CLASS, MOST_OF_A_PERSON = 300, 60
# A sub-field that our own texts do not know (an administrator added it) is read once so many petitions were
# filed under it, by more than one person.
ENOUGH_FOR_A_NEW_ONE = 10


class BusyError(Exception):
    """Another training is under way."""


class NothingToReadWithError(Exception):
    """Reading is switched off: nothing is learnt."""


@dataclass(frozen=True)
class Lesson:
    """What an official made of one petition; "" where he left it as the machine had read it."""

    correction: int
    petition: int
    text: str  # as sent
    subfield: str
    subfield_by: str  # who said so, by key
    kind: str
    kind_by: str


def folder() -> Path:
    return Path(settings.VAR) / "models"


# --- what officials said ------------------------------------------------------------------------------


def lessons() -> list[Lesson]:
    """Of every petition what holds by its last correction, oldest first.

    Never of one that is erased, sealed, withdrawn, or a complaint or denunciation.
    """
    rows = (
        Correction.objects.filter(petition__sealed=False)
        .exclude(petition__text="")
        .exclude(petition__kind__in=PETITIONS_AT_LAW)
        .exclude(petition__state=State.WITHDRAWN)
        .order_by("petition_id", "pk")
        .values_list(
            "pk", "petition_id", "petition__text", "petition__subfield_id", "petition__kind", "step__by_id",
            "read_subfield", "said_subfield", "read_kind", "said_kind",
        )
    )  # fmt: skip
    found: dict[int, Lesson] = {}
    for pk, petition, text, subfield, kind, by, *said in rows.iterator(5000):
        before = found.get(petition)
        read_subfield, said_subfield, read_kind, said_kind = said
        # What went back to the machine's own reading left no row, but stands on the petition.
        subfield = said_subfield if subfield == said_subfield != read_subfield else ""
        # Wrongly: where it was right it is sealed, and does not teach.
        suspected = read_kind in PETITIONS_AT_LAW
        kind = said_kind if kind == said_kind != read_kind and not suspected else ""
        found[petition] = Lesson(
            pk, petition, text,
            subfield, before.subfield_by if before and before.subfield == subfield else str(by),
            kind, before.kind_by if before and before.kind == kind else str(by),
        )  # fmt: skip
    taught = (lesson for lesson in found.values() if lesson.subfield or lesson.kind)
    return sorted(taught, key=lambda lesson: lesson.correction)


def digest(told: Sequence[Lesson]) -> str:
    """Of what would be learnt and with which code: the same digest, the same model."""
    facts = repr([(lesson.correction, lesson.subfield, lesson.kind) for lesson in told])
    return hashlib.sha256((facts + store.learning_code()).encode()).hexdigest()


def crowds(told: Sequence[Lesson], trusted: Collection[str]) -> list[gate.Crowd]:
    """Classes whose many corrections are mostly one person's, whom nobody has vouched for."""
    said = [(lesson.subfield, lesson.subfield_by) for lesson in told if lesson.subfield]
    said += [(lesson.kind, lesson.kind_by) for lesson in told if lesson.kind]
    return [crowd for crowd in gate.crowded(said) if crowd.person not in trusted]


def latest(told: Sequence[Lesson]) -> list[Lesson]:
    """Those that fit within the limits of a class and of a person, oldest first."""
    of_class: Counter[str] = Counter()
    of_person: Counter[tuple[str, str]] = Counter()

    def fits(slug: str, person: str) -> bool:
        if not slug or of_class[slug] >= MOST_OF_A_CLASS or of_person[slug, person] >= MOST_OF_A_PERSON:
            return False
        of_class[slug] += 1
        of_person[slug, person] += 1
        return True

    kept = []
    for lesson in reversed(told):
        subfield = lesson.subfield if fits(lesson.subfield, lesson.subfield_by) else ""
        kind = lesson.kind if fits(lesson.kind, lesson.kind_by) else ""
        if subfield or kind:
            kept.append(replace(lesson, subfield=subfield, kind=kind))
    return kept[::-1]


def examples(told: Sequence[Lesson], known: Sequence[Example]) -> list[Example]:
    """Lessons as the trainer takes them: without personal data, each weighed by who said it.

    `known`: our own texts, whose sub-fields and kinds a lesson may name beside new ones that enough teach.
    """
    subfields = {example.sub for example in known} | _new_ones(told)
    kinds = {example.kind for example in known}
    anything = next(iter(known))
    agency = _agencies()

    def weights(slugs: Sequence[str], people: Sequence[str]) -> list[float]:
        """A weight of each; 0 where the class is none."""
        taught = [at for at, slug in enumerate(slugs) if slug]
        said = [shares.Said(slugs[at], people[at], agency.get(people[at], "")) for at in taught]
        found = dict(zip(taught, shares.weights(said), strict=True))
        return [found.get(at, 0.0) for at in range(len(slugs))]

    slugs = [lesson.subfield if lesson.subfield in subfields else "" for lesson in told]
    of_kind = [lesson.kind if lesson.kind in kinds else "" for lesson in told]
    return [
        Example(
            without_people(lesson.text), slug or anything.sub, kind=kind or anything.kind,
            corrected=True, weight=weight, kind_weight=kind_weight,
        )
        for lesson, slug, kind, weight, kind_weight in zip(
            told, slugs, of_kind,
            weights(slugs, [lesson.subfield_by for lesson in told]),
            weights(of_kind, [lesson.kind_by for lesson in told]),
            strict=True,
        )
        if slug or kind
    ]  # fmt: skip


def _new_ones(told: Sequence[Lesson]) -> set[str]:
    said = Counter(lesson.subfield for lesson in told if lesson.subfield)
    people = {slug: {lesson.subfield_by for lesson in told if lesson.subfield == slug} for slug in said}
    return {slug for slug, n in said.items() if n >= ENOUGH_FOR_A_NEW_ONE and len(people[slug]) > 1}


def _agencies() -> dict[str, str]:
    """Of each official, by key, the agency or the office that he stands for."""
    rows = Post.objects.order_by("-pk").values_list("user_id", "role", "agency_id", "province_id")
    return {str(user): agency or f"{role}:{province or ''}" for user, role, agency, province in rows}


# --- training -----------------------------------------------------------------------------------------


@contextmanager
def alone() -> Iterator[None]:
    """One at a time on this `var/`, also across processes; BusyError where another is at it."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BusyError from None
        Training.objects.filter(outcome=Outcome.STARTED).update(outcome=Outcome.BROKEN_OFF)
        yield


def train(*, by: User | None = None, trusted: Sequence[User] = (), dry_run: bool = False) -> Training:
    """Learn from everything and let the new model read if it passes the gate; the row says what came of it.

    `trusted`: people who may make most corrections of a class, from now on. Minutes long, one core, no
    transaction while it learns. Killed: the old model reads, the row is marked by the next. BusyError;
    NothingToReadWithError; OSError and BadExampleError where our own texts cannot be read.
    """
    if not settings.READS:
        raise NothingToReadWithError
    with alone():
        return _train(lessons(), by=by, trusted=trusted, dry_run=dry_run)


def _train(told: list[Lesson], *, by: User | None, trusted: Sequence[User], dry_run: bool) -> Training:
    began = time.monotonic()
    audited = list(from_file(gate.AUDITED))
    old = store.Reader(folder()).model()
    row = Training.objects.create(
        at=timezone.now(), by=by, outcome=Outcome.STARTED, against=old.version, corrections=len(told),
        learnt=digest(told), trusted=sorted({*_trusted(), *(str(person.pk) for person in trusted)}),
    )  # fmt: skip
    found = crowds(told, row.trusted)
    if found:
        row.outcome, row.reason = Outcome.REFUSED, " ".join(map(_told, found))
    else:
        _learn(row, told, old, audited, dry_run=dry_run)
    row.seconds = round(time.monotonic() - began)
    row.save()
    return row


def _learn(
    row: Training, told: Sequence[Lesson], old: Model, audited: Sequence[Example], *, dry_run: bool
) -> None:
    from classifier.training import known_terms, learn  # scikit-learn, which only this process needs

    ours = corpus()
    taught = examples(latest(told), ours)
    every = [*ours, *taught]
    floor = shipped(FLOOR)
    new = learn(every, among=known_terms(floor, taught))
    verdict = gate.compare(old, new, audited)
    row.examples, row.figures = len(every), {"old": verdict.old, "new": verdict.new}
    reasons = list(verdict.reasons)
    if old.version != floor.version:
        fallen = gate.compare(floor, new, audited).reasons
        reasons += [f"so với bản kèm theo bản phát hành, {reason}" for reason in fallen]
    row.reason = ". ".join(reasons)
    if reasons:
        row.outcome = Outcome.REFUSED
    elif dry_run:
        row.outcome = Outcome.TRIED
    else:
        row.version = store.put(new, every, {"against": old.version, **row.figures}, folder())
        store.choose(row.version, folder())
        row.outcome = Outcome.ACCEPTED


def corpus() -> list[Example]:
    """Our own texts, and the names and keywords of the taxonomy."""
    with TAXONOMY.open(encoding="utf-8") as file:
        return [*from_files(CORPUS), *hints(yaml.safe_load(file))]


def _trusted() -> list[str]:
    last = Training.objects.exclude(outcome=Outcome.BACK).first()
    return list(last.trusted) if last else []


def _told(crowd: gate.Crowd) -> str:
    person = User.objects.filter(pk=crowd.person).first()
    return (
        f"{crowd.made} trên {crowd.of} lần sửa thành {crowd.slug} ({crowd.share:.0%}) là của một người"
        f" ({person.username if person else crowd.person}): cần người khác xem lại."
    )


def back(*, by: User | None = None) -> Training:
    """Let the version before read again; LookupError where the shipped one reads, BusyError in a training."""
    with alone():
        against = store.Reader(folder()).model().version
        store.back(folder())
        version = store.Reader(folder()).model().version
        return Training.objects.create(
            at=timezone.now(), by=by, outcome=Outcome.BACK, against=against, version=version
        )


def is_due(told: Sequence[Lesson]) -> bool:
    """Whether there is something to learn, or to unlearn, since the last training that came to an end."""
    ended = Training.objects.filter(outcome__in=[Outcome.ACCEPTED, Outcome.REFUSED]).first()
    if ended is None:
        return bool(told)
    return ended.learnt != digest(told)


def nightly() -> Training | None:
    """Count what was read and changed, then learn if anything is new. Twice: the second finds nothing."""
    drift.count()
    if not settings.READS:
        return None
    with alone():
        told = lessons()
        return _train(told, by=None, trusted=(), dry_run=False) if is_due(told) else None
