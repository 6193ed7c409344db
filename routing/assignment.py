"""Who must answer: the field's row at the place of the event, then the rules, then conflicts of interest.

It always answers; the last rung is the province's focal point. It proposes, an official confirms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.conf import settings

from routing.kept import Kept
from routing.models import Agency, Commune, CompetenceRule, Province, Subfield
from routing.names import in_sentence
from routing.places import Place

FOCAL_POINT = "feedback-focal-point"
# In a rule's `lead`: the body that is complained of.
ACCUSED_AGENCY = "accused-agency"
KINDS = ("report", "proposal", "complaint", "denunciation", "question", "praise", "spam")
ROLES = ("head", "deputy", "staff", "unit")
PROPOSAL_SOURCE = "bảng phân công mẫu"
MOST_STANDING = 50_000  # agencies kept in memory at most, a few kilobytes each
LEGAL_WORDS = {
    "yes": "",
    "partial": " (một phần theo luật)",
    "no": " (đề xuất, chưa phải văn bản của địa phương)",
}


class FactError(ValueError):
    """A fact, kind, subfield, agency or place that makes no sense; the message says which, in Vietnamese."""


@dataclass(frozen=True)
class Against:
    """Who is complained of. `role`: head | deputy | staff | unit (the body as a whole)."""

    agency_type: str
    unit_code: str = ""
    role: str = "unit"


@dataclass(frozen=True)
class Facts:
    """What else is known. "" and 0 mean unknown; the closed lists stand in CHOICES."""

    road_class: str = ""
    delegated_to_province: bool = False
    formal_petition: bool = False
    online: bool = False
    disciplinary: bool = False
    court_accepted: bool = False
    party_matter: bool = False
    crime_signs: bool = False
    first_decided: bool = False
    first_expired: bool = False
    cross_province: bool = False
    suspected: str = ""
    instance: int = 0
    school_level: str = ""
    facility_level: str = ""
    dossier_level: str = ""
    issuer_level: str = ""
    source_commune_code: str = ""
    source_province_code: str = ""
    previous_handler: tuple[str, ...] = ()
    already_answered_by: tuple[str, ...] = ()
    system: str = ""
    text_place: str = ""
    old_ward_code: str = ""
    old_district_code: str = ""
    old_province_code: str = ""
    picked_commune_code: str = ""
    home_commune_code: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> tuple[Facts, list[str]]:
        """Facts of a mapping, and the keys that are none. Raises FactError for a value that cannot be."""
        known = {f.name: f.default for f in fields(cls)}
        held = {key: _fact(key, value, known[key]) for key, value in given.items() if key in known}
        return cls(**held), sorted(key for key in given if key not in known)


LEVELS = ("commune", "province", "central")
CHOICES: dict[str, tuple[str, ...]] = {
    "road_class": ("commune", "provincial", "urban", "national", "expressway", "bot"),
    "suspected": ("complaint", "denunciation"),
    "school_level": ("kindergarten", "primary", "lower_secondary", "upper_secondary"),
    "facility_level": LEVELS,
    "dossier_level": LEVELS,
    "issuer_level": LEVELS,
}


def _fact(key: str, value: Any, default: Any) -> Any:
    if value is None:
        return default
    if isinstance(default, tuple):
        value = tuple(value) if isinstance(value, list | tuple) else (value,)
        if not all(isinstance(part, str) for part in value):
            raise FactError(f"Dữ kiện {key} phải là mã loại cơ quan hoặc danh sách mã.")
        return value
    if not isinstance(value, type(default)) or (isinstance(value, bool) and not isinstance(default, bool)):
        raise FactError(f"Dữ kiện {key} không thể là {value!r}.")
    if value and key in CHOICES and value not in CHOICES[key]:
        raise FactError(f"Dữ kiện {key} phải là một trong {', '.join(CHOICES[key])}, không phải {value!r}.")
    if key == "instance" and value not in (0, 1, 2):
        raise FactError(f"Dữ kiện instance phải là 1 hoặc 2, không phải {value!r}.")
    return value


@dataclass(frozen=True)
class Assignment:
    """`outcome` agency | focal_point | ask_territory | redirect_out; `intake` lead | focal_point.

    `excluded`: codes of bodies that may neither lead, coordinate nor read. `legal` yes | partial | no.
    `reason`: one Vietnamese sentence with its source. `address`: where a redirected citizen goes.
    """

    outcome: str
    lead: Agency | None = None
    coordinators: tuple[Agency, ...] = ()
    accountable: Agency | None = None
    executing: Agency | None = None
    excluded: tuple[str, ...] = ()
    intake: str = "lead"
    address: Mapping[str, str] | None = None
    deadline_policy: str = ""
    rule: str = ""
    source: str = ""
    legal: str = "no"
    reason: str = ""


@dataclass(frozen=True)
class CandidateAssignment:
    """One of the three readings of a text, and who would answer under it."""

    subfield: str
    p: float
    assignment: Assignment


# --- what the tables say -------------------------------------------------------------------------


@dataclass(frozen=True)
class Tables:
    subfields: Mapping[str, Subfield]
    rules: Sequence[CompetenceRule]
    provinces: Mapping[str, str]
    communes: Mapping[str, tuple[str, str]]  # code -> province, name
    # Who stands where, as far as it was asked: there are too many to read them all.
    standing: dict[tuple[str, str, str], Sequence[Agency]] = field(default_factory=dict)

    def asked(
        self, slug: str, province: str, commune: str, find: Callable[[], Sequence[Agency]]
    ) -> Sequence[Agency]:
        """The agencies of all times, found once for each place; none is an answer too."""
        key = (slug, province, commune)
        if key in self.standing:
            return self.standing[key]
        if len(self.standing) >= MOST_STANDING:
            return find()
        return self.standing.setdefault(key, find())


def _load() -> Tables:
    return Tables(
        subfields={row.slug: row for row in Subfield.objects.all()},
        rules=list(CompetenceRule.objects.all()),
        provinces=dict(Province.objects.values_list("code", "name")),
        communes={
            code: (province, name)
            for code, province, name in Commune.objects.values_list("code", "province_id", "name")
        },
    )


tables = Kept(_load)


@dataclass
class Case:
    """One question of competence while it is answered."""

    kind: str
    subfield: Subfield | None
    place: Place
    facts: Facts
    on: dt.date
    accused: Agency | None = None
    role: str = ""
    excluded: set[str] = field(default_factory=set)
    tables: Tables = field(default_factory=lambda: tables())

    def agency(self, slug: str) -> Agency | None:
        """The agency of that type at the place of the event; None when there is none or the place is open."""
        if not slug:
            return None
        place = self.place
        standing = self.tables.asked(slug, place.province, place.commune, lambda: _standing(slug, place))
        return next((agency for agency in standing if _stands(agency, self.on)), None)

    @property
    def focal_point(self) -> Agency | None:
        province = self.place.province or settings.HOME_PROVINCE
        standing = self.tables.asked(FOCAL_POINT, province, "", lambda: _focal_point(province))
        return next(iter(standing), None)


def _standing(slug: str, place: Place) -> Sequence[Agency]:
    codes = [slug, f"{slug}:{place.province}", f"{slug}:{place.commune}"]
    return tuple(Agency.objects.filter(code__in=codes, type_id=slug).select_related("type").order_by("pk"))


def _focal_point(province: str) -> Sequence[Agency]:
    return tuple(Agency.objects.filter(code=f"{FOCAL_POINT}:{province}"))


def _stands(agency: Agency, on: dt.date) -> bool:
    return agency.valid_from <= on and (agency.valid_to is None or agency.valid_to >= on)


# --- the answer ----------------------------------------------------------------------------------


def assign(
    kind: str,
    subfield: str,
    place: Place,
    *,
    facts: Facts = Facts(),
    against: Against | None = None,
    on: dt.date,
) -> Assignment:
    """Who leads, who helps, who may not see it, and why.

    `kind`: one of KINDS; `subfield`: its slug, "" when unsure (the focal point decides). The machine's own
    suspicion of a complaint or denunciation is `facts.suspected`.
    Raises FactError for a kind, subfield, place or accused agency that does not exist.
    """
    case = _case(kind, subfield, place, facts, against, on)
    return (
        _suspected(case)
        or _redirected_by_rule(case)
        or _complaint(case)
        or _denunciation(case)
        or _feedback(case)
    )


def candidates(
    reading: Iterable[tuple[str, float]], place: Place, *, kind: str = "report", on: dt.date
) -> list[CandidateAssignment]:
    """For each (subfield, p) of a reading who would answer: what the focal point chooses from."""
    known = tables().subfields
    return [
        CandidateAssignment(subfield, p, assign(kind, subfield, place, on=on))
        for subfield, p in reading
        if subfield in known
    ]


def _case(kind: str, subfield: str, place: Place, facts: Facts, against: Against | None, on: dt.date) -> Case:
    held = tables()
    if kind not in KINDS:
        raise FactError(f"Không có loại {kind!r}; dùng một trong {', '.join(KINDS)}.")
    if subfield and subfield not in held.subfields:
        raise FactError(f"Không có tiểu lĩnh vực {subfield!r}.")
    case = Case(kind, held.subfields.get(subfield), _event_place(place, facts, held), facts, on, tables=held)
    if against is not None:
        case.accused, case.role = _accused(against), against.role
        case.excluded = _excluded(case.accused, case.role)
    return case


def _event_place(place: Place, facts: Facts, held: Tables) -> Place:
    """The place of the source decides where smoke or a river crosses a border."""
    commune = facts.source_commune_code or ("" if facts.source_province_code else place.commune)
    province = facts.source_province_code or ("" if commune else place.province)
    if commune:
        if commune not in held.communes:
            raise FactError(f"Không có xã, phường, đặc khu mã {commune!r}.")
        return Place(commune, held.communes[commune][0])
    if province and province not in held.provinces:
        raise FactError(f"Không có tỉnh, thành phố mã {province!r}.")
    return Place("", province)


def _accused(against: Against) -> Agency:
    if against.role not in ROLES:
        raise FactError(f"Vai trò {against.role!r} phải là một trong {', '.join(ROLES)}.")
    code = f"{against.agency_type}:{against.unit_code}" if against.unit_code else against.agency_type
    row: Agency | None = Agency.objects.filter(code=code).first()
    if row is None:
        raise FactError(f"Không có cơ quan {code!r}.")
    return row


def excluded_by(against: Against) -> set[str]:
    """Codes of the agencies that may neither lead, coordinate nor read, by who is complained about.

    Raises FactError when there is no such agency.
    """
    return _excluded(_accused(against), against.role)


def _excluded(accused: Agency, role: str) -> set[str]:
    """Who may not touch it: for one official nobody but, in a denunciation, the unit; else the whole unit."""
    if role == "staff":
        return set()
    body = _body(accused)
    below = {_head_code(body)}
    if body.superior is not None:
        # Its own offices go with it; what stands under a province's committee goes on working.
        below |= set(Agency.objects.filter(superior=body, level=body.level).values_list("code", flat=True))
    known = Agency.objects.filter(code__in=below).values_list("code", flat=True)
    return {accused.code, body.code, *known}


def _body(agency: Agency) -> Agency:
    """The body of an office, or the body itself."""
    if agency.type.kind == "office" and agency.superior is not None:
        return agency.superior
    return agency


def _head_code(body: Agency) -> str:
    """The code of the office of that body's head, by rule; there need not be such a row."""
    if body.type_id in ("commune-people-committee", "provincial-people-committee"):
        return f"{body.type_id}-chair:{body.unit_code}"
    return f"{'minister' if body.level == 'central' else 'department-head'}:{body.code}"


def _head(body: Agency) -> Agency:
    """Who decides for a body: its head's office, the commune's chair for a commune's offices, or itself."""
    if body.level == "commune" and body.superior is not None and body.superior.level == "commune":
        body = body.superior
    row: Agency | None = Agency.objects.filter(code=_head_code(body)).first()
    return row or body


# --- outside, and suspicion ----------------------------------------------------------------------


def _rule(case: Case) -> CompetenceRule | None:
    return next((rule for rule in case.tables.rules if _in_force(rule, case.on) and _holds(rule, case)), None)


def _in_force(rule: CompetenceRule, on: dt.date) -> bool:
    return rule.valid_from <= on and (rule.valid_to is None or on <= rule.valid_to)


def _holds(rule: CompetenceRule, case: Case) -> bool:
    own = {
        "kinds": case.kind,
        "subfields": case.subfield.slug if case.subfield else "",
        "fields": case.subfield.field_id if case.subfield else "",
        "accused_role": case.role,
    }
    for key, wanted in rule.conditions.items():
        value = own[key] if key in own else getattr(case.facts, key)
        if value not in (wanted if isinstance(wanted, list) else [wanted]):
            return False
    return True


def _redirected_by_rule(case: Case) -> Assignment | None:
    rule = _rule(case)
    if rule is None or rule.outcome != "redirect_out":
        return None
    province = in_sentence(case.tables.provinces.get(case.place.province, "")) or "cấp tỉnh"
    address = {key: str(value).format(province=province) for key, value in rule.address.items()}
    body = case.agency(address.pop("agency", ""))
    address |= {"phone": body.phone, "address": body.address, "code": body.code} if body else {}
    return _out(case, rule.slug, rule.source, rule.legal, rule.reason, address)


def _out(case: Case, rule: str, source: str, legal: str, why: str, address: Mapping[str, str]) -> Assignment:
    return Assignment(
        "redirect_out",
        excluded=tuple(sorted(case.excluded)),
        intake="focal_point",
        address=address,
        deadline_policy="redirect",
        rule=rule,
        source=source,
        legal=legal,
        reason=f"Hướng dẫn người gửi đến {address['body']} vì {why}, theo {source}.",
    )


def _suspected(case: Case) -> Assignment | None:
    """What may be a complaint or denunciation waits for a person, whoever it is against."""
    suspicion = case.facts.suspected
    integrity = case.subfield is not None and case.subfield.field_id == "integrity-petitions"
    if not suspicion and integrity and case.kind not in ("complaint", "denunciation"):
        suspicion = (
            "complaint" if "complaint" in str(case.subfield and case.subfield.slug) else "denunciation"
        )
    if not suspicion and case.kind == "denunciation" and case.facts.online and not case.facts.formal_petition:
        # Luật Tố cáo 2018, Điều 22, 23: by petition or in person; an online text is none yet.
        suspicion = "denunciation"
    if not suspicion:
        return None
    name = {"complaint": "khiếu nại", "denunciation": "tố cáo"}[suspicion]
    if case.accused is not None:
        case.excluded |= {case.accused.code}
    return _to_focal_point(
        case,
        rule=f"suspected-{suspicion}",
        why=f"nội dung có dấu hiệu {name}, phải có người xem trước",
        source="Nghị định 20/2008/NĐ-CP, Điều 1; Nghị định 154/2026/NĐ-CP, Điều 14",
        legal="partial",
        policy="complaint-first" if suspicion == "complaint" else "denunciation",
    )


def _to_focal_point(
    case: Case,
    *,
    rule: str,
    why: str,
    source: str = PROPOSAL_SOURCE,
    legal: str = "no",
    policy: str = "",
    outcome: str = "focal_point",
) -> Assignment:
    lead = case.focal_point
    if lead is not None and lead.code in case.excluded:
        lead = lead.superior
    name = lead.name if lead else "Đầu mối tiếp nhận"
    return Assignment(
        outcome,
        lead=lead,
        excluded=tuple(sorted(case.excluded)),
        intake="focal_point",
        deadline_policy=policy or _policy(case),
        rule=rule,
        source=source,
        legal=legal,
        reason=f"{name} xem xét vì {why}, theo {source}{LEGAL_WORDS[legal]}.",
    )


def _policy(case: Case) -> str:
    """The limit by kind, else the field's own."""
    by_kind = {
        "complaint": "complaint-first",
        "denunciation": "denunciation",
        "praise": "qa-10wd",
        "spam": "redirect",
    }
    if case.kind in by_kind:
        return by_kind[case.kind]
    return case.subfield.policy_id if case.subfield else "field-5d"


# --- complaints and denunciations ----------------------------------------------------------------


def _complaint(case: Case) -> Assignment | None:
    """Luật Khiếu nại 2011, Điều 17 đến 23: first whoever decided, then the superior's head."""
    if case.kind != "complaint":
        return None
    decider = case.accused or _base_lead(case)
    if decider is None or decider.level == "enterprise":
        # A company makes no administrative decision (Luật Khiếu nại 2011, Điều 3).
        return _unknown_accused(case, "chưa rõ quyết định bị khiếu nại là của cơ quan hành chính nào")
    first = _head(_body(decider))
    # A first complaint stays with whoever decided; nobody is shut out of reading his own decision.
    case.excluded = set()
    second = case.facts.instance == 2 or (
        case.facts.instance == 0 and (case.facts.first_decided or case.facts.first_expired)
    )
    if not second:
        return _petition(case, first, "complaint-first-instance", "Luật Khiếu nại 2011, Điều 17 đến 23",
                         "giải quyết khiếu nại lần đầu đối với quyết định, hành vi của mình")  # fmt: skip
    above = _superior_head(first) or _minister(case)
    if above is None:
        return _beyond_the_province(case, first)
    case.excluded = {first.code, _body(first).code}
    return _petition(case, above, "complaint-second-instance", "Luật Khiếu nại 2011, Điều 18 đến 23",
                     f"giải quyết khiếu nại lần hai sau {first.name}")  # fmt: skip


def _denunciation(case: Case) -> Assignment | None:
    """Luật Tố cáo 2018, Điều 12, 13: the head of the body; of head or deputy the superior's head."""
    if case.kind != "denunciation":
        return None
    rule = _rule(case)
    if rule is not None and rule.slug == "crime-signs":
        lead = case.agency(rule.lead)
        if lead is not None and lead.code not in case.excluded:
            return _petition(case, lead, rule.slug, rule.source, rule.reason, policy="denunciation")
    if case.accused is None:
        return _denunciation_without_name(case)
    body = _body(case.accused)
    if case.role == "staff":
        head = _head(body)
        # The clerk's own unit does not see it; the head decides under sealed access.
        case.excluded = {body.code} - {head.code}
        return _petition(case, head, "denunciation-of-staff", "Luật Tố cáo 2018, Điều 12, 13",
                         f"giải quyết tố cáo đối với cán bộ thuộc {body.name}")  # fmt: skip
    above = _superior_head(body)
    if above is None:
        return _beyond_the_province(case, body)
    return _petition(
        case,
        above,
        "denunciation-of-head",
        "Luật Tố cáo 2018, Điều 12, 13",
        f"giải quyết tố cáo đối với {body.name} với tư cách cấp trên trực tiếp",
    )


def _denunciation_without_name(case: Case) -> Assignment:
    """By the field's row where it names one body; else a person finds out who is denounced."""
    lead = _base_lead(case)
    if lead is None or case.subfield is None or case.subfield.field_id != "integrity-petitions":
        return _unknown_accused(case, "chưa rõ người, cơ quan bị tố cáo")
    return _petition(case, lead, "taxonomy", case.subfield.source, "được giao tham mưu xử lý loại tố cáo này")


def _superior_head(agency: Agency) -> Agency | None:
    """The head of the direct superior; None above the province and the ministries."""
    above = _body(agency).superior
    return None if above is None else _head(above)


def _minister(case: Case) -> Agency | None:
    """The minister of the field, second after a province's chair (Luật Khiếu nại 2011, Điều 23)."""
    ministry = case.subfield.agencies.get("central", "") if case.subfield else ""
    row: Agency | None = Agency.objects.filter(code=f"minister:{ministry}").first()
    return row


def _unknown_accused(case: Case, why: str) -> Assignment:
    return _to_focal_point(
        case, rule="accused-unknown", why=why, source="Luật Tiếp công dân 2013, Điều 26", legal="partial"
    )


def _beyond_the_province(case: Case, body: Agency) -> Assignment:
    """Province chairs, ministers and bodies without a superior here: not kept inside this house."""
    governed = body.level == "central" or _body(body).type_id == "provincial-people-committee"
    to = "Thủ tướng Chính phủ, Thanh tra Chính phủ" if governed else f"cấp trên trực tiếp của {body.name}"
    return _out(
        case,
        "beyond-the-province",
        "Luật Tố cáo 2018, Điều 12, 13; Luật Khiếu nại 2011, Điều 23",
        "yes" if governed else "partial",
        f"cấp trên trực tiếp của {body.name} không nằm trong hệ thống này",
        {"body": to},
    )


def _petition(case: Case, lead: Agency, rule: str, source: str, why: str, *, policy: str = "") -> Assignment:
    """A complaint or denunciation: decided by `lead`, received by the focal point's petition officer."""
    return Assignment(
        "agency",
        lead=lead,
        coordinators=tuple(_coordinators(case, lead)),
        excluded=tuple(sorted(case.excluded)),
        intake="focal_point",
        deadline_policy=policy or _policy(case),
        rule=rule,
        source=source,
        legal="yes" if source.startswith("Luật") else "no",
        reason=f"{lead.name} {why}, theo {source}; đơn qua cán bộ xử lý đơn của đầu mối.",
    )


# --- reports, proposals, questions, praise -------------------------------------------------------


@dataclass(frozen=True)
class _Base:
    """Who leads by rule or by the field's row, before anyone is accused."""

    lead: Agency
    rule: str
    source: str
    legal: str
    why: str
    accountable: Agency | None = None
    executing: Agency | None = None


def _base_lead(case: Case) -> Agency | None:
    base = _base(case)
    return base.lead if base else None


def _base(case: Case) -> _Base | None:
    """By the first rule that holds, else by the field's row; None where the place or the agency is open."""
    rule = _rule(case)
    return _by_rule(case, rule) if rule else _by_taxonomy(case)


def _by_rule(case: Case, rule: CompetenceRule) -> _Base | None:
    if rule.lead == ACCUSED_AGENCY:
        lead = _body(case.accused) if case.accused else None
    else:
        lead = case.agency(rule.lead)
    if lead is None:
        return None
    accountable, executing = case.agency(rule.accountable), case.agency(rule.executing)
    owner, worker = _owner_and_worker(case, lead)
    return _Base(
        lead, rule.slug, rule.source, rule.legal, rule.reason, accountable or owner, executing or worker
    )


def _by_taxonomy(case: Case) -> _Base | None:
    row = case.subfield
    if row is None:
        return None
    lead = case.agency(row.agencies[row.lead_level])
    if lead is None:
        return None
    accountable, executing = _owner_and_worker(case, lead)
    why = f"phụ trách “{row.name_vi}”"
    return _Base(lead, "taxonomy", PROPOSAL_SOURCE, "no", why, accountable, executing)


def _owner_and_worker(case: Case, lead: Agency) -> tuple[Agency | None, Agency | None]:
    """Where a company does the work: who owns the matter, and the company."""
    slug = case.subfield.agencies.get("enterprise", "") if case.subfield else ""
    company = case.agency(slug)
    if company is None:
        return None, None
    if lead.code != company.code:
        return lead, company
    owner = case.agency(case.subfield.agencies.get("province", "")) if case.subfield else None
    return owner or company.superior, company


def _feedback(case: Case) -> Assignment:
    if case.kind == "spam":
        return _to_focal_point(case, rule="spam", why="nội dung có vẻ là tin rác", policy="redirect")
    if case.kind == "praise":
        case.excluded = set()
        return _to_focal_point(case, rule="praise", why="lời khen do đầu mối chuyển đến đơn vị được khen")
    accused = _body(case.accused) if case.accused and case.role != "staff" else None
    if accused is not None and accused.superior is None:
        return _beyond_the_province(case, accused)
    base = _base(case)
    if base is None:
        return _nobody_by_rule(case)
    if base.lead.type_id == FOCAL_POINT and not case.excluded:
        return _to_focal_point(case, rule=base.rule, why="loại việc này do đầu mối tự xử lý")
    return _without_conflict(case, base)


def _nobody_by_rule(case: Case) -> Assignment:
    """No field, no place, or a placeholder: the focal point decides, or the citizen is asked where."""
    if case.subfield is None:
        return _to_focal_point(case, rule="focal-point", why="chưa đủ chắc nội dung thuộc lĩnh vực nào")
    if _needs_territory(case):
        return _to_focal_point(
            case, rule="ask-territory", why="chưa rõ việc xảy ra ở đâu", outcome="ask_territory"
        )
    return _to_focal_point(case, rule="focal-point", why="chưa xác định được cơ quan phụ trách")


def _needs_territory(case: Case) -> bool:
    """Whether knowing the commune, or the province, would name the lead."""
    if not case.place.province:
        return True
    if case.place.commune or case.subfield is None:
        return False
    rule = _rule(case)
    slug = rule.lead if rule and rule.lead else case.subfield.agencies[case.subfield.lead_level]
    return Agency.objects.filter(type_id=slug, commune__isnull=False).exists()


def _without_conflict(case: Case, base: _Base) -> Assignment:
    """If the lead is the body complained about, its head, or who handled it before: one level up."""
    shut = set(case.excluded)
    repeated = {*case.facts.previous_handler, *case.facts.already_answered_by}
    lead, why = base.lead, ""
    while lead.code in shut or lead.type_id in repeated:
        shut.add(lead.code)
        why = _why_raised(case, lead)
        above = _body(lead).superior
        if above is None:
            return _beyond_the_province(replace(case, excluded=shut), lead)
        lead = above
    if why:
        return _raised(replace(case, excluded=shut), base, lead, why)
    return _led(replace(case, excluded=shut), base)


def _why_raised(case: Case, lead: Agency) -> str:
    if case.accused is not None and lead.code in case.excluded:
        return f"{_body(case.accused).name} là bên bị phản ánh"
    return f"{lead.name} đã xử lý trước đó"


def _raised(case: Case, base: _Base, lead: Agency, why: str) -> Assignment:
    department = case.agency(case.subfield.agencies.get("province", "")) if case.subfield else None
    helpers = [*_coordinators(case, lead)]
    if department and department.code not in {lead.code, *case.excluded, *(h.code for h in helpers)}:
        helpers.append(department)
    return replace(
        _led(case, replace(base, lead=lead, rule="conflict-of-interest", accountable=None, executing=None)),
        coordinators=tuple(helpers),
        reason=f"{lead.name} chủ trì vì {why}: chuyển lên cấp trên trực tiếp, theo nguyên tắc không tự xử lý"
        " phản ánh về mình.",
    )


def _led(case: Case, base: _Base) -> Assignment:
    where = _where(case)
    if base.rule == "taxonomy":
        reason = f"{base.lead.name} {base.why}{where} theo {base.source}{LEGAL_WORDS['no']}."
    else:
        reason = (
            f"{base.lead.name} phụ trách{where} vì {base.why}, theo {base.source}{LEGAL_WORDS[base.legal]}."
        )
    return Assignment(
        "focal_point" if base.lead.type_id == FOCAL_POINT else "agency",
        lead=base.lead,
        coordinators=tuple(_coordinators(case, base.lead)),
        accountable=base.accountable,
        executing=base.executing,
        excluded=tuple(sorted(case.excluded)),
        intake="lead",
        deadline_policy=_policy(case),
        rule=base.rule,
        source=base.source,
        legal=base.legal,
        reason=reason,
    )


def _where(case: Case) -> str:
    if case.place.commune:
        _province, name = case.tables.communes.get(case.place.commune, ("", ""))
        return f" tại {in_sentence(name)}"
    return f" tại {in_sentence(case.tables.provinces[case.place.province])}" if case.place.province else ""


def _coordinators(case: Case, lead: Agency) -> Iterator[Agency]:
    """The field's coordinators at the place, real agencies only, without the lead and the excluded."""
    slugs = list(case.subfield.coordinate_with) if case.subfield else []
    if case.facts.cross_province and case.subfield and "central" in case.subfield.agencies:
        slugs.append(case.subfield.agencies["central"])
    told = {lead.code, *case.excluded}
    for slug in slugs:
        agency = _filled(case, slug, lead)
        if agency is not None and agency.code not in told:
            told.add(agency.code)
            yield agency


def _filled(case: Case, slug: str, lead: Agency) -> Agency | None:
    """The real agency in the place of a placeholder; None where nobody can say."""
    if slug == "superior-of-agency":
        return _body(case.accused or lead).superior
    if slug == "handling-agency":
        return next((a for a in map(case.agency, case.facts.previous_handler) if a), None)
    if slug == "issuing-agency":
        own = {"commune": "commune-people-committee", "province": "provincial-people-committee"}
        return case.agency(own.get(case.facts.issuer_level, ""))
    return case.agency(slug)
