"""The pages of citizens speak English to whoever asks for it, Vietnamese to everyone else."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from feedback import story
from feedback.forms import following

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
FOR_CITIZENS = [
    *(
        TEMPLATES / "feedback" / f"{page}.html"
        for page in ("home", "file", "receipt", "received", "track", "follow", "say", "understood")
    ),
    *(TEMPLATES / "publication").glob("*.html"),
    *(TEMPLATES / "accounts").glob("*.html"),
    *(
        TEMPLATES / "parts" / f"{part}.html"
        for part in ("nav", "foot", "account", "emergency", "errors", "field", "tell", "alarm", "place")
    ),
    TEMPLATES / "base.html",
]


@pytest.mark.parametrize("page", FOR_CITIZENS, ids=lambda page: page.stem)
def test_every_sentence_of_a_citizens_page_has_its_english(page: Path) -> None:
    said = re.findall(r'{%\s*translate "([^"]+)"(?: as \w+)?\s*%}', page.read_text(encoding="utf-8"))
    with translation.override("en"):
        assert [sentence for sentence in said if translation.gettext(sentence) == sentence] == []


def test_whatever_is_told_or_asked_on_the_follow_page_has_its_english() -> None:
    tellings = [*story.TO_PETITIONER.values(), *story.TO_PETITIONER_OF_OFFICIALS.values()]
    said = [telling.said for telling in tellings] + list(story.PRESENT.values())
    said += [telling.said for telling in story.OF_A_TAP.values()]
    for form in following.BY_SLUG.values():
        fields = form.base_fields.values()
        said += [form.title, form.button, form.explains, form.done, form.too_late]
        said += [part for field in fields for part in (field.label, field.help_text)]
    with translation.override("vi"):
        sentences = {str(sentence) for sentence in said if sentence}
    with translation.override("en"):
        assert {sentence for sentence in sentences if translation.gettext(sentence) == sentence} == set()


def test_the_compiled_catalogue_is_that_of_the_written_one() -> None:
    """A few sentences, one with a plural: `make messages` was run after the last change."""
    written = (ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    with translation.override("en"):
        for sentence in ("Xin cho biết chuyện gì đang xảy ra.", "Đang quá hạn", "Rất hài lòng"):
            assert f'msgstr "{translation.gettext(sentence)}"' in written
        days = translation.ngettext("%(count)s ngày trước", "%(count)s ngày trước", 1)
        assert days % {"count": 1} == "1 day ago"


@pytest.mark.django_db
def test_the_switch_is_kept_and_undone(client: Client) -> None:
    assert "Chuyện gì đang xảy ra?" in client.get("/gui/", headers={"accept-language": "en"}).content.decode()
    chosen = client.post("/ngon-ngu/", {"language": "en", "next": "/gui/"})
    assert (chosen.status_code, chosen.headers["Location"]) == (302, "/gui/")
    english = client.get("/gui/").content.decode()
    assert '<html lang="en">' in english
    assert "What is happening?" in english
    client.post("/ngon-ngu/", {"language": "vi", "next": "/gui/"})
    assert "Chuyện gì đang xảy ra?" in client.get("/gui/").content.decode()


def test_the_switch_leads_nowhere_else(client: Client) -> None:
    away = client.post("/ngon-ngu/", {"language": "en", "next": "https://example.com/"})
    assert away.headers["Location"] == "/"
