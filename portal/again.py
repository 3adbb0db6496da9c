"""A form that was not taken comes back on its own page, as it was typed, and is sent when somebody presses.

The view runs as always with what was typed, and `portal.once.once` refuses at its door: the view shows its form, and
nothing is written. So come back a form that was too large (`portal.bodies`), and one that was sent signed out: that is
kept in the visitor's session until somebody signs in, the one for whom the form was made and nobody else.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.form_keys import key_of, made_for
from portal.once import only_show
from portal.typed import without_secrets

KEPT_SECONDS = 3600
_KEPT = "kept_form"


def show_again(request: HttpRequest, why: str) -> None:
    """Let the view show its form and do nothing. `why` is said above it."""
    only_show(request)
    messages.warning(request, why)


def keep(request: HttpRequest, page: str) -> bool:
    """Keep a form of somebody who is signed out, without its files, for an hour; one to a session, the last.

    `page` is where it stood. False for a form that was not made for somebody who was signed in: a stranger fills no
    sessions with texts.
    """
    if not made_for(key_of(request)):
        return False
    request.session[_KEPT] = {
        "path": request.get_full_path(),
        "page": page,
        "fields": without_secrets(request.POST).urlencode(),
        "files": bool(request.FILES),
        "until": time.time() + KEPT_SECONDS,
    }
    return True


def bring_back(request: HttpRequest) -> HttpResponse | None:
    """Make of the way back after signing in the form that was kept, to be shown once.

    One that is another person's or too old is dropped, and the answer leads to the page where it stood.
    """
    kept = request.session.get(_KEPT)
    if kept is None:
        return None
    fields = QueryDict(kept["fields"], encoding=settings.DEFAULT_CHARSET)
    is_ours = kept["until"] >= time.time() and made_for(fields.get("form_key", "")) == request.user.pk
    is_here = kept["path"] == request.get_full_path()
    if not is_ours or is_here:
        del request.session[_KEPT]
    if not is_ours and is_here:
        messages.warning(request, _("What was typed before you signed in is not kept any more."))
        return redirect(kept["page"])
    if not is_ours or not is_here:
        return None
    request.FILES.clear()  # read before there is a POST, which would be looked for in the body
    request.method = "POST"
    request.POST = fields  # type: ignore[assignment]
    again = _("Choose your files again.") if kept["files"] else ""
    show_again(request, " ".join(filter(None, [_("You are signed in again, and this is what you typed."), again])))
    return None
