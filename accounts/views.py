"""Signing in, in two steps where it is demanded, and out; the language of the pages."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import (
    LoginView,
    LogoutView,
    PasswordChangeView,
    RedirectURLMixin,
    redirect_to_login,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, View

from accounts import guessing, second_factor
from accounts.forms import AbsenceForm, CodeForm, FirstCodeForm, OwnPasswordForm
from accounts.guessing import Guesser
from accounts.models import Absence, Role, User

# The key of a telephone that is being enrolled: the page may be loaded again and shows the same picture.
KEY = "new_telephone"
FEW_CODES = 3
MOST_DIGITS = 18  # of a row's number
# Wrong passwords of one address, whatever names they were tried on: an office has one address as well.
MOST_OF_AN_ADDRESS = 60
MOST_OF_A_PERSON = 10  # at one's own password, by whoever sits at an open session


# What waits at the desk is not theirs: who holds nothing but these begins with what he is there for.
FIRST_PAGES = {
    Role.SUPERVISOR: "feedback:board",
    Role.AUDITOR: "feedback:audit",
    Role.ADMINISTRATOR: "admin:index",
}


def first_page(user: User) -> str:
    """The name of the page that this person's day begins with: the desk, or what he filed."""
    held = {Role(post.role) for post in user.posts} - {Role.CITIZEN}
    if not held:
        return "feedback:track"
    if held - FIRST_PAGES.keys():
        return "feedback:desk"
    return next(page for role, page in FIRST_PAGES.items() if role in held)


class Onward(RedirectURLMixin):
    """Where one goes once one is in: where one came from, else where one's day begins."""

    request: HttpRequest

    def get_default_redirect_url(self) -> str:
        user = self.request.user
        return reverse(first_page(user) if isinstance(user, User) else "feedback:track")

    def step(self, name: str) -> HttpResponse:
        """Another step of signing in, with where one came from."""
        onward = self.get_redirect_url()
        return redirect(reverse(f"accounts:{name}") + (f"?{urlencode({'next': onward})}" if onward else ""))


class Guarded(View):
    """A page where a password is tried: after too many wrong ones nothing more is looked at for a while."""

    @property
    def guesser(self) -> Guesser:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if guessing.must_wait(self.guesser):
            return locked(request)
        answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]  # of the page
        return answer


class SignIn(Onward, Guarded, LoginView):
    """`/dang-nhap/`: the password; an official goes to his work, everyone else to what he filed."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if second_factor.waiting(request):
            return self.step("code")
        return super().get(request, *args, **kwargs)

    @property
    def guesser(self) -> Guesser:
        return Guesser("sign-in", self.request.META["REMOTE_ADDR"], MOST_OF_AN_ADDRESS)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        guessing.count_wrong(self.guesser)
        return super().form_invalid(form)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        person = form.get_user()
        return response if second_factor.is_in(person) else self.step("code")


def locked(request: HttpRequest, *_told: Any) -> HttpResponse:
    """Too many wrong passwords, for one name (told by django-axes) or of one address: 429, and until when."""
    response = render(request, "locked.html", status=429)
    response["Retry-After"] = str(guessing.WINDOW_S)
    return response


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class SecondStep(Onward, FormView):  # type: ignore[type-arg]  # not subscriptable at run time
    """`/dang-nhap/ma/`: the code; wrong 400, too soon after wrong ones 429."""

    template_name = "accounts/code.html"
    form_class = CodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = second_factor.waiting(request)
        if person is None:
            return self.step("login")
        if not person.two_steps:
            return self.step("enrol")
        self.person = person
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.person}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"next": self.get_redirect_url()}

    def form_valid(self, form: CodeForm) -> HttpResponse:
        second_factor.let_in(self.request, self.person, form.device)
        left = second_factor.spare_codes_left(self.person)
        if left < FEW_CODES:
            messages.warning(
                self.request,
                _("Chỉ còn %(left)s mã dự phòng. Hãy tạo mã mới ở “Xác thực hai bước”.") % {"left": left},
            )
        return redirect(self.get_success_url())

    def form_invalid(self, form: CodeForm) -> HttpResponse:
        status = 429 if form.closed_for else 400
        response = self.render_to_response(self.get_context_data(form=form), status=status)
        if form.closed_for:
            response["Retry-After"] = str(form.closed_for)
        return response


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class Enrol(Onward, FormView):  # type: ignore[type-arg]
    """`/dang-nhap/hai-buoc/`: a telephone is enrolled, or another takes its place; then the spare codes."""

    template_name = "accounts/enrol.html"
    form_class = FirstCodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = second_factor.waiting(request) or request.user
        if not isinstance(person, User):
            return redirect_to_login(request.get_full_path())
        if not second_factor.may_enrol(person):
            return self.step("code")
        self.person = person
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        device = second_factor.proposed(self.person, self.key())
        return super().get_context_data(**kwargs) | {
            "picture": segno.make(device.config_url, error="m").svg_data_uri(scale=5, light="white"),
            "address": device.config_url,
            "typed": second_factor.typed(device),
            "next": self.get_redirect_url(),
            "demanded": second_factor.is_demanded(self.person),
            "enrolled": self.person.two_steps,
            "left": second_factor.spare_codes_left(self.person),
        }

    def key(self) -> str:
        return str(self.request.session.setdefault(KEY, second_factor.new_key()))

    def form_valid(self, form: FirstCodeForm) -> HttpResponse:
        codes = second_factor.enrol(self.request, self.person, self.key(), form.cleaned_data["code"])
        if codes is None:
            form.add_error("code", _("Mã chưa khớp. Kiểm tra giờ của điện thoại rồi nhập mã đang hiện."))
            return self.form_invalid(form)
        self.request.session.pop(KEY, None)
        return spare_codes_page(self.request, codes, self.get_success_url())

    def form_invalid(self, form: FirstCodeForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


@never_cache
def spare_codes(request: HttpRequest) -> HttpResponse:
    """`/dang-nhap/ma-du-phong/`: new spare codes for who has shown the telephone; the old ones end."""
    user = request.user
    if not isinstance(user, User):
        return redirect_to_login(reverse("accounts:enrol"))
    if request.method != "POST" or not user.two_steps:
        return redirect("accounts:enrol")
    return spare_codes_page(request, second_factor.renew_spare_codes(user), reverse("accounts:enrol"))


def spare_codes_page(request: HttpRequest, codes: list[str], onward: str) -> HttpResponse:
    """Shown this once: nothing but their hashes is kept."""
    return render(request, "accounts/spare_codes.html", {"codes": codes, "onward": onward})


@never_cache
@login_required
def absences(request: HttpRequest) -> HttpResponse:
    """`/vang-mat/`: on which days an official is away; POST adds one (400 what is wrong) or takes it back."""
    user = request.user
    if not isinstance(user, User) or not user.works_here:
        raise Http404
    form = AbsenceForm(request.POST or None, instance=Absence(user=user))
    if request.method == "POST" and "bo" in request.POST:
        told = request.POST["bo"]
        user.absences.filter(pk=int(told) if told.isdecimal() and len(told) < MOST_DIGITS else 0).delete()
        return redirect("accounts:absences")
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("accounts:absences")
    ahead = user.absences.filter(last_day__gte=timezone.localdate())
    status = 400 if request.method == "POST" else 200
    return render(request, "accounts/absences.html", {"form": form, "absences": ahead}, status=status)


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class OwnPassword(Guarded, PasswordChangeView):
    """`/dang-nhap/mat-khau/`: another password of one's own, and every other session of this person ends.

    400 what is wrong, 429 after too many wrong ones.
    """

    template_name = "accounts/password.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("accounts:password")

    @property
    def guesser(self) -> Guesser:
        return Guesser("own-password", str(self.request.user.pk), MOST_OF_A_PERSON)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, _("Đã đổi mật khẩu; các máy khác của bạn đã bị đăng xuất."))
        return super().form_valid(form)

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        if form.has_error("old_password"):
            guessing.count_wrong(self.guesser)
        return self.render_to_response(self.get_context_data(form=form), status=400)


class SignOut(LogoutView):
    """`/dang-xuat/`: whoever sits down at this machine next finds nothing open."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response.delete_cookie(settings.OPENED_COOKIE_NAME, samesite="Lax")
        return response
