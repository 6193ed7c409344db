"""Letters of a petition: which there are, and one of them to print and sign."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from feedback import access, papers, permissions
from feedback.access import What
from feedback.forms.writing import PaperForm
from feedback.models import Petition
from feedback.papers import Case, Paper
from feedback.views.deeds import deed
from feedback.views.petition import seen_or_404
from feedback.views.rail import official, rail


@login_required
@require_safe
@never_cache
def listed(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/<code>/van-ban/`: the letters that may be written now, each with what it still asks for."""
    return _page(request, seen_or_404(request, code))


@deed(lambda request, code, slug: reverse("feedback:papers", args=[code]))
@never_cache
def write(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """`/xu-ly/<code>/van-ban/<slug>/`: the letter as PDF, or as DOCX with `as=docx`.

    Kept before the letter is made: with a sealed sender's name it is a look at who he is.
    """
    petition, user, now = seen_or_404(request, code), official(request), timezone.now()
    paper, ending = papers.papers().forms.get(slug), request.POST.get("as", "pdf")
    drawn = papers.DRAWN.get(ending)
    if paper is None or drawn is None:
        raise Http404
    if paper not in papers.offered(petition, user, now):
        raise PermissionDenied
    form = PaperForm(request.POST, paper=paper, may_name=_may_name(paper, petition, user))
    if not form.is_valid():
        return _page(request, petition, wrong=(paper, form), status=400)
    named = bool(form.cleaned_data.get("named"))
    told = named or (paper.names_petitioner and _sees_petitioner(petition, user))
    access.kept(user, What.EXPORT, petition=petition, about=slug, page="feedback:write", named=told)
    case = Case(petition, user, form.typed(), named)
    letter = papers.write(paper, case, on=form.cleaned_data["on"], number=form.cleaned_data["number"])
    draw, media_type = drawn
    return _to_save(draw(letter), media_type, papers.file_name(paper, petition, ending))


def _to_save(file: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(file, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _may_name(paper: Paper, petition: Petition, user: User) -> bool:
    """Only where he is sealed is it a question: elsewhere the name stands where this person sees it."""
    return paper.names_petitioner and petition.identity_sealed and permissions.can_see_contact(user, petition)


def _sees_petitioner(petition: Petition, user: User) -> bool:
    return not petition.identity_sealed and permissions.can_see_contact(user, petition)


def _page(
    request: HttpRequest,
    petition: Petition,
    *,
    wrong: tuple[Paper, PaperForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, now = official(request), timezone.now()
    access.kept(user, What.PETITION, petition=petition, page="feedback:papers")
    forms: list[tuple[Paper, Any]] = [
        (paper, PaperForm(paper=paper, may_name=_may_name(paper, petition, user)))
        for paper in papers.offered(petition, user, now)
    ]
    if wrong:
        wrong[1].describe()
        forms = [wrong if paper == wrong[0] else (paper, form) for paper, form in forms]
    context = {"petition": petition, "papers": forms, **rail(user, now)}
    return render(request, "feedback/papers.html", context, status=status)
