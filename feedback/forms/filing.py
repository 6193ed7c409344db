"""What whoever asks fills in: the one box, and the two codes of a receipt."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.choices import CallableChoiceIterator
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts import guessing
from accounts.guessing import Guesser
from accounts.models import User
from classifier import bears_office
from feedback import codes
from feedback.forms.choices import Choices
from feedback.forms.said import FilesField, RawField, SaidForm
from feedback.intake import Receipt, receive
from feedback.models import Petition
from feedback.models.petition import Channel
from feedback.redaction import pieces
from feedback.submission import WHO, KeptReceipt, Submission, phone_number
from routing.choosing import LongSelect
from routing.kept import first_ward
from routing.models import Commune
from routing.names import in_sentence

MOST_OF_AN_ADDRESS = 20
# A published code is known to all: who wants to keep its owner out needs as many addresses as a code has
# twenties, and who guesses for a year at this pace has tried one secret in four thousand.
MOST_AT_A_CODE = 500


class PointField(forms.FloatField):
    """One coordinate, as the page's map fills it in."""

    def __init__(self) -> None:
        wrong = _l("Điểm trên bản đồ chưa đọc được; xin chọn lại.")
        super().__init__(required=False, widget=forms.HiddenInput, error_messages={"invalid": wrong})


# A place of the house's own province, so that nobody takes another for his.
EXAMPLE = lazy(lambda: in_sentence(first_ward()), str)()


class SubmissionForm(SaidForm):
    """`/gui/`: one box; everything else may stay empty."""

    text = RawField(
        label=_l("Chuyện gì đang xảy ra?"),
        help_text=_l("Ở đâu, từ bao giờ, đã ảnh hưởng đến ai. Cứ viết như bạn nói."),
        widget=forms.Textarea(attrs={"class": "big", "rows": 6, "required": True}),
    )
    place_text = RawField(
        label=_l("Xảy ra ở đâu?"),
        help_text=format_lazy(
            _l("Số nhà, đường, xã, phường. Ví dụ: trước số 12 Lê Lợi, {commune}."), commune=EXAMPLE
        ),
    )
    commune = RawField(label=_l("Xã, phường"), widget=LongSelect)
    lat = PointField()
    lon = PointField()
    files = FilesField(  # type: ignore[assignment]  # the field's name is the form's word for uploads
        label=_l("Ảnh, video, tài liệu"),
        help_text=format_lazy(
            _l(
                "Tối đa 5 tệp: ảnh, PDF, DOCX, XLSX tới {file}; video tới {video}. Nơi chụp ghi ngầm trong "
                "ảnh, video được xóa đi."
            ),
            file=f"{settings.MAX_FILE_BYTES // 1_048_576}\u00a0MB",
            video=f"{settings.MAX_VIDEO_BYTES // 1_048_576}\u00a0MB",
        ),
    )
    name = RawField(label=_l("Họ tên"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = RawField(
        label=_l("Điện thoại"),
        help_text=_l("Cán bộ gọi khi cần hỏi thêm."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = RawField(
        label=_l("Thư điện tử"),
        help_text=_l("Được báo khi có câu hỏi hoặc trả lời."),
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    residence = RawField(
        label=_l("Địa chỉ của bạn"),
        help_text=_l("Chỉ cần khi khiếu nại, tố cáo: phải có họ tên và địa chỉ mới được thụ lý."),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    organisation = RawField(
        label=_l("Tên tổ chức"), widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    tax_code = RawField(label=_l("Mã số thuế"), widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    hidden = forms.BooleanField(
        required=False,
        label=_l("Giấu tên tôi với cơ quan xử lý"),
        help_text=_l(
            "Đầu mối tiếp nhận vẫn biết và liên hệ được với bạn; cơ quan xử lý không thấy họ tên,"
            " liên hệ ở trên."
        ),
    )
    anonymous = forms.BooleanField(
        required=False,
        label=_l("Không để lại danh tính"),
        help_text=_l(
            "Họ tên, liên hệ ở trên bị bỏ đi, không ai giữ. Bạn vẫn xem trả lời bằng mã bí mật. "
            "Khiếu nại, tố cáo cần họ tên mới được thụ lý."
        ),
    )
    key = RawField(widget=forms.HiddenInput)
    same_as = RawField(widget=forms.HiddenInput)
    apart = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        province: str = "",
        proposed: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial={"key": secrets.token_urlsafe(16), **(proposed or {})})
        self.province = province or settings.HOME_PROVINCE
        # Asked only when the page is drawn: handing in needs no list.
        self.fields["commune"].widget.choices = CallableChoiceIterator(
            lambda: communes(self.province, chosen=self["commune"].value())
        )

    @property
    def goes_apart(self) -> bool:
        """It was to be said of another petition, whose body is not to read it first."""
        return self["apart"].value() in (True, "True")

    @property
    def details_open(self) -> bool:
        """The part about the sender is shown open where something in it was typed or is wrong."""
        return any(self[name].value() or self[name].errors for name in CONTACT)

    @property
    def named(self) -> list[str]:
        """What in the words may tell who he is, of whoever wants to stay unknown."""
        unknown = any(self[name].value() in (True, "on", "true", "1") for name in ("hidden", "anonymous"))
        return naming(str(self["text"].value() or "")) if unknown else []

    @property
    def address(self) -> str:
        """Where it is handed in."""
        return reverse("feedback:file")

    def petitioner(self, user: User | None) -> dict[str, Any]:
        """Whose it is, as `Submission` names him."""
        return {"petitioner": user}

    def send(
        self,
        user: User | None,
        *,
        browser: str,
        receipts: tuple[KeptReceipt, ...] = (),
        keeps_files: bool = False,
    ) -> Receipt | None:
        """Hand the submission in; None when something is wrong, and then the form says what.

        `receipts`: those that this browser has; `keeps_files`: the page puts the chosen files into the form
        that comes back.
        """
        if self.is_valid():
            typed = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
            files = tuple(typed.pop("files", ()))
            try:
                whence = {"files": files, "browser": browser, "receipts": receipts, **self.petitioner(user)}
                return receive(Submission(**{"text": "", **typed, **whence}))
            except ValidationError as error:
                self.blame(error)
        self._send_back(keeps_files)
        return None

    def hold_up(self, *, keeps_files: bool) -> None:
        """Nothing is looked at or kept: too many came at once."""
        self.is_valid()
        self.add_error(
            None,
            _(
                "Từ máy hoặc mạng này vừa có quá nhiều phản ánh được gửi. Xin chờ khoảng 10 phút rồi bấm gửi "
                "lại; mọi chữ bạn gõ vẫn còn ở đây."
            ),
        )
        self._send_back(keeps_files)

    def _send_back(self, keeps_files: bool) -> None:
        if not keeps_files:
            self.ask_for_files_again()
        self.describe()


class CallForm(SubmissionForm):
    """`/xu-ly/ghi/`: what an operator writes down for someone who calls, comes, or sent a letter."""

    CHANNELS = (Channel.HOTLINE, Channel.COUNTER, Channel.LETTER, Channel.EMAIL)
    channel = forms.ChoiceField(
        label=_l("Đến bằng đường nào?"),
        choices=[(channel.value, channel.label) for channel in CHANNELS],
        initial=Channel.HOTLINE,
        widget=forms.RadioSelect,
        error_messages={"required": _l("Xin chọn đường đến."), "invalid_choice": _l("Xin chọn đường đến.")},
    )

    details_open = True

    def __init__(self, *args: Any, **named: Any) -> None:
        """The same boxes, in the words of whoever writes for another; no browser fills in his own name."""
        super().__init__(*args, **named)
        for name, (label, helps) in OF_ANOTHER.items():
            self.fields[name].label, self.fields[name].help_text = label, helps
        for name in WHO:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def address(self) -> str:
        return reverse("feedback:enter")

    def petitioner(self, user: User | None) -> dict[str, Any]:
        return {"entered_by": user}


OF_ANOTHER: Mapping[str, tuple[Any, Any]] = {
    "text": (_l("Người gửi kể chuyện gì?"), _l("Ghi đúng lời họ: ở đâu, từ bao giờ, đã ảnh hưởng đến ai.")),
    "residence": (
        _l("Địa chỉ của người gửi"),
        _l("Chỉ cần khi khiếu nại, tố cáo: phải có họ tên và địa chỉ mới được thụ lý."),
    ),
    "hidden": (
        _l("Người gửi muốn giấu tên với cơ quan xử lý"),
        _l("Đầu mối tiếp nhận vẫn biết và liên hệ được; cơ quan xử lý không thấy họ tên, liên hệ ở trên."),
    ),
    "anonymous": (
        _l("Người gửi không muốn để lại danh tính"),
        _l(
            "Họ tên, liên hệ ở trên bị bỏ đi, không ai giữ. Họ vẫn xem trả lời bằng mã bí mật. Khiếu nại, tố "
            "cáo cần họ tên mới được thụ lý."
        ),
    ),
}


class CallerForm(SaidForm):
    """`/xu-ly/ghi/nguoi-goi/`: the number of whoever calls, to find what was filed from it before."""

    phone = RawField(
        label=_l("Số điện thoại người gọi"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="caller_%s")  # beside a form that has a phone as well

    def clean_phone(self) -> str:
        phone = phone_number(self.cleaned_data["phone"] or "")
        if not phone:
            raise ValidationError(_("Xin ghi số điện thoại."))
        return phone


MOST_NAMED = 5


def naming(text: str) -> list[str]:
    """Names, numbers and addresses in a text, each once; a few of them are enough to be warned by.

    Not the name of an official: it is told of whom he complains, and says nothing of who he is.
    """
    return list(dict.fromkeys(_telling(text)))[:MOST_NAMED]


def _telling(text: str) -> Iterator[str]:
    end = 0
    for piece in pieces(text):
        start, end = end, end + len(piece.text)
        if piece.kind and not (piece.kind == "person" and bears_office(text, start, end)):
            yield piece.text


CONTACT = (*WHO, "hidden", "anonymous")


def communes(province: str, *, chosen: str | None = "") -> Choices:
    """The communes of a province by name, and the one chosen elsewhere before."""
    choices: Choices = [("", _("Để máy tự tìm")), *Commune.objects.filter(province=province).listed()]
    if chosen and chosen not in dict(choices):
        other = Commune.objects.filter(pk=chosen).select_related("province").first()
        choices += [(chosen, f"{other.name}, {other.province.name}")] if other else []
    return choices


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

    waits: bool = False  # too many were wrong: nothing fits for WINDOW_S seconds

    def open(self, address: str) -> Petition | None:
        """The petition, when both fit; one sentence otherwise, whichever of the two is wrong.

        After too many wrong guesses nothing fits for a while, and that is said as well.
        """
        code = codes.clean_code(self.data.get("code", ""))
        secret = self.data.get("secret", "")
        guessers = guessers_of(address, code)
        self.waits = guessing.must_wait(*guessers)
        # Asked for also where it cannot be a code: the answer takes as long.
        petition = Petition.objects.filter(code=code).first()
        kept = petition.secret_hash if petition else ""
        if codes.secret_fits(code, secret, kept) and not self.waits:
            return petition
        guessing.count_wrong(*guessers)
        self._refuse()
        return None

    def _refuse(self) -> None:
        self.is_valid()
        wrong = _("Mã tra cứu và mã bí mật không khớp nhau. Xin xem lại trên biên nhận.")
        too_often = _("Đã thử sai quá nhiều lần. Xin chờ 15 phút rồi thử lại.")
        self.add_error("secret", too_often if self.waits else wrong)
        self.describe()


def guessers_of(address: str, code: str) -> tuple[Guesser, Guesser]:
    """Who is behind a wrong secret; an unknown code counts like a wrong one."""
    return Guesser("address", address, MOST_OF_AN_ADDRESS), Guesser("code", code, MOST_AT_A_CODE)
