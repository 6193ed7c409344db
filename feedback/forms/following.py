"""What whoever asked may do with a petition of his own; each has an address that a link can open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from feedback import alike, contacts, understanding
from feedback.facts import TOLD_LATER
from feedback.forms.action import ActionForm, Words
from feedback.forms.choices import communes
from feedback.forms.identity import fields_of, told_in
from feedback.forms.said import FilesField, RawField, lines
from feedback.later_words import tells_of_officials
from feedback.models import Petition
from feedback.models.reply import Score
from feedback.public import shown_pictures, shown_words
from feedback.redaction import says
from feedback.workflow import PETITIONS_AT_LAW, Kind, State
from routing.called import called
from routing.choosing import LongSelect
from routing.models import Agency

FILES = _l("Ảnh, tài liệu kèm theo")


class FollowForm(ActionForm):
    """`slug` stands in the address; `done` is said after it, `too_late` when it can no longer be done.

    `once`: sent twice it counts once, whatever others did meanwhile; else nothing may have happened since.
    """

    once: ClassVar[bool] = True

    slug: ClassVar[str] = ""
    page: ClassVar[str] = "feedback/say.html"
    leads_to: ClassVar[str] = ""  # the slug of the page that shows what came of it; else the follow page
    too_late: Words = _l("Việc này không còn làm được: phản ánh đã sang bước khác, hoặc đã hết thời gian.")

    @classmethod
    def fits(cls, petition: Petition) -> bool:
        """Beside what the workflow allows: whether there is something to say this about."""
        return True


class SubmitForm(FollowForm):
    """A draft is handed in as it stands."""

    action = "submit"
    slug = "gui-di"
    title = _l("Gửi phản ánh này?")
    icon = "send"
    button = _l("Gửi phản ánh")
    done = _l("Đã gửi. Bạn thấy ai giữ việc và hạn trả lời ở đây.")

    def told(self) -> dict[str, Any]:
        return {"text": self.petition.text}


class LaterWordsForm(FollowForm):
    """Words that whoever leads it reads at once; what may complain of its head can go another way first."""

    field: ClassVar[str] = "text"  # which of its fields holds them
    asks: ClassVar[bool] = True  # whether the page asks where to send what tells of an official
    is_asking: bool = False  # it does so now
    suspects: ClassVar[Collection[str]] = PETITIONS_AT_LAW  # kinds of words that are asked about

    @cached_property
    def reading(self) -> list[Agency]:
        """The bodies that read them; none where only the intake does, or whoever handles a complaint."""
        petition = self.petition
        if petition.kind in PETITIONS_AT_LAW:
            return []
        leading = [petition.lead] if petition.lead and not petition.led_by_focal_point else []
        return [*leading, *(asked.agency for asked in petition.still_asked())]

    @property
    def reader(self) -> str:
        """What they are called."""
        return _called(self.reading)

    @property
    def readers(self) -> str:
        """The same after the body whose question waits; "" where nobody else reads."""
        asker = self.petition.who_asked if self.petition.state == State.NEEDS_INFO else None
        return _called(dict.fromkeys([asker, *self.reading] if asker and self.reading else self.reading))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        said = str(told.get(self.field, ""))
        asks = self.asks and said and self.reader and "here" not in self.data
        if asks and tells_of_officials(said, self.petition.territory_id, suspects=self.suspects):
            self.is_asking = True
            why = _(
                "Lời này có nói đến người lãnh đạo, hoặc giống một khiếu nại, tố cáo. %(lead)s đang giữ việc "
                "và sẽ đọc được. Bạn muốn gửi cách nào?"
            )
            self.add_error(None, why % {"lead": self.reader})
        return told


def _called(agencies: Iterable[Agency]) -> str:
    return ", ".join(called(agency, timezone.now()) for agency in agencies)


class InformForm(LaterWordsForm):
    action = "inform"
    slug = "noi-them"
    title = _l("Bạn muốn nói thêm?")
    icon = "message-square-text"
    button = _l("Gửi thêm")
    done = _l("Đã gửi. Cơ quan đang giữ việc được báo ngay.")
    text = RawField(label=_l("Điều bạn muốn nói"), widget=lines(4))
    files = FilesField(label=FILES)  # type: ignore[assignment]  # the word for uploads

    def choose(self) -> None:
        if self.petition.state == State.NEEDS_INFO:
            self.fields["text"].label = _("Trả lời của bạn")
            self.button = _l("Gửi câu trả lời")


class RateForm(FollowForm):
    action = "rate"
    slug = "danh-gia"
    title = _l("Bạn hài lòng tới đâu?")
    icon = "star"
    button = _l("Gửi đánh giá")
    done = _l("Cảm ơn bạn. Đánh giá được ghi lại và tính vào số liệu công khai.")
    too_late = _l("Câu trả lời này đã được đánh giá, hoặc chưa tới lúc đánh giá.")
    score = forms.ChoiceField(
        label=_l("Mức độ hài lòng"),
        choices=Score.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _l("Xin chọn một mức trong bốn mức."),
            "invalid_choice": _l("Xin chọn một mức trong bốn mức."),
        },
    )

    def choose(self) -> None:
        if self.petition.commitment_met_at:
            self.title = _l("Nay đã làm xong: bạn hài lòng tới đâu?")  # this one's own


class ContestForm(FollowForm):
    action = "contest"
    slug = "khong-dong-y"
    title = _l("Bạn không đồng ý?")
    icon = "scale"
    button = _l("Đề nghị xem lại")
    explains = _l("Người khác, không phải hai người đã từ chối, sẽ xem lại. Bạn đề nghị được một lần.")
    done = _l("Đã gửi. Người khác sẽ xem lại phản ánh của bạn.")
    text = RawField(label=_l("Vì sao nên tiếp nhận?"), widget=lines(4))
    files = FilesField(label=FILES)  # type: ignore[assignment]  # the word for uploads


class ReopenForm(LaterWordsForm):
    action = "reopen"
    field = "reason"
    suspects = (Kind.DENUNCIATION,)  # whoever reopens is not content, and says so
    slug = "mo-lai"
    title = _l("Chưa xong, hoặc trả lời chưa đúng?")
    icon = "history"
    button = _l("Mở lại phản ánh")
    explains = _l("Người khác sẽ xử lý lại, có hạn trả lời mới. Câu trả lời cũ vẫn được giữ.")
    done = _l("Đã mở lại. Bạn sẽ thấy hạn trả lời mới ở đây.")
    reason = RawField(label=_l("Còn điều gì chưa ổn?"), widget=lines(4))
    files = FilesField(label=FILES)  # type: ignore[assignment]  # the word for uploads

    def choose(self) -> None:
        """One review at a time: a second complaint waits until there is another decision."""
        if self.petition.kind == Kind.COMPLAINT:
            self.explains = _l(
                "Người khác sẽ giải quyết lại, có hạn mới. Mở lại thì chưa khiếu nại lần hai được cho tới "
                "khi có quyết định mới: muốn cấp trên xem xét ngay thì chọn “Khiếu nại lần hai”."
            )


DONE_AT_LAW = _l("Đã gửi thành đơn khiếu nại lần hai; mã bí mật của bạn mở được cả hai.")
SIGNED = _l("Ảnh chụp đơn đã ký, quyết định và giấy tờ của bạn; gửi sau ở trang của đơn mới cũng được.")


class AppealForm(FollowForm):
    action = "appeal"
    slug = "xem-lai"
    title = _l("Nhờ cơ quan khác xem lại")
    icon = "scale"
    button = _l("Gửi đề nghị")
    explains = _l("Một phản ánh mới, gắn với phản ánh này; cơ quan đã trả lời bạn không được xử lý nó.")
    done = _l("Đã gửi thành phản ánh mới; mã bí mật của bạn mở được cả hai.")
    too_late: Words = _l(
        "Bạn đã nhờ xem lại rồi: đơn ấy đứng ở phần liên quan, xin theo dõi và nói thêm ở đó. "
        "Khiếu nại lần hai chỉ gửi được một lần."
    )
    text = RawField(label=_l("Bạn đề nghị xem lại điều gì?"), widget=lines(4))
    files = FilesField(label=FILES)  # type: ignore[assignment]  # the word for uploads

    def choose(self) -> None:
        """Against a decision on a complaint it is the second complaint, and the court stands open as well."""
        if self.is_bound and not (self.petition.has_open_appeal() or self.petition.has_second()):
            self.too_late = FollowForm.too_late  # nothing was asked before
        if self.petition.state == State.REJECTED:
            self.explains = _l(  # nothing was answered
                "Một phản ánh mới, gắn với phản ánh này; hai người đã từ chối không được từ chối nó lần nữa."
            )
            return
        if self.petition.kind != Kind.COMPLAINT:
            return
        self.title = _l("Khiếu nại lần hai")
        self.done = DONE_AT_LAW
        self.fields["files"].help_text = SIGNED
        self.button = _l("Gửi khiếu nại lần hai")
        self.explains = _l(
            "Một đơn mới, gắn với đơn này, để cấp trên của người đã giải quyết xem xét. Gửi trong 30 ngày "
            "(vùng sâu, vùng xa 45 ngày) từ ngày nhận quyết định; bạn cũng có thể khởi kiện ra Tòa án "
            "(Luật Khiếu nại 2011, Điều 33)."
        )


class AppealOverdueForm(FollowForm):
    action = "appeal_overdue"
    slug = "khieu-nai-lan-hai"
    title = _l("Quá hạn mà chưa có quyết định?")
    icon = "scale"
    button = _l("Gửi khiếu nại lần hai")
    explains = _l(
        "Một đơn mới, gắn với đơn này, để cấp trên của người phải giải quyết xem xét. Gửi trong 30 ngày "
        "(vùng sâu, vùng xa 45 ngày) từ khi hết hạn giải quyết; bạn cũng có thể khởi kiện ra Tòa án "
        "(Luật Khiếu nại 2011, Điều 33)."
    )
    done = DONE_AT_LAW
    text = RawField(label=_l("Bạn khiếu nại điều gì?"), widget=lines(4))
    files = FilesField(label=FILES, help_text=SIGNED)  # type: ignore[assignment]  # the word for uploads


class HideForm(LaterWordsForm):
    action = "refuse_publication"
    slug = "khong-cong-khai"
    field = "hide"
    asks = False  # a request to leave something out belongs to the petition that would be published
    title = _l("Có điều không muốn công khai?")
    icon = "eye-off"
    button = _l("Gửi yêu cầu")
    explains = _l(
        "Tên, số điện thoại, địa chỉ của bạn không bao giờ được đăng. Bạn có thể yêu cầu nhiều hơn thế."
    )
    done: Words = _l("Đã ghi yêu cầu của bạn.")
    page = "feedback/preview.html"
    leads_to = "khong-cong-khai"
    hide = RawField(
        label=_l("Phần nào không được đăng?"),
        help_text=_l(
            "Mỗi dòng một cụm chữ, viết đúng như trong bản công khai: chỗ ấy được che ngay. "
            "Điều khác cán bộ sẽ đọc."
        ),
        widget=lines(3),
    )
    pictures = forms.MultipleChoiceField(
        label=_l("Ảnh không được đăng"), required=False, widget=forms.CheckboxSelectMultiple
    )
    nothing = forms.BooleanField(required=False, label=_l("Không đăng gì về phản ánh này"))

    def choose(self) -> None:
        """The pictures that the sender was shown or everybody sees, as they are numbered on the page."""
        told = shown_pictures(self.petition)
        offers = [(one.sha256, _("Ảnh %(n)s") % {"n": number}) for number, one in enumerate(told, 1)]
        self.offer("pictures", offers)
        if not offers:
            del self.fields["pictures"]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not (told.get("hide") or told.get("nothing") or told.get("pictures")):
            self.add_error("hide", _("Xin ghi phần không được đăng, hoặc đánh dấu ô ở dưới."))
        if missing := self._not_shown(told.get("hide") or ""):
            self.done = NOT_SHOWN % {"words": missing}  # his own words
        return told

    def _not_shown(self, hide: str) -> str:
        """The first line that stands nowhere in what he sees: nothing was blacked out for it."""
        shown = shown_words(self.petition)
        return next(
            (line.strip() for line in hide.splitlines() if line.strip() and not says(shown, line)), ""
        )

    def told(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said["nothing"]:
            return {"hide": "all"}
        if not said.get("pictures"):
            return {"hide": said["hide"]}
        refused = self.petition.public_pictures.filter(sha256__in=said["pictures"])
        # The file of which each was made too: blacked out anew it is another picture of the same.
        files = refused.order_by().values_list("source__sha256", flat=True).distinct()
        told = [*said["pictures"], *filter(None, files)]
        return {"hide": said["hide"] or _("Có ảnh không được đăng."), "pictures": told}


NOT_SHOWN = _l("Đã ghi yêu cầu của bạn. Không thấy “%(words)s” trong bản hiện ra; cán bộ sẽ đọc.")


class AgreeForm(FollowForm):
    """To just what stood on the page: another text may have been offered since."""

    once = False
    action = "agree_publication"
    slug = "dong-y-cong-khai"
    title = _l("Đồng ý đăng bản công khai này?")
    icon = "circle-check"
    button = _l("Đồng ý đăng")
    done = _l("Đã ghi: bạn đồng ý đăng bản này.")
    leads_to = "khong-cong-khai"


class WithdrawForm(FollowForm):
    action = "withdraw"
    slug = "rut"
    title = _l("Rút phản ánh này?")
    icon = "x"
    button = _l("Rút phản ánh")
    explains = _l(
        "Cơ quan sẽ dừng xử lý và không trả lời nữa. Không lấy lại được; muốn tiếp thì phải gửi mới. "
        "Lời và liên hệ của bạn vẫn được giữ theo thời hạn: xem “Dữ liệu của bạn” ở cuối trang."
    )
    done = _l("Đã rút phản ánh.")


class PlaceForm(FollowForm):
    """Asked where the place that was named lies in several communes of today, or where none was named."""

    action = "inform"
    slug = "noi-xay-ra"
    title = _l("Chuyện xảy ra ở đâu?")
    icon = "map-pin"
    button = _l("Đúng nơi này")
    explains = _l("Nơi bạn viết nay thuộc nhiều xã, phường, hoặc có nhiều nơi cùng tên. Xin chọn một.")
    unnamed = _l("Chúng tôi chưa tìm ra nơi xảy ra. Biết xã, phường thì tới đúng cơ quan nhanh hơn.")
    done = _l("Đã ghi nơi xảy ra theo lời bạn.")
    commune = forms.ChoiceField(
        label=_l("Nơi xảy ra"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _l("Xin chọn một nơi."),
            "invalid_choice": _l("Xin chọn một nơi trong danh sách."),
        },
    )

    @classmethod
    def fits(cls, petition: Petition) -> bool:
        if petition.commune_id or petition.is_taken_on or petition.kind == Kind.SPAM:
            return False
        asks = bool(petition.place_choices) or understanding.found_no_place(petition)
        return asks and not understanding.needs_no_place(petition)

    def choose(self) -> None:
        field = cast(forms.ChoiceField, self.fields["commune"])
        field.choices = understanding.communes_named(self.petition.place_choices)
        if not self.petition.place_choices:
            self.explains = self.unnamed
            field.widget = LongSelect()
            field.choices = communes(self.petition)

    def told(self) -> dict[str, Any]:
        chosen = self.cleaned_data["commune"]
        return {"commune": chosen, "text": CHOSEN % dict(understanding.communes_named([chosen]))[chosen]}


class DoubtForm(LaterWordsForm):
    """One tap that says to the intake that the machine misunderstood; nothing else changes."""

    action = "inform"
    slug = "hieu-chua-dung"
    field = "note"
    title = _l("Chúng tôi hiểu chưa đúng?")
    icon = "circle-question-mark"
    button = _l("Báo chưa đúng")
    explains = _l("Cán bộ được báo để xem lại. Bạn không phải viết lại.")
    done = _l("Đã báo cán bộ xem lại. Muốn nói rõ hơn, xin viết thêm ở trang này.")
    note = RawField(
        label=_l("Không đúng chỗ nào? (không bắt buộc)"), widget=forms.TextInput(attrs={"maxlength": 300})
    )

    @classmethod
    def fits(cls, petition: Petition) -> bool:
        return understanding.is_open_to_doubt(petition)

    def told(self) -> dict[str, Any]:
        return {"doubts": True, "text": DOUBTED, "note": self.cleaned_data["note"]}


class SameForm(FollowForm):
    """One tap that says which public petition tells the same matter; an official merges, or does not."""

    action = "inform"
    slug = "cung-viec"
    title = _l("Cùng một việc với phản ánh đã có?")
    icon = "link"
    button = _l("Cùng việc này")
    explains = _l(
        "Cán bộ xem lại rồi mới gộp. Bạn vẫn giữ biên nhận này, và nhận trả lời như người đã gửi trước."
    )
    done = _l("Đã báo cán bộ. Bạn vẫn theo dõi và được trả lời ở trang này.")
    same_as = forms.ChoiceField(
        label=_l("Phản ánh đã có"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _l("Xin chọn một phản ánh."),
            "invalid_choice": _l("Phản ánh này không còn được đăng công khai."),
        },
    )

    @classmethod
    def fits(cls, petition: Petition) -> bool:
        return petition.is_open and alike.told_same(petition) is None

    def choose(self) -> None:
        """Looked for once, where the page is drawn: the form stands there only if it `joins` something."""
        self.likes = alike.published_beside(self.petition)
        self.joins = any(one.is_open for one in self.likes)
        self.offer("same_as", [(one.code, one.heading) for one in self.likes if one.is_open])

    def told(self) -> dict[str, Any]:
        return alike.told_to_be(self.cleaned_data["same_as"])


class OtherForm(FollowForm):
    """The tap that takes the one before back."""

    action = "inform"
    slug = "khac-viec"
    title: Words = _l("Không phải cùng một việc?")
    icon = "copy"
    button = _l("Không cùng việc")
    explains = _l("Không phải? Bấm thì phản ánh của bạn được xử lý riêng.")
    done = _l("Đã báo cán bộ: phản ánh của bạn là việc riêng.")

    @classmethod
    def fits(cls, petition: Petition) -> bool:
        return petition.state != State.MERGED and alike.told_same(petition) is not None

    def choose(self) -> None:
        if same := alike.told_same(self.petition):
            self.title = _("Bạn đã báo: cùng một việc với phản ánh %(code)s") % {"code": same.printed_code}

    def told(self) -> dict[str, Any]:
        return {"not_same": True, "text": alike.NOT_SAME}


class ContactForm(FollowForm):
    """Name and address, of whoever complained or denounced without them; nothing that stands is shown.

    Nor does it say what the petition is in law: others look on too.
    """

    action = "inform"
    slug = "bo-sung"
    title = _l("Bổ sung họ tên, địa chỉ")
    icon = "pen-line"
    button = _l("Bổ sung")
    explains = _l(
        "Muốn được thụ lý (chính thức nhận giải quyết), phải có họ tên, địa chỉ của bạn. Cán bộ xử lý đơn "
        "xem được, mỗi lần xem đều được ghi lại. Nếu sau đó đơn được xếp là phản ánh, nơi tiếp nhận và cơ "
        "quan xử lý cũng xem được, trừ khi bạn chọn giấu tên."
    )
    done = _l("Đã ghi. Cán bộ xử lý đơn được báo ngay.")
    too_late = _l(
        "Đơn này đã có họ tên, địa chỉ, hoặc không còn bổ sung được. Muốn sửa, xin viết ở phần “Bạn muốn "
        "nói thêm?”."
    )
    hidden = forms.BooleanField(
        required=False,
        label=_l("Giấu tên tôi với cơ quan xử lý"),
        help_text=_l("Giấu cả khi đơn được chuyển đến cơ quan khác xử lý."),
    )
    known = forms.BooleanField(required=False, label=_l("Nay tôi đồng ý cho biết mình là ai"))

    @classmethod
    def fits(cls, petition: Petition) -> bool:
        return bool(contacts.lacking(petition))

    def choose(self) -> None:
        """What is empty, and what was typed; whether he stays hidden is asked of whoever has not said so."""
        typed = {name for name in TOLD_LATER if self.data.get(name)}
        free = {*contacts.unknown(self.petition), *typed}
        self.fields = fields_of(free, own=True) | self.fields
        contact = self.petition.sender
        if contact and contact.anonymous:
            self.explains = OF_THE_UNKNOWN
        else:
            del self.fields["known"]
        if contact and (contact.hidden or contact.anonymous):
            del self.fields["hidden"]

    def told(self) -> dict[str, Any]:
        return told_in(self.cleaned_data) or {
            "contact": {"name": ""},
            "text": contacts.told_words(TOLD_LATER),
        }


OF_THE_UNKNOWN = _l(
    "Bạn đã chọn không để lại danh tính, và không phải đổi ý. Nhưng muốn được thụ lý (chính thức nhận giải "
    "quyết), phải có họ tên, địa chỉ. Nếu ghi ở đây, cán bộ xử lý đơn (và nơi tiếp nhận, nếu đơn được xếp là "
    "phản ánh) biết bạn là ai, mỗi lần xem đều được ghi lại; cơ quan xử lý vẫn không thấy."
)

# What the officials read, in Vietnamese whatever language the page spoke.
CHOSEN = "Chuyện xảy ra ở %s."
DOUBTED = "Hệ thống hiểu chưa đúng điều tôi viết."

FOR: Mapping[str, type[FollowForm]] = {
    form.action: form
    for form in (
        InformForm,
        RateForm,
        ContestForm,
        ReopenForm,
        AppealForm,
        AppealOverdueForm,
        AgreeForm,
        HideForm,
        WithdrawForm,
    )
}
# What takes one tap, by what a page calls it: more ways to inform, and handing in a draft.
TAPS: Mapping[str, type[FollowForm]] = {
    "place": PlaceForm,
    "doubt": DoubtForm,
    "same": SameForm,
    "other": OtherForm,
    "contact": ContactForm,
    "submit": SubmitForm,
}
BY_SLUG: Mapping[str, type[FollowForm]] = {form.slug: form for form in (*FOR.values(), *TAPS.values())}
