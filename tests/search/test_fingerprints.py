"""What was kept is found again by those who may see it, there and then, and by nobody else."""

import datetime as dt
import random
from collections.abc import Iterator
from itertools import islice

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import search
from classifier import duplicates
from feedback.models import Petition
from search import fingerprints
from search.models import Band, Signature
from tests import make

pytestmark = pytest.mark.django_db

TEXT = "Nắp cống trước cổng trường tiểu học trên đường Lê Lợi bị vỡ đã hơn một tuần, tối đi rất nguy hiểm."
HERE = search.Place("48", "20242")
DAY = dt.date(2026, 11, 20)


def keep(petition: int, text: str = TEXT, *, place: search.Place = HERE, on: dt.date = DAY) -> None:
    search.remember([search.Fingerprint(petition, duplicates.signature(text), place, on)])


def found(text: str = TEXT, *, place: search.Place = HERE, days: int = 30, on: dt.date = DAY) -> list[int]:
    matches = search.similar(text, place=place, within_days=days, on=on, among=Petition.objects.all())
    return [match.petition for match in matches]


def test_the_same_text_is_found_with_its_score() -> None:
    petition = make.petition(text=TEXT)
    keep(petition.pk)
    assert search.similar(
        f"Kính gửi UBND phường. {TEXT.lower()}",
        place=HERE,
        within_days=30,
        on=DAY,
        among=Petition.objects.all(),
    ) == [search.Match(petition.pk, 1.0)]


def test_other_matters_places_and_days_are_not_found() -> None:
    pk = make.petition(text=TEXT).pk
    keep(pk)
    assert found("Quán karaoke ở hẻm sau chợ mở loa đến khuya, không ai ngủ được.") == []
    assert found(place=search.Place("48", "20257")) == []
    assert found(place=search.Place("79")) == []
    assert found(on=DAY + dt.timedelta(days=31)) == []
    assert found(on=DAY + dt.timedelta(days=30)) == found(on=DAY - dt.timedelta(days=30)) == [pk]
    assert found(place=search.Place("48")) == [pk]  # where the commune is not known, the whole province
    assert found("cứu") == []


def test_one_without_a_commune_is_found_from_every_commune_of_its_province() -> None:
    pk = make.petition(text=TEXT).pk
    keep(pk, place=search.Place("48"))
    assert found() == found(place=search.Place("48", "20257")) == [pk]


def test_nobody_is_told_of_what_he_may_not_see() -> None:
    pk = make.petition(text=TEXT).pk
    keep(pk)
    nothing = Petition.objects.none()
    assert search.similar(TEXT, place=HERE, within_days=30, on=DAY, among=nothing) == []


def test_three_at_most_and_the_most_alike_first() -> None:
    for end in (
        "",
        " Hôm qua có cụ già bị ngã.",
        " Mưa xuống.",
        " Đã gọi tổ dân phố rồi mà chưa thấy ai.",
        " Xin hết.",
    ):
        text = TEXT + end
        keep(make.petition(text=text).pk, text)
    matches = search.similar(TEXT, place=HERE, within_days=30, on=DAY, among=Petition.objects.all())
    assert len(matches) == 3
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)
    assert matches[0].score == 1.0


def test_kept_twice_it_stands_once_and_moved_it_is_found_where_it_is_now() -> None:
    pk = make.petition(text=TEXT).pk
    keep(pk)
    keep(pk)
    assert (Signature.objects.count(), Band.objects.count()) == (1, 21)
    keep(pk, place=search.Place("48", "20257"))
    assert (found(), found(place=search.Place("48", "20257"))) == ([], [pk])
    keep(pk, place=search.Place("79", "26734"), on=DAY + dt.timedelta(days=3))
    assert Band.objects.count() == 21
    assert (found(place=search.Place("48")), found(place=search.Place("79"))) == ([], [pk])


def test_removed_it_leaves_no_row_and_its_neighbour_stays() -> None:
    first, second = (make.petition(text=TEXT).pk for _time in range(2))
    keep(first)
    keep(second)
    search.forget([first, 987654321])
    search.forget([first])
    assert found() == [second]
    assert Band.objects.count() == 21


def test_a_first_keeping_takes_three_statements() -> None:
    with CaptureQueriesContext(connection) as captured:
        keep(1)
    sent = [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert [sql.split()[0] for sql in sent if sql != "BEGIN" and sql != "COMMIT"] == [
        "SELECT",
        "INSERT",
        "INSERT",
    ]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite lays a table out")
def test_the_bands_are_kept_once_and_are_found_by_their_key() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'search_band'")
        assert cursor.fetchone()[0].endswith("WITHOUT ROWID")
        cursor.execute("EXPLAIN QUERY PLAN " + plan())
        told = " ".join(str(row) for row in cursor.fetchall())
    assert "SEARCH search_band USING PRIMARY KEY" in told, told


def plan() -> str:
    with CaptureQueriesContext(connection) as captured:
        found()
    return next(query["sql"] for query in captured.captured_queries if "search_band" in query["sql"])


def test_a_flood_of_the_same_words_hides_none_that_may_be_seen() -> None:
    mine = make.petition(text=TEXT).pk
    keep(mine)
    for other in range(10_000, 10_060):  # of people whom the asker may not see
        keep(other)
    assert found() == [mine]


PRIVATE = "Nhà số 169 xây bục bê tông và mái che lấn ra lề đường Nguyễn Thái Học. Tôi tên Đặng Đình Cam."
PUBLIC = "Nhà số 169 xây bục bê tông và mái che lấn ra lề đường Nguyễn Thái Học. Tôi tên ▇▇▇."


def _guesses() -> Iterator[str]:
    """The public words, most of them misspelt, with the name that is hidden."""
    dice, (before, after) = random.Random(5), PUBLIC.split("▇▇▇")
    private, public = (set(duplicates.bands(duplicates.signature(text), "48")) for text in (PRIVATE, PUBLIC))
    for _try in range(3_000):
        words = (word + dice.choice("xqz") if dice.random() < 0.75 else word for word in before.split())
        misspelt = " ".join(words)
        guess = f"{misspelt} Đặng Đình Cam{after}"
        bands = set(duplicates.bands(duplicates.signature(guess), "48"))
        if bands & private and not bands & public:
            yield guess


def test_nobody_learns_by_asking_what_hidden_words_say() -> None:
    place, on = search.Place("48", "20242"), dt.date(2026, 11, 20)
    search.remember(
        search.Fingerprint(7, duplicates.signature(text), place, on, public=text == PUBLIC)
        for text in (PRIVATE, PUBLIC)
    )
    guesses = list(islice(_guesses(), 5))
    assert len(guesses) == 5
    for guess in guesses:
        assert fingerprints.candidates_of(guess, place=place, within_days=30, on=on).keys() == {7}
        assert not fingerprints.candidates_of(guess, place=place, within_days=30, on=on, public=True)
    assert fingerprints.candidates_of(PUBLIC, place=place, within_days=30, on=on, public=True).keys() == {7}
    search.forget_public([7])
    assert not fingerprints.candidates_of(PUBLIC, place=place, within_days=30, on=on, public=True)
    assert fingerprints.candidates_of(PRIVATE, place=place, within_days=30, on=on)
    search.forget([7])
    assert not Signature.objects.exists()
