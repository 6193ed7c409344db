"""Whether what happened is still what was written: chains, words, rows, files and anchors."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from feedback.models import Attachment, Clock, Coordination, Exclusion, Petition, PublicPicture, Step
from feedback.verification import answers, chains, clocks, copies, days, enclosures, petitions
from feedback.verification.faults import Fault
from feedback.workflow import State

__all__ = ["Fault", "Report", "verify", "verify_one"]

Row = TypeVar("Row", Attachment, Clock, Coordination, Exclusion, PublicPicture)


@dataclass
class Report:
    """What `verify` looked through, and what does not hold; `ok`: nothing."""

    petitions: int = 0
    steps: int = 0
    anchors: int = 0
    bad: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.bad


def verify(*, copy: Path | None = None, now: dt.datetime | None = None) -> Report:
    """Every petition and every anchor; reads the whole history, a few thousand steps a second.

    `copy`: a folder of anchors kept elsewhere, which this house could not write to; it is held against
    the house as well. Raises UnreadableError where there is none.
    """
    report = Report(petitions=Petition.objects.count())
    seen: set[int] = set()
    beside = _Beside()
    rows = _steps().iterator(chunk_size=2000)
    for pk, steps in groupby(rows, key=lambda step: step.petition_id):
        chain = list(steps)
        seen.add(pk)
        report.steps += len(chain)
        report.bad += _faults(chain, beside)
    # A draft has not begun its chain; one whose chain was cut off is missed by the anchors.
    without = Petition.objects.exclude(pk__in=seen).exclude(state=State.DRAFT)
    report.bad += [Fault(petition.code, 0, "không có bước nào") for petition in without]
    orphans = Step.objects.exclude(petition_id__in=Petition.objects.values("pk")).values_list("petition_id")
    report.bad += [Fault("", 0, f"các bước của đơn số {pk} còn, đơn bị xóa") for (pk,) in orphans.distinct()]
    report.bad += enclosures.byte_faults()
    report.anchors = days.check_anchors(report.bad, now or timezone.now())
    if copy:
        report.bad += days.copy_faults(copy)
    return report


def verify_one(petition: Petition) -> tuple[list[Step], list[Fault]]:
    """Its steps in their order, and what of them or its rows does not fit; no bytes of files are read."""
    chain = list(_steps().filter(petition=petition))
    if not chain:
        return [], [Fault(petition.code, 0, "không có bước nào")]
    return chain, list(_faults(chain, _Beside(petition=petition)))


class _Beside:
    """The rows that stand beside the petitions, or one of them, by petition: few have any."""

    def __init__(self, **which: Petition) -> None:
        self.asked = _by_petition(Coordination.objects.filter(**which))
        self.files = _by_petition(Attachment.objects.filter(**which))
        self.clocks = _by_petition(Clock.objects.filter(**which).defer("trace", "reason"))
        self.pictures = _by_petition(PublicPicture.objects.filter(copy__isnull=False, **which))
        self.excluded = _by_petition(Exclusion.objects.filter(**which))


def _faults(chain: list[Step], beside: _Beside) -> Iterator[Fault]:
    """Of one petition."""
    pk = chain[0].petition_id
    yield from chains.faults(chain)
    yield from petitions.faults(chain)
    yield from petitions.exclusion_faults(chain, beside.excluded[pk])
    yield from clocks.faults(chain, beside.clocks[pk])
    yield from answers.draft_faults(chain)
    yield from answers.asked_faults(chain, beside.asked[pk])
    yield from enclosures.faults(chain, beside.files[pk])
    yield from enclosures.answer_faults(chain, beside.files[pk])
    yield from copies.faults(chain, beside.pictures[pk])


def _steps() -> QuerySet[Step]:
    beside = ("petition", "petition__public", "words", "drafted_reply")
    return Step.objects.select_related(*beside).order_by("petition_id", "seq", "pk")


def _by_petition(rows: QuerySet[Row]) -> dict[int, list[Row]]:
    """By petition: few have any, and one that has them without a step must be seen as well."""
    beside: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        beside[row.petition_id].append(row)
    return beside
