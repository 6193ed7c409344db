"""What a petition is and whom it belongs with: reclassify, seal, merge, unmerge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback import alike, codes, pakn
from feedback.forms import choices
from feedback.forms.action import ActionForm, Group, Pick, Words
from feedback.forms.handing import AccusedForm
from feedback.forms.receiving import PLAIN_KINDS
from feedback.forms.said import RawField, lines
from feedback.models import Petition
from feedback.workflow import PETITIONS_AT_LAW, Kind, State
from routing.choosing import LongSelect
from routing.models import SubfieldBorder

# What a suspicion most often turns out to be.
PLAIN_ANSWERS = (
    (Kind.REPORT.value, _l("Không phải khiếu nại, tố cáo: là phản ánh")),
    (Kind.QUESTION.value, _l("Không phải khiếu nại, tố cáo: là câu hỏi")),
)


AT_ALL = _l(
    "Máy ngờ đây là %(kind)s nên đã niêm phong. Đúng vậy thì tiếp nhận ở dưới; không phải thì bấm một nút "
    "này, hoặc sửa rồi bấm “Sửa”."
)


class ReclassifyForm(AccusedForm):
    action = "reclassify"
    title = _l("Phân loại lại")
    key = "p"
    icon = "tag"
    button = _l("Sửa")
    explains: Words = _l("Máy học từ những lần sửa này. Ngày bắt đầu và hạn đầu tiên giữ nguyên.")
    group = Group.SORT
    subfield = forms.CharField(required=False, label=_l("Lĩnh vực"), widget=LongSelect)
    kind = forms.ChoiceField(required=False, label=_l("Loại"))
    commune = forms.CharField(required=False, label=_l("Nơi xảy ra"), widget=LongSelect)
    why = RawField(
        label=_l("Vì sao sửa"), help_text=_l("Để trống nghĩa là: máy đọc chưa đúng."), widget=lines(2)
    )
    pakn_class = forms.ChoiceField(
        required=False, label=_l("Nhóm (NĐ 20/2008, Điều 9)"), choices=choices.PAKN_CLASSES
    )
    field_order = ("subfield", "commune", "kind", "pakn_class", "why", "accused", "accused_role")

    def choose(self) -> None:
        super().choose()
        if self.leads(self.petition):
            self.explains = AT_ALL % {"kind": self.petition.get_kind_display().lower()}
        if not pakn.applies(self.petition):
            del self.fields["pakn_class"]
        self.offer("subfield", choices.subfields())
        self.offer("commune", choices.communes(self.petition))
        own = [(self.petition.kind, self.petition.get_kind_display())]
        self.offer("kind", [*(own if self.petition.kind in PETITIONS_AT_LAW else []), *PLAIN_KINDS])

    def proposed(self) -> dict[str, Any]:
        return dict(self._now())

    def borders(self) -> list[SubfieldBorder]:
        """How to tell what it is filed under from what lies beside it."""
        return choices.borders(self.petition)

    @classmethod
    def leads(cls, petition: Petition) -> bool:
        """What the machine suspects waits for a person's word: is it a complaint at all?"""
        return petition.sealed and petition.state == State.SUBMITTED and not petition.is_appeal

    def picks(self) -> list[Pick]:
        """Out of the law, the machine's other guesses, and the places it could not choose between."""
        suspected = PLAIN_ANSWERS if self.petition.kind in PETITIONS_AT_LAW else ()
        return [
            *(Pick("kind", kind, str(words)) for kind, words in suspected),
            *(Pick("subfield", slug, name) for slug, name in choices.other_guesses(self.petition)),
            *(Pick("commune", code, name) for code, name in choices.other_places(self.petition)),
        ]

    def told(self) -> dict[str, Any]:
        """Only what was changed is a correction; a button stands for the fields it leaves alone."""
        told, picked = super().told(), self.picked()
        changed = picked or {name: value for name, value in told.items() if self._now().get(name) != value}
        why = str(told.get("why", "")).strip() or _("Máy đọc chưa đúng.")
        return changed | {"why": why} if changed else {}

    def _now(self) -> dict[str, str]:
        held = self.petition
        told = {"subfield": held.subfield_id or "", "kind": held.kind, "commune": held.commune_id or ""}
        return told | {"pakn_class": held.pakn_class}


class SealForm(ActionForm):
    action = "seal"
    title = _l("Niêm phong: là khiếu nại, tố cáo")
    key = "w"
    icon = "lock"
    button = _l("Niêm phong")
    explains = _l(
        "Rời luồng công khai ngay, về cán bộ xử lý đơn của đầu mối; cơ quan đang giữ không đọc được nữa."
    )
    group = Group.SORT
    kind = forms.ChoiceField(
        required=False,
        label=_l("Là"),
        choices=[(kind.value, kind.label) for kind in Kind if kind in PETITIONS_AT_LAW],
        widget=forms.RadioSelect,
    )

    @classmethod
    def leads(cls, petition: Petition) -> bool:
        """A part that was split off is sealed: the whole text, which tells it too, waits to be."""
        return petition.sealed_parts().exists()

    def proposed(self) -> dict[str, Any]:
        """What the machine suspects, or its sealed part is; of what is sealed already, the other."""
        part = self.petition.sealed_parts().first()
        kind = part.kind if part else self.petition.kind
        if self.petition.sealed:
            kind = next(other for other in PETITIONS_AT_LAW if other != kind)
        return {"kind": kind if kind in PETITIONS_AT_LAW else ""}


class ClearDoubtForm(ActionForm):
    action = "clear_doubt"
    title = _l("Không phải khiếu nại, tố cáo")
    icon = "check"
    button = _l("Không phải khiếu nại, tố cáo")
    explains = _l(
        "Đơn vẫn đi đường thường như trước. Cơ quan đang giữ đơn và người gửi không biết câu hỏi này."
    )
    group = Group.SORT
    asked_apart = True


class MergeForm(ActionForm):
    action = "merge"
    title = _l("Gộp vào đơn trùng")
    icon = "link"
    button = _l("Gộp")
    explains = _l("Đơn này theo đơn chính; trả lời của đơn chính cũng là trả lời cho người gửi này.")
    group = Group.SORT
    main = RawField(
        label=_l("Mã đơn chính"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def proposed(self) -> dict[str, Any]:
        """What its sender takes for the same matter."""
        same = alike.told_same(self.petition)
        return {"main": same.printed_code} if same else {}

    def clean_main(self) -> str:
        typed = str(self.cleaned_data["main"])
        code = codes.clean_code(typed)
        if typed.strip() and not code:
            raise forms.ValidationError(_("Không có đơn nào mang mã này."))
        return code


class UnmergeForm(ActionForm):
    action = "unmerge"
    title = _l("Tách khỏi đơn đã gộp")
    icon = "copy"
    button = _l("Tách ra")
    explains = _l("Đơn trở lại trạng thái trước khi gộp.")
    group = Group.SORT
