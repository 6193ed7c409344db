"""Who may do what: every actor and every right, once; workflow, lists and pages ask here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.models import OF_AN_AGENCY, Post, Role, User
from routing.assignment import Against, excluded_by, head_over
from routing.kept import agencies_by_code, offices
from routing.models.agencies import focal_point_of, is_focal_point
from routing.succession import successions

if TYPE_CHECKING:
    from feedback.workflow import PetitionLife as Petition


@dataclass(frozen=True)
class Holder:
    """Whoever holds a petition's secret: the petitioner without an account."""

    petition_id: int
    name: str = "petitioner"


@dataclass(frozen=True)
class System:
    """The house itself: it proposes, and acts on rules; it never judges."""

    name: str = "system"


SYSTEM = System()
Actor = User | Holder | System
Right = Callable[[Actor, "Petition"], bool]

# The groups of roles that rules, lists and pages speak of.
WORKERS = OF_AN_AGENCY  # of the agency that answers or helps
INTAKE = (Role.FOCAL_POINT, Role.PETITION_OFFICER)
WATCHING = (*INTAKE, Role.SUPERVISOR)  # each acts on whatever comes to his territory
SEES_BOARD = (*WATCHING, Role.AUDITOR, Role.ADMINISTRATOR)


def citizen(actor: Actor, petition: Petition) -> bool:
    """Anyone may ask: the house is open."""
    return not isinstance(actor, System)


def system(actor: Actor, petition: Petition) -> bool:
    return isinstance(actor, System)


def secret_holder(actor: Actor, petition: Petition) -> bool:
    """Whoever holds the secret, or is the signed-in petitioner; what comes of his petition is his as well."""
    if isinstance(actor, Holder):
        return petition.descends_from(actor.petition_id)
    return isinstance(actor, User) and actor.pk is not None and petition.petitioner_id == actor.pk


def _over_territory(role: Role) -> Right:
    def right(actor: Actor, petition: Petition) -> bool:
        return (
            isinstance(actor, User)
            and actor.holds([role], province=petition.territory_id)
            and not is_excluded(actor, petition)
        )

    right.__name__ = role.value
    return right


operator = _over_territory(Role.OPERATOR)
focal_point = _over_territory(Role.FOCAL_POINT)
petition_officer = _over_territory(Role.PETITION_OFFICER)
reviewer = _over_territory(Role.REVIEWER)
supervisor = _over_territory(Role.SUPERVISOR)
auditor = _over_territory(Role.AUDITOR)
administrator = _over_territory(Role.ADMINISTRATOR)


def intake_desk(actor: Actor, petition: Petition) -> str:
    """Code of the agency where this person takes petitions of that territory in; "" where in none."""
    posts = actor.posts if isinstance(actor, User) else ()
    over = (post for post in posts if post.role in INTAKE and post.covers(petition.territory_id))
    desks = (post.agency_id for post in over)
    return next((desk for desk in desks if desk), "")


def _unless_refused_before(right: Right) -> Right:
    """After a contest none of the two who refused it decides again."""

    def afresh(actor: Actor, petition: Petition) -> bool:
        return right(actor, petition) and getattr(actor, "pk", None) not in petition.refused_by

    afresh.__name__ = right.__name__
    return afresh


def _second_person(right: Right) -> Right:
    """A refusal is two steps by two persons; a person with two roles is one person."""
    afresh = _unless_refused_before(right)

    def second(actor: Actor, petition: Petition) -> bool:
        return afresh(actor, petition) and getattr(actor, "pk", None) != petition.proposed_by_id

    second.__name__ = right.__name__
    return second


def _unless_named(right: Right) -> Right:
    """Nobody of a body that is complained of, be it its head or in a first complaint, takes that back."""

    def unnamed(actor: Actor, petition: Petition) -> bool:
        return right(actor, petition) and isinstance(actor, User) and not is_named(actor, petition)

    unnamed.__name__ = right.__name__
    return unnamed


def _beyond_its_lead(right: Right) -> Right:
    """Nobody of the agency that has it in hand: it may be the one complained of."""

    def beyond(actor: Actor, petition: Petition) -> bool:
        return right(actor, petition) and isinstance(actor, User) and petition.lead_id not in bodies_of(actor)

    beyond.__name__ = right.__name__
    return beyond


def bodies_of(user: User) -> set[str]:
    """Codes of what `answers_for` names, without offices that only take petitions in."""
    return {code for code in answers_for(user) if not is_focal_point(code)}


focal_point_beyond_its_lead = _beyond_its_lead(focal_point)
petition_officer_beyond_its_lead = _beyond_its_lead(petition_officer)
supervisor_beyond_its_lead = _beyond_its_lead(supervisor)


def is_asked_about_doubt(actor: Actor, petition: Petition) -> bool:
    """Of the intake, whether he may say that it is a complaint or denunciation after all."""
    rights = (focal_point_beyond_its_lead, petition_officer_beyond_its_lead)
    return any(right(actor, petition) for right in rights)


def supervisor_for_want_of_intake(actor: Actor, petition: Petition) -> bool:
    """Whoever watches over it is asked where nobody of the intake may answer, and only there."""
    if petition.law_doubt_at is None or not supervisor_beyond_its_lead(actor, petition):
        return False
    return not any(is_asked_about_doubt(person, petition) for person in intake_of(petition.territory_id))


def intake_of(territory: str) -> list[User]:
    """Everybody who takes petitions of that territory in, with his posts; in two statements."""
    posts = Post.objects.filter(Post.covering(territory), role__in=INTAKE)
    people = User.objects.filter(is_active=True, pk__in=posts.values("user"))
    return list(people.prefetch_related("post_set").order_by("pk"))


def hears_doubt(actor: Actor, petition: Petition) -> bool:
    """Who is asked whether it is a complaint or denunciation after all; nobody else knows of it."""
    return is_asked_about_doubt(actor, petition) or supervisor_for_want_of_intake(actor, petition)


focal_point_unless_named = _unless_named(focal_point)
petition_officer_unless_named = _unless_named(petition_officer)
supervisor_unless_named = _unless_named(supervisor)
focal_point_unless_refused = _unless_refused_before(focal_point)
petition_officer_unless_refused = _unless_refused_before(petition_officer)
second_focal_point = _second_person(focal_point)
second_petition_officer = _second_person(petition_officer)
second_supervisor = _second_person(supervisor)


def lead_handler(actor: Actor, petition: Petition) -> bool:
    """Handlers and approvers of the lead agency; where the focal point leads, its own people."""
    if not isinstance(actor, User) or is_excluded(actor, petition):
        return False
    if petition.lead_id in actor.agencies_as(*WORKERS):
        return True
    return petition.led_by_focal_point and actor.holds(INTAKE, province=petition.territory_id)


def lead_handler_afresh(actor: Actor, petition: Petition) -> bool:
    """After a reopening the work may stay in the unit, but goes to another than the first drafter."""
    again = petition.round > 1 and getattr(actor, "pk", None) == petition.first_drafted_by_id
    return answer_drafter(actor, petition) and not again


def answer_drafter(actor: Actor, petition: Petition) -> bool:
    """Whoever works for the lead, and of an appeal neither of the two who gave the answer it is against."""
    return lead_handler(actor, petition) and getattr(actor, "pk", None) not in petition.decided_before()


def lead_approver(actor: Actor, petition: Petition) -> bool:
    """Approvers of the lead agency."""
    return (
        isinstance(actor, User)
        and petition.lead_id in actor.agencies_as(Role.APPROVER)
        and not is_excluded(actor, petition)
    )


def another_lead_approver(actor: Actor, petition: Petition) -> bool:
    """An approver of the lead other than who asks for more time."""
    return lead_approver(actor, petition) and getattr(actor, "pk", None) != petition.extension_asked_by_id


def answer_approver(actor: Actor, petition: Petition) -> bool:
    """Who may send the drafted answer: never its drafter; the direct superior where no other is left.

    A reopened petition is always approved by the direct superior (a review of an answer is
    never by its author or his unit), an appeal never by a person who gave the answer it is against.
    """
    if not isinstance(actor, User) or petition.drafted_by_id == actor.pk or is_excluded(actor, petition):
        return False
    if actor.pk in petition.decided_before():
        return False
    if petition.needs_superior:
        return petition.superior_id is not None and petition.superior_id in actor.agencies_as(Role.APPROVER)
    return lead_approver(actor, petition)


def drafter(actor: Actor, petition: Petition) -> bool:
    """Who wrote the answer that waits for approval."""
    if not isinstance(actor, User) or actor.pk is None or is_excluded(actor, petition):
        return False
    return petition.drafted_by_id == actor.pk


def coordinator(actor: Actor, petition: Petition) -> bool:
    """People of an agency that was asked to help and has not yet contributed."""
    if not isinstance(actor, User) or is_excluded(actor, petition):
        return False
    return not petition.asked_agencies().isdisjoint(actor.agencies_as(*WORKERS))


def desk(actor: Actor, petition: Petition) -> bool:
    """Whoever may see it on the desk: an official with sight of it."""
    return (
        lead_handler(actor, petition)
        or coordinator(actor, petition)
        or any(right(actor, petition) for right in (focal_point, petition_officer, supervisor, reviewer))
    )


def is_excluded(user: User, petition: Petition) -> bool:
    """The body complained about neither leads nor helps nor reads; nor does one work on one's own matter."""
    if petition.petitioner_id is not None and petition.petitioner_id == user.pk:
        return True
    return is_barred(user, petition)


def is_barred(user: User, petition: Petition) -> bool:
    """Of a body complained about, and not the one who decides: the same rule as `sight.barred`."""
    excluded = petition.excluded_agencies()
    return bool(excluded) and not excluded.isdisjoint(answers_for(user)) and not _decides(user, petition)


def is_named(user: User, petition: Petition) -> bool:
    """Of a body of which anybody is complained of, of whoever decides about him, or whose chief is named."""
    named = [step.accused for step in petition.accusations() if step.accused]
    bodies = (excluded_by(Against(one.agency_type, one.unit_code)) for one in named)
    barred = set().union(*bodies, map(head_over, named))
    own = answers_for(user)
    return not barred.isdisjoint(own | {head_over(Against.of(code)) for code in own} if named else own)


def _decides(user: User, petition: Petition) -> bool:
    """Its head leads where a clerk is complained about, though he has a post in the body as well.

    Luật Tố cáo 2018, Điều 12: the head decides about his own people.
    """
    excluded, headed = petition.excluded_agencies(), headed_by(user)
    if petition.lead_id in excluded or petition.lead_id not in headed:
        return False
    return excluded & answers_for(user) <= headed[petition.lead_id]


def headed_by(user: User) -> dict[str, set[str]]:
    """The heads' offices of a person who has a post in another agency as well, each with those of his
    agencies that it is the head of: of a body above it is not."""
    if len(works_for(user)) < 2:
        return {}
    agencies = agencies_by_code(user.agencies_as(*WORKERS)).values()
    held = [one.pk for one in agencies if one.type_id in offices()]
    heads = {code: head_over(Against.of(code)) for code in answers_for(user)}
    return {office: _headed(office, heads) for office in held}


def _headed(office: str, heads: Mapping[str, str]) -> set[str]:
    same = successions().with_former({office}, timezone.localdate())
    return {code for code, head in heads.items() if head in same}


def answers_for(user: User) -> set[str]:
    """Codes of a person's agencies, and of all whose work these took over: what bars one bars the other."""
    own = works_for(user)
    return successions().with_former(own, timezone.localdate()) if own else own


def works_for(user: User) -> set[str]:
    """Codes of a person's agencies; whoever takes petitions in and has none there is of the focal point."""
    intake = (post for post in user.posts if post.role in INTAKE and not post.agency_id)
    of_intake = {focal_point_of(post.province_id) for post in intake if post.province_id}
    return user.agencies_as(*Role) | of_intake


def can_see_contact(actor: Actor, petition: Petition) -> bool:
    """Name, telephone and address: the petitioner, the intake, and the lead unless they are hidden.

    Of what is sealed, and of the family of a sealed denunciation, the petitioner and the petition officer.
    """
    if secret_holder(actor, petition) or petition_officer(actor, petition):
        return True
    if petition.identity_sealed:
        return False
    return focal_point(actor, petition) or (not petition.identity_hidden and lead_handler(actor, petition))


def can_see_words(actor: Actor, petition: Petition) -> bool:
    """The words as they were sent: where the sender stays hidden, whoever may know who he is.

    Of a sealed denunciation and its family, whether he ticked it or not, the petitioner and the petition
    officer alone (Luật Tố cáo 2018, Điều 8, 56). The focal point too of any other: it has to see what it is
    about.
    """
    if petition.denouncer_sealed:
        return can_see_contact(actor, petition)
    if not petition.identity_hidden:  # asked first: who is barred is a question to the database
        return True
    knows = can_see_contact(actor, petition)
    return knows or (not petition.identity_sealed and focal_point(actor, petition))


def can_see_files(actor: Actor, petition: Petition) -> bool:
    """What the sender enclosed: of a sealed denunciation, and of the whole that one was split off from, the
    petitioner and the petition officer alone.

    It is the signed letter itself, and no machine blacks out a name in a picture.
    """
    return not petition.letter_sealed or can_see_contact(actor, petition)


# How a right is called where several shades of it exist: the words of the workflow table.
lead_handler_afresh.__name__ = "lead_handler"
answer_drafter.__name__ = "lead_handler"
another_lead_approver.__name__ = "lead_approver"
answer_approver.__name__ = "lead_approver"
supervisor_for_want_of_intake.__name__ = "supervisor"
