"""What must happen after a step: planned in its transaction, done later, once, whatever dies in between.

A consumer is a function of one step, named in `settings.FOLLOW_UPS`. It does its slow work (reading,
sending) and returns what is to be written; that is run in the transaction that marks the row done, so
that our own tables change exactly once. Work outside our tables may happen twice and must bear it.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, islice, takewhile
from typing import Any, TypeVar

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from feedback.models import FollowUp, Heartbeat, Petition, Step
from routing.kept import one_version

log = logging.getLogger(__name__)

Write = Callable[[], None]
Consumer = Callable[[Step], Write | None]
ConsumerOfMany = Callable[[Sequence[Step]], Write | None]
Marked = TypeVar("Marked", bound=Callable[..., Write | None])  # a consumer with what else it takes


class NotYet(Exception):  # noqa: N818  (a state of the world, no fault)
    """What a consumer needs does not answer now: its rows wait together, as long as it takes."""


# The queue of what speaks to other machines: where these hang, only this one does.
SENDING = "sending"
# By it a petition is read.
READING = "feedback.intake.read_submitted"
# Tells administrators of a row that was given up.
ALARM = "feedback.notifications.tell_administrators"
# Rows read at once before they are claimed one by one: few, so that each is read shortly before it is done.
AT_ONCE = 10
# Rows done in one go, where their consumer can: behind an outage wait thousands. As long as five readings.
MOST_IN_ONE_GO = 25
LEASE = dt.timedelta(minutes=2)
MOST_ATTEMPTS = 8
FIRST_WAIT = dt.timedelta(seconds=2)
LONGEST_WAIT = dt.timedelta(hours=1)
LOOKS_AGAIN = dt.timedelta(seconds=10)  # whether it answers now


@dataclass(frozen=True)
class Tally:
    """What one round did: rows done, and rows that failed (to be tried again, or given up).

    `read_per_s`: petitions read in a second of the time that was given to reading; 0 where none was read.
    """

    done: int
    failed: int
    read_per_s: float = field(default=0.0, compare=False)


def always(step: Step) -> bool:
    return True


def after(*actions: str, when: Callable[[Step], bool] = always) -> Callable[[Marked], Marked]:
    """Mark a consumer as interested in these actions only, and of those in the steps where `when` holds."""

    def mark(consumer: Marked) -> Marked:
        consumer.actions = frozenset(actions)  # type: ignore[attr-defined]
        consumer.when = when  # type: ignore[attr-defined]
        return consumer

    return mark


def outside(
    *, most_attempts: int, is_named: Callable[[], bool] = lambda: True
) -> Callable[[Consumer], Consumer]:
    """Mark a consumer that speaks to another machine: it may hang, so it has a lane of its own.

    While this house names no such machine its rows wait untouched: nothing is tried, nothing dies.
    """

    def mark(consumer: Consumer) -> Consumer:
        consumer.outside = True  # type: ignore[attr-defined]
        consumer.most_attempts = most_attempts  # type: ignore[attr-defined]
        consumer.is_named = is_named  # type: ignore[attr-defined]
        return consumer

    return mark


def waited_for(consumer: Marked) -> Marked:
    """Mark a consumer for which somebody waits now: it has two turns of three before all others."""
    consumer.waited_for = True  # type: ignore[attr-defined]
    return consumer


def in_one_go(many: ConsumerOfMany, *, most: int = MOST_IN_ONE_GO) -> Callable[[Marked], Marked]:
    """Mark a consumer that does up to `most` steps in little more than the time of one, by `many`.

    That does what the consumer does, of all of them; its write is one for all. Where it raises, or one of
    the rows is no longer ours, nothing is written and each is done by itself.
    """

    def mark(consumer: Marked) -> Marked:
        consumer.many, consumer.most = many, most  # type: ignore[attr-defined]
        return consumer

    return mark


def _most_attempts(path: str) -> int:
    """How often a row may be taken up; one whose consumer stands nowhere any more, as often as any."""
    try:
        return int(getattr(consumer(path), "most_attempts", MOST_ATTEMPTS))
    except ImportError:
        return MOST_ATTEMPTS


@cache
def consumer(path: str) -> Consumer:
    found: Consumer = import_string(path)
    return found


def plan(step: Step) -> None:
    """One row per interested consumer, in one INSERT; the bell rings once they are committed."""
    rows = [
        FollowUp(step=step, consumer=path, next_try_at=timezone.now())
        for path in settings.FOLLOW_UPS
        if _is_wanted(consumer(path), step)
    ]
    gathered = _gathered.get()
    if gathered is None:
        _write(rows)
    else:
        gathered += rows


_gathered: ContextVar[list[FollowUp] | None] = ContextVar("rows that are written together", default=None)


@contextmanager
def together() -> Iterator[list[FollowUp]]:
    """The rows of all steps taken inside, written in one INSERT at its end, in their transaction.

    Inside another, at the other's end.
    """
    outer = _gathered.get()
    if outer is not None:
        yield outer
        return
    rows: list[FollowUp] = []
    token = _gathered.set(rows)
    try:
        yield rows
    finally:
        _gathered.reset(token)
    _write(rows)


def _write(rows: list[FollowUp]) -> None:
    written = FollowUp.objects.bulk_create(rows)
    waiting = [row for row in written if row.done_at is None]
    if waiting:
        transaction.on_commit(lambda: ring(waiting))


def _is_wanted(consumer: Consumer, step: Step) -> bool:
    actions = getattr(consumer, "actions", {step.action})
    return step.action in actions and getattr(consumer, "when", always)(step)


def add(step: Step, path: str) -> None:
    """Plan one more consumer for a step, in the transaction of another. Twice: there is one row."""
    row, _created = FollowUp.objects.get_or_create(
        step=step, consumer=path, defaults={"next_try_at": timezone.now()}
    )
    transaction.on_commit(lambda: ring([row]))


def anew(step: Step, path: str) -> None:
    """The same of one that may be done already: from the beginning, with all its tries."""
    fresh = {"done_at": None, "dead": False, "attempts": 0, "error": "", "claimed_until": None}
    row, _created = FollowUp.objects.update_or_create(
        step=step, consumer=path, defaults={"next_try_at": timezone.now(), **fresh}
    )
    transaction.on_commit(lambda: ring([row]))


def ring(rows: Iterable[FollowUp]) -> None:
    """Tell the workers, once for each step and lane; a lost or broken bell loses nothing, for the rows are
    still there."""
    if not settings.CELERY_BROKER_URL:
        return  # the embedded `work` looks by itself
    bells: dict[tuple[int, str | None], list[int]] = {}
    for row in rows:
        queue = SENDING if _is_outside(row.consumer) else None
        bells.setdefault((row.step_id, queue), []).append(row.pk)
    try:
        for (_step, queue), keys in bells.items():
            current_app.send_task("feedback.tasks.follow_up", args=keys, retry=False, queue=queue)
    except Exception:
        log.warning("the bell is silent; rows wait for the next round", exc_info=True)


def _is_outside(path: str) -> bool:
    return bool(getattr(consumer(path), "outside", False))


def _may_be_tried(path: str) -> bool:
    """Not what speaks to a machine that the house does not name; what stands nowhere any more fails aloud."""
    return path not in settings.FOLLOW_UPS or getattr(consumer(path), "is_named", lambda: True)()


def _is_waited_for(path: str) -> bool:
    return bool(getattr(consumer(path), "waited_for", False))


def waiting() -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(WAITS)


def undone() -> QuerySet[FollowUp]:
    """What waits, and what was given up after all its tries."""
    return FollowUp.objects.filter(WAITS | Q(dead=True))


WAITS = Q(done_at__isnull=True, dead=False)


def follow_up(pk: int) -> bool:
    """Do one row if it is free; True when it is done. Twice, or by two at once: the second does nothing.

    Where its consumer does many in one go, so are those that wait with it.
    """
    row = _with_step(waiting().filter(_free(timezone.now()), pk=pk)).first()
    if row is None or not _may_be_tried(row.consumer):
        return False
    with one_version():
        return _follow([row, *_companions(row)])[0]


def _companions(row: FollowUp) -> list[FollowUp]:
    if row.attempts or _most_at_once(row.consumer) == 1:
        return []
    others = waiting().filter(_free(timezone.now()), consumer=row.consumer, attempts=0).exclude(pk=row.pk)
    return list(_with_step(others)[: _most_at_once(row.consumer) - 1])


def _most_at_once(path: str) -> int:
    """How many rows its consumer does in one go."""
    try:
        return int(getattr(consumer(path), "most", 1))
    except ImportError:
        return 1


def _follow(rows: Sequence[FollowUp]) -> list[bool]:
    """Whether each is done; several of one consumer in one go, and where that fails each by itself."""
    if len(rows) == 1:
        return [_claim(rows[0]) and _try(rows[0])]
    ours = _claim_all(rows)
    done = dict(zip((row.pk for row in ours), _try_many(ours), strict=True))
    return [done.get(row.pk, False) for row in rows]


def _try(row: FollowUp) -> bool:
    try:
        return _done(row)
    except NotYet as away:
        _put_off([row], away)
    except Exception as error:
        _fail(row, error)
    return False


def _try_many(rows: Sequence[FollowUp]) -> list[bool]:
    if not rows:
        return []
    try:
        if _all_done(rows):
            return [True for _row in rows]
    except NotYet as away:
        _put_off(rows, away)
        return [False for _row in rows]
    except Exception as error:  # of one of them, perhaps
        told = {"consumer": rows[0].consumer, "cause": type(error).__name__}
        log.warning("follow-ups are done singly", extra=told)
    return [_try(row) for row in rows]


def _all_done(rows: Sequence[FollowUp]) -> bool:
    write = consumer(rows[0].consumer).many([row.step for row in rows])  # type: ignore[attr-defined]
    with transaction.atomic():
        ours = _finish_all(rows)
        if ours and write:
            write()
        transaction.set_rollback(not ours)
    return ours


def _done(row: FollowUp) -> bool:
    write = consumer(row.consumer)(row.step)
    with transaction.atomic():
        if not _finish(row):
            return False
        if write:
            write()
    return True


def catch_up(limit: int = 200, *, outside: bool | None = None) -> Tally:
    """Do whatever is due and free, each consumer's oldest first, the consumers by turns.

    None waits for the backlog of another, and what a petition waits for has two turns of three. `outside`:
    one lane only, by default both. `limit`: rows, or as many goes of those that are done in one.
    """
    done = failed = read = 0
    reading_s = 0.0
    with one_version():
        for rows in islice(_due(outside), limit):
            began = time.monotonic()
            did = sum(_follow(rows))
            done, failed = done + did, failed + len(rows) - did
            if rows[0].consumer == READING:
                read, reading_s = read + did, reading_s + time.monotonic() - began
    return Tally(done, failed, read / reading_s if read else 0.0)


def _due(outside: bool | None) -> Iterator[Sequence[FollowUp]]:
    """Rows that are due and free, those together that are done in one go; unlisted consumers last."""
    waits = _who_waits()
    if not waits:
        return
    lane = [path for path in settings.FOLLOW_UPS if outside is None or _is_outside(path) == outside]
    listed = [path for path in lane if _may_be_tried(path)]
    groups = [[path for path in listed if _is_waited_for(path) == first] for first in (True, False)]
    first, others = ([_in_turn([_go_after_go(path) for path in group])] if group else [] for group in groups)
    yield from takewhile(bool, _in_turn([*first, *first, *others]))
    if not waits.issubset(settings.FOLLOW_UPS):
        for rows in _oldest(~Q(consumer__in=settings.FOLLOW_UPS), AT_ONCE):
            yield from ([row] for row in rows)


def _who_waits() -> set[str]:
    """The consumers with a row that is due and free."""
    return set(
        waiting().filter(_free(timezone.now())).order_by().values_list("consumer", flat=True).distinct()
    )


Goes = Iterator[Sequence[FollowUp]]  # without end: an empty one where nothing is due just now


def _in_turn(each: Sequence[Goes]) -> Goes:
    """One of each, and again; an empty one whenever none of them had any."""
    idle = 0
    for one in cycle(each):
        rows = next(one)
        idle = 0 if rows else idle + 1
        if rows or idle == len(each):
            yield rows
            idle = 0


def _go_after_go(path: str) -> Goes:
    while True:
        goes = _of_consumer(path)
        yield next(goes, ())
        yield from goes


def _of_consumer(path: str) -> Iterator[Sequence[FollowUp]]:
    """What failed before, or killed whoever did it, is tried by itself."""
    most = _most_at_once(path)
    for rows in _oldest(Q(consumer=path), max(most, AT_ONCE)):
        fresh = [row for row in rows if most > 1 and not row.attempts]
        tried = [row for row in rows if most == 1 or row.attempts]
        yield from (fresh[start : start + most] for start in range(0, len(fresh), most))
        yield from ([row] for row in tried)


def _oldest(whose: Q, at_once: int) -> Iterator[list[FollowUp]]:
    """A few read at once."""
    last = 0
    while rows := list(_with_step(waiting().filter(_free(timezone.now()), whose, pk__gt=last))[:at_once]):
        yield rows
        last = rows[-1].pk
        if len(rows) < at_once:
            return


def _to_be_done() -> QuerySet[FollowUp]:
    """What waits, without what speaks to a machine that the house does not name: that is nobody's delay."""
    return waiting().exclude(consumer__in=[path for path in settings.FOLLOW_UPS if not _may_be_tried(path)])


def queue_state() -> dict[str, Any]:
    """`waiting`, age in seconds of the oldest waiting row (0 when none), and `dead`."""
    due = _to_be_done()
    found = due.aggregate(oldest=Min("step__at"))
    oldest = (timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    return {
        "waiting": due.count(),
        "oldest_s": round(max(0.0, oldest), 1),
        "dead": FollowUp.objects.filter(dead=True).count(),
    }


def lag() -> dict[str, float]:
    """Seconds that the oldest waiting row of each consumer is old; a consumer with nothing to do has 0."""
    oldest = dict(_to_be_done().order_by().values_list("consumer").annotate(Min("step__at")))
    every, now = dict.fromkeys([*settings.FOLLOW_UPS, *oldest]), timezone.now()
    return {path: max(0.0, round((now - oldest.get(path, now)).total_seconds(), 1)) for path in every}


SWEEP = "sweep"  # the heartbeat of the round over all deadlines


def beat(name: str = "clock") -> None:
    """Note that the clock went round just now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def clock_age(name: str = "clock") -> float | None:
    """Seconds since the clock last went round; None if it never did."""
    found = Heartbeat.objects.filter(name=name).first()
    return round((timezone.now() - found.at).total_seconds(), 1) if found else None


def _free(now: dt.datetime) -> Q:
    return Q(next_try_at__lte=now) & (Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))


def _with_step(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """With what a consumer reads: one SELECT for a round. What it writes it looks at anew, locked."""
    return rows.select_related("step__petition").order_by("pk")


def _claim(row: FollowUp) -> bool:
    """Take the lease of a row that was free when it was read: every claim counts `attempts` up, so that
    one UPDATE tells whether another was quicker."""
    now, attempts = timezone.now(), row.attempts + 1
    until = now + LEASE
    unclaimed = FollowUp.objects.filter(
        pk=row.pk, attempts=row.attempts, done_at__isnull=True, next_try_at__lte=now
    )
    if not unclaimed.update(claimed_until=until, attempts=attempts):
        return False
    row.claimed_until, row.attempts = until, attempts
    if attempts > _most_attempts(row.consumer):
        _give_up(row)
        return False
    return True


def _claim_all(rows: Sequence[FollowUp]) -> list[FollowUp]:
    """Take the lease of those that nobody was quicker to take, all of them tried by nobody yet."""
    now, keys = timezone.now(), [row.pk for row in rows]
    free = FollowUp.objects.filter(pk__in=keys, attempts=0, done_at__isnull=True, next_try_at__lte=now)
    until = now + LEASE
    with transaction.atomic():
        # Who takes some of the same at this moment takes what is left: neither waits.
        taken = free.order_by("pk").select_for_update(skip_locked=True)
        keys = list(taken.values_list("pk", flat=True))
        FollowUp.objects.filter(pk__in=keys).update(claimed_until=until, attempts=1)
    ours = sorted((row for row in rows if row.pk in keys), key=lambda row: row.pk)
    for row in ours:
        row.claimed_until, row.attempts = until, 1
    return ours


def _give_up(row: FollowUp) -> None:
    """Who did it never came back to say why: killed by it, or with it, at every try."""
    with transaction.atomic():
        FollowUp.objects.filter(pk=row.pk, done_at__isnull=True).update(
            claimed_until=None, dead=True, error=row.error or "ended in the middle, at every try"
        )
        _raise_alarm(row)
    log.error("follow-up given up", extra={"consumer": row.consumer, "step": row.step_id})


def _finish(row: FollowUp) -> bool:
    """Mark it done if our lease still stands; a slower twin finds nothing to mark."""
    return _finish_all([row])


def _finish_all(rows: Sequence[FollowUp]) -> bool:
    """The same of rows claimed together; False where any of them is no longer ours."""
    claimed = FollowUp.objects.filter(
        pk__in=[row.pk for row in rows], claimed_until=rows[0].claimed_until, done_at__isnull=True
    )
    return claimed.update(done_at=timezone.now(), error="", claimed_until=None) == len(rows)


def _put_off(rows: Sequence[FollowUp], away: NotYet) -> None:
    """They and all that wait for the same look again together; a try that could not begin is none."""
    again, path = timezone.now() + LOOKS_AGAIN, rows[0].consumer
    with transaction.atomic():
        for row in rows:
            ours = FollowUp.objects.filter(pk=row.pk, claimed_until=row.claimed_until, done_at__isnull=True)
            ours.update(claimed_until=None, next_try_at=again, attempts=row.attempts - 1)
    with transaction.atomic():  # whoever holds one of the others looks after it himself
        others = waiting().filter(consumer=path, next_try_at__lt=again).select_for_update(skip_locked=True)
        FollowUp.objects.filter(pk__in=others.values("pk")).update(next_try_at=again)
    log.warning("follow-ups wait", extra={"consumer": path, "cause": str(away)})


def _fail(row: FollowUp, error: Exception) -> None:
    """Try again later, each time twice as late; after the last try the row is dead and is shown."""
    dead = row.attempts >= _most_attempts(row.consumer)
    wait = min(FIRST_WAIT * 2 ** min(row.attempts, 12), LONGEST_WAIT)
    with transaction.atomic():
        # Where the lease went to another meanwhile, the row is his.
        ours = FollowUp.objects.filter(pk=row.pk, claimed_until=row.claimed_until, done_at__isnull=True)
        failed = ours.update(
            claimed_until=None,
            next_try_at=timezone.now() + wait,
            dead=dead,
            error="" if _erased(row.step.petition_id) else f"{type(error).__name__}: {error}"[:2000],
        )
        if dead and failed:
            _raise_alarm(row)
    # The message and what kind of error: its own words, or a traceback's values, could be a citizen's.
    told = {"consumer": row.consumer, "step": row.step_id, "dead": dead, "cause": type(error).__name__}
    log.error("follow-up failed", extra=told)


def _raise_alarm(row: FollowUp) -> None:
    """An administrator is told, by a duty of its own; that this one fails too is told to nobody."""
    if row.consumer != ALARM:
        add(row.step, ALARM)


def _erased(pk: int) -> bool:
    """Erasing waits for this row's lock or was before: what it cleared is not written anew."""
    row = Petition.objects.select_for_update(of=("self",)).filter(pk=pk).values_list("erased_at", flat=True)
    return row.first() is not None
