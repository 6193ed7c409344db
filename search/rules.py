"""Who may see what, as a condition over the facts of a document; each engine asks it inside its query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from search.documents import FACTS, SETS, Document


@dataclass(frozen=True)
class Has:
    """One of the values of this fact is among these."""

    field: str
    values: frozenset[str] | frozenset[int]

    def __init__(self, field: str, values: Collection[str] | Collection[int]) -> None:
        if field not in FACTS:
            raise ValueError(f"no fact of a document: {field}")
        if isinstance(values, str):
            raise TypeError("values, not a value")
        object.__setattr__(self, "field", field)
        object.__setattr__(self, "values", frozenset(values))


@dataclass(frozen=True)
class All:
    """Each of the rules holds; of none: always."""

    rules: tuple[Rule, ...]

    def __init__(self, *rules: Rule) -> None:
        object.__setattr__(self, "rules", rules)


@dataclass(frozen=True)
class Any:
    """One of the rules holds at least; of none: never."""

    rules: tuple[Rule, ...]

    def __init__(self, *rules: Rule) -> None:
        object.__setattr__(self, "rules", rules)


@dataclass(frozen=True)
class Not:
    """The rule does not hold."""

    rule: Rule


Rule = Has | All | Any | Not
EVERYTHING = All()
NOTHING = Any()


def allows(rule: Rule, document: Document) -> bool:
    """Whether the rule holds for this document: what every engine must answer too."""
    match rule:
        case Has(field, values):
            value = getattr(document, field)
            return not values.isdisjoint(value if field in SETS else (value,))
        case All(rules):
            return all(allows(one, document) for one in rules)
        case Any(rules):
            return any(allows(one, document) for one in rules)
        case Not(one):
            return not allows(one, document)
