"""Why an officer hides what somebody wrote."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import boxes


class ReasonForm(forms.Form):
    reason = boxes.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever wrote it reads this in an email."),
        error_messages={"required": _("Say why you hide this. Whoever wrote it reads your reason.")},
    )


class NoteReasonForm(ReasonForm):
    whole = boxes.BooleanField(
        label=_("Take the district out of the table, too"),
        required=False,
        help_text=_("Otherwise its status stays, and only the note goes."),
    )
