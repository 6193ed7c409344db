"""`manage.py work`: the dispatcher and the clock of a house on one machine."""

import json
import os
import signal
import sys
import threading
import time
from typing import Any

import structlog
from django.core.management.base import CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils.module_loading import import_string

from config.celery import CLOCK
from config.processes import keep_for_good
from feedback import followups, rush
from routing.ready import ReadyCommand

log = structlog.get_logger("hoiam.work")
OWN_CLOCK = [work for work in CLOCK if not work.for_workers]
# How long a petition waits at most before somebody looks whether it is there.
IDLE_S = 0.5
# After the database refused: long enough not to hammer it, short enough for a citizen who waits.
TROUBLE_S = 2.0
# Goes a round: as many are done before anybody looks whether there is a rush, or something periodic is due.
ROUND = 10
# How long reading waits in a rush before it looks again.
RUSH_S = 0.2
# Petitions read in a second, until a round has shown it.
UNMEASURED_PER_S = 100.0
# One slow round is no measure: what was read faster before is forgotten by this much each round.
FADES = 0.9
# Behind the pages: whoever sends is answered first, reading takes what is left of the machine.
POLITENESS = 10
# What is being sent when we are told to stop may take this long; then it goes out again later.
FINISH_S = 5.0


class Command(ReadyCommand):
    help = "Làm việc sau mỗi bước (đọc, phân công, báo tin) và việc định kỳ. --once: làm hết rồi thoát."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="làm hết, in số liệu JSON; thoát 1 khi có việc hỏng hẳn"
        )
        parser.add_argument("--json", action="store_true", help="cùng --once: số liệu vẫn là JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.once()
        else:
            self.forever()

    def once(self) -> None:
        """Do rounds until one does nothing: what is done may plan more."""
        done = failed = 0
        while True:
            tally = followups.catch_up()
            done, failed = done + tally.done, failed + tally.failed
            if not (tally.done or tally.failed):
                break
        left = followups.queue_state()
        self.stdout.write(
            json.dumps({"done": done, "failed": failed, "dead": left["dead"], "waiting": left["waiting"]})
        )
        sys.exit(1 if left["dead"] else 0)

    def forever(self) -> None:
        os.nice(POLITENESS)
        self.parent = os.getppid()
        self.stopping = False
        self.due_at = {work.name: 0.0 for work in OWN_CLOCK}
        self.read_per_s = UNMEASURED_PER_S
        keep_for_good()
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, self.stop)
        # A mail server that hangs must not hold up the reading of petitions.
        outside = threading.Thread(target=self.lane, kwargs={"outside": True}, daemon=True)
        outside.start()
        self.lane(outside=False)
        outside.join(timeout=FINISH_S)

    def lane(self, *, outside: bool) -> None:
        """Round after round; when one lane ends, for whatever reason, so does the other."""
        try:
            while not self.stopping and os.getppid() == self.parent:
                self.rest(self.round(outside=outside))
        finally:
            self.stopping = True

    def stop(self, number: int, frame: object) -> None:
        """Finish what is in hand, then end; what was not begun is found again by the next."""
        self.stopping = True

    def round(self, *, outside: bool) -> float:
        """Do what is due and return how long to rest; a database in trouble is waited for."""
        try:
            self.tick(outside=outside)
            if not outside and rush.is_on(self.read_per_s):
                return RUSH_S
            did = self.catch_up(outside=outside)
        except DatabaseError as trouble:
            log.warning("database_busy", exc_info=trouble)
            close_old_connections()
            return TROUBLE_S
        return 0.0 if did.done or did.failed else IDLE_S

    def catch_up(self, *, outside: bool) -> followups.Tally:
        did = followups.catch_up(limit=ROUND, outside=outside)
        if did.read_per_s:
            self.read_per_s = max(did.read_per_s, self.read_per_s * FADES)
        return did

    def tick(self, *, outside: bool) -> None:
        """Run the periodic work whose time has come; one that breaks stops no other."""
        for work in OWN_CLOCK:
            if work.outside != outside or time.monotonic() < self.due_at[work.name]:
                continue
            self.due_at[work.name] = time.monotonic() + work.every_s
            try:
                import_string(work.task)()
            except Exception as trouble:
                log.error("periodic_work_failed", work=work.name, exc_info=trouble)

    def rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(min(0.1, seconds))
