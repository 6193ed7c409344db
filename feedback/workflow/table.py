"""The table itself: an action is a row, entered by the method that makes the change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django_fsm import GET_STATE, transition

from feedback.permissions import Actor, Right
from feedback.workflow.states import Kind, State

if TYPE_CHECKING:
    from feedback.workflow.life import PetitionLife

Condition = Callable[["PetitionLife"], bool]


def always(petition: PetitionLife) -> bool:
    return True


@dataclass(frozen=True)
class InStates:
    """A condition of the state alone: the table can say of it where it holds."""

    states: frozenset[State]

    def __call__(self, petition: PetitionLife) -> bool:
        return petition.state in self.states


@dataclass(frozen=True)
class May:
    """Who may act: a right, the states and circumstances it is meant for, and its limit.

    Outside `when` the person has no right at all; past `limit` the right is used up (a condition of time
    or number, told as "not now" and not as "not yours").
    """

    right: Right
    when: Condition = always
    limit: Condition = always

    @property
    def name(self) -> str:
        return self.right.__name__

    def is_meant_in(self, state: State) -> bool:
        """Whether the right is there in this state at all, in some circumstances or in all."""
        return not isinstance(self.when, InStates) or state in self.when.states

    def holds(self, actor: Actor, petition: PetitionLife) -> bool:
        return self.when(petition) and self.right(actor, petition)


@dataclass(frozen=True)
class Action:
    """One row of the workflow table."""

    name: str
    sources: frozenset[State]
    who: tuple[May, ...]
    becomes: Mapping[State, frozenset[State]]  # from each source, what it may become
    needs: tuple[str, ...] = ()
    kinds: frozenset[Kind] = field(default_factory=frozenset)  # empty: every kind
    needs_in: Mapping[State, tuple[str, ...]] = field(default_factory=dict)  # beside these, from a state

    def right_of(self, actor: Actor, petition: PetitionLife) -> str:
        """The name of the right by which this actor may act now, "" if there is none."""
        held = (may for may in self.who if may.holds(actor, petition) and may.limit(petition))
        return next((may.name for may in held), "")

    def is_used_up(self, actor: Actor, petition: PetitionLife) -> bool:
        """The actor has a right to this, and its time or number is over."""
        held = [may for may in self.who if may.holds(actor, petition)]
        return bool(held) and not any(may.limit(petition) for may in held)

    def roles_in(self, source: State) -> list[str]:
        """The names of the rights that this action may be taken by from this state."""
        return list(dict.fromkeys(may.name for may in self.who if may.is_meant_in(source)))

    def pairs(self) -> Iterator[tuple[State, State]]:
        """The changes of state that this action may make."""
        return ((source, after) for source in State for after in sorted(self.becomes.get(source, ())))


ACTIONS: dict[str, Action] = {}

Method = Callable[..., None]
# A state, None for "stays as it is", or a function of the petition and the actor with what it may give.
Target = State | None


def action(
    *,
    source: Iterable[State],
    to: Target | Callable[..., str] = None,
    may_become: Mapping[State, Collection[State]] | None = None,
    who: Iterable[Right | May],
    needs: Iterable[str] = (),
    needs_in: Mapping[State, Iterable[str]] | None = None,
    kinds: Iterable[Kind] = (),
    conditions: Iterable[Condition] = (),
) -> Callable[[Method], Method]:
    """Enter a method of PetitionLife into the table, as a protected transition.

    `conditions` are those of state, time and number that hold for everyone.
    """
    sources = frozenset(source)
    fixed = to if isinstance(to, State) else None
    becomes = {state: frozenset((may_become or {}).get(state, {fixed or state})) for state in sources}

    def enter(method: Method) -> Method:
        row = Action(
            name=method.__name__,
            sources=sources,
            who=tuple(entry if isinstance(entry, May) else May(entry) for entry in who),
            becomes=becomes,
            needs=tuple(needs),
            kinds=frozenset(kinds),
            needs_in={state: tuple(names) for state, names in (needs_in or {}).items()},
        )
        ACTIONS[row.name] = row
        target = GET_STATE(to) if callable(to) and not fixed else fixed
        checks: list[Any] = [*conditions, *([of_kind(row.kinds)] if row.kinds else [])]
        enter_machine: Callable[[Method], Method] = transition(
            field="state",
            source=sorted(sources),
            target=target,  # None: django-fsm keeps the state
            conditions=checks,
            permission=lambda petition, actor: bool(row.right_of(actor, petition)),
        )
        return enter_machine(method)

    return enter


def of_kind(kinds: frozenset[Kind]) -> Condition:
    return lambda petition: petition.kind in kinds
