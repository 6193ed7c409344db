"""Addresses of what everyone may see."""

from django.urls import path, re_path

from publication import views

app_name = "publication"
urlpatterns = [
    path("cong-khai/", views.petitions, name="list"),
    # Ten letters instead of digits are no petition: the same 404 as for one that is not published.
    re_path(r"^cong-khai/(?P<code>[0-9]{12})/$", views.petition, name="petition"),
    re_path(r"^cong-khai/(?P<code>[0-9]{12})/anh/(?P<pk>[0-9]{1,12})/$", views.picture, name="picture"),
    path("tim/", views.found, name="search"),
    path("thong-ke/", views.statistics, name="statistics"),
]
