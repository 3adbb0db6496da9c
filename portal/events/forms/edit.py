"""A form of something that is there, which somebody else may change while it is open."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.events.models.fingerprint import Fingerprinted
from portal.refusals import Stale


def send_again(form: forms.Form, name: str, value: str) -> None:
    """Show the form as typed, but for this hidden field: sent once more, it is over what stands there now."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data[form.add_prefix(name)] = value
    form.data = data


class EditForm(forms.Form):
    """Of something that is there. `seen` holds its fingerprint of when the form was opened."""

    seen = boxes.CharField(max_length=64, widget=forms.HiddenInput)

    @classmethod
    def values_of(cls, shown: Fingerprinted) -> dict[str, Any]:
        return {name: getattr(shown, name) for name in shown.FORM_FIELDS} | {"seen": shown.fingerprint()}

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def show_stale(self, refusal: Stale) -> None:
        """Say what stands there now; what was typed stays, and saved once more it replaces that."""
        stored: Fingerprinted = refusal.stored
        send_again(self, "seen", stored.fingerprint())
        self.add_error(None, str(refusal))
        for name, typed in self.changes().items():
            now = getattr(stored, name)
            if now != typed:
                self.add_error(name, _now_says(self.fields[name], now))


def _now_says(field: forms.Field, now: Any) -> Any:
    if isinstance(now, bool):
        return _("It is now ticked.") if now else _("It is now not ticked.")
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        key = str(field.prepare_value(now) or "")
        now = next((label for value, label in choices if str(value) == key), now)
    return _("It now says: %(now)s") % {"now": now} if now not in ("", None) else _("It is now empty.")
