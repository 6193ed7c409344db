"""Every action of officials has its form; in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Mapping

from feedback.forms.action import ActionForm
from feedback.forms.at_law import AnnounceForm, DeclareForm, DialogueForm
from feedback.forms.handing import (
    AcceptForHandlingForm,
    AcceptForm,
    AccuseForm,
    AssignForm,
    ClearAccusedForm,
    ContributeForm,
    CoordinateForm,
    LiftForm,
    ReturnForm,
    SplitForm,
    TransferForm,
)
from feedback.forms.pacing import (
    DemandReportForm,
    GrantExtensionForm,
    RemindForm,
    ReportForm,
    RequestExtensionForm,
    ResumeForm,
    SuspendForm,
)
from feedback.forms.publishing import OfferForm, PublishForm
from feedback.forms.receiving import (
    AskForm,
    CloseForm,
    ConfirmRefusalForm,
    EraseForm,
    InformForm,
    NoteForm,
    ProposeRefusalForm,
    ReceiveForm,
    RedirectForm,
    WithdrawForm,
)
from feedback.forms.replying import (
    ApproveForm,
    FulfilForm,
    ReopenForm,
    ReplyForm,
    SendBackForm,
    UnpublishForm,
)
from feedback.forms.sorting import ClearDoubtForm, MergeForm, ReclassifyForm, SealForm, UnmergeForm

# What waits for this very person comes before the next step of the straight way, that before all else.
FOR: Mapping[str, type[ActionForm]] = {
    form.action: form
    for form in (
        *(ConfirmRefusalForm, GrantExtensionForm, ContributeForm, FulfilForm, InformForm, ResumeForm),
        ReclassifyForm,
        *(
            ReceiveForm,
            DeclareForm,
            AcceptForHandlingForm,
            AssignForm,
            AcceptForm,
            ReturnForm,
            ReportForm,
            ReplyForm,
        ),
        *(DialogueForm, AnnounceForm),
        *(ApproveForm, SendBackForm, OfferForm, PublishForm, AskForm, CoordinateForm, TransferForm, LiftForm),
        *(AccuseForm, ClearAccusedForm),
        *(RequestExtensionForm, SuspendForm, RemindForm, DemandReportForm, SplitForm),
        *(
            MergeForm,
            UnmergeForm,
            ClearDoubtForm,
            SealForm,
            UnpublishForm,
            ProposeRefusalForm,
            RedirectForm,
            CloseForm,
        ),
        *(WithdrawForm, ReopenForm, EraseForm, NoteForm),
    )
}
