"""Every component in every state on one page: what is right here is right everywhere."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.pages.forms.sample import SampleForm
from portal.pages.screens.style_guide import samples


@login_not_required
@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    wrong = SampleForm({"title": "", "quantity": "many", "county": "kane"})
    wrong.add_error(None, _("The agreement closed while you were typing."))
    forms = {"plain_form": SampleForm(prefix="plain"), "wrong_form": wrong}
    return render(request, "style_guide.html", forms | samples())
