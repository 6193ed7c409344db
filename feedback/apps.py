from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _l


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _l("Đơn, phản ánh")

    def ready(self) -> None:
        from feedback import guards

        def off(using: str, **_signal: Any) -> None:
            guards.drop(using)

        def on(using: str, **_signal: Any) -> None:
            guards.create(using)

        # Django rebuilds SQLite tables while it migrates, and drops what hangs on them.
        pre_migrate.connect(off, sender=self, weak=False, dispatch_uid="guards off")
        post_migrate.connect(on, sender=self, weak=False, dispatch_uid="guards on")
