"""Who may hear of a petition; whom a rung of the ladder tells: the people of each level, and the next level
where there is nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import cached_property

from django.db.models import Q

from accounts.models import Absence, Post, Role, User
from feedback.ladder import Fallen, Level
from feedback.models import Petition
from feedback.permissions import INTAKE, WATCHING, WORKERS, is_excluded
from routing.superiors import over

LEVELS = tuple(Level)


def names(petition: Petition, fallen: Collection[Fallen], *, on: dt.date) -> list[str]:
    """User names of everybody whom these rungs tell on that day, each once, in the order of the alphabet.

    Nobody who is complained about, or who filed it; of what is sealed only those who may see it; of those
    who are away nobody, unless all are.
    """
    levels = {level for one in fallen for level in one.rung.tells}
    people = _Staff(petition, on)
    return sorted({user.get_username() for level in levels for user in people.from_(level)})


class Hearing:
    """Which officials may hear of one petition, be it by a letter or by the ladder; each is asked once."""

    def __init__(self, petition: Petition) -> None:
        self._petition = petition
        self._known: dict[int, bool] = {}

    def may(self, user: User) -> bool:
        """Never the body complained about, nor who filed it; of what is sealed, or holds a sealed part, only
        those who may see it."""
        if user.pk not in self._known:
            barred = is_excluded(user, self._petition)
            self._known[user.pk] = not barred and (not self._is_sealed or self._may_see(user))
        return self._known[user.pk]

    @cached_property
    def _is_sealed(self) -> bool:
        return self._petition.sealed or self._petition.sealed_parts().exists()

    def _may_see(self, user: User) -> bool:
        return Petition.objects.visible_to(user).filter(pk=self._petition.pk).exists()


class _Staff:
    """The active people around one petition, by level."""

    def __init__(self, petition: Petition, on: dt.date) -> None:
        self._petition = petition
        self._above = [one.code for one in over(petition.lead)]
        self._posts = self._read()
        self._hearing = Hearing(petition)
        held = {post.user_id for post in self._posts}
        self._away = set(Absence.away_on(on).filter(user__in=held).values_list("user", flat=True))

    def from_(self, level: Level) -> set[User]:
        """The people of this level who are there; of the next one up where there is none.

        Where everybody is away from here to the top, those of this level: they read it when they are back.
        """
        nearest: set[User] = set()
        for higher in LEVELS[LEVELS.index(level) :]:
            people = self._at(higher)
            if present := {user for user in people if user.pk not in self._away}:
                return present
            nearest = nearest or people
        return nearest

    def _at(self, level: Level) -> set[User]:
        petition = self._petition
        if level is Level.HANDLER and not petition.led_by_focal_point:
            return self._of(petition.lead_id, Role.HANDLER)
        if level in (Level.HANDLER, Level.FOCAL_POINT):
            return self._over(*INTAKE)
        if level is Level.HEAD:
            return self._of(petition.lead_id, Role.APPROVER)
        if level is Level.SUPERIOR:
            return next(filter(None, (self._of(code, Role.APPROVER) for code in self._above)), set())
        watching = self._over(Role.SUPERVISOR)
        return {user for user in watching if self._is_of_here(user)} or watching

    def _of(self, agency: str | None, *roles: Role) -> set[User]:
        posts = (post for post in self._posts if post.agency_id == agency and post.role in roles)
        return {post.user for post in posts if self._hearing.may(post.user)}

    def _over(self, *roles: Role) -> set[User]:
        """Over its territory, or the whole country."""
        here = (post for post in self._posts if post.covers(self._petition.territory_id))
        return {post.user for post in here if post.role in roles and self._hearing.may(post.user)}

    def _is_of_here(self, user: User) -> bool:
        """A supervisor of the whole country hears only where the province has none."""
        return any(
            post.user_id == user.pk and post.province_id and post.role == Role.SUPERVISOR
            for post in self._posts
        )

    def _read(self) -> list[Post]:
        petition = self._petition
        agencies = [petition.lead_id, *self._above]
        work = Q(role__in=WORKERS, agency_id__in=agencies)
        watch = Q(role__in=WATCHING) & Post.covering(petition.territory_id)
        return list(Post.objects.filter(work | watch, user__is_active=True).select_related("user"))
