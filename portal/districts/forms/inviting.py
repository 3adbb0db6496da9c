"""Forms of the people's screen: inviting one person, or a county's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.districts.deeds.invite_lines import MOST_LINES, Line
from portal.districts.forms.addresses import pasted_addresses
from portal.districts.models.people import Role, User
from portal.districts.models.places import District, DistrictQuerySet, Place, RegionalOffice, find_words
from portal.districts.models.standing import standing_of
from portal.districts.rules import may_grant
from portal.ids import row_id
from portal.text import clean


def districts_in_reach(user: Any) -> DistrictQuerySet:
    """Districts in which the person may grant roles."""
    standing = standing_of(user)
    listed = District.objects.in_directory().order_by("name")
    return listed if standing.is_officer else listed.filter(regional_office_id__in=standing.office_ids)


class InviteForm(forms.Form):
    email = boxes.EmailField(label=_("Email address"), max_length=254)
    name = boxes.CharField(label=_("Name"), max_length=150, required=False)
    role = boxes.ChoiceField(label=_("Role"), choices=Role.choices)
    district = boxes.ModelChoiceField(
        label=_("District"), queryset=District.objects.none(), required=False, help_text=_("For members and buyers.")
    )
    regional_office = boxes.ModelChoiceField(
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
    reason = boxes.CharField(
        label=_("Why this host may buy here"),
        max_length=300,
        required=False,
        help_text=_("The district's members read it. Empty: this host buys in no agreement that the office leads."),
    )


class PasteForm(forms.Form):
    """A county's addresses, pasted; or those that were shown as understood, one after another, to be invited.

    The second kind has `address` and `name` for each, and under its number the id of a district as `place-0`, or what
    somebody typed for one as `district-0`.
    """

    lines = boxes.CharField(
        label=_("Addresses"),
        help_text=_(
            "As they come: a list, the “To” line of a mail, cells of a spreadsheet. You see what was understood first."
        ),
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off"}),
        max_length=60000,
        error_messages={"required": _("Paste the addresses.")},
    )

    def __init__(self, data: QueryDict | None = None, *, by: User) -> None:
        super().__init__(data)
        self.by = by
        self.understood = data if data is not None and "address" in data else None
        """What was sent of the second kind."""
        if self.understood is not None:
            del self.fields["lines"]

    def clean_lines(self) -> list[Line]:
        lines = pasted_addresses(self.cleaned_data["lines"], MOST_LINES)
        if len(lines) > MOST_LINES:
            raise ValidationError(gettext("Paste at most %(most)s addresses at once.") % {"most": MOST_LINES})
        return lines

    def clean(self) -> dict[str, Any]:
        if self.understood is not None:
            self.cleaned_data["lines"] = self._chosen(self.understood)
        return self.cleaned_data

    def _chosen(self, data: QueryDict) -> list[Line]:
        """A district out of reach is none. One query."""
        within = list(districts_in_reach(self.by).only("name", "short_name", "find_text", "regional_office_id"))
        by_id = {district.pk: district for district in within}
        people = list(zip(data.getlist("address"), data.getlist("name"), strict=False))[:MOST_LINES]
        found = []
        for number, (address, name) in enumerate(people):
            pk = row_id(data.get(f"place-{number}", ""))
            typed = data.get(f"district-{number}", "")
            place = by_id.get(pk) if pk is not None else _called(typed, within)
            (line,) = pasted_addresses(address[:320], 1)[:1] or [
                Line(0, "", ignored=gettext("There is no address in it."))
            ]
            found.append(replace(line, number=number + 1, name=clean(name)[:150], district=place))
        return found


def _called(typed: str, districts: list[District]) -> District | None:
    """The one that is called so; None where none is, or several are."""
    words = find_words(typed[:200])
    said = " ".join(typed.split()).casefold()
    exact = [d for d in districts if said in (d.name.casefold(), d.short_name.casefold())]
    near = exact or [d for d in districts if words and all(word in d.find_text for word in words)]
    return near[0] if len(near) == 1 else None
