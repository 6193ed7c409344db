"""The demonstration as a whole: whether it may be made here, the making, and what it came to."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.demonstration import PROVINCE, create, mark, marked, somebody_else, unmark
from accounts.models import User
from classifier import Reading, read
from feedback import alike, codes, emptiness, followups
from feedback.cube.counting import rebuild
from feedback.demonstration import writing
from feedback.demonstration.cast import Cast
from feedback.demonstration.lives import Stage, live
from feedback.demonstration.plan import DRAFTS, Plan, draw
from feedback.demonstration.rhythm import Rhythm
from feedback.finding import indexing
from feedback.models import AnchoredDay, FollowUp, Petition, Reply, Step
from feedback.workflow import State
from routing.calendar import DAY
from routing.kept import one_version

Progress = Callable[[int, int], None]

SOURCE = "trình diễn "
ANCHORED = "Hệ thống này đã neo nhiều ngày nên không thêm được đơn trình diễn của những ngày ấy."
TOGETHER = 25  # lives in one transaction
TOLD_EVERY = 10  # transactions
# Letters of longer ago would have been read; those of the last month lie in the outbox.
LETTERS = dt.timedelta(days=30)
WORTH_A_SECOND_PROCESS = 200  # texts


class NotHereError(Exception):
    """The house holds something that a demonstration must not be mixed with; the message says what."""


@dataclass(frozen=True)
class Told:
    """What a demonstration came to. `digest` covers all that the arguments decide, no code and no secret."""

    petitions: int
    steps: int
    by_state: dict[str, int]
    digest: str


@dataclass(frozen=True)
class Wish:
    """The arguments of a demonstration; its petitions carry them as their source."""

    petitions: int
    seed: int
    until: dt.date

    @property
    def source(self) -> str:
        return f"{SOURCE}{self.until:%Y-%m-%d}/{self.seed}/{self.petitions}"


def here() -> Wish | None:
    """The demonstration that this house holds, also one that was broken off."""
    found = invented().exclude(source="").values_list("source", flat=True).first()
    if found is None:
        return None
    until, seed, petitions = found.removeprefix(SOURCE).split("/")
    return Wish(int(petitions), int(seed), dt.date.fromisoformat(until))


def invented() -> QuerySet[Petition]:
    """Petitions of a demonstration, those that came of others too."""
    return Petition.objects.filter(Q(source__startswith=SOURCE) | Q(origin__source__startswith=SOURCE))


def refuse_mixing(wish: Wish) -> None:
    """Raises NotHereError where the house holds anything but this very demonstration."""
    held = here()
    if held is None and Petition.objects.exists() and (wish.petitions or not marked()):
        raise NotHereError(
            "Hệ thống này đã có đơn thật nên không tạo dữ liệu trình diễn."
            " Dùng một thư mục dữ liệu khác, ví dụ HOIAM_VAR=/tmp/trinh-dien make demo"
        )
    if held is None and not marked() and somebody_else():
        raise NotHereError(
            "Hệ thống này đã có tài khoản của người thật nên không tạo dữ liệu trình diễn."
            " Dùng một thư mục dữ liệu khác, ví dụ HOIAM_VAR=/tmp/trinh-dien make demo"
        )
    if held is not None and wish.petitions and held != wish:
        raise NotHereError(
            f"Hệ thống này đã có một bộ dữ liệu trình diễn khác ({held.source.removeprefix(SOURCE)})."
            " Dùng một thư mục dữ liệu khác (HOIAM_VAR) để tạo bộ mới."
        )
    if held is None and wish.petitions:
        _refuse_days(wish)


def _refuse_days(wish: Wish) -> None:
    """Days that cannot be played; raises NotHereError, or DeadlineError for a year without a calendar."""
    Rhythm.before(wish.until)
    if AnchoredDay.objects.exists():
        raise NotHereError(ANCHORED)


def begin(wish: Wish) -> list[User]:
    """Give the house its mark and its people, or leave nothing behind: NotHereError, DeadlineError."""
    with transaction.atomic():
        refuse_mixing(wish)
        had_it = marked()
        mark()  # before the people: there is never a public password in a house without it
        try:
            return create()
        except BaseException:
            if not had_it:
                unmark()
            raise


def make(wish: Wish, *, say: Progress = lambda done, of: None) -> Told:
    """Play what is not played yet; a second time finds all of it done. Raises NotHereError."""
    refuse_mixing(wish)
    with one_version():
        _play(wish, say)
    return tell()


def _play(wish: Wish, say: Progress) -> None:
    rhythm = Rhythm.before(wish.until)
    drafts = max(1, round(wish.petitions * DRAFTS)) if wish.petitions > 20 else 0
    plans = draw(wish.petitions - drafts, seed=wish.seed, rhythm=rhythm)
    played = set(Petition.objects.filter(source=wish.source).values_list("external_id", flat=True))
    left = [plan for plan in plans if f"{plan.number}.0" not in played]
    if left and AnchoredDay.objects.exists():
        raise NotHereError(ANCHORED)
    cast = Cast.gather()
    with _reader(left) as reading:
        stage = Stage(cast, rhythm, wish.source, reading, rhythm.until - LETTERS)
        for count, together in enumerate(_batches(left), start=1):
            with transaction.atomic(), followups.together() as rows:
                for plan in together:
                    live(stage, plan, wish.seed)
                _done_already(rows)
            if count % TOLD_EVERY == 0:
                say(min(count * TOGETHER, len(left)), len(left))
    _begin_drafts(wish, drafts, rhythm, cast)
    rebuild(until=wish.until - DAY)


def _batches(plans: list[Plan]) -> Iterator[list[Plan]]:
    rest = iter(plans)
    while together := list(islice(rest, TOGETHER)):
        yield together


def _done_already(rows: list[FollowUp]) -> None:
    """Reading and letters were done beside each step; likes, and what is found, are kept here: nothing waits
    for the worker."""
    alike.remember_all({row.step.petition for row in rows if row.consumer == alike.REMEMBER})
    indexing.keep_new({row.step.petition_id for row in rows if row.consumer == indexing.INDEX})
    for row in rows:
        row.done_at, row.attempts = timezone.now(), 1


def _begin_drafts(wish: Wish, count: int, rhythm: Rhythm, cast: Cast) -> None:
    """What the citizen's account is still writing; it has no step, for nothing was handed in."""
    for number in range(count):
        code = codes.new_code()
        begun = rhythm.until - dt.timedelta(hours=5 + 7 * number)
        subfield = sorted(writing.matters())[number * 7]
        words = {"duong": "Trần Phú", "moc": "chợ Hàn", "phuong": "phường Hải Châu"}
        Petition.objects.get_or_create(
            source=wish.source,
            external_id=f"draft.{number}",
            defaults={
                "code": code,
                "secret_hash": codes.hash_secret(code, codes.new_secret()),
                "text": writing.matters()[subfield].texts[0].format_map(_Unfinished(words)),
                "petitioner": cast["nguoidan"],
                "territory_id": settings.HOME_PROVINCE,
                "submitted_at": begun,
            },
        )


class _Unfinished(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


# --- reading ahead ------------------------------------------------------------------------------------------


@contextmanager
def _reader(plans: list[Plan]) -> Iterator[Callable[[str], Reading]]:
    """The classifier's word on each text; many texts are read ahead by a process beside this one."""
    texts = list(dict.fromkeys(chain.from_iterable(plan.texts() for plan in plans)))
    if len(texts) < WORTH_A_SECOND_PROCESS:
        yield read_here
        return
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        ahead = zip(texts, pool.imap(read_here, texts, chunksize=20), strict=True)
        known: dict[str, Reading] = {}

        def reading(text: str) -> Reading:
            while text not in known:
                known.update([next(ahead)])
            return known[text]

        yield reading


# Nothing of Django: a process beside this one knows the classifier alone.
read_here = partial(read, home=PROVINCE)


# --- what it came to --------------------------------------------------------------------------------------


def tell() -> Told:
    states = Counter(Petition.objects.values_list("state", flat=True))
    return Told(
        petitions=states.total(),
        steps=Step.objects.count(),
        by_state={state: states[state] for state in State.values if states[state]},
        digest=digest(),
    )


def digest() -> str:
    """Of every invented petition in the order it came: words, state, steps, empty answers, answers, score."""
    total = hashlib.sha256()
    rows = invented().order_by("pk").prefetch_related("steps__by", "replies")
    for petition in rows.iterator(chunk_size=200):
        total.update(json.dumps(_told(petition), ensure_ascii=False, sort_keys=True).encode())
    return total.hexdigest()


def _told(petition: Petition) -> dict[str, Any]:
    return {
        "text": petition.text,
        "state": petition.state,
        "score": petition.score,
        "steps": [_step(step) for step in petition.steps.all()],
        "replies": [_reply(reply) for reply in petition.replies.all()],
    }


def _step(step: Step) -> list[str]:
    by = step.by.username if step.by else step.role
    told = [step.action, step.at.isoformat(), by, step.lead_agency, _moment(step.due_at)]
    return [*told, *step.facts.get(emptiness.FACT, ())]


def _reply(reply: Reply) -> list[str]:
    return [reply.outcome, reply.text, _moment(reply.approved_at)]


def _moment(moment: dt.datetime | None) -> str:
    return moment.isoformat() if moment else ""
