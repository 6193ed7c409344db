"""What comes of a petition: parts that are split off from it, appeals against its answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q

from feedback.models.sight import split_off
from feedback.workflow import APPEALS, OPEN, Kind, PetitionLife, State

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from feedback.models.petition import Petition, PetitionQuerySet
    from feedback.models.step import Step


class Kinship(PetitionLife):
    """The part of a petition that knows its origin and what was born of it; each by an action (`born_by`)."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        children: PetitionQuerySet
        steps: QuerySet[Step]

    _history: list[Step] | None = None  # all of its steps, where they were read
    _is_whole = False  # whether it is known that nothing was split off from it
    _decided_before: frozenset[int] | None = None

    def descends_from(self, pk: int) -> bool:
        """It is this one, or was split off from it or appeals it, at any depth."""
        return pk in (self.pk, self.origin_id) or any(one.pk == pk for one in self.lineage())

    def decided_before(self) -> frozenset[int]:
        """Ids of the persons who drafted or sent an answer that this one, or what it came of, appeals."""
        if self._decided_before is None:
            origin: Any = self.origin
            told = origin.replies.sent() if origin and self.is_appeal else ()
            persons = {pk for reply in told for pk in (reply.drafted_by_id, reply.approved_by_id) if pk}
            self._decided_before = frozenset(persons) | (origin.decided_before() if origin else frozenset())
        return self._decided_before

    def has_second(self) -> bool:
        """A second complaint about the same came of it."""
        return self.children.filter(kind=Kind.COMPLAINT, instance=2).exists()

    def has_open_appeal(self) -> bool:
        """A review of it waits for its answer, by itself or merged into another."""
        if self._history is not None and all(step.action not in APPEALS for step in self._history):
            return False
        waits = Q(state__in=OPEN) | Q(state=State.MERGED, main__state__in=OPEN)
        return self.children.filter(waits, born_by__in=APPEALS).exists()

    @property
    def is_appeal(self) -> bool:
        """Born against an answer or a refusal, not split off."""
        return self.born_by in APPEALS

    def lineage(self) -> Iterator[Petition]:
        """This one, the one that it was split off from or appeals, and so on up to the first."""
        one: Any = self
        while one is not None:
            yield one
            one = one.origin

    def judged(self) -> Iterator[Petition]:
        """What it appeals against, or what it is a part of does, the nearest first."""
        for one, first in pairwise(self.lineage()):
            if one.is_appeal:
                yield first

    def family(self) -> list[Petition]:
        """All that the same sender asked of the matter: the first one, what was split off, what appeals."""
        family = [list(self.lineage())[-1]]
        for one in family:
            family += one.children.order_by("pk")
        return family

    def descendants(self) -> PetitionQuerySet:
        """What was split off from it or appeals it, and what came of those."""
        found: PetitionQuerySet = apps.get_model("feedback", "Petition").objects.opened_with([self.pk])
        return found.exclude(pk=self.pk)

    def parts(self) -> PetitionQuerySet:
        """What was split off from it: their words stand in its own text as well."""
        return split_off().none() if self._is_known_whole() else split_off().filter(origin=self.pk)

    def is_split(self) -> bool:
        """Something was split off from it; its words still tell of that."""
        return not self._is_known_whole() and self.steps.filter(action="split").exists()

    def _is_known_whole(self) -> bool:
        if self._history is not None:
            return all(step.action != "split" for step in self._history)
        return self._is_whole

    def sealed_parts(self) -> PetitionQuerySet:
        """Its parts, and theirs, that are sealed while it, with the whole text, is not."""
        sealed = [part.pk for part in self.all_parts() if part.sealed] if not self.sealed else []
        return split_off().filter(pk__in=sealed)

    def all_parts(self) -> Iterator[Petition]:
        """Its parts and theirs, at any depth: its own text tells all of that."""
        parts = list(self.parts())
        while parts:
            yield from parts
            parts = list(split_off().filter(origin__in=[part.pk for part in parts]))

    def doubted_parts(self) -> Iterator[Petition]:
        """Its parts, and theirs, of which a person is asked whether they are complaints."""
        return (part for part in self.all_parts() if part.law_doubt_at is not None)

    def wholes(self) -> Iterator[Petition]:
        """What it was split off from, what that was split off from, and so on."""
        one: Any = self
        while one.born_by == "split":
            one = one.origin
            yield one
