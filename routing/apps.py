from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "routing"
    verbose_name = "Thẩm quyền, địa bàn, thời hạn"
