"""Who was there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from portal import boxes
from portal.districts.models import District


class AttendanceForm(forms.Form):
    """One number a district: how many people were there."""

    def __init__(self, *args: Any, districts: Sequence[Any], **kwargs: Any) -> None:
        """`districts` as `Meeting.districts_with_attendance` has them."""
        super().__init__(*args, **kwargs)
        self.districts = districts
        for district in districts:
            self.fields[f"people_{district.pk}"] = boxes.IntegerField(
                label=district.name,
                min_value=0,
                max_value=500,
                required=False,
                initial=district.people or 0,
            )

    def people(self) -> dict[District, int]:
        return {district: self.cleaned_data.get(f"people_{district.pk}") or 0 for district in self.districts}
