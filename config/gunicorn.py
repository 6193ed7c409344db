"""How gunicorn serves the pages: two processes of four threads, gone when their parent is gone."""

from typing import Any

from django.urls import get_resolver

from config import logs, processes

wsgi_app = "config.wsgi:application"
worker_class = "gthread"
workers = 2
threads = 4
worker_tmp_dir = "/dev/shm"  # noqa: S108  (heartbeats in memory: a slow disk must not look like a dead worker)
timeout = 60
graceful_timeout = 5
# A kept connection stays with the process that took it, however busy: each request goes to whoever is free.
keepalive = 0
control_socket_disable = True
logconfig_dict = logs.LOGGING


def post_fork(arbiter: Any, worker: Any) -> None:
    """Die with the arbiter, however it dies."""
    processes.die_with_parent(worker.ppid)


def post_worker_init(worker: Any) -> None:
    """Load the model and every address before the first citizen writes."""
    import classifier

    classifier.read("Nắp cống bị mất")
    get_resolver().url_patterns  # noqa: B018
    processes.keep_for_good()
