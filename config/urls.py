"""Every address of the house."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("feedback.urls")),
    path("", include("publication.urls")),
    path("", include("accounts.urls")),
    path("quan-tri/", admin.site.urls),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
