"""Before everyone reads it: the original beside what will be shown, each doubtful piece hidden or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback.blacking import looked_at, pictures_of
from feedback.forms.action import ActionForm, Group, Pick, Words
from feedback.forms.objecting import last_of, waiting
from feedback.forms.said import RawField, SaidForm, lines
from feedback.models import Attachment, Petition, PublicPetition, PublicPicture, Reply
from feedback.public import hidden_lines, is_refused, left_as_it_is, offered, shown_pictures
from feedback.redaction import (
    Piece,
    doubts,
    hidden_words,
    known_of,
    legible,
    masked,
    pieces,
    redrawn,
    without,
)
from feedback.workflow import State
from feedback.workflow.conditions import petitioner_has_looked


@dataclass(frozen=True)
class Side:
    """An original in pieces, its box of what will be shown, and the name under which pieces are hidden.

    `drawn`: numbers of the pieces that were hidden when the box was last drawn, before anybody typed.
    """

    name: str
    heading: Words
    pieces: list[tuple[Piece, int, bool]]  # its number among the doubtful ones, and whether it is hidden
    drawn: list[int]
    field: Any


SUMMARY = _l(
    "Lĩnh vực này chỉ đăng bản tóm tắt do bạn viết lại: không tên, không chép nguyên văn. "
    "Bỏ trống câu trả lời thì chỉ kết quả được đăng."
)


class PublishForm(ActionForm):
    """At once: what the sender was shown, a copy mended later, or what he has no need to see."""

    action = "publish"
    title = _l("Đăng công khai")
    mends: ClassVar[Words] = _l("Sửa bản công khai")
    key = "d"
    icon = "megaphone"
    button: Words = _l("Đăng công khai")
    explains = _l("Máy đã che những gì giống thông tin cá nhân; xin đọc lại và che nốt trước khi đăng.")
    group = Group.PUBLIC
    drawn_by = "parts/redaction.html"
    first_in = frozenset({State.ANSWERED, State.CLOSED})
    public_text = RawField(label=_l("Nội dung công khai"), widget=lines(6))
    public_answer = RawField(label=_l("Câu trả lời công khai"), widget=lines(6))
    pictures = forms.MultipleChoiceField(
        label=_l("Ảnh đăng kèm"), required=False, widget=forms.CheckboxSelectMultiple
    )
    # The last thing said of the copy that whoever mends it has read.
    objections_read = forms.IntegerField(required=False, widget=forms.HiddenInput)
    sure = forms.BooleanField(
        required=False, label=_l("Tôi đã đọc lại: phần còn lại không phải thông tin cá nhân của ai")
    )

    @classmethod
    def leads(cls, petition: Any) -> bool:
        """What is published already waits for nobody; the rest for the sender to see it first."""
        return super().leads(petition) and petition.published_at is None and offered(petition) is not None

    @classmethod
    def called(cls, petition: Petition) -> Words:
        """Where it is public already, what is left is to mend that."""
        return cls.title if petition.published_at is None else cls.mends

    def choose(self) -> None:
        if self.petition.published_at is not None:
            self.button = self.mends
        if not self.is_bound:
            del self.fields["sure"]
        if "objections_read" in self.fields:
            self.fields["objections_read"].initial = last_of(waiting(self.petition))
        ready = [(one.sha256, one.sha256) for one in self._ready.values()]
        self.offer("pictures", ready)
        if self.rewords:
            self.explains = SUMMARY
            for name, label in (
                ("public_text", _l("Tóm tắt công khai")),
                ("public_answer", _l("Tóm tắt câu trả lời")),
            ):
                self.fields[name].label = label

    @cached_property
    def _ready(self) -> dict[int, PublicPicture]:
        return {} if self.rewords else looked_at(self.petition)

    def shots(self) -> list[tuple[Attachment, PublicPicture | None, bool, bool]]:
        """Each picture that could be shown, as it was made ready; whether it is chosen, and whether its
        sender refused it."""
        if self.rewords:
            return []
        ready, chosen = self._ready, set(self["pictures"].value() or ())
        rows = [(file, ready.get(file.pk)) for file in pictures_of(self.petition)]
        return [
            (file, one, one is not None and one.sha256 in chosen, one is not None and is_refused(one))
            for file, one in rows
        ]

    def proposed(self) -> dict[str, Any]:
        """Words and pictures that stand in the boxes."""
        chosen = self._chosen()
        return self._words() | ({"pictures": chosen} if chosen else {})

    def _chosen(self) -> list[str]:
        """As chosen, else as the sender was shown or as is public; else all that were made ready."""
        ready = [one.sha256 for one in self._ready.values() if not is_refused(one)]
        if "chosen" in self.ticks:
            return [one for one in self.ticks.getlist("pictures") if one in ready]
        if offered(self.petition) is None and self.petition.published_at is None:
            return ready
        shown = set(shown_pictures(self.petition).values_list("sha256", flat=True))
        return [one for one in ready if one in shown]

    def _words(self) -> dict[str, Any]:
        """What was typed and chosen anew, else what was published before, else the masked words."""
        if "chosen" in self.ticks and not self.rewords:
            return {name: self._anew(name, original) for name, original in self._originals().items()}
        left = left_as_it_is(self.petition)
        shown = left or offered(self.petition) or self._published()
        if self.rewords or left:
            return {"public_text": shown.text, "public_answer": shown.answer} if shown else {}
        words = self._masked()
        if self._was_emptied():
            words["public_answer"] = ""
        if shown is None:
            return words
        return {"public_text": shown.text, "public_answer": shown.answer or words["public_answer"]}

    def _was_emptied(self) -> bool:
        """Whether a reviewer has looked at the answer that was sent, and left nothing of it."""
        sent, looking = self._sent_reply(), ("publish", "offer_publication")
        looked = [step for step in self.petition.history() if step.action in looking]
        if not (sent and sent.approved_at and looked and looked[-1].at >= sent.approved_at):
            return False
        return not looked[-1].said.get("public_answer")

    def _published(self) -> PublicPetition | None:
        """What is public, unless today it would have to be written anew."""
        copy = getattr(self.petition, "public", None) if self.petition.published_at else None
        return copy if copy and not (self.rewords and not copy.summary) else None

    def _masked(self) -> dict[str, str]:
        lines = hidden_lines(self.petition)
        return {
            name: without(masked(original, also=self._hidden_too(name)), lines)
            for name, original in self._originals().items()
        }

    def _anew(self, name: str, original: str) -> str:
        return redrawn(
            original,
            self.ticks.get(name, ""),
            hidden=self._numbers(f"hide_{name}"),
            drawn=self._numbers(f"drawn_{name}"),
            also=self._hidden_too(name),
        )

    def _numbers(self, name: str) -> set[int]:
        return {int(number) for number in self.ticks.getlist(name) if number.isdecimal()}

    def _hidden_too(self, name: str) -> list[str]:
        """What whoever asked said of himself; what is hidden in his words is hidden in the answer as well."""
        known = known_of(self.petition)
        if name == "public_text":
            return known
        return [*known, *(piece.text for piece in doubts(self.petition.text))]

    def _originals(self) -> dict[str, str]:
        reply = self._sent_reply()
        return {
            "public_text": legible(self.seen(self.petition.text)),
            "public_answer": legible(self.seen(reply.text)) if reply else "",
        }

    def _sent_reply(self) -> Reply | None:
        reply = self.petition.last_reply
        return self.petition.sent_reply if reply and not reply.approved_at else reply

    def _shown(self, name: str) -> set[int]:
        """Numbers of the pieces that stay; all are hidden until somebody has chosen."""
        if "chosen" not in self.ticks:
            return set()
        count = len(doubts(self._originals()[name], also=self._hidden_too(name)))
        return set(range(count)) - self._numbers(f"hide_{name}")

    @property
    def ticks(self) -> Any:
        """What was ticked: of this form, or of the one that this one is drawn anew from."""
        return self.data if self.is_bound else self.ticked

    def sides(self) -> list[Side]:
        """For the page: one side a text that will be public."""
        headings = {"public_text": _l("Nguyên văn"), "public_answer": _l("Câu trả lời đã gửi")}
        return [
            Side(
                name, headings[name], self._numbered(name, original), self._drawn(name, original), self[name]
            )
            for name, original in self._originals().items()
            if original
        ]

    @property
    def rewords(self) -> bool:
        """What is published is written anew: nothing of the original is hidden or shown piece by piece."""
        return self.petition.only_summarised

    def _drawn(self, name: str, original: str) -> list[int]:
        if self.is_bound:
            return sorted(self._numbers(f"drawn_{name}"))
        return [number for _piece, number, hidden in self._numbered(name, original) if hidden]

    def _numbered(self, name: str, original: str) -> list[tuple[Piece, int, bool]]:
        numbered, number, shown = [], 0, self._shown(name)
        for piece in pieces(original, also=self._hidden_too(name)):
            numbered.append((piece, number, bool(piece.kind) and number not in shown))
            number += bool(piece.kind)
        return numbered

    def quoted(self) -> list[tuple[Words, str]]:
        """What whoever asked does not want to see in public."""
        return [(_l("Người gửi không muốn công khai"), "\n".join(hidden_lines(self.petition)))]

    def redrawn(self) -> ActionForm | None:
        """“Che lại theo lựa chọn”: the boxes anew as chosen, with marks made by hand; nothing done yet."""
        if "redraw" not in self.data or self.rewords:
            return None
        return type(self)(petition=self.petition, by=self.by, ticked=self.data)

    def clean(self) -> dict[str, Any]:
        """What still looks like somebody's is published only by one who says that he has looked."""
        cleaned = super().clean() or {}
        text, answer = cleaned.get("public_text") or "", cleaned.get("public_answer") or ""
        known, hidden = known_of(self.petition), hidden_words(self.petition.text, text)
        left = {
            "public_text": doubts(text, also=known),
            "public_answer": doubts(answer, also=[*known, *hidden]),
        }
        if not any(left.values()):
            self.fields.pop("sure", None)
        elif not cleaned.get("sure"):
            for name, found in left.items():
                if found:
                    self.add_error(name, _("Còn giống thông tin cá nhân: %(what)s.") % {"what": _told(found)})
        return cleaned

    def told(self) -> dict[str, Any]:
        """Also that of the answer nothing is left: unsaid, it would be put in as the machine masks it."""
        told = {name: value for name, value in super().told().items() if name != "sure"}
        return {"public_answer": self.cleaned_data.get("public_answer", "")} | told


class OfferForm(PublishForm):
    objections_read = None  # type: ignore[assignment]  # nothing is public of which anybody could say it
    action = "offer_publication"
    title = _l("Gửi người gửi xem trước")
    mends: ClassVar[Words] = _l("Gửi bản sửa cho người gửi xem trước")
    done = _l("Gửi bản công khai cho người gửi xem")
    key = "b"
    icon = "eye"
    button = _l("Gửi người gửi xem trước")
    explains = _l(
        "Người gửi thấy đúng bản này, có 3 ngày để che thêm, đồng ý hoặc không cho đăng. "
        "Máy đã che những gì giống thông tin cá nhân; xin đọc lại và che nốt."
    )

    @classmethod
    def leads(cls, petition: Any) -> bool:
        """What was shown waits for the sender, or for the reviewer to publish it."""
        waits = petition.state in cls.first_in and petition.published_at is None
        return waits and offered(petition) is None

    def other_end(self) -> Pick | None:
        """To publish what there is no need to show first; while the sender looks nobody does."""
        if not petitioner_has_looked(self.petition):
            return None
        return Pick("publish", "publish", _("Đăng công khai ngay, không chờ người gửi xem"))


def _told(found: Iterable[Piece]) -> str:
    return "; ".join(dict.fromkeys(f"{piece.text} ({piece.told_kind})" for piece in found))


class WithholdForm(SaidForm):
    """Looked at and not published: why."""

    reason = forms.CharField(
        label=_l("Vì sao không đăng"),
        max_length=2000,
        widget=lines(2),
        error_messages={"required": _l("Xin ghi rõ lý do.")},
    )
