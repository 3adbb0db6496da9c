"""What two people may have open at once: a change made over what is no longer there is refused, and both are shown."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class StaleError(Exception):
    """Somebody changed it since the form was opened. `stored` is how it stands now."""

    def __init__(self, stored: Any) -> None:
        super().__init__(str(stored))
        self.stored = stored


class Edited(models.Model):
    EDITED: ClassVar[tuple[str, ...]]
    """The fields that its form shows."""

    class Meta:
        abstract = True

    def seen(self) -> str:
        """What the form shows of it, as a digest."""
        shown = forms.model_to_dict(self, fields=self.EDITED)
        return hashlib.sha256(repr(shown).encode()).hexdigest()

    def refuse_stale(self, over: str | None) -> None:
        """`StaleError` unless this, locked, is still what was `seen`; None is whoever saw no form."""
        if over is not None and self.seen() != over:
            raise StaleError(self)


def send_again(form: forms.Form, name: str, value: str) -> None:
    """Show the form as typed, but for this hidden field: sent once more, it is over what stands there now."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data[form.add_prefix(name)] = value
    form.data = data


class SeenForm(forms.Form):
    """Of something that is there. `seen` holds what stood there when the form was opened."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    @classmethod
    def values_of(cls, shown: Edited) -> dict[str, Any]:
        return {name: getattr(shown, name) for name in shown.EDITED} | {"seen": shown.seen()}

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def show_stored(self, stored: Edited) -> None:
        """Say what stands there now; what was typed stays, and saved once more it replaces that."""
        send_again(self, "seen", stored.seen())
        self.add_error(None, _("Somebody changed this since you opened it. Put together what should stay."))
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
