"""Forms of joining and of the people's screen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.districts.deeds.grant import Place
from portal.districts.deeds.invite_lines import MOST_LINES, domain_of
from portal.districts.models.people import Role, User
from portal.districts.models.places import District, DistrictQuerySet, RegionalOffice
from portal.districts.models.standing import standing_of
from portal.districts.rules import may_grant


class JoinForm(forms.Form):
    """Asking with an address in one of the district's mail domains; somebody signed in asks with their own."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your work address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    message = forms.CharField(
        label=_("A word to whoever answers"),
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
                    "%(email)s is not an address of this district. Ask with your work address, "
                    "or ask the host of your county to invite you."
                )
                % {"email": email}
            )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code from the mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


def districts_in_reach(user: Any) -> DistrictQuerySet:
    """Districts in which the person may grant roles."""
    standing = standing_of(user)
    listed = District.objects.in_directory().order_by("name")
    return listed if standing.is_officer else listed.filter(regional_office_id__in=standing.office_ids)


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("Email address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    district = forms.ModelChoiceField(
        label=_("District"), queryset=District.objects.none(), required=False, help_text=_("For members and buyers.")
    )
    regional_office = forms.ModelChoiceField(
        label=_("Regional office"), queryset=RegionalOffice.objects.none(), required=False, help_text=_("For hosts.")
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["district"].queryset = districts_in_reach(by)  # type: ignore[attr-defined]
        if standing_of(by).is_officer:
            self.fields["regional_office"].queryset = RegionalOffice.objects.all()  # type: ignore[attr-defined]
        else:
            del self.fields["regional_office"]
            self.fields["role"].choices = [(Role.MEMBER, Role.MEMBER.label), (Role.BUYER, Role.BUYER.label)]  # type: ignore[attr-defined]

    @property
    def place(self) -> Place:
        role = self.cleaned_data["role"]
        if role == Role.OFFICER:
            return None
        place: Place = self.cleaned_data.get("regional_office" if role == Role.HOST else "district")
        return place

    def clean(self) -> dict[str, Any]:
        role = self.cleaned_data.get("role")
        if role == Role.HOST and not self.cleaned_data.get("regional_office"):
            self.add_error("regional_office", gettext("Choose the office this person hosts."))
        elif role in {Role.MEMBER, Role.BUYER} and not self.cleaned_data.get("district"):
            self.add_error("district", gettext("Choose the district."))
        elif role and not may_grant(self.by, role, self.place):
            self.add_error("role", gettext("This role is not yours to give."))
        return self.cleaned_data


class PasteForm(forms.Form):
    """A county's addresses. `line` and `district` fields follow for lines that name no district yet."""

    lines = forms.CharField(
        label=_("Addresses"),
        help_text=_("One per line: address, or Name <address>. The mail domain tells the district."),
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off"}),
        max_length=60000,
    )

    def clean_lines(self) -> list[str]:
        lines: list[str] = [line for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(gettext("Paste at most %(most)s lines at once.") % {"most": MOST_LINES})
        return lines
