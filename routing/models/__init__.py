"""What the house knows of places, fields, agencies and time: rows with a source and days of force."""

from routing.models.agencies import OFFICE_HOURS, Agency, AgencyType
from routing.models.calendar import CalendarDay, CalendarYear
from routing.models.competence import CompetenceRule, OutsideBody
from routing.models.fields import Field, Subfield, SubfieldBorder, name_column
from routing.models.limits import DeadlinePolicy, PolicyStep
from routing.models.places import Commune, LegacyMapping, LegacyUnit, Province
from routing.models.reference import Reference, ReferenceQuerySet, ReferenceState
from routing.models.succession import AgencyName, AgencySuccessor, CommuneSuccessor

__all__ = [
    "OFFICE_HOURS",
    "Agency",
    "AgencyName",
    "AgencySuccessor",
    "AgencyType",
    "CalendarDay",
    "CalendarYear",
    "Commune",
    "CommuneSuccessor",
    "CompetenceRule",
    "DeadlinePolicy",
    "Field",
    "LegacyMapping",
    "LegacyUnit",
    "OutsideBody",
    "PolicyStep",
    "Province",
    "Reference",
    "ReferenceQuerySet",
    "ReferenceState",
    "Subfield",
    "SubfieldBorder",
    "name_column",
]
