"""The petition and what belongs to it."""

from feedback.models.attachment import Attachment, DiscardedFile
from feedback.models.clock import Clock
from feedback.models.contact import Contact
from feedback.models.correction import Correction
from feedback.models.cube import CountedDay, DayCount, Forecast
from feedback.models.doubt_digest import DoubtDigest
from feedback.models.draft import ReplyDraft
from feedback.models.followup import FollowUp, Heartbeat
from feedback.models.involvement import Coordination, Exclusion, Pause
from feedback.models.look import Look, LookQuerySet
from feedback.models.notice import Notice
from feedback.models.objection import Objection, ObjectionQuerySet
from feedback.models.petition import Petition, PetitionQuerySet
from feedback.models.picture import PublicPicture
from feedback.models.prediction import Prediction
from feedback.models.public import PublicPetition
from feedback.models.reply import Reply
from feedback.models.step import Step, StepText
from feedback.models.training import Outcome, ReadingDay, Training
from feedback.models.watching import AnchoredDay, Escalation, RetentionRule
from feedback.models.withheld import Withheld

__all__ = [
    "AnchoredDay",
    "Attachment",
    "Clock",
    "Contact",
    "Coordination",
    "Correction",
    "CountedDay",
    "DayCount",
    "DiscardedFile",
    "DoubtDigest",
    "Escalation",
    "Exclusion",
    "FollowUp",
    "Forecast",
    "Heartbeat",
    "Look",
    "LookQuerySet",
    "Notice",
    "Objection",
    "ObjectionQuerySet",
    "Outcome",
    "Pause",
    "Petition",
    "PetitionQuerySet",
    "Prediction",
    "PublicPetition",
    "PublicPicture",
    "ReadingDay",
    "Reply",
    "ReplyDraft",
    "RetentionRule",
    "Step",
    "StepText",
    "Training",
    "Withheld",
]
