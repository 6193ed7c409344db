"""How petitions that were sent in one month fared: numbers of the whole country, nobody's words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from feedback.cube.closing import chains
from feedback.cube.figures import FLOWS, Told
from feedback.models import Step
from feedback.workflow import OPEN, Kind, State
from routing.calendar import DAY, moment

# What is known of a first answer; `answered` is the answer itself.
OF_ANSWER = ("answered", "timed", "on_time", "on_time_original")
ENDED = {State.REJECTED: "refused", State.REDIRECTED: "redirected"}


def fared(since: dt.date, until: dt.date, seen_on: dt.date) -> Counter[str]:
    """Of the petitions sent from one day to another (both included): what had become of them at the end of
    the day `seen_on`.

    "received", of these "answered" and of those "timed", "on_time", "on_time_original"; of the others
    "refused", "redirected", "open", "other" (withdrawn, merged ...). What was spam by then is not counted.
    """
    sent = FLOWS["submitted"].steps().filter(at__gte=_begin(since), at__lt=_begin(until + DAY))
    steps = Step.objects.filter(petition__in=sent.values("petition"), at__lt=_begin(seen_on + DAY))
    found: Counter[str] = Counter()
    for chain in chains(steps):
        found.update(_became(chain))
    return found


def _begin(day: dt.date) -> dt.datetime:
    return moment(day, dt.time.min)


def _became(chain: Sequence[Told]) -> list[str]:
    last = chain[-1]
    if last.kind == Kind.SPAM:
        return []
    parts = (chain[: length + 1] for length in range(len(chain)))
    answer = next((part for part in parts if FLOWS["answered"].holds(part)), None)
    if answer is not None:
        return ["received", *(key for key in OF_ANSWER if FLOWS[key].holds(answer))]
    state = State(last.after)
    return ["received", "open" if state in OPEN else ENDED.get(state, "other")]
