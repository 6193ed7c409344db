"""What must happen after a step: planned in its transaction, done later, once, whatever dies in between.

A consumer is a function of one step, named in `settings.FOLLOW_UPS`. It does its slow work (reading,
sending) and returns what is to be written; that is run in the transaction that marks the row done, so
that our own tables change exactly once. Work outside our tables may happen twice and must bear it.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from itertools import islice
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
Marked = TypeVar("Marked", bound=Callable[..., Write | None])  # a consumer with what else it takes


class NotYet(Exception):  # noqa: N818  (a state of the world, no fault)
    """What a consumer needs does not answer now: its rows wait together, as long as it takes."""


# The queue of what speaks to other machines: where these hang, only this one does.
SENDING = "sending"
# Tells administrators of a row that was given up.
ALARM = "feedback.notifications.tell_administrators"
# Rows read at once before they are claimed one by one: few, so that each is read shortly before it is done.
AT_ONCE = 10
# Rows that are done in one go, where their consumer can: behind an outage wait thousands.
MOST_IN_ONE_GO = 100
LEASE = dt.timedelta(minutes=2)
MOST_ATTEMPTS = 8
FIRST_WAIT = dt.timedelta(seconds=2)
LONGEST_WAIT = dt.timedelta(hours=1)
LOOKS_AGAIN = dt.timedelta(seconds=10)  # whether it answers now


@dataclass(frozen=True)
class Tally:
    """What one round did: rows done, and rows that failed (to be tried again, or given up)."""

    done: int
    failed: int


def always(step: Step) -> bool:
    return True


def after(*actions: str, when: Callable[[Step], bool] = always) -> Callable[[Marked], Marked]:
    """Mark a consumer as interested in these actions only, and of those in the steps where `when` holds."""

    def mark(consumer: Marked) -> Marked:
        consumer.actions = frozenset(actions)  # type: ignore[attr-defined]
        consumer.when = when  # type: ignore[attr-defined]
        return consumer

    return mark


def outside(*, most_attempts: int) -> Callable[[Consumer], Consumer]:
    """Mark a consumer that speaks to another machine: it may hang, so it has a lane of its own."""

    def mark(consumer: Consumer) -> Consumer:
        consumer.outside = True  # type: ignore[attr-defined]
        consumer.most_attempts = most_attempts  # type: ignore[attr-defined]
        return consumer

    return mark


def in_one_go(many: Callable[[Sequence[Step]], None]) -> Callable[[Consumer], Consumer]:
    """Mark a consumer that does many steps as quickly as one, by `many`, which writes nothing of ours."""

    def mark(consumer: Consumer) -> Consumer:
        consumer.many = many  # type: ignore[attr-defined]
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
    if row is None:
        return False
    with one_version():
        return _follow([row, *_companions(row)])[0]


def _companions(row: FollowUp) -> list[FollowUp]:
    if row.attempts or not _can_do_many(row.consumer):
        return []
    others = waiting().filter(_free(timezone.now()), consumer=row.consumer, attempts=0).exclude(pk=row.pk)
    return list(_with_step(others)[: MOST_IN_ONE_GO - 1])


def _can_do_many(path: str) -> bool:
    try:
        return hasattr(consumer(path), "many")
    except ImportError:
        return False


def _follow(rows: Sequence[FollowUp]) -> list[bool]:
    """Whether each is done; several of one consumer in one go, and where that fails each by itself."""
    if len(rows) == 1:
        return [_claim(rows[0]) and _try(rows[0])]
    in_order = sorted(rows, key=lambda row: row.pk)  # two who take the same do not wait in a ring
    with transaction.atomic():
        ours = [row for row in in_order if _claim(row)]
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
        consumer(rows[0].consumer).many([row.step for row in rows])  # type: ignore[attr-defined]
    except NotYet as away:
        _put_off(rows, away)
        return [False for _row in rows]
    except Exception:  # of one of them, perhaps
        return [_try(row) for row in rows]
    with transaction.atomic():
        return [_finish(row) for row in rows]


def _done(row: FollowUp) -> bool:
    write = consumer(row.consumer)(row.step)
    with transaction.atomic():
        if not _finish(row):
            return False
        if write:
            write()
    return True


def catch_up(limit: int = 200, *, outside: bool | None = None) -> Tally:
    """Do whatever is due and free, in the order of FOLLOW_UPS, then oldest first.

    What a petition waits for is done before anybody is told. `outside`: one lane only, by default both. In
    the lane that speaks to other machines consumers take turns: none waits for the backlog of another.
    `limit`: rows, or as many goes of those that are done in one.
    """
    with one_version():
        did = [one for rows in islice(_due(outside), limit) for one in _follow(rows)]
    return Tally(done=sum(did), failed=len(did) - sum(did))


def _due(outside: bool | None) -> Iterator[Sequence[FollowUp]]:
    """Rows that are due and free, those together that are done in one go; unlisted consumers last."""
    listed = [path for path in settings.FOLLOW_UPS if outside is None or _is_outside(path) == outside]
    waits = _who_waits()
    if outside:
        yield from _in_turn([_of_consumer(path) for path in listed if path in waits])
        return
    for path in listed:
        if path in waits:
            yield from _of_consumer(path)
            waits = _who_waits()  # what was done may have planned for those behind
    if not waits.issubset(settings.FOLLOW_UPS):
        yield from _singly(~Q(consumer__in=settings.FOLLOW_UPS))


def _who_waits() -> set[str]:
    """The consumers with a row that is due and free: mostly a few, and the others need not be asked."""
    return set(
        waiting().filter(_free(timezone.now())).order_by().values_list("consumer", flat=True).distinct()
    )


def _in_turn(each: Sequence[Iterator[Sequence[FollowUp]]]) -> Iterator[Sequence[FollowUp]]:
    """One of each, and again, until none has any."""
    left = list(each)
    while left:
        turn = [(one, next(one, None)) for one in left]
        left = [one for one, rows in turn if rows]
        yield from (rows for _one, rows in turn if rows)


def _of_consumer(path: str) -> Iterator[Sequence[FollowUp]]:
    """What failed before, or killed whoever did it, is tried by itself."""
    if not _can_do_many(path):
        yield from _singly(Q(consumer=path))
        return
    yield from _oldest(Q(consumer=path, attempts=0), MOST_IN_ONE_GO)
    yield from _singly(Q(consumer=path, attempts__gt=0))


def _singly(whose: Q) -> Iterator[Sequence[FollowUp]]:
    for rows in _oldest(whose, AT_ONCE):
        yield from ([row] for row in rows)


def _oldest(whose: Q, at_once: int) -> Iterator[list[FollowUp]]:
    """A few read at once."""
    last = 0
    while rows := list(_with_step(waiting().filter(_free(timezone.now()), whose, pk__gt=last))[:at_once]):
        yield rows
        last = rows[-1].pk


def queue_state() -> dict[str, Any]:
    """`waiting`, age in seconds of the oldest waiting row (0 when none), and `dead`."""
    found = waiting().aggregate(oldest=Min("step__at"))
    oldest = (timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    return {
        "waiting": waiting().count(),
        "oldest_s": round(max(0.0, oldest), 1),
        "dead": FollowUp.objects.filter(dead=True).count(),
    }


def lag() -> dict[str, float]:
    """Seconds that the oldest waiting row of each consumer is old; a consumer with nothing to do has 0."""
    oldest = dict(waiting().order_by().values_list("consumer").annotate(Min("step__at")))
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
    return bool(
        FollowUp.objects.filter(pk=row.pk, claimed_until=row.claimed_until, done_at__isnull=True).update(
            done_at=timezone.now(), error="", claimed_until=None
        )
    )


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
    # The message alone: a traceback's values could be a citizen's words.
    log.error("follow-up failed", extra={"consumer": row.consumer, "step": row.step_id, "dead": dead})


def _raise_alarm(row: FollowUp) -> None:
    """An administrator is told, by a duty of its own; that this one fails too is told to nobody."""
    if row.consumer != ALARM:
        add(row.step, ALARM)


def _erased(pk: int) -> bool:
    """Erasing waits for this row's lock or was before: what it cleared is not written anew."""
    row = Petition.objects.select_for_update(of=("self",)).filter(pk=pk).values_list("erased_at", flat=True)
    return row.first() is not None
