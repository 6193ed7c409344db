"""Names that people know: those by which a filter is meant, those a place had before, those to be suggested.

All of them stand in reference data; not one comes out of a petition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import override

from feedback.models.petition import Channel
from feedback.workflow import PUBLIC_STATES, Kind, State
from routing.kept import Kept
from routing.models import Agency, AgencyType, Commune, Field, LegacyMapping, Province, Subfield
from search.folding import folded, written
from search.query import Called, Names
from search.topics import Topics

LANGUAGES = ("vi", "en")


def where(row: Any) -> str:
    """The names of the place of a petition or of its public copy, of today and of before."""
    return _places().get(row.commune_id or "") or _places().get(row.province_id or "", "")


def _load_places() -> dict[str, str]:
    """By the code of a commune or a province."""
    provinces = dict(Province.objects.values_list("code", "name"))
    named = {
        code: {name: None, provinces[province]: None}
        for code, name, province in Commune.objects.values_list("code", "name", "province_id")
    }
    before = ("unit__name", "unit__district_name", "unit__province_name")
    for code, *names in LegacyMapping.objects.values_list("commune_id", *before).order_by("pk"):
        named[code] |= dict.fromkeys(names)
    return provinces | {code: ", ".join(names) for code, names in named.items()}


_places: Kept[dict[str, str]] = Kept(_load_places)


def _folded(name: str) -> str:
    return " ".join(folded(written(name)))


def _load_topics() -> Topics:
    """Names and keywords of fields and sub-fields, in Vietnamese alone: so people tell what happened."""
    return Topics.of(
        {
            slug: [name, *keywords]
            for model, key in ((Field, "slug"), (Subfield, "slug"))
            for slug, name, keywords in model.objects.values_list(key, "name_vi", "keywords")
        }
    )


topics: Kept[Topics] = Kept(_load_topics)


def _by_name(pairs: Callable[[], Iterable[tuple[str, str]]]) -> Kept[Called]:
    """What people call it -> the codes that are meant; read when somebody first asks by it."""
    return Kept(lambda: _codes(pairs()))


def _codes(pairs: Iterable[tuple[str, str]]) -> Called:
    found: dict[str, set[str]] = defaultdict(set)
    for code, name in pairs:
        found[_folded(name)].add(code)
    return {name: frozenset(codes) for name, codes in found.items() if name}


def _fields(model: Any, key: str) -> Iterator[tuple[str, str]]:
    for slug, *names in model.objects.values_list(key, "name_vi", "name_en"):
        yield from ((slug, name) for name in names)


def _named(model: Any) -> Iterator[tuple[str, str]]:
    for code, *names in model.objects.values_list("code", "name", "short_name"):
        yield from ((code, name) for name in names)


def _communes() -> Iterator[tuple[str, str]]:
    yield from _named(Commune)
    yield from LegacyMapping.objects.values_list("commune_id", "unit__name")
    yield from LegacyMapping.objects.values_list("commune_id", "unit__district_name").distinct()


def _agencies() -> Iterator[tuple[str, str]]:
    """Also by the name of its kind: “Sở Xây dựng” means that of every province."""
    kinds = dict(AgencyType.objects.values_list("slug", "name"))
    for code, name, kind in Agency.objects.values_list("code", "name", "type_id"):
        yield from ((code, name), (code, kinds[kind]))


def _labels(choices: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        with override(language):
            yield from [(str(value), str(label)) for value, label in choices]


BY_NAME: Names = {
    "field": _by_name(lambda: [*_fields(Field, "slug"), *_fields(Subfield, "slug")]),
    "commune": _by_name(_communes),
    "province": _by_name(lambda: _named(Province)),
    "agency": _by_name(_agencies),
    "state": _by_name(lambda: [*_labels(State.choices), *_labels(PUBLIC_STATES.items())]),
    "kind": _by_name(lambda: _labels(Kind.choices)),
    "channel": _by_name(lambda: _labels(Channel.choices)),
}


def _load_suggested() -> tuple[str, ...]:
    fields = [name for model in (Field, Subfield) for name in model.objects.values_list("name_vi", flat=True)]
    words = [word for model in (Field, Subfield) for row in _keywords(model) for word in row]
    places = [name for model in (Commune, Province) for name in _short_names(model)]
    return tuple(dict.fromkeys(str(name) for name in [*fields, *words, *places]))


def _keywords(model: Any) -> Any:
    return model.objects.values_list("keywords", flat=True)


def _short_names(model: Any) -> Any:
    return model.objects.values_list("short_name", flat=True)


suggested: Kept[tuple[str, ...]] = Kept(_load_suggested)
