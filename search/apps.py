from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _l


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _l("Tìm kiếm")
