"""What pages ask for; the rules of content stand in `submission` and `facts`, forms carry words."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.choices import CallableChoiceIterator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import User
from feedback import codes
from feedback.intake import Receipt, receive
from feedback.models import Petition
from feedback.models.reply import Outcome, Score
from feedback.public import masked
from feedback.submission import Submission
from feedback.workflow import Kind
from routing.assignment import candidates
from routing.models import Agency, Commune, Field, Province, Subfield
from routing.places import Place

Choices = list[tuple[Any, Any]]
ACCEPTED_FILES = "image/jpeg,image/png,image/webp,application/pdf"


class RawField(forms.CharField):
    """Text exactly as typed; what is wrong with it is said by the rules of content, once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=False, **options)
        self.validators = []


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": ACCEPTED_FILES})


class FilesField(forms.FileField):
    """Any number of files as a list; an empty one is refused later, with its name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, allow_empty_file=True, max_length=None, widget=SeveralFiles(), **options
        )

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) else [data]
        return [file for file in given if file]


class SaidForm(forms.Form):
    """A form whose errors may come from the rules behind it, by field name."""

    label_suffix = ""

    def blame(self, error: ValidationError) -> None:
        """Put each sentence beside its field; what belongs to no field stands at the top."""
        told: Mapping[str, Any] = getattr(error, "error_dict", None) or {NON_FIELD_ERRORS: error}
        for name, said in told.items():
            self.add_error(name if name in self.fields else None, said)

    def describe(self) -> None:
        """Tie each input to its error for those who listen to the page."""
        for name in self.errors:
            if name in self.fields:
                bound = self[name]
                self.fields[name].widget.attrs["aria-describedby"] = f"{bound.id_for_label}_error"


# --- the citizen's ------------------------------------------------------------------------------------


class SubmissionForm(SaidForm):
    """`/gui/`: one box; everything else may stay empty."""

    text = RawField(
        label=_l("Chuyện gì đang xảy ra?"),
        help_text=_l("Ở đâu, từ bao giờ, đã ảnh hưởng đến ai. Cứ viết như bạn nói."),
        widget=forms.Textarea(attrs={"class": "big", "rows": 6, "required": True}),
    )
    place_text = RawField(
        label=_l("Xảy ra ở đâu?"),
        help_text=_l("Số nhà, đường, phường xã. Ví dụ: trước số 12 Lê Lợi, phường Hải Châu."),
    )
    commune = forms.CharField(required=False, label=_l("Phường, xã"), widget=forms.Select)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    files = FilesField(  # type: ignore[assignment]  # the field's name is the form's word for uploads
        label=_l("Ảnh, tài liệu"),
        help_text=_l("Tối đa 5 tệp, mỗi tệp 10 MB: ảnh JPG, PNG, WebP hoặc PDF."),
    )
    name = RawField(label=_l("Họ tên"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = RawField(
        label=_l("Điện thoại"), widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
    )
    email = RawField(
        label=_l("Thư điện tử"), widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"})
    )
    organisation = RawField(
        label=_l("Tổ chức, doanh nghiệp"), widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    tax_code = RawField(label=_l("Mã số thuế"), widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    hidden = forms.BooleanField(
        required=False,
        label=_l("Giấu tên tôi với cơ quan xử lý"),
        help_text=_l("Chỉ đầu mối tiếp nhận thấy tên và số điện thoại của bạn."),
    )
    anonymous = forms.BooleanField(
        required=False,
        label=_l("Tôi không muốn để lại danh tính"),
        help_text=_l("Chúng tôi bỏ phần họ tên, liên hệ. Bạn vẫn theo dõi được bằng mã bí mật."),
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, *, province: str = "") -> None:
        super().__init__(data, files, initial={"key": secrets.token_urlsafe(16)})
        self.province = province or settings.HOME_PROVINCE
        # Asked only when the page is drawn: handing in needs no list.
        self.fields["commune"].widget.choices = CallableChoiceIterator(
            lambda: communes(self.province, chosen=self["commune"].value())
        )

    @property
    def details_open(self) -> bool:
        """The part about the sender is shown open where something in it was typed or is wrong."""
        return any(self[name].value() or self[name].errors for name in CONTACT)

    def send(self, petitioner: User | None, *, browser: str) -> Receipt | None:
        """Hand the submission in; None when something is wrong, and then the form says what."""
        if self.is_valid():
            typed = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
            files = tuple(typed.pop("files", ()))
            try:
                said = Submission(
                    **{"text": "", **typed}, files=files, petitioner=petitioner, browser=browser
                )
                return receive(said)
            except ValidationError as error:
                self.blame(error)
        if self.files and not self.errors.get("files"):
            self.add_error("files", _("Trình duyệt không giữ lại tệp đã chọn; xin chọn lại các tệp."))
        self.describe()
        return None


CONTACT = ("name", "phone", "email", "organisation", "tax_code", "hidden", "anonymous")


def communes(province: str, *, chosen: str | None = "") -> Choices:
    """The communes of a province by name, and the one chosen elsewhere before."""
    rows = Commune.objects.filter(province=province).order_by("short_name").values_list("code", "name")
    listed: Choices = [("", _("Để máy tự tìm")), *rows]
    if chosen and chosen not in dict(listed):
        other = Commune.objects.filter(pk=chosen).select_related("province").first()
        listed += [(chosen, f"{other.name}, {other.province.name}")] if other else []
    return listed


class TrackForm(SaidForm):
    """`/tra-cuu/`: the code and the secret of a receipt."""

    code = RawField(
        label=_l("Mã tra cứu"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "1234 5678 9012"}
        ),
    )
    secret = RawField(
        label=_l("Mã bí mật"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def open(self) -> Petition | None:
        """The petition, when both fit; one sentence otherwise, whichever of the two is wrong."""
        code = codes.clean_code(self.data.get("code", ""))
        secret = self.data.get("secret", "")
        petition = Petition.objects.filter(code=code).first() if code else None
        kept = petition.secret_hash if petition else ""
        if codes.secret_fits(code, secret, kept):
            return petition
        self.is_valid()
        self.add_error("secret", _("Mã tra cứu và mã bí mật không khớp nhau. Xin xem lại trên biên nhận."))
        self.describe()
        return None


class RateForm(SaidForm):
    score = forms.ChoiceField(choices=Score.choices)


# --- the desk's: one form an action -------------------------------------------------------------------


class ActionForm(SaidForm):
    """What one action of the workflow asks for; the workflow decides who sees it."""

    action: ClassVar[str] = ""
    title: ClassVar[str | Promise] = ""
    icon: ClassVar[str] = "check"
    button: ClassVar[str | Promise] = ""
    explains: ClassVar[str | Promise] = ""

    def __init__(self, data: Any = None, files: Any = None, *, petition: Petition) -> None:
        self.petition = petition
        super().__init__(data, files, auto_id=f"{self.action}_%s")  # several forms stand on one page
        if not self.is_bound:
            self.initial = self.proposed()

    def proposed(self) -> dict[str, Any]:
        """What the form holds before anybody typed."""
        return {}

    def told(self) -> dict[str, Any]:
        """The facts for `take`."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class ReceiveForm(ActionForm):
    action = "receive"
    title = _l("Tiếp nhận")
    icon = "inbox"
    button = _l("Tiếp nhận")
    explains = _l("Xác nhận loại và lĩnh vực; hạn trả lời tính từ lúc này.")
    subfield = forms.CharField(required=False, label=_l("Lĩnh vực"), widget=forms.Select)
    kind = forms.ChoiceField(required=False, label=_l("Loại"), choices=Kind.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subfield"].widget.choices = subfields()

    def proposed(self) -> dict[str, Any]:
        guess = self.petition.reading.candidates[:1] if self.petition.reading else []
        first = guess[0]["subfield"] if guess else ""
        return {"subfield": self.petition.subfield_id or first, "kind": self.petition.kind}


class AssignForm(ActionForm):
    action = "assign"
    title = _l("Chuyển cơ quan chủ trì")
    icon = "route"
    button = _l("Chuyển")
    agency = forms.CharField(required=False, label=_l("Cơ quan chủ trì"), widget=forms.Select)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].widget.choices = agencies(self.petition)

    def proposed(self) -> dict[str, Any]:
        routes = routes_of(self.petition)
        return {"agency": routes[0]["agency"] if routes else ""}


class AcceptForm(ActionForm):
    action = "accept"
    title = _l("Nhận xử lý")
    icon = "check"
    button = _l("Nhận xử lý")
    explains = _l("Đơn vị nhận việc; người gửi sẽ thấy đơn vị đang xử lý.")


class ReplyForm(ActionForm):
    action = "draft_reply"
    title = _l("Soạn trả lời")
    icon = "pen-line"
    button = _l("Trình duyệt")
    outcome = forms.ChoiceField(
        required=False,
        label=_l("Kết quả"),
        choices=[("", _l("Chọn kết quả")), *Outcome.choices[:6]],
    )
    text = RawField(
        label=_l("Trả lời"),
        help_text=_l("Đã làm gì, khi nào, ai làm. Người gửi đọc đúng những chữ này."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    evidence = RawField(label=_l("Bằng chứng"), help_text=_l("Số văn bản, biên bản, hoặc kèm ảnh sau xử lý."))
    files = FilesField(  # type: ignore[assignment]  # the field's name is the form's word for uploads
        label=_l("Ảnh, văn bản kèm theo")
    )
    plan_date = forms.DateField(
        required=False,
        label=_l("Ngày hẹn hoàn thành"),
        help_text=_l("Bắt buộc khi mới ghi nhận hoặc có kế hoạch."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def proposed(self) -> dict[str, Any]:
        """A draft that was sent back is taken up again."""
        last = self.petition.replies.last()
        if last is None or not last.sent_back:
            return {}
        return {name: getattr(last, name) for name in ("outcome", "text", "evidence", "plan_date")}


class SendBackForm(ActionForm):
    action = "send_back"
    title = _l("Trả lại dự thảo")
    icon = "undo-2"
    button = _l("Trả lại")
    words = RawField(label=_l("Cần sửa gì?"), widget=forms.Textarea(attrs={"rows": 3}))


class ApproveForm(ActionForm):
    action = "approve"
    title = _l("Duyệt và gửi")
    icon = "circle-check"
    button = _l("Duyệt và gửi câu trả lời")
    explains = _l("Câu trả lời được gửi ngay cho người phản ánh.")


class PublishForm(ActionForm):
    action = "publish"
    title = _l("Đăng công khai")
    icon = "megaphone"
    button = _l("Đăng công khai")
    explains = _l("Máy đã che những gì giống thông tin cá nhân; xin đọc lại và che nốt trước khi đăng.")
    public_text = RawField(label=_l("Nội dung công khai"), widget=forms.Textarea(attrs={"rows": 6}))
    public_answer = RawField(label=_l("Câu trả lời công khai"), widget=forms.Textarea(attrs={"rows": 6}))

    def proposed(self) -> dict[str, Any]:
        reply = self.petition.replies.filter(approved_at__isnull=False).last()
        return {
            "public_text": masked(self.petition.text),
            "public_answer": masked(reply.text) if reply else "",
        }


# In the order in which they are offered: the next step of the straight way first.
FOR: Mapping[str, type[ActionForm]] = {
    form.action: form
    for form in (ReceiveForm, AssignForm, AcceptForm, ReplyForm, ApproveForm, SendBackForm, PublishForm)
}


def subfields() -> Choices:
    """Every sub-field under its field."""
    fields = Field.objects.prefetch_related("subfields").order_by("order")
    return [
        ("", _("Chưa rõ")),
        *((f.name_vi, [(s.pk, s.name_vi) for s in f.subfields.all()]) for f in fields),
    ]


def agencies(petition: Petition) -> Choices:
    """Whom a petition may go to: what the machine proposed, then the province's and the communes' bodies."""
    bodies = Agency.objects.filter(province=petition.territory_id, type__kind="body")
    provincial = bodies.filter(level="province")
    near = bodies.filter(commune=petition.commune_id) if petition.commune_id else bodies.none()
    committees = bodies.filter(type="commune-people-committee")
    groups: list[tuple[str, Iterable[tuple[str, str]]]] = [
        (_("Máy đề xuất"), [(route["agency"], route["name"]) for route in routes_of(petition)]),
        (_("Tại nơi xảy ra"), near.order_by("name").values_list("pk", "name")),
        (
            _("Cấp tỉnh, thành phố"),
            provincial.order_by("name").values_list("pk", "name"),
        ),
        (_("UBND phường, xã"), committees.order_by("name").values_list("pk", "name")),
    ]
    return [("", _("Chọn cơ quan")), *((name, list(rows)) for name, rows in groups if rows)]


def routes_of(petition: Petition) -> list[dict[str, Any]]:
    """Where the machine's candidates would go by today's tables: agency, name, subfield, subject, p, reason.

    Without a commune the focal point's own province stands in; a candidate that only leads back to the
    focal point is no choice and is left out.
    """
    if petition.reading is None:
        return []
    pairs = [(guess["subfield"], guess["p"]) for guess in petition.reading.candidates]
    place = Place(commune=petition.commune_id or "", province=petition.province_id or petition.territory_id)
    routes = [route for route in candidates(pairs, place, on=timezone.localdate()) if route.assignment.lead]
    subjects = dict(Subfield.objects.filter(pk__in=[slug for slug, _p in pairs]).values_list("pk", "name_vi"))
    return [
        {
            "agency": route.assignment.lead.code,
            "name": route.assignment.lead.name,
            "subfield": route.subfield,
            "subject": subjects.get(route.subfield, ""),
            "p": route.p,
            "reason": route.assignment.reason,
        }
        for route in routes
        if route.assignment.lead
        and route.assignment.lead.code != f"feedback-focal-point:{petition.territory_id}"
    ]


def provinces() -> Choices:
    return list(Province.objects.order_by("short_name").values_list("code", "name"))
