from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Register the checks, bind shared tasks to this house's Celery, say where its models lie."""
        import classifier
        from config import celery, checks  # noqa: F401
        from feedback import learning

        classifier.learnt_in(learning.folder())
