"""Every formset has a bound: Django's own lets through a thousand more than it shows."""

from __future__ import annotations

from typing import Any

from django.forms.formsets import BaseFormSet
from django.urls import get_resolver

from portal.bodies import MOST_FORMS

OURS = ("portal.", "knowledge.", "purchasing.")


def test_every_formset_is_bounded() -> None:
    assert get_resolver().url_patterns, "all views, and so all forms, are read"
    ours = [one for one in _below(BaseFormSet) if getattr(one, "form", _below).__module__.startswith(OURS)]
    assert ours
    for one in ours:
        assert one.absolute_max <= min(one.max_num, MOST_FORMS), one.form


def _below(one: Any) -> list[Any]:
    return [each for below in one.__subclasses__() for each in (below, *_below(below))]
