"""Every page speaks English to whoever asks for it, Vietnamese to everyone else."""

import gettext
import html
import re
from ast import literal_eval
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.test import Client
from django.utils import translation
from django.utils.translation.template import templatize

from accounts.models import Role
from feedback import story
from feedback.forms import following
from feedback.steps import take
from feedback.submission import KeptReceipt
from feedback.views.opened import signed
from routing.models import Agency, Commune, Province
from tests import make
from tests.pages import at

ROOT = Path(__file__).resolve().parents[2]

# --- every message of ours ---------------------------------------------------------------------------------

TEXT_IN_QUOTES = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
SAID = rf"({TEXT_IN_QUOTES}(?:\s+{TEXT_IN_QUOTES})*)"


def messages_of(source: str, *names: str) -> set[str]:
    """What calls of gettext and its kin, or of these names for them, translate; after a context, \\x04."""
    translates = "|".join(["n?gettext(?:_lazy|_noop)?", *names])
    with_context = re.findall(rf"\bn?pgettext(?:_lazy)?\(\s*{SAID}\s*,\s*{SAID}", source)
    plain = re.findall(rf"(?<![\w.])(?:{translates})\(\s*{SAID}", source)
    found = {f"{literal_eval(context)}\x04{literal_eval(f'({said})')}" for context, said in with_context}
    return found | {literal_eval(f"({said})") for said in plain}


class Nothing(gettext.NullTranslations):
    """Says nothing where a catalogue has no English."""

    def gettext(self, message: str) -> str:
        return ""

    def ngettext(self, one: str, more: str, count: int) -> str:
        return ""


def without_english(messages: set[str]) -> set[str]:
    """Those that the compiled catalogue lacks: not collected, not translated, a guess, or not compiled."""
    english = gettext.translation("django", ROOT / "locale", ["en"])
    english.add_fallback(Nothing())
    return {said for said in messages if not english.gettext(said) and not english.ngettext(said, said, 1)}


def test_every_message_of_the_code_has_its_english() -> None:
    """`make messages`, then write it into `locale/en`. What stands in an f-string is not collected."""
    apps_of_ours = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == ROOT]
    files = (file for folder in (*apps_of_ours, ROOT / "config") for file in folder.rglob("*.py"))
    sources = [source for file in files if "gettext" in (source := file.read_text(encoding="utf-8"))]
    names = {name for source in sources for name in re.findall(r"gettext(?:_lazy)? as (\w+)", source)}
    said = set().union(*(messages_of(source, *names) for source in sources))
    assert len(said) > 1000
    assert without_english(said) == set()


@pytest.mark.long
def test_every_message_of_the_templates_has_its_english() -> None:
    pages = [page for page in (ROOT / "templates").rglob("*.*") if page.suffix in {".html", ".txt"}]
    said = set().union(*(messages_of(templatize(page.read_text(encoding="utf-8")), "_") for page in pages))
    assert len(said) > 400
    assert without_english(said) == set()


def test_whatever_is_told_or_asked_on_the_follow_page_has_its_english() -> None:
    tellings = [*story.TO_PETITIONER.values(), *story.TO_PETITIONER_OF_OFFICIALS.values()]
    said = [telling.said for telling in tellings] + [
        *story.PRESENT.values(),
        story.CLOSED_UNANSWERED,
        story.LOOKED_AT_AGAIN,
    ]
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


def test_the_admin_speaks_vietnamese_where_its_libraries_do_not() -> None:
    with translation.override("vi"):
        assert str(apps.get_app_config("axes").verbose_name) == "Canh giữ đăng nhập"
        names = [str(model._meta.verbose_name_plural) for model in apps.get_app_config("axes").get_models()]
    written = (ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    assert names
    assert [name for name in names if f'msgstr "{name}"' not in written] == []


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


# --- the pages themselves, as they come ------------------------------------------------------------------

# Letters that Vietnamese has and English does not.
VIETNAMESE = re.compile(
    r"[^\W\d_]*[àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ][^\W\d_]*", re.IGNORECASE
)
TEXT = "Gạch vỉa hè trước trường bị bong, cụ già vấp ngã."
# What is Vietnamese by nature: names of this house, of places and bodies, and people's words.
NAMES = ("Hồi Âm", "Tiếng Việt", "12 Lê Lợi, phường An Hải")


@cache
def names_of_reference_data() -> set[str]:
    """Agencies, provinces and communes are called what they are called."""
    agencies = Agency.objects.filter(Q(province="48") | Q(province=None))
    tables = (agencies, Province.objects.all(), Commune.objects.all())
    return {name for rows in tables for name in rows.values_list("name", flat=True)}


def left_in_vietnamese(page: str, *words: str) -> list[str]:
    """Vietnamese words of a page outside of what officials and citizens wrote and of names."""
    body = re.sub(r"<(script|style|option|title)\b.*?</\1>|<!--.*?-->", " ", page, flags=re.DOTALL)
    told = " ".join(re.findall(r'(?:aria-label|alt|placeholder|data-done|title)="([^"]*)"', body))
    seen = html.unescape(told + re.sub(r"<[^>]+>", " ", body))
    seen = " ".join(seen.split())
    for name in sorted({*words, *NAMES, *names_of_reference_data()}, key=len, reverse=True):
        seen = seen.replace(name, "")
    return VIETNAMESE.findall(seen)


@pytest.fixture
def english() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/gui/",
        "/tra-cuu/",
        "/dang-nhap/",
        "/cong-khai/",
        "/thong-ke/",
        "/thong-ke/bao-cao/",
        "/khong-co/",
    ],
)
def test_an_open_page_in_english_has_no_vietnamese_left(english: Client, path: str) -> None:
    assert left_in_vietnamese(english.get(path).content.decode()) == []


@pytest.mark.django_db
def test_what_is_wrong_with_a_form_is_said_in_english(english: Client) -> None:
    typed = {"text": "", "phone": "12", "email": "x", "tax_code": "1", "commune": "9", "lat": "1", "lon": "1"}
    page = english.post("/gui/", typed | {"files": [SimpleUploadedFile("a.exe", b"MZ")]}).content.decode()
    assert page.count('class="wrong"') >= 6
    assert left_in_vietnamese(page) == []
    assert left_in_vietnamese(english.post("/tra-cuu/", {"code": "1", "secret": "2"}).content.decode()) == []


@pytest.mark.long
@pytest.mark.django_db
def test_receipt_and_proposal_in_english(english: Client) -> None:
    filed = english.post("/gui/", {"text": TEXT, "commune": "20242"})
    page = english.get(filed.headers["Location"]).content.decode()
    assert left_in_vietnamese(page, TEXT) == []
    assert left_in_vietnamese(english.post("/gui/doc-thu/", {"text": TEXT}).content.decode(), TEXT) == []


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("state", make.states("submitted", "needs_info", "rejected", "answered", "merged"))
def test_a_follow_page_in_english_has_only_peoples_own_words_in_vietnamese(
    english: Client, state: str
) -> None:
    petition = make.petition(state, text=TEXT)
    english.cookies["opened"] = signed([KeptReceipt.of(petition)])
    said = [str(word) for step in petition.steps.all() for word in step.said.values()]
    address = f"/tra-cuu/{petition.code}/"
    page = english.get(address).content.decode()
    assert left_in_vietnamese(page, TEXT, *said) == []
    for slug in re.findall(rf'"{address}([a-z-]+)/"', page):
        assert left_in_vietnamese(english.get(f"{address}{slug}/").content.decode(), TEXT, *said) == []


@pytest.mark.django_db
def test_a_published_petition_in_english(english: Client) -> None:
    petition = make.petition("answered", text=TEXT)
    take(petition, "publish", by=make.reviewer(), public_text=TEXT)
    for path in ("/cong-khai/", f"/cong-khai/{petition.code}/"):
        assert left_in_vietnamese(english.get(path).content.decode(), TEXT, make.ANSWER["text"]) == []


@pytest.mark.long
@pytest.mark.django_db
def test_officials_pages_in_english_have_only_names_laws_and_peoples_own_words_in_vietnamese() -> None:
    petition = make.petition("in_progress", text=TEXT)
    letters = ("Thông báo tiếp nhận phản ánh, kiến nghị", "Phiếu chuyển phản ánh, kiến nghị")
    told = (*letters, "Decree 154/2026/NĐ-CP")  # letters are printed in Vietnamese
    pages = [
        (make.handler(), "/xu-ly/"),
        (make.handler(), f"/xu-ly/{petition.code}/"),
        (make.handler(), "/vang-mat/"),
        (make.focal_point(), "/giam-sat/"),
        (make.user(Role.OPERATOR, province="48"), "/xu-ly/ghi/"),
        (make.focal_point(), f"/xu-ly/{petition.code}/?lam=split"),
        (make.officer(), "/xu-ly/so-don/"),
    ]
    for user, path in pages:
        client = at(user)
        client.cookies["django_language"] = "en"
        answer = client.get(path)
        assert (path, answer.status_code) == (path, 200)
        assert (path, left_in_vietnamese(answer.content.decode(), TEXT, *told)) == (path, [])
