from axes.apps import AppConfig as AxesConfig
from django.apps import AppConfig
from django.contrib.admin import apps as stock
from django.utils.translation import gettext_lazy as _l


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _l("Người dùng, vai trò")
    default = True


class AdministrationConfig(stock.AdminConfig):
    """The stock admin with our door."""

    default = False
    default_site = "accounts.administration.House"


class SignInGuardConfig(AxesConfig):  # type: ignore[misc]
    """django-axes, under a name that an administrator understands."""

    default = False
    verbose_name = _l("Canh giữ đăng nhập")
