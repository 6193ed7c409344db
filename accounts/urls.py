"""Addresses of signing in and out."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from accounts.views import Enrol, OwnPassword, SecondStep, SignIn, SignOut, absences, spare_codes

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", SignIn.as_view(), name="login"),
    path("dang-nhap/ma/", SecondStep.as_view(), name="code"),
    path("dang-nhap/hai-buoc/", Enrol.as_view(), name="enrol"),
    path("dang-nhap/ma-du-phong/", spare_codes, name="spare_codes"),
    path("dang-nhap/mat-khau/", OwnPassword.as_view(), name="password"),
    path("vang-mat/", absences, name="absences"),
    path("dang-xuat/", SignOut.as_view(), name="logout"),
    # Public pages are kept in caches and carry no token; choosing a language harms nobody.
    path("ngon-ngu/", csrf_exempt(set_language), name="language"),
]
