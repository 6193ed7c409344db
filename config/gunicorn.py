"""How gunicorn serves the pages: three processes of four threads, gone when their parent is gone."""

from __future__ import annotations

import socket
import struct
from typing import Any

from django.urls import get_resolver
from gunicorn.workers import gthread  # type: ignore[import-untyped]

from config import logs, processes

wsgi_app = "config.wsgi:application"
# Loaded once, before the processes part: they share its memory, and one that died is back at once.
preload_app = True
worker_class = "config.gunicorn.Worker"
workers = 3
threads = 4
worker_tmp_dir = "/dev/shm"  # noqa: S108  (heartbeats in memory: a slow disk must not look like a dead worker)
timeout = 60
graceful_timeout = 5
# A kept connection stays with the process that took it, however busy: each request goes to whoever is free.
keepalive = 0
limit_request_line = 8190  # a long question in marks: each letter of it is six or nine signs of the address
control_socket_disable = True
# By itself it believes a peer on this machine, which is the proxy, whatever a client had it pass on: a header
# SCRIPT_NAME would move every address of the house. What the proxy says is read by `config.middleware` alone.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
logconfig_dict = logs.LOGGING

# A client that stops in the middle of a request holds one of the threads this long and no longer.
SILENCE_S = 10


def load() -> None:
    """The model and every address, before the first citizen writes; they stay."""
    import classifier

    classifier.read("Nắp cống bị mất")
    get_resolver().url_patterns  # noqa: B018
    processes.keep_for_good()


def when_ready(server: Any) -> None:
    """Before the first process parts. What is accepted inherits the limit of the listening socket."""
    load()
    for listener in server.LISTENERS:
        for which in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, which, struct.pack("ll", SILENCE_S, 0))


def post_fork(arbiter: Any, worker: Any) -> None:
    """Die with the arbiter, however it dies."""
    processes.die_with_parent(worker.ppid)


class Connection(gthread.TConn):  # type: ignore[misc]
    """Closed once, and with patience only where the client sent what nobody read."""

    def close(self, graceful: bool = False) -> None:
        if self.sock.fileno() >= 0:
            super().close(graceful=graceful and self._is_unread())

    def _is_unread(self) -> bool:
        """Closing at once on unread bytes would take the answer from the client."""
        try:
            return bool(self.sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except OSError:
            return False


class Worker(gthread.ThreadWorker):  # type: ignore[misc]
    """Waits for a client's end of a connection in the thread that answered it, never in the loop of all:
    there up to two seconds for each connection add up until nobody is answered."""

    def handle(self, conn: Any) -> Any:
        kept = super().handle(conn)
        if kept is False:
            conn.close(graceful=True)
        return kept


# The worker makes its connections by this name of its module; it has no setting for it.
gthread.TConn = Connection
