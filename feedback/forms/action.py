"""One form an action: what it asks for, how it is called, and when it is the first thing to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from accounts.models import User
from feedback.forms.said import SaidForm
from feedback.models import Petition
from feedback.redaction import as_seen, as_to_strangers
from feedback.workflow import State

Words = str | Promise


class Group(models.TextChoices):
    """Under which heading an action stands when it is not the first thing to do."""

    PETITIONER = "petitioner", _l("Với người gửi")
    HANDS = "hands", _l("Giao việc, phối hợp")
    TIME = "time", _l("Thời hạn")
    SORT = "sort", _l("Phân loại, gộp, tách")
    PUBLIC = "public", pgettext_lazy("việc", "Công khai")
    END = "end", _l("Từ chối, kết thúc")
    NOTE = "note", _l("Ghi chú")


@dataclass(frozen=True)
class Pick:
    """One button that says a fact: its name, its value, and what the button reads."""

    name: str
    value: str
    label: str


class ActionForm(SaidForm):
    """What one action of the workflow asks for; the workflow decides who sees it."""

    action: ClassVar[str] = ""
    title: Words = ""
    done: Words = ""  # what has been done by it, where the title only says what is looked at
    icon: ClassVar[str] = "check"
    key: ClassVar[str] = ""  # the letter that opens it; two that can never be offered together may share one
    button: Words = ""
    explains: Words = ""
    group: ClassVar[Group] = Group.NOTE
    first_in: ClassVar[frozenset[State]] = frozenset()  # where it is what the petition waits for
    drawn_by: ClassVar[str] = "parts/fields.html"  # how its fields are drawn
    drafts: ClassVar[bool] = False  # what is typed is kept on the server until it is handed in
    asked_apart: ClassVar[bool] = False  # a notice on the page asks for it, no heading of actions lists it

    do_not_call_in_templates: ClassVar[bool] = True  # a page names the form itself, not one of it

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        petition: Petition,
        by: User | None = None,
        ticked: Any = (),
    ) -> None:
        self.petition = petition
        self.title = self.called(petition)
        self.by = by
        self.ticked = ticked  # what was chosen in the form that this one is drawn anew from
        super().__init__(data, files, auto_id=f"{self.action}_%s")  # several forms stand on one page
        self.choose()
        if not self.is_bound:
            self.initial = self.proposed()

    @classmethod
    def called(cls, petition: Petition) -> Words:
        """Its name on the page of this petition."""
        return cls.title

    @classmethod
    def leads(cls, petition: Petition) -> bool:
        """The petition waits for just this; otherwise it stands behind “Việc khác”."""
        return petition.state in cls.first_in

    def choose(self) -> None:
        """Fill the lists to choose from, which hang on the petition."""

    def proposed(self) -> dict[str, Any]:
        """What the form holds before anybody typed."""
        return {}

    def picks(self) -> list[Pick]:
        """Whole answers of one button each, before the fields."""
        return []

    def picked(self) -> dict[str, str]:
        """The one that was pressed, as a fact; {} where the fields were filled in instead."""
        name, _colon, value = str(self.data.get("pick", "")).partition(":")
        return {pick.name: pick.value for pick in self.picks() if (pick.name, pick.value) == (name, value)}

    def other_end(self) -> Pick | None:
        """Another action that the same fields may be handed in to, by a button beside the first."""
        return None

    def redrawn(self) -> ActionForm | None:
        """The form anew, where a button asked for just that and for no deed."""
        return None

    def quotes(self) -> list[tuple[Words, str]]:
        """What one has to read before deciding: a heading and the words, as this person may read them."""
        return [(heading, self.seen(words)) for heading, words in self.quoted()]

    def quoted(self) -> list[tuple[Words, str]]:
        """The same as it was written."""
        return []

    def seen(self, words: str) -> str:
        """Words that somebody else wrote, as this person may read them."""
        return as_seen(words, self.petition, self.by) if self.by else as_to_strangers(words, self.petition)

    @property
    def warned(self) -> str:
        """What one has to know before it is handed in, and the page does not say elsewhere."""
        return ""

    def told(self) -> dict[str, Any]:
        """The facts for `take`."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
