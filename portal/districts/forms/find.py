"""The directory's filters, as they stand in its address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.districts.models.places import GRADES, County, District, DistrictQuerySet

SIZES: dict[str, tuple[Any, int, int | None]] = {
    "under-500": (_("Under 500 students"), 0, 500),
    "500-999": (_("500 to 999"), 500, 1000),
    "1000-2499": (_("1,000 to 2,499"), 1000, 2500),
    "2500-4999": (_("2,500 to 4,999"), 2500, 5000),
    "5000-up": (_("5,000 and more"), 5000, None),
}
"""Bands of enrollment: label, from, up to but without."""
_ELEMENTARY, _HIGH = GRADES[: GRADES.index("08") + 1], GRADES[GRADES.index("09") :]
KINDS: dict[str, tuple[Any, Q]] = {
    "unit": (_("Unit, grades to 12"), Q(lowest_grade__in=_ELEMENTARY, highest_grade__in=_HIGH, is_district=True)),
    "elementary": (_("Elementary"), Q(highest_grade__in=_ELEMENTARY, is_district=True)),
    "high": (_("High school"), Q(lowest_grade__in=_HIGH, is_district=True)),
    "charter": (_("Charter"), Q(kind__startswith="Independent charter", is_district=True)),
    "agency": (_("Cooperatives and agencies"), Q(is_district=False)),
}


class FindForm(forms.Form):
    """What is asked of the directory. A value that is no choice is left out, so that no address is a dead end."""

    use_required_attribute = False

    q = boxes.CharField(
        label=_("Name, number, city or ZIP code"), max_length=200, required=False, widget=forms.SearchInput
    )
    county = boxes.ChoiceField(label=_("County"), required=False)
    size = boxes.ChoiceField(
        label=_("Size"), required=False, choices=[("", _("Any size")), *((key, band[0]) for key, band in SIZES.items())]
    )
    kind = boxes.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Any kind")), *((key, kind[0]) for key, kind in KINDS.items())]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One query, for the counties."""
        super().__init__(*args, **kwargs)
        counties = County.objects.values_list("slug", "name")
        self.fields["county"].choices = [("", _("All counties")), *counties]  # type: ignore[attr-defined]

    def districts(self) -> DistrictQuerySet:
        found = self._filtered()
        return found.named_like(self.cleaned_data["q"]) if self.cleaned_data.get("q") else found

    def meant(self) -> tuple[list[int], str]:
        """Where `districts` finds none: those called nearly so, and how. One query, and none where no name is asked."""
        return self._filtered().spelled_like(self.cleaned_data["q"]) if self.cleaned_data.get("q") else ([], "")

    def _filtered(self) -> DistrictQuerySet:
        self.is_valid()
        asked = self.cleaned_data
        found = District.objects.all()
        found = found.filter(KINDS[asked["kind"]][1]) if asked.get("kind") else found.in_directory()
        if asked.get("county"):
            found = found.filter(county__slug=asked["county"])
        if asked.get("size"):
            _label, at_least, below = SIZES[asked["size"]]
            found = found.filter(enrollment__gte=at_least)
            found = found if below is None else found.filter(enrollment__lt=below)
        return found

    @property
    def asks(self) -> bool:
        return any(self.cleaned_data.values())
