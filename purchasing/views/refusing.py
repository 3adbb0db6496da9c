"""Showing on a form what a deed refused."""

from __future__ import annotations

from django.forms import BaseForm

from portal.refusals import Refused, Stale


def show_refusal(form: BaseForm, refusal: Refused) -> int:
    """The status of the page that shows the form again: 409 where somebody changed it meanwhile, else 422."""
    form.add_error(None, str(refusal))
    return 409 if isinstance(refusal, Stale) else 422
