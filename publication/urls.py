"""Addresses of what everyone may see."""

from django.urls import path, re_path

from publication import atlas, feeds, indicators, opendata, reports, views

MONTH = "(?P<month>20[0-9]{2}-(?:0[1-9]|1[0-2]))"
AGENCY = "(?P<agency>[a-z0-9:-]{1,150})"

app_name = "publication"
urlpatterns = [
    path("cong-khai/", views.petitions, name="list"),
    # Ten letters instead of digits are no petition: the same 404 as for one that is not published.
    re_path(r"^cong-khai/(?P<code>[0-9]{12})/$", views.petition, name="petition"),
    re_path(r"^cong-khai/(?P<code>[0-9]{12})/anh/(?P<pk>[0-9]{1,12})/$", views.picture, name="picture"),
    path("cong-khai/atom.xml", feeds.atom, name="atom"),
    path("sitemap.xml", feeds.sitemaps, name="sitemaps"),
    path("sitemap/trang.xml", feeds.sitemap_of_pages, name="sitemap_of_pages"),
    re_path(r"^sitemap/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\.xml$", feeds.sitemap, name="sitemap"),
    path("robots.txt", feeds.robots, name="robots"),
    path("cong-khai/ban-do/", atlas.country, name="map"),
    re_path(r"^cong-khai/ban-do/(?P<code>[0-9]{2})/$", atlas.province, name="province"),
    path("tim/", views.found, name="search"),
    path("thong-ke/", views.statistics, name="statistics"),
    path("thong-ke/bao-cao/", reports.reports, name="reports"),
    re_path(rf"^thong-ke/bao-cao/{MONTH}/{AGENCY}/$", reports.report, name="report"),
    re_path(
        rf"^thong-ke/bao-cao/{MONTH}/{AGENCY}\.(?P<form>xlsx|pdf)$", reports.report_file, name="report_file"
    ),
    path("du-lieu-mo/", opendata.index, name="opendata"),
    path("du-lieu-mo/chi-tieu/", indicators.index, name="indicators_index"),
    re_path(rf"^du-lieu-mo/chi-tieu/{AGENCY}\.json$", indicators.of_agency, name="indicators"),
    re_path(
        r"^du-lieu-mo/(?P<name>[A-Za-z0-9]{1,20}(?:\.[a-z0-9]{2,6})?)$", opendata.download, name="download"
    ),
]
