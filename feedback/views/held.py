"""What is held of whoever sends something, for whoever asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from feedback.facts import ON_REQUEST
from feedback.letters import box
from feedback.models import RetentionRule

# The rules that ship, as they are named; what an administrator writes instead stands in his words.
SHIPPED = (
    gettext_noop("Đơn không đủ điều kiện xử lý (không ký, xúc phạm): giữ 1 năm"),
    gettext_noop("Phản ánh, kiến nghị, hỏi đáp đã xong: giữ 5 năm"),
    gettext_noop("Hồ sơ khiếu nại, tố cáo đã xong: giữ 15 năm"),
)


@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """`/du-lieu-cua-ban/`: what is kept, who reads it, how long, and how it is corrected and erased."""
    rules = RetentionRule.objects.filter(active=True).exclude(pk=ON_REQUEST).order_by("keep_days")
    told = [(rule, _(rule.name)) for rule in rules]
    return render(request, "feedback/held.html", {"rules": told, "takes_mail": box.is_open()})
