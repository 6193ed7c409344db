"""What the intake asks for: take in, ask, refuse by two persons, redirect, end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback import contacts, matters, pakn, permissions, reach, retention, story
from feedback.facts import CHOICES_OF_SENDER, NINE, TOLD_LATER, Ground
from feedback.forms import choices
from feedback.forms.action import ActionForm, Group, Pick, Words
from feedback.forms.handing import date_field
from feedback.forms.identity import fields_of, told_in
from feedback.forms.said import FilesField, RawField, lines
from feedback.workflow import PETITIONS_AT_LAW, REFUSABLE, Kind, State
from routing.choosing import LongSelect

PLAIN_KINDS = [(kind.value, kind.label) for kind in Kind if kind not in PETITIONS_AT_LAW]
PLAIN_GROUNDS = [(ground, label) for ground, label in Ground.choices if ground not in NINE]


class ReceiveForm(ActionForm):
    action = "receive"
    title = _l("Tiếp nhận")
    key = "n"
    icon = "inbox"
    button = _l("Tiếp nhận")
    explains = _l(
        "Xác nhận loại và lĩnh vực; hạn trả lời tính từ lúc này. Tiếp nhận xong mới chọn được cơ quan."
    )
    group = Group.PETITIONER
    first_in = frozenset({State.SUBMITTED})
    subfield = forms.CharField(required=False, label=_l("Lĩnh vực"), widget=LongSelect)
    kind = forms.ChoiceField(required=False, label=_l("Loại"), choices=PLAIN_KINDS)
    commune = forms.CharField(
        required=False,
        label=_l("Nơi xảy ra"),
        help_text=_l("Biết xã, phường thì máy mới đề xuất được cơ quan."),
        widget=LongSelect,
    )
    pakn_class = forms.ChoiceField(
        required=False, label=_l("Nhóm (NĐ 20/2008, Điều 9)"), choices=choices.PAKN_CLASSES
    )
    field_order = ("commune", "subfield", "kind", "pakn_class")

    def choose(self) -> None:
        if not pakn.applies(self.petition):
            del self.fields["pakn_class"]
        if self.petition.commune_id:
            del self.fields["commune"]
        else:
            self.offer("commune", choices.communes(self.petition))
        self.offer("subfield", choices.subfields())
        if self.petition.kind in PETITIONS_AT_LAW:  # into and out of these leads another door
            del self.fields["kind"]

    def proposed(self) -> dict[str, Any]:
        told = {"subfield": self._subfield(), "kind": self.petition.kind}
        return told | {"pakn_class": pakn.proposed(self.petition)}

    def _subfield(self) -> str:
        """As it is filed or was read; of what is left of a split, as that is read."""
        if matters.stands_as_read_whole(self.petition):
            return matters.subfield_left(self.petition)
        guess = self.petition.reading.candidates[:1] if self.petition.reading else []
        return self.petition.subfield_id or (guess[0]["subfield"] if guess else "")

    def picks(self) -> list[Pick]:
        """The places that an old or shared name may stand for, or that something is called after."""
        if self.petition.commune_id:
            return []
        found = [*choices.other_places(self.petition), *choices.hinted_places(self.petition)]
        return [Pick("commune", code, _("Ở %(place)s?") % {"place": name}) for code, name in found]

    def told(self) -> dict[str, Any]:
        """A button tells the place; the fields beside it tell the rest."""
        return super().told() | self.picked()


class AskForm(ActionForm):
    action = "ask"
    title = _l("Hỏi người gửi")
    key = "h"
    icon = "circle-question-mark"
    button = _l("Gửi câu hỏi")
    explains = _l("Đồng hồ dừng từ lúc hỏi đến lúc người gửi trả lời. Mỗi đơn nên hỏi nhiều nhất hai lần.")
    group = Group.PETITIONER
    question = RawField(label=_l("Cần biết thêm điều gì?"), widget=lines(3))

    @property
    def warned(self) -> str:
        return "" if reach.said(self.petition) else reach.warned(self.petition)  # the page says it


class InformForm(ActionForm):
    action = "inform"
    title = _l("Ghi lời người gửi nói qua điện thoại")
    key = "l"
    icon = "phone"
    button = _l("Ghi lại")
    group = Group.PETITIONER
    first_in = frozenset({State.NEEDS_INFO})
    drawn_by = "parts/heard.html"
    text = RawField(
        label=_l("Người gửi cho biết"),
        help_text=_l("Ghi đúng lời; người gửi đọc được những chữ này."),
        widget=lines(4),
    )
    files = FilesField(label=_l("Tệp người gửi đưa"))  # type: ignore[assignment]  # the word for uploads

    def choose(self) -> None:
        """Whoever may know the sender writes down who he is, and mends what is wrong."""
        petition = self.petition
        if not contacts.may_mend(self.by, petition):
            return
        self.fields |= fields_of(TOLD_LATER, own=False)
        if petition.contact.anonymous:
            agrees = _("Người gửi nay đồng ý cho biết mình là ai")
            self.fields["known"] = forms.BooleanField(required=False, label=agrees)
        if petition.contact.email:
            not_his = _("Thư điện tử đang ghi không phải của người gửi: bỏ đi")
            self.fields["no_email"] = forms.BooleanField(required=False, label=not_his)

    @property
    def lacks(self) -> str:
        """Which of what the law asks for nobody has told; "" where nothing is missing."""
        return contacts.named(contacts.lacking(self.petition))

    @property
    def of_the_sender(self) -> list[forms.BoundField]:
        """The fields of who he is: seldom needed, so behind a fold."""
        return [self[name] for name in (*TOLD_LATER, *CHOICES_OF_SENDER) if name in self.fields]

    @property
    def of_his_words(self) -> list[forms.BoundField]:
        return [self[name] for name in ("text", "files")]

    def told(self) -> dict[str, Any]:
        """His words, and under them which of his identity he gave."""
        petition = self.petition
        stood = [name for name in TOLD_LATER if name not in contacts.unknown(petition)]
        said, given = super().told(), told_in(self.cleaned_data, stood)
        plain = {name: value for name, value in said.items() if name not in (*TOLD_LATER, *CHOICES_OF_SENDER)}
        if not given:
            return plain
        if not (said.get("text") or said.get("files")):
            given["contact_alone"] = True
        return plain | given | {"text": "\n".join(filter(None, [said.get("text"), given["text"]]))}


class ProposeRefusalForm(ActionForm):
    action = "propose_refusal"
    title = _l("Đề nghị không tiếp nhận")
    key = "b"
    icon = "ban"
    button = _l("Gửi đề nghị")
    explains = _l("Người thứ hai phải đồng ý thì đơn mới bị từ chối; tới lúc đó người gửi chưa thấy gì.")
    group = Group.END
    ground = forms.ChoiceField(required=False, label=_l("Căn cứ"))
    reason = RawField(
        label=_l("Lý do"), help_text=_l("Người gửi sẽ đọc đúng những chữ này."), widget=lines(4)
    )

    def choose(self) -> None:
        grounds = Ground.choices if self.petition.kind == Kind.COMPLAINT else PLAIN_GROUNDS
        self.offer("ground", [("", _("Chọn căn cứ")), *grounds])


class ConfirmRefusalForm(ActionForm):
    action = "confirm_refusal"
    title = _l("Xem đề nghị không tiếp nhận")
    done = _l("Đồng ý không tiếp nhận")
    key = "y"
    icon = "ban"
    button = _l("Đồng ý không tiếp nhận")
    explains = _l("Nếu không đồng ý, cứ tiếp nhận hoặc chuyển đơn: đề nghị tự hết hiệu lực.")
    group = Group.END
    first_in = REFUSABLE

    def quoted(self) -> list[tuple[Words, str]]:
        ground, reason = story.refusal(self.petition)
        return [(_l("Căn cứ"), ground), (_l("Lý do"), reason)]


class RedirectForm(ActionForm):
    action = "redirect"
    title = _l("Hướng dẫn đến nơi khác")
    key = "r"
    icon = "landmark"
    button = _l("Hướng dẫn và kết thúc ở đây")
    explains = _l("Cho việc của nơi không nằm trong hệ thống: tòa án, cơ quan Đảng, doanh nghiệp.")
    group = Group.END
    known = forms.ChoiceField(
        required=False,
        label=_l("Nơi đã biết"),
        help_text=_l("Chọn rồi thì hai ô dưới để trống cũng được; ghi vào thì lời ghi được gửi đi."),
    )
    body = RawField(label=_l("Nơi có thẩm quyền"))
    address = RawField(
        label=_l("Địa chỉ, điện thoại"),
        help_text=_l("Đủ để người gửi tự tìm đến; một câu cũng được."),
        widget=lines(3),
    )

    def choose(self) -> None:
        bodies = choices.outside_bodies(self.petition)
        self.offer("known", [("", _("Ghi ở dưới")), *((slug, name) for slug, (name, _way) in bodies.items())])

    def proposed(self) -> dict[str, Any]:
        return {"known": choices.proposed_outside(self.petition)}

    def told(self) -> dict[str, Any]:
        """What is typed goes before what is known."""
        told = super().told()
        name, way = choices.outside_bodies(self.petition).get(told.pop("known", ""), ("", ""))
        return {"body": name, "address": way} | {key: value for key, value in told.items() if value}


class CloseForm(ActionForm):
    action = "close"
    title = _l("Đóng vì không được bổ sung")
    icon = "circle-x"
    button = _l("Đóng đơn")
    explains = _l("Người gửi đã im lặng quá 10 ngày làm việc sau câu hỏi.")
    group = Group.END
    first_in = frozenset({State.NEEDS_INFO})
    notice = RawField(label=_l("Thông báo gửi người dân"), widget=lines(4))

    @property
    def warned(self) -> str:
        return reach.question_unheard(self.petition)


class WithdrawForm(ActionForm):
    action = "withdraw"
    title = _l("Cho rút tố cáo")
    icon = "x"
    button = _l("Cho rút")
    explains = _l(
        "Người tố cáo chỉ rút được bằng văn bản có chữ ký hoặc điểm chỉ (NĐ 156/2026/NĐ-CP, Điều 1)."
    )
    group = Group.END
    signed_form = forms.BooleanField(required=False, label=_l("Đã nhận văn bản rút có chữ ký"))


class NoteForm(ActionForm):
    action = "note"
    title = _l("Ghi chú nội bộ")
    key = "i"
    icon = "message-square-text"
    button = _l("Ghi")
    explains = _l("Chỉ cán bộ đọc được; người gửi không thấy.")
    group = Group.NOTE
    text = RawField(label=_l("Ghi chú"), widget=lines(3))
    files = FilesField(  # type: ignore[assignment]  # the word for uploads
        label=_l("Bản đã che tên, nơi ở"), help_text=_l("Cơ quan giải quyết mở được, người gửi thì không.")
    )

    def choose(self) -> None:
        """Whoever alone may open the letter of a sealed denouncer hands on a copy without his name."""
        keeps = self.by is not None and permissions.can_see_files(self.by, self.petition)
        if not keeps or not self.petition.letter_sealed:
            del self.fields["files"]


class EraseForm(ActionForm):
    action = "erase"
    title = _l("Xóa nội dung và danh tính")
    icon = "triangle-alert"
    button = _l("Xóa, không lấy lại được")
    explains = _l("Mọi lời, tệp và thông tin liên hệ bị xóa; chuỗi bước còn lại và vẫn kiểm tra được.")
    group = Group.END
    rule = forms.ChoiceField(label=_l("Theo quy tắc nào"))
    request_number = RawField(
        label=_l("Số văn bản yêu cầu xóa (nếu có)"),
        help_text=_l(
            "Số này và ngày yêu cầu còn lại sau khi xóa, người yêu cầu cũng thấy; không ghi tên ai."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    requested_on = date_field(label=_l("Ngày yêu cầu (nếu có)"))
    code = RawField(
        label=_l("Gõ lại mã đơn để xác nhận"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def choose(self) -> None:
        rules = retention.rules_for(self.petition, timezone.now())
        self.offer("rule", [("", _("Chọn quy tắc")), *((rule.pk, rule.name) for rule in rules)])

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"]).replace(" ", "")
        if typed != self.petition.code:
            raise forms.ValidationError(_("Mã gõ lại không đúng mã đơn này."))
        return typed

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in super().told().items() if name != "code"}
