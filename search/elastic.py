"""The engine of a large house: Elasticsearch 8 or 9, one server or several.

Words are cut and folded by `search.folding` as for the other engines, so the server's analyzer only splits at
blanks, and what is asked comes already folded. A shelf is an index under an alias; while it is built anew
there are two, and what is written meanwhile goes into both. Texts are not stored, their words are. Whatever
is gone stays as a document of its own with its version: what the server itself remembers of a deletion is
forgotten after a minute, and an older write would bring the petition back.

Each index has a second alias, "….open", through which it is written: a write to an index that was thrown
away meanwhile must not make it anew, without its mapping.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from elasticsearch import (
    ApiError,
    BadRequestError,
    ConnectionTimeout,
    Elasticsearch,
    NotFoundError,
    TransportError,
)
from elasticsearch.dsl import Boolean, Keyword, Long, Q, Query, Response, Search, Text
from elasticsearch.dsl import Mapping as Layout
from elasticsearch.helpers import BulkIndexError, streaming_bulk

from classifier.text import fold, normalise
from search import Overtaken, Unavailable, rules
from search.documents import AT_ONCE, SETS, WORDS, Document, Shelf, batches
from search.folding import folded, retoned, spaced, words_of
from search.likeness import TOPICS, UNIT, How, manner, merits, weight
from search.paging import Key, Page, Sort, pack, unpack
from search.query import Sought
from search.relational import LATEST, due_of, id_from, id_of
from search.rules import Has, Rule
from search.words import Clause, Phrase

NAME = "elastic"
IN_DATABASE = False  # see `search.remove_here`
ANSWER_S, WRITE_S, SIGN_OF_LIFE_S = 5, 30, 2  # seconds that we wait
REST_S = 10  # in which nobody waits again for servers that hang
TRIES = 4  # to write what a node without room or without a leader refuses
PORT = 9200
HOUSE = "hoiam"  # unless the address names another
CUT_TOGETHER = 0.2  # of the weight of words that underthesea takes for one
TERMS = 60_000  # that the server takes in one list
VALUES = 10_000  # of a fact, counted; there are 3,321 communes
MOST = 10_000  # rows of one answer


# --- the servers ----------------------------------------------------------------------------------------


def _client() -> Elasticsearch:
    return _connected(settings.ELASTICSEARCH_URL, os.getpid())


@lru_cache(maxsize=2)
def _connected(addresses: str, process: int) -> Elasticsearch:
    """To all nodes, or to another where one does not answer; a forked process has connections of its own."""
    nodes = [urlsplit(address) for address in addresses.split(",")]
    name, password = nodes[0].username, nodes[0].password
    return Elasticsearch(
        [{"scheme": one.scheme, "host": str(one.hostname), "port": one.port or PORT} for one in nodes],
        basic_auth=(unquote(name), unquote(password or "")) if name else None,
        max_retries=len(nodes),
        request_timeout=ANSWER_S,
        # A node that was away is tried again at once when it is needed, and soon when it is not.
        max_dead_node_backoff=5,
    )


def _alias(shelf: Shelf) -> str:
    """Under which it is asked: houses that share servers have each a name, the path of the address."""
    house = urlsplit(settings.ELASTICSEARCH_URL.split(",")[0]).path.strip("/")
    return f"{house or HOUSE}.{shelf}"


@contextlib.contextmanager
def _reached() -> Iterator[None]:
    """What the servers refuse or leave unanswered is `Unavailable`; what they say of it may hold words."""
    try:
        yield
    except (ApiError, TransportError, BulkIndexError) as fault:
        raise Unavailable from fault


_hang_until = 0.0


@contextlib.contextmanager
def _waited_for_once() -> Iterator[None]:
    """Whoever asks servers that hang waits for them; whoever asks soon after is told so at once."""
    global _hang_until
    if time.monotonic() < _hang_until:
        raise Unavailable
    try:
        yield
    except ConnectionTimeout:
        _hang_until = time.monotonic() + REST_S
        raise


# --- the indices of a shelf -----------------------------------------------------------------------------


def _layout() -> Layout:
    """Strict: a field that nobody laid out is an error and not a guess."""
    layout = Layout()
    layout.meta("dynamic", "strict")
    layout.meta("_source", {"enabled": False})
    for name in ("petition", "version", "id", "due"):
        layout.field(name, Long())
    for name in (*WORDS, *SETS, "month"):
        layout.field(name, Keyword())
    layout.field("digest", Keyword(index=False))
    layout.field("gone", Boolean())
    for name in ("written", "folded", "segmented"):
        layout.field(name, Text(analyzer="whitespace"))
    return layout


SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}


def _create(shelf: Shelf, *, live: bool) -> str:
    """A new index. Only one may be live: for that the servers care ("is_write_index")."""
    index = f"{_alias(shelf)}.{uuid.uuid4().hex[:12]}"
    aliases: dict[str, Any] = {_open(index): {}}
    aliases |= {_alias(shelf): {"is_write_index": True}} if live else {}
    _client().options(request_timeout=WRITE_S).indices.create(
        index=index,
        aliases=aliases,
        mappings=_layout().to_dict(),
        settings=SETTINGS if live else SETTINGS | {"refresh_interval": "-1"},
    )
    return index


def _open(index: str) -> str:
    return f"{index}.open"


def _indices(*shelves: Shelf) -> dict[str, bool]:
    """All of the shelves, and whether each is live; the first one is made where there is none."""
    found = _there(*shelves)
    missing = set(shelves) - {_shelf_of(index) for index, live in found.items() if live}
    for shelf in missing:
        with contextlib.suppress(BadRequestError):  # another process was first
            _create(shelf, live=True)
    return _there(*shelves) if missing else found


def _there(*shelves: Shelf) -> dict[str, bool]:
    found = _client().indices.get_alias(index=[f"{_alias(shelf)}.*" for shelf in shelves])
    return {index: _alias(_shelf_of(index)) in said["aliases"] for index, said in found.items()}


def _shelf_of(index: str) -> Shelf:
    """Of "hoiam.desk.0123456789ab"."""
    return Shelf(index.rsplit(".", 2)[1])


def _drop(indices: Iterable[str]) -> None:
    if names := sorted(indices):
        _client().options(request_timeout=WRITE_S).indices.delete(index=names, ignore_unavailable=True)


def clear() -> None:
    """Throw everything away."""
    with _reached():
        _drop(_there(*Shelf))


# --- writing --------------------------------------------------------------------------------------------


Row = Mapping[str, Any]


def index(documents: Iterable[Document]) -> None:
    """See `search.index`."""
    write(documents, ())


def remove(gone: Iterable[tuple[Shelf, int, int]]) -> None:
    """See `search.remove`."""
    write((), gone)


def write(documents: Iterable[Document], gone: Iterable[tuple[Shelf, int, int]]) -> None:
    """See `search.write`.

    Found when it returns, for only until then is a petition that was withdrawn left out by its number.
    """
    rows = ((one.shelf, _row(one)) for one in documents)
    tombstones = ((shelf, _tombstone(petition, version)) for shelf, petition, version in gone)
    for some in batches(chain(rows, tombstones)):
        with _reached():
            _write_all(some)


def _write_all(rows: Sequence[tuple[Shelf, Row]]) -> None:
    """Into each index of their shelves, in one request; made visible once, for that takes longest.

    An index that was begun meanwhile is seen when all is written, and gets it too; one begun later reads
    what is true by then.
    """
    shelves = {shelf for shelf, _row in rows}
    done: set[str] = set()
    while todo := _indices(*shelves).keys() - done:
        _put((name, row) for name in todo for shelf, row in rows if shelf == _shelf_of(name))
        refreshed = _client().indices.refresh(index=sorted(todo), ignore_unavailable=True)
        if refreshed["_shards"]["failed"]:
            raise Unavailable
        done |= todo


def _put(rows: Iterable[tuple[str, Row]], *, must_be: bool = False) -> None:
    """Each into its index, where a newer version stays. `must_be`: no index may be gone meanwhile."""
    expected = {409} if must_be else {404, 409}
    done = streaming_bulk(
        _client().options(request_timeout=WRITE_S),
        (_put_one(name, row) for name, row in rows),
        chunk_size=AT_ONCE,
        raise_on_error=False,
        max_retries=TRIES,
        initial_backoff=0.2,
        retry_on_status=(429, 503),
        require_alias=True,
    )
    for well, said in done:
        if not well and said["index"]["status"] not in expected:
            _refused(said["index"])


def _put_one(name: str, row: Row) -> dict[str, Any]:
    return {
        "_index": _open(name),
        "_id": str(row["petition"]),
        "_version": row["version"],
        "_version_type": "external_gte",
        "_source": row,
    }


def _refused(said: Mapping[str, Any]) -> None:
    """What is never taken is a fault of ours; the reason of it may quote a citizen, its type does not."""
    if said["status"] == 400:
        raise ValueError(f"refused by Elasticsearch: {said['error']['type']}")
    if said["status"] == 404:
        raise Overtaken
    raise Unavailable


def _row(document: Document) -> Row:
    written = words_of(document)
    return {
        "petition": document.petition,
        "version": document.version,
        "gone": False,
        "id": id_of(document),
        "digest": document.digest,
        "due": due_of(document),
        "month": document.on.strftime("%Y-%m"),
        **{name: getattr(document, name) for name in WORDS},
        **{name: sorted(getattr(document, name)) for name in SETS},
        "written": spaced(written),
        "folded": spaced(folded(written)),
        "segmented": _segmented(document),
    }


def _segmented(document: Document) -> str:
    """Its words as they are cut, as written and folded."""
    written = retoned(normalise(document.segmented).lower())
    return f"{written} {fold(written)}"


def _tombstone(petition: int, version: int) -> Row:
    return {"petition": petition, "version": version, "gone": True}


# --- a shelf built anew ---------------------------------------------------------------------------------


def rebuild(shelf: Shelf, documents: Iterable[Document]) -> int:
    """See `search.rebuild`. Of two at once the later one goes on, the earlier one is `Overtaken`."""
    with _reached():
        new = _begin(shelf)
    try:
        count = _fill(new, documents)
        with _reached():
            _put_in_place(shelf, new)
    except BaseException:
        with contextlib.suppress(ApiError, TransportError):
            _drop([new])
        raise
    return count


def _begin(shelf: Shelf) -> str:
    """An index beside that knows what is gone; of one that was begun and never ended nothing stays."""
    there = _indices(shelf)
    _drop(name for name, live in there.items() if not live)
    new = _create(shelf, live=False)
    _client().indices.refresh(index=_alias(shelf))
    gone = _some_of(shelf, Q("term", gone=True), ("version",))
    _put(((new, _tombstone(petition, version)) for petition, version in gone), must_be=True)
    return new


def _fill(new: str, documents: Iterable[Document]) -> int:
    """Read outside of `_reached`: a fault of whoever reads is his own."""
    count = 0
    for some in batches(documents):
        count += len(some)
        with _reached():
            _put(((new, _row(one)) for one in some), must_be=True)
    return count


def _put_in_place(shelf: Shelf, new: str) -> None:
    indices = _client().options(request_timeout=WRITE_S).indices
    if new not in _there(shelf):
        raise Overtaken
    indices.put_settings(index=new, settings={"refresh_interval": None})
    indices.refresh(index=new)
    old = [name for name, live in _there(shelf).items() if live]
    indices.update_aliases(
        actions=[
            *({"remove_index": {"index": name}} for name in old),
            {"add": {"index": new, "alias": _alias(shelf), "is_write_index": True}},
        ]
    )


# --- asking ---------------------------------------------------------------------------------------------


def find(
    sought: Sought,
    *,
    shelves: Collection[Shelf],
    rule: Rule,
    without: Collection[int],
    sort: Sort,
    after: str,
    size: int,
    facets: Sequence[str],
) -> Page:
    """See `search.find`; all shelves are one question to the servers."""
    sort = sort if sought.clauses or sort != Sort.BEST else Sort.NEWEST
    wanted = _query(sought, rules.All(rule, sought.rule), without)
    if sort != Sort.BEST:  # nothing is near there: other marks are other words
        wanted &= _all(_says(one, How.SAID) for one in sought.clauses)
    asked = _search(shelves).query(wanted).sort(*ORDERS[sort])
    asked = asked.extra(size=size + 1, track_total_hits=True)
    if key := unpack(after, sort, len(ORDERS[sort])):
        asked = asked.extra(search_after=_as_sorted(sort, key))
    for name in facets:
        asked.aggs.bucket(name, "terms", field=name, size=VALUES)
    if sort == Sort.BEST:
        asked.aggs.bucket(WHOLE, "filter", filter=_all(_says(one, How.SAID) for one in sought.clauses))
    return _page(_answered(asked, shelves), sort, size, facets)


WHOLE = "whole"  # those that say all that was asked


# A document's `id` is its day and petition as one number; what the servers sort by is the key of a page.
ORDERS: dict[Sort, tuple[Any, ...]] = {
    Sort.BEST: ({"_score": "desc"}, {"id": "desc"}),
    Sort.NEWEST: ({"id": "desc"},),
    Sort.OLDEST: ({"id": "asc"},),
    Sort.DUE: ({"due": "asc"}, {"id": "asc"}),
}


def _as_sorted(sort: Sort, key: Key) -> list[float]:
    score = list(key[:1]) if sort == Sort.BEST else []
    return score + [int(one) for one in key[len(score) :]]


def _search(shelves: Collection[Shelf]) -> Search[Any]:
    return Search(using=_client(), index=sorted(map(_alias, shelves))).params(
        allow_partial_search_results=False
    )


def _answered(asked: Search[Any], shelves: Collection[Shelf]) -> Response[Any]:
    """In a house that has kept nothing yet the shelves are made by the first question."""
    if not shelves:
        raise ValueError("no shelf")
    with _reached(), _waited_for_once():
        try:
            return asked.execute()
        except NotFoundError:
            _indices(*shelves)
            return asked.execute()


def _page(answer: Response[Any], sort: Sort, size: int, facets: Sequence[str]) -> Page:
    said = answer.to_dict()
    hits, counted = said["hits"], said.get("aggregations", {})
    shown, more = hits["hits"][:size], len(hits["hits"]) > size
    total = hits["total"]["value"]
    return Page(
        petitions=[int(hit["_id"]) for hit in shown],
        total=total,
        whole=counted[WHOLE]["doc_count"] if WHOLE in counted else total,
        after=pack(sort, tuple(shown[-1]["sort"])) if more else "",
        facets={name: _counts(counted[name]) for name in facets},
        servers_ms=said["took"],
    )


def _counts(bucket: Mapping[str, Any]) -> dict[str, int]:
    """What has no name is nothing to narrow by."""
    return {one["key"]: one["doc_count"] for one in bucket["buckets"] if one["key"]}


# --- a question in the servers' words -------------------------------------------------------------------


def _query(sought: Sought, rule: Rule, without: Collection[int]) -> Query:
    """What is allowed, narrowed and needed counts nothing; what is worth points does."""
    return Q(
        "bool",
        filter=[Q("term", gone=False), _condition(rule), *_days(sought), *_needed(sought)],
        should=[*_points(sought), *_as_words(sought)] if sought.clauses else [],
        must_not=[*map(_unwanted, sought.without), _among("petition", without)],
    )


def _days(sought: Sought) -> Iterator[Query]:
    if sought.since:
        yield Q("range", id={"gte": id_from(sought.since)})
    if sought.until and sought.until < LATEST:
        yield Q("range", id={"lt": id_from(sought.until.fromordinal(sought.until.toordinal() + 1))})


def _condition(rule: Rule) -> Query:
    match rule:
        case Has(fact, values):
            return _among(fact, values)
        case rules.All(parts):
            return Q("bool", filter=[_condition(part) for part in parts])
        case rules.Any(parts):
            return _one_of([_condition(part) for part in parts])
        case rules.Not(part):
            return Q("bool", must_not=[_condition(part)])


def _among(fact: str, values: Collection[Any]) -> Query:
    rest = iter(sorted(values))
    lists = iter(lambda: list(islice(rest, TERMS)), [])
    return _one_of([Q("terms", **{fact: some}) for some in lists])


def _one_of(queries: Sequence[Query]) -> Query:
    return Q("bool", should=list(queries), minimum_should_match=1) if queries else Q("match_none")


def _all(queries: Iterable[Query]) -> Query:
    return Q("bool", filter=list(queries))


def _needed(sought: Sought) -> Iterator[Query]:
    if sought.clauses:
        yield _one_of([_all(_says(one, How.ANYHOW) for one in some) for some in sought.needs])


def _points(sought: Sought) -> Iterator[Query]:
    for merit in merits(sought):
        has = _all(_says(clause, merit.how) for clause in merit.clauses)
        yield Q("constant_score", filter=has, boost=merit.points)


def _says(clause: Clause, how: How) -> Query:
    match how:
        case How.FIELD | How.SUBFIELD:
            return _among(how, clause.topics)
        case How.ANYHOW:
            return _one_of([_says(clause, one) for one in (How.FOLDED, *TOPICS)])
        case How.SAID:
            return _one_of([_says(clause, one) for one in (manner(clause), *TOPICS)])
        case _:
            return _one_of([_all(_stands(one, how) for one in way) for way in clause.ways])


def _stands(phrase: Phrase, how: How) -> Query:
    if how == How.FOLDED:
        return _together("folded", phrase.folded)
    said = [phrase.written, phrase.folded] if how == How.UNMARKED else [phrase.written]
    return _one_of([_together("written", words) for words in dict.fromkeys(said)])


def _together(field: str, words: Sequence[str]) -> Query:
    if len(words) == 1:
        return Q("term", **{field: words[0]})
    return Q("match_phrase", **{field: " ".join(words)})


def _as_words(sought: Sought) -> Iterator[Query]:
    """Syllables that were typed side by side and that underthesea takes for one word: "hố_ga"."""
    for together in sought.together:
        worth = round(UNIT * CUT_TOGETHER * weight(together))
        word = Q("term", segmented="_".join(together.ways[0][0].written))
        yield Q("constant_score", filter=word, boost=worth)


def _unwanted(clause: Clause) -> Query:
    """With its marks where it was typed with them, "-cậu" leaves every "cầu"."""
    return _says(clause, How.TYPED if clause.accented else How.FOLDED)


# --- for the comparer -----------------------------------------------------------------------------------


def kept(shelf: Shelf, after: int, size: int) -> list[tuple[int, int, str]]:
    """See `search.kept`; at most 10,000."""
    there = Q("bool", filter=[Q("term", gone=False), Q("range", petition={"gt": after})])
    asked = _by_petition(shelf, there, ("version", "digest"), min(size, MOST))
    return [(petition, version, digest) for petition, version, digest in _values(asked, shelf)]


def _some_of(shelf: Shelf, query: Query, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Every petition for which it holds, with these facts, in the order of their numbers."""
    asked = _by_petition(shelf, query, names, MOST)
    while rows := _values(asked, shelf):
        yield from rows
        asked = asked.extra(search_after=[rows[-1][0]])


def _by_petition(shelf: Shelf, query: Query, names: Sequence[str], size: int) -> Search[Any]:
    asked = _search([shelf]).query(query).sort("petition")
    return asked.extra(size=size, docvalue_fields=list(names))


def _values(asked: Search[Any], shelf: Shelf) -> list[tuple[Any, ...]]:
    names = asked.to_dict()["docvalue_fields"]
    hits = _answered(asked, [shelf]).to_dict()["hits"]["hits"]
    return [(int(hit["_id"]), *(hit["fields"][name][0] for name in names)) for hit in hits]


def is_up() -> bool:
    """Whether it answers now and every shelf that is there can be asked."""
    with contextlib.suppress(ApiError, TransportError):
        asked = _client().options(request_timeout=SIGN_OF_LIFE_S)
        said = asked.cluster.health(index=[f"{_alias(shelf)}*" for shelf in Shelf], timeout="1s")
        return bool(said["status"] != "red")
    return False
