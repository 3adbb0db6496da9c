"""Forms of the people's screen: inviting one person, or a county's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.districts.deeds.invite_lines import MOST_LINES
from portal.districts.models.people import Role, User
from portal.districts.models.places import District, DistrictQuerySet, Place, RegionalOffice
from portal.districts.models.standing import standing_of
from portal.districts.rules import may_grant
from portal.ids import row_id
from portal.text import clean, one_line


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


class HostBuysForm(forms.Form):
    reason = forms.CharField(
        label=_("Why this host may buy here"),
        max_length=300,
        required=False,
        help_text=_("The district's members read it. Empty: this host buys in no agreement that the office leads."),
    )

    def clean_reason(self) -> str:
        return one_line(clean(self.cleaned_data["reason"]))


class PasteForm(forms.Form):
    """A county's addresses, pasted; or those lines of them, as `line`, for which somebody then chose a `district`."""

    lines = forms.CharField(
        label=_("Addresses"),
        help_text=_("One per line: address, or Name <address>. The mail domain tells the district."),
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off"}),
        max_length=60000,
    )

    def __init__(self, data: QueryDict | None = None, *, by: User) -> None:
        super().__init__(data)
        self.by = by
        self.choices = data if data is not None and "line" in data else None
        if self.choices is not None:
            del self.fields["lines"]

    def clean_lines(self) -> list[tuple[str, District | None]]:
        lines = [line for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(gettext("Paste at most %(most)s lines at once.") % {"most": MOST_LINES})
        return [(line, None) for line in lines]

    def clean(self) -> dict[str, Any]:
        if self.choices is not None:
            self.cleaned_data["lines"] = self._chosen(self.choices)
        return self.cleaned_data

    def _chosen(self, choices: QueryDict) -> list[tuple[str, District | None]]:
        """A district out of reach is none. One query."""
        ids = [row_id(text) for text in choices.getlist("district")]
        found = districts_in_reach(self.by).in_bulk([pk for pk in ids if pk is not None][:MOST_LINES])
        lines = zip(choices.getlist("line"), ids, strict=False)
        return [(line, found.get(pk) if pk is not None else None) for line, pk in lines][:MOST_LINES]
