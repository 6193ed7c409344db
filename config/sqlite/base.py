"""Django's SQLite backend with a shorter wait for the write lock.

SQLite's own wait sleeps up to a tenth of a second between two looks, and nobody queues: while `work` takes
the lock again and again, a citizen's request may look at the wrong moments for half a second. Here every
transaction looks every few milliseconds, for as long as the `timeout` of the settings says.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base, features
from django.utils.functional import cached_property

# Seconds between two looks; drawn by chance, so that those who wait do not look in step.
SHORTEST, LONGEST = 0.001, 0.004


class DatabaseFeatures(features.DatabaseFeatures):
    @cached_property
    def supports_json_field(self) -> bool:  # type: ignore[override]  # as in Django
        """Asked without a transaction, which here waits for whoever writes: a process whose first question
        fell into such a moment would know of no JSON for as long as it lives."""
        with self.connection.cursor() as cursor:
            try:
                cursor.execute("SELECT JSON('{}')")
            except OperationalError:
                return False
        return True


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    patience_s: float | None = None  # of this connection just now; None: as the settings say

    @contextmanager
    def waiting_at_most(self, seconds: float) -> Iterator[None]:
        """What may be left undone begins its transaction at once, or within so long, or not at all."""
        self.patience_s = seconds
        try:
            yield
        finally:
            self.patience_s = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A new file is its owner's alone, and so are the log and the index that SQLite puts beside it."""
        if not (self.is_in_memory_db() or str(conn_params["database"]).startswith("file:")):
            # Only where there is none: closing a descriptor of a file that is there would drop every lock
            # that this process holds on it (https://www.sqlite.org/howtocorrupt.html, 2.2).
            with suppress(OSError):  # it is there; or SQLite says what is wrong with the place
                os.close(os.open(conn_params["database"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        """BEGIN as the settings say; OperationalError "database is locked" once the timeout is over."""
        patience = self.patience_s
        if patience is None:
            patience = self.settings_dict["OPTIONS"].get("timeout", 5)
        until = time.monotonic() + patience
        self._wait_at_most(0)
        try:
            while not self._began():
                if time.monotonic() > until:
                    raise OperationalError("database is locked")
                time.sleep(random.uniform(SHORTEST, LONGEST))  # noqa: S311  (no secret)
        finally:
            self._wait_at_most(self.settings_dict["OPTIONS"].get("timeout", 5))

    def _began(self) -> bool:
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            return False
        return True

    def _wait_at_most(self, seconds: float) -> None:
        connection: Any = self.connection
        connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
