"""Forms of asking to join a district."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.districts.models.people import User
from portal.districts.models.places import domain_of


class JoinForm(forms.Form):
    """Asking with an address in one of the district's mail domains; somebody signed in asks with their own."""

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
        self.domains, self.person = domains, person
        self.fields["email"].help_text = ", ".join(f"…@{domain}" for domain in domains)
        if person is not None:
            del self.fields["name"], self.fields["email"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        self._belongs(email)
        return email

    def clean(self) -> dict[str, Any]:
        if self.person is not None:
            self._belongs(self.person.email)
            self.cleaned_data |= {"email": self.person.email, "name": self.person.name}
        return self.cleaned_data

    def _belongs(self, email: str) -> None:
        if domain_of(email) not in self.domains:
            raise ValidationError(
                gettext(
                    "%(email)s is not an address of this district. Ask with your work email address, "
                    "or ask the host of your county to invite you."
                )
                % {"email": email}
            )


class CodeForm(forms.Form):
    code = boxes.CharField(
        label=_("The code from the email"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
