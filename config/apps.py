from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Register the checks, and bind shared tasks to this house's Celery application."""
        from config import celery, checks  # noqa: F401
