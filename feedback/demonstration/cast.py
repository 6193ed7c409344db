"""Who acts in the demonstration: its accounts, and nameless staff of every other agency that leads."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts import demonstration
from accounts.models import User


@dataclass
class Cast:
    """Officials by user name and by agency; staff of an agency are made when it first has to act."""

    people: dict[str, User]
    _staff: dict[str, tuple[list[User], list[User]]] = field(default_factory=dict)

    @classmethod
    def gather(cls) -> Cast:
        cast = cls({user.username: user for user in demonstration.create()})
        name = cast.people
        cast._staff = {
            demonstration.HAI_CHAU: (
                [name["xuly.haichau"], name["duyet.haichau"]],
                [name["duyet.haichau"]],
            ),
            demonstration.CONSTRUCTION: (
                [name["xuly.xaydung"], name["duyet.xaydung"]],
                [name["duyet.xaydung"]],
            ),
            demonstration.FOCAL_POINT: ([name["daumoi"], name["daumoi2"]], [name["duyet.daumoi"]]),
            # Its account only approves; somebody else must have drafted.
            demonstration.COMMITTEE: (
                demonstration.staff(demonstration.COMMITTEE)[0],
                [name["duyet.ubnd"]],
            ),
        }
        return cast

    def __getitem__(self, username: str) -> User:
        return self.people[username]

    def over(self, province: str, username: str) -> User:
        """That account, or who does the same over another province."""
        if province == demonstration.PROVINCE:
            return self.people[username]
        name = f"{username}@{province}"
        if name not in self.people:
            self.people[name] = demonstration.colleague(username, province)
        return self.people[name]

    def handler(self, agency: str, *, another: bool = False) -> User:
        """Who works on it there; `another`: not the one who did it first."""
        handlers = self._of(agency)[0]
        return handlers[-1] if another else handlers[0]

    def approver(self, agency: str) -> User:
        return self._of(agency)[1][0]

    def _of(self, agency: str) -> tuple[list[User], list[User]]:
        if agency not in self._staff:
            self._staff[agency] = demonstration.staff(agency)
        return self._staff[agency]
