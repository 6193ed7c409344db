"""What is held of whoever sends something, for whoever asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feedback.facts import ON_REQUEST
from feedback.letters import box
from feedback.models import RetentionRule


@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """`/du-lieu-cua-ban/`: what is kept, who reads it, how long, and how it is corrected and erased."""
    rules = RetentionRule.objects.filter(active=True).exclude(pk=ON_REQUEST).order_by("keep_days")
    return render(request, "feedback/held.html", {"rules": rules, "takes_mail": box.is_open()})
