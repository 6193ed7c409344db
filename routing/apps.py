from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _l


class RoutingConfig(AppConfig):
    name = "routing"
    verbose_name = _l("Thẩm quyền, địa bàn, thời hạn")
