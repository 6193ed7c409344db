"""Addresses of signing in and out."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from accounts.views import SignIn, SignOut

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", SignIn.as_view(), name="login"),
    path("dang-xuat/", SignOut.as_view(), name="logout"),
    # Public pages are kept in caches and carry no token; choosing a language harms nobody.
    path("ngon-ngu/", csrf_exempt(set_language), name="language"),
]
