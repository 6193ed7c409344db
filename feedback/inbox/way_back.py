"""From which list a petition was opened, and the one that follows it there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from feedback.inbox.drawers import Drawer, drawers_of
from feedback.inbox.order import key_of, ordered
from feedback.models import Petition, PetitionQuerySet
from feedback.models.words import planned_for_its_values


@dataclass(frozen=True)
class Whence:
    """From which list, and from where in it, a petition was opened; told in the address as `tu`."""

    drawer: Drawer
    key: str

    def __str__(self) -> str:
        return f"{self.drawer.slug}~{self.key}"

    def at(self, petition: Petition) -> Whence:
        return Whence(self.drawer, key_of(petition))

    def following(
        self, code: str, seen: PetitionQuerySet, user: User, now: dt.datetime
    ) -> tuple[Petition | None, bool]:
        """The next of the list, and whether the list begins anew with it; the petition itself is never next.

        The place is the one that it had when it was opened: what is done may move its deadline.
        """
        listed = self.drawer.of(seen, user, now).exclude(code=code)
        with planned_for_its_values():
            behind = ordered(listed, self.key, self.drawer.order).first()
            first = behind or ordered(listed, "", self.drawer.order).first()
        return first, behind is None and bool(self.key)


def whence(told: str, user: User) -> Whence | None:
    """Where somebody came from, if it is a list of his; anything else is nowhere."""
    slug, _tilde, key = told[:120].partition("~")
    drawer = next((drawer for drawer in drawers_of(user) if drawer.slug == slug), None)
    return Whence(drawer, key) if drawer else None
