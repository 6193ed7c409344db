"""“Báo nội dung không nên công khai”: anybody says it, a reviewer looks at it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from feedback import pace, public, workflow
from feedback.forms.objecting import LeaveForm, ObjectionForm
from feedback.models import Petition
from feedback.views.deeds import deed

MOST, WINDOW_S = 5, 10 * 60
TOO_MANY = _l("Bạn vừa báo nhiều lần; xin đợi mười phút rồi gửi lại. Chữ bạn gõ vẫn còn ở đây.")


# No account stands behind it, so nobody can be made to say what he does not want to; and no cookie is set.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, code: str) -> HttpResponse:
    """`/cong-khai/<code>/bao/`: 303 back with a word of thanks, 400 or 429 with what was typed.

    Neither page nor database tells who it was; what is not public is the 404 of what does not exist.
    """
    copy = get_object_or_404(public.published().select_related("petition"), code=code)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 400
        if pace.is_too_fast("objection", request.META["REMOTE_ADDR"], most=MOST, window_s=WINDOW_S):
            form.add_error(None, TOO_MANY)
            status = 429
        elif form.is_valid():
            form.keep(copy.petition)
            address = reverse("feedback:object", args=[code])
            return HttpResponse(status=303, headers={"Location": f"{address}?xong=1"})
        form.describe()
    context = {"copy": copy, "form": form, "thanked": "xong" in request.GET}
    response = render(request, "feedback/object.html", context, status=status)
    if status == 429:
        response["Retry-After"] = str(WINDOW_S)
    return response


@deed(lambda request, code: reverse("feedback:petition", args=[code]))
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """`/xu-ly/<code>/de-nguyen/`: what was said of its copy was looked at, and it stays. Twice is once."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    petition = get_object_or_404(Petition.objects.visible_to(user), code=code)
    if "unpublish" not in workflow.available(petition, user):
        raise PermissionDenied
    form = LeaveForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("feedback:petition", code)
    petition.objections.open().filter(pk__lte=form.cleaned_data["shown"]).update(
        settled_at=timezone.now(), settled_by=user, left_because=form.cleaned_data["reason"]
    )
    messages.success(request, _("Đã ghi: để nguyên."))
    return redirect("feedback:petition", code)
