"""Forms of asking to join a district."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.districts.models.people import User


class JoinForm(forms.Form):
    """Asking with any address; somebody signed in asks with their own. Whoever answers is told whether it fits."""

    name = boxes.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = boxes.EmailField(
        label=_("Your work email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    message = boxes.CharField(
        label=_("A note to the person who answers"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, domains: list[str], person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if domains:
            known = ", ".join(f"…@{domain}" for domain in domains)
            self.fields["email"].help_text = gettext("Best one that ends in %(known)s.") % {"known": known}
        if person is not None:
            del self.fields["name"], self.fields["email"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        if self.person is not None:
            self.cleaned_data |= {"email": self.person.email, "name": self.person.name}
        return self.cleaned_data


class CodeForm(forms.Form):
    code = boxes.CharField(
        label=_("The code from the email"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
