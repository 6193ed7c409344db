"""What is not Vietnamese is left to a person; how Vietnamese is really typed is still Vietnamese."""

from itertools import islice

import pytest

import classifier
from classifier import noise
from classifier.language import is_foreign
from tests.classifier.test_corpus import learnt

ENGLISH = "The street light in front of 20 Bach Dang street, Hai Chau ward is broken, very dark at night."


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        ENGLISH.upper(),
        "There is a fire at 12 Nguyen Trai, please help",
        "Rats in the market",
        "Open manhole on Tran Phu",
        "Please Fix The Street Light On Tran Phu Street",
        "Help! Boy drowning in Han River near Rong Bridge",
        "Bonjour, la rue est très sale devant mon hôtel, merci de nettoyer.",
        "Die Straße vor unserem Haus ist kaputt und niemand kommt",
        "El camión de basura no pasa desde hace dos semanas en mi calle",
        "Jalan di depan rumah saya rusak sekali, tolong perbaiki",
    ],
)
def test_another_language_is_known(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "Karaoke Paradise, bar Golden Night, club New Sky mo nhac den 3h sang",
        "App VNeID bi loi dang nhap facebook zalo google",
        "e bị hack nick lq mobile có skin 2tr, nhờ admin lấy lại acc giúp e vs huhu",
        "Check in sân bay, karaoke, hotel, resort, spa, shop online, ship COD lừa đảo",
        "tui book phong hotel tren agoda ma k dc refund tien",
        "live stream sell hang fake online tren tiktok shop",
        "shop mother and baby o le duan ban hang gia",
        "karaoke on Tran Phu",
        "Internet",
        "asdkjh qwpoeiru zxmcnb jjjjjj kkkkk qwerty qazwsx",
        "toi o the my an in on not the do",
        "",
    ],
)
def test_names_short_forms_and_noise_are_no_other_language(text: str) -> None:
    assert not is_foreign(text)


@pytest.mark.long
def test_vietnamese_stays_vietnamese_however_it_is_typed() -> None:
    english = "this is a dummy complaint"  # one text of the corpus quotes it
    taken = [
        written
        for number, (_line, row) in enumerate(islice(learnt(), 0, None, 20))
        for text in [row["text"]]
        for written in (text, noise.strip(text), noise.teencode(text, number), noise.typos(text, number))
        if is_foreign(written) and english not in text
    ]
    assert taken == []


def test_nothing_is_said_of_it_but_where_who_and_what_danger() -> None:
    read = classifier.read(f"{ENGLISH} My number is 0905 123 456.", home="48")
    assert (read.decision, read.subfield, read.field, read.kind) == ("person", "", "", "report")
    assert (read.candidates, read.urgent, read.guarded) == ((), False, True)
    assert [place.text for place in read.places] == ["Hai Chau"]
    assert [span.kind for span in read.personal] == ["phone"]
    assert read.model


@pytest.mark.parametrize(
    ("text", "rings"),
    [
        ("A broken power line is hanging over the sidewalk on Le Loi street", "broken power line"),
        ("House on fire, 12 Le Loi, Hai Chau", "on fire"),
        ("Man with a knife at An Thuong 4", "Man with a knife"),
        ("My neighbor's house is burning", "house is burning"),
        ("The fire hydrant is leaking water on Tran Phu street", ""),
        ("Film crew shooting on my street all night", ""),
        ("The gas leak was fixed, thanks", ""),
        ("There was a fire last year, insurance has not paid", ""),
        ("Broken cable TV for two weeks", ""),
    ],
)
def test_a_danger_in_english_rings_by_its_words_alone(text: str, rings: str) -> None:
    read = classifier.read(text, home="48")
    assert (read.guarded, read.urgent, " ".join(read.urgent_words)) == (True, bool(rings), rings)
