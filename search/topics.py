"""What fields and sub-fields are called: who asks for "hộ tịch" means a lost birth certificate too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search.folding import SEAM, folded, spaced, written
from search.words import Clause, Phrase


@dataclass(frozen=True)
class Topics:
    """Names of fields and sub-fields, by their slugs."""

    written: Mapping[str, str]
    folded: Mapping[str, str]

    @classmethod
    def of(cls, names: Mapping[str, Sequence[str]]) -> Topics:
        """Of the names and keywords of each slug; no phrase reaches from one into the next."""
        words = {
            slug: [word for name in named for word in (SEAM, *written(name))] for slug, named in names.items()
        }
        return cls(
            {slug: spaced(said) for slug, said in words.items()},
            {slug: spaced(folded(said)) for slug, said in words.items()},
        )

    def told(self, clause: Clause) -> Clause:
        """The clause with the topics that are called so; typed with marks, then with these marks alone."""
        return replace(clause, topics=frozenset().union(*map(self._called, clause.ways)))

    def _called(self, way: tuple[Phrase, ...]) -> frozenset[str]:
        asked = [
            (self.written, spaced(one.written)) if one.accented else (self.folded, spaced(one.folded))
            for one in way
        ]
        return frozenset(slug for slug in self.written if all(said in names[slug] for names, said in asked))


NONE = Topics({}, {})
