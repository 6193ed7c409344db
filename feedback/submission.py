"""What a channel hands in, checked: the rules of a good petition stand here once for every door."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from stdnum.vn import mst

from accounts.models import User
from feedback.facts import LONGEST_TEXT, public_code, writable
from feedback.models.petition import Channel, Petition
from routing import assignment

# Mainland and islands, Hoàng Sa and Trường Sa included: a point outside is a slip.
LATITUDES = (6.0, 24.0)
LONGITUDES = (102.0, 118.0)
AS_LONG = re.compile(r"[^2]\d{8}|2\d{9}")  # a mobile and a landline, behind 0 or +84
# What says who asks: nobody keeps it of whoever stays unknown.
WHO = ("name", "organisation", "tax_code", "phone", "email", "residence")


def point_of(lat: str, lon: str) -> tuple[float, float] | None:
    """(lat, lon) in degrees as written down; None where it is no point or lies outside Vietnam."""
    try:
        point = float(lat), float(lon)
    except ValueError:
        return None
    inside = LATITUDES[0] <= point[0] <= LATITUDES[1] and LONGITUDES[0] <= point[1] <= LONGITUDES[1]
    return point if inside else None


class KeptReceipt(NamedTuple):
    """That a browser has the receipt of a petition: its key, and how the digest of its content begins."""

    pk: int
    digest: str

    @classmethod
    def of(cls, petition: Petition) -> KeptReceipt:
        return cls(petition.pk, petition.content_digest[:8])


@dataclass(frozen=True)
class Submission:
    """A text and what came with it, as typed; `checked` gives it back clean or says what is wrong."""

    text: str
    commune: str = ""
    place_text: str = ""
    lat: float | None = None
    lon: float | None = None
    name: str = ""
    organisation: str = ""
    tax_code: str = ""
    phone: str = ""
    email: str = ""
    residence: str = ""
    hidden: bool = False
    anonymous: bool = False
    channel: str = Channel.WEB
    key: str = ""
    # What only the sender's browser sends, so that it gets its receipt again; kept nowhere.
    browser: str = ""
    # What this browser has the receipt of: the same words once more are one of these.
    receipts: tuple[KeptReceipt, ...] = ()
    source: str = ""
    external_id: str = ""
    files: tuple[File[Any], ...] = ()
    # The code of a public petition that its sender takes for the same matter.
    same_as: str = ""
    # Sent apart from another petition, whose body is not to read it first: a person gives it on.
    apart: bool = False
    petitioner: User | None = None
    entered_by: User | None = None

    def checked(self) -> Submission:
        """Clean values; raises ValidationError with one sentence per field. The text stays as sent."""
        cleaned: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, check in CHECKS.items():
            try:
                cleaned[name] = check(getattr(self, name))
            except ValidationError as error:
                errors[name] = error.messages[0]
        if (self.lat is None) != (self.lon is None):
            errors["lat"] = _("Điểm trên bản đồ phải có đủ vĩ độ và kinh độ.")
        if errors:
            raise ValidationError(errors)
        if self.anonymous:
            cleaned |= dict.fromkeys(WHO, "")
        return replace(self, **cleaned)


def _writable(value: str, most: int) -> str:
    writable(value)
    if len(value) > most:
        raise ValidationError(
            _("Dài quá %(most)s ký tự; xin viết gọn lại.") % {"most": f"{most:,}".replace(",", ".")}
        )
    return value


# By their category letters and signs, of which nothing is seen: fillers of Hangul and Braille, vowels that
# are not written, joiners and selectors of forms.
BLANK = frozenset(
    map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10)))
)


def _text(value: str) -> str:
    # Something must be there to read: a letter, a digit, a sign; blanks and invisible marks say nothing.
    if not any(unicodedata.category(char)[0] in "LNPS" for char in set(value) - BLANK):
        raise ValidationError(_("Xin cho biết chuyện gì đang xảy ra."))
    if len(value) > LONGEST_TEXT:
        raise ValidationError(
            _("Nội dung dài quá 20.000 ký tự; xin viết gọn lại, phần dài có thể gửi kèm thành tệp PDF.")
        )
    return _writable(value, LONGEST_TEXT)


def _line(most: int) -> Any:
    return lambda value: _writable(" ".join(_visible(value).split()), most)


def _visible(value: str) -> str:
    """Without marks that are not seen: one that turns the direction shows another name than was written."""
    unseen = (char for char in set(value) if char in BLANK or unicodedata.category(char) in ("Cc", "Cf"))
    return value.translate({ord(char): "" for char in unseen if char != "\0" and not char.isspace()})


def _commune(value: str) -> str:
    value = _writable(value.strip(), 20)
    if value and value not in assignment.tables().communes:
        raise ValidationError(_("Không có xã, phường nào mang mã này; xin chọn lại."))
    return value


def _same_as(value: str) -> str:
    """Nothing where it is no longer public: what was filed stands alone, and can be told again."""
    try:
        return public_code(value)
    except ValidationError:
        return ""


def _key(value: str) -> str:
    try:
        return str(_line(64)(value))
    except ValidationError:
        raise ValidationError(_("Mẫu đơn này đã cũ; xin tải lại trang rồi gửi lại.")) from None


def phone_number(value: str) -> str:
    """A Vietnamese number as people write it, or one from abroad with its +, always written alike.

    "" for nothing typed; ValidationError for what is no number, or one with a digit missing or too many.
    """
    typed = _writable(" ".join(value.split()), 40)
    if not typed:
        return ""
    number = _telephone(typed)
    if number is None or not _is_whole(number):
        raise ValidationError(
            _("Số điện thoại chưa đúng, có thể thiếu hoặc thừa chữ số; ví dụ: 0905 123 456, 0236 3881 888.")
        )
    return _written(number)


def phone_alike(typed: str) -> str:
    """As `phone_number` writes it, also where nobody can be called by it: what is only looked for."""
    number = _telephone(typed)
    return _written(number) if number else ""


def _telephone(typed: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(typed, "VN")
    except phonenumbers.NumberParseException:
        return None


def _is_whole(number: phonenumbers.PhoneNumber) -> bool:
    """At home by how long it is: the tables of numbers learn late of a block that was opened."""
    as_long = AS_LONG.fullmatch(phonenumbers.national_significant_number(number))
    return bool(number.country_code == 84 and as_long) or phonenumbers.is_valid_number(number)


def _written(number: phonenumbers.PhoneNumber) -> str:
    if number.country_code == 84:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).replace(" ", "")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(value: str) -> str:
    value = _writable(value.strip(), 254)
    if value:
        try:
            validate_email(value)
        except ValidationError:
            raise ValidationError(_("Địa chỉ thư điện tử chưa đúng; ví dụ: ten@example.vn.")) from None
    return value


def _tax_code(value: str) -> str:
    """10 or 13 digits with their check digit, or the 12 digits of a person's identity number."""
    typed = _writable("".join(value.split()), 20)
    if typed and not mst.is_valid(typed) and not (len(typed) == 12 and typed.isdigit()):
        raise ValidationError(_("Mã số thuế chưa đúng; xin xem lại trên giấy đăng ký."))
    return typed


def _between(low: float, high: float) -> Any:
    def check(value: float | None) -> float | None:
        if value is not None and not low <= value <= high:
            raise ValidationError(_("Điểm trên bản đồ nằm ngoài Việt Nam."))
        return value

    return check


def _channel(value: str) -> str:
    if value not in Channel.values:
        told = {"value": value, "known": ", ".join(Channel.values)}
        raise ValidationError(_("Không có kênh tiếp nhận “%(value)s”; các kênh: %(known)s.") % told)
    return value


CHECKS = {
    "text": _text,
    "commune": _commune,
    "place_text": _line(300),
    "lat": _between(*LATITUDES),
    "lon": _between(*LONGITUDES),
    "name": _line(150),
    "organisation": _line(250),
    "tax_code": _tax_code,
    "phone": phone_number,
    "email": _email,
    "residence": _line(250),
    "channel": _channel,
    "key": _key,
    "same_as": _same_as,
    "source": _line(60),
    "external_id": _line(120),
}
