"""What narrows the list of agreements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from portal import boxes
from purchasing.models.lifecycle import PLACES


class FilterForm(forms.Form):
    """The filters of the list; what cannot be understood filters nothing."""

    state = boxes.ChoiceField(label=_("State"), required=False, choices=[("", _("Any state")), *PLACES.items()])
    county = boxes.ChoiceField(label=_("County"), required=False)

    def __init__(self, *args: Any, counties: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["county"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _g("Any county")), *((str(pk), name) for pk, name in counties)]
