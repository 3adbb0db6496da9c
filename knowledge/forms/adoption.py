"""What a district says about a practice of another one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge.deeds.adopt import AdoptionText
from knowledge.models import Adoption, Status
from portal import boxes
from portal.prose import MarkdownField


class AdoptionForm(forms.ModelForm[Adoption]):
    """ "We do this too", with all that may be said about it."""

    class Meta:
        model = Adoption
        fields = ["status", "since", "scale", "again", "note", "contact"]
        formfield_callback = boxes.of_column
        field_classes = {"note": MarkdownField}
        labels = {
            "status": _("Where are you with it?"),
            "since": _("Since when?"),
            "scale": _("At what scale?"),
            "again": _("Would you do it again?"),
            "note": _("Note"),
            "contact": _("Whom to ask"),
        }
        help_texts = {
            "since": _("The day, or near it."),
            "scale": _("Both middle schools, 900 devices"),
            "note": _("What worked, what did not. If you stopped: why. Other districts read this."),
            "contact": _("A role or an address: network admin, help desk"),
        }
        widgets = {
            "status": forms.RadioSelect,
            "again": forms.RadioSelect,
            "since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["again"].choices = [*(c for c in self.fields["again"].choices if c[0]), ("", _("Not said"))]  # type: ignore[attr-defined]

    def clean_since(self) -> Any:
        since = self.cleaned_data.get("since")
        if since is not None and since > timezone.localdate():
            raise ValidationError(_("This day is in the future. Choose “Considering” until then."))
        return since

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("status") == Status.STOPPED and not cleaned.get("note"):
            self.add_error("note", _("Say why you stopped: it helps others as much as a start."))
        return cleaned

    def text(self) -> AdoptionText:
        """What was typed, once the form is valid."""
        return AdoptionText(**{name: self.cleaned_data[name] for name in AdoptionText.__slots__})
