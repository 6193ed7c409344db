"""That something public should not be: said by anybody, looked at by a reviewer."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l

from feedback.forms.said import SaidForm, lines
from feedback.models import Objection, Petition

# A crowd may say the same; the reviewer reads so many and no more are kept.
MOST_OPEN = 20
OLD_PAGE = _l("Trang này đã cũ; xin mở lại rồi xem những điều được báo.")


class ObjectionForm(SaidForm):
    ground = forms.ChoiceField(
        label=_l("Vì sao nội dung này không nên công khai?"),
        choices=Objection.Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _l("Xin chọn một lý do."), "invalid_choice": _l("Xin chọn một lý do.")},
    )
    words = forms.CharField(
        label=_l("Chỗ nào? (không bắt buộc)"),
        help_text=_l("Đừng ghi tên bạn: không ai cần biết người báo là ai, và hệ thống không ghi lại."),
        required=False,
        max_length=1000,
        widget=lines(3),
        error_messages={"max_length": _l("Xin viết gọn trong 1.000 ký tự.")},
    )

    def keep(self, petition: Petition) -> None:
        """One more thing to look at, unless it was said already or there is enough to read."""
        waiting = petition.objections.open()
        if waiting.filter(**self.cleaned_data).exists() or waiting.count() >= MOST_OPEN:
            return
        Objection.objects.create(petition=petition, at=timezone.now(), **self.cleaned_data)


def waiting(petition: Petition) -> list[Objection]:
    """What was said of its copy and nobody has looked at yet, oldest first."""
    return [one for one in petition.objections.all() if one.settled_at is None]


def last_of(said: Iterable[Objection]) -> int:
    """The number of the last of them; 0 where there is none."""
    return max((one.pk for one in said), default=0)


class LeaveForm(SaidForm):
    """Looked at, and it stays public: why. `shown`: the last thing said that whoever decides has read."""

    shown = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": OLD_PAGE})

    reason = forms.CharField(
        label=_l("Vì sao để nguyên"),
        max_length=2000,
        widget=lines(2),
        error_messages={"required": _l("Xin ghi rõ lý do.")},
    )
