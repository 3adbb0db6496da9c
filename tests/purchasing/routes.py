"""Who gets what at the addresses of agreements. Sycamore (the outsider) is asked to nothing here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from purchasing.deeds.announce import announce_agreement
from purchasing.deeds.close import close_agreement
from purchasing.deeds.commit import withdraw
from purchasing.deeds.restore import restore_token
from purchasing.models import Agreement
from tests.architecture.routes import Route, everybody, members
from tests.people import Cast
from tests.purchasing.makers import make_agreement, make_draft, make_show


def _made(cast: Cast) -> dict[str, Any]:
    return {"pk": make_show(cast).pk}


def _announced(cast: Cast) -> dict[str, Any]:
    agreement = make_agreement(cast)
    announce_agreement(agreement, public=True, by=cast.officer, at=timezone.now())
    return {"pk": agreement.pk}


def _draft(cast: Cast) -> dict[str, Any]:
    return {"pk": make_draft(cast, kind="own_bid").pk}


def _closed(cast: Cast) -> dict[str, Any]:
    agreement = make_show(cast)
    close_agreement(agreement, by=cast.host, at=timezone.now(), reason="All in")
    return {"pk": agreement.pk}


def _withdrawn(cast: Cast) -> dict[str, Any]:
    agreement = make_show(cast)
    token = restore_token(agreement.participations.get(district=cast.geneva).pk)
    withdraw(agreement, cast.geneva, by=cast.neighbor, at=timezone.now())
    return {"pk": agreement.pk, "token": token}


def _in_state(state: str, **fields: Any) -> Any:
    def make(cast: Cast) -> dict[str, Any]:
        pk = make_draft(cast, kind="own_bid").pk
        Agreement.objects.filter(pk=pk).update(state=state, **fields)
        return {"pk": pk}

    return make


def _wall(days: int) -> str:
    """Noon of that day: an hour that no clock change skips or repeats."""
    return f"{timezone.localdate() + timedelta(days=days)}T12:00"


TAKES_PART = members(200, outsider=404)
"""Members of the districts asked, the lead office's host, officers."""
RUNS = members(403, outsider=404, host=200)
RUN_DEED = members(403, outsider=404, host=302)
OFFICER_TOO = RUNS | {"officer": 200}
OFFICER_DEED = RUN_DEED | {"officer": 302}
MEMBER_DEED = members(302, outsider=404, host=403, officer=403)
BUYER = members(403, outsider=404, buyer=200, neighbor=200)
BUYER_LOOKS = BUYER | {"buyer": 302}
"""Kaneland has nothing to withdraw."""
RESTORES = members(403, outsider=404, neighbor=302)
BUYER_DEED = members(403, outsider=404, buyer=302, neighbor=302)
DRAFTED = members(404, officer=403, host=200)
DRAFT_DEED = members(404, officer=403, host=302)


def _commitment(cast: Cast) -> dict[str, Any]:
    return {"quantity": "5", "authority": "board", "board_date": str(timezone.localdate())}


def _reason(cast: Cast) -> dict[str, Any]:
    return {"reason": "Because"}


def _reported(cast: Cast) -> dict[str, Any]:
    return {"quantity": "60", "reported_by": "Secretary", "how": "phone", "reported_at": _wall(-1)}


def _award(cast: Cast) -> dict[str, Any]:
    day = str(timezone.localdate() + timedelta(days=1))
    return {
        "vendor": "Prairie",
        "price_source": "Quote",
        "price_expires": day,
        "rationale": "Lowest",
        "board_date": day,
    }


def _terms(cast: Cast) -> dict[str, Any]:
    return {
        "title": "Toner",
        "lead_office": cast.roe31.pk,
        "kind": "quotes",
        "fiscal_year": "2026",
        "zone": "America/Chicago",
        "districts": [cast.kaneland.pk],
        "items-TOTAL_FORMS": "0",
        "items-INITIAL_FORMS": "0",
    }


def _enter(cast: Cast) -> dict[str, Any]:
    return _made(cast) | {"district_id": cast.kaneland.pk}


def _move(verb: str, make: Any, form: Any, get: Any = RUNS, post: Any = RUN_DEED) -> Route:
    return Route(f"purchasing:agreement-{verb}", get=get, post=post, make=make, form=form)


ROUTES = [
    Route("purchasing:agreement-list", get=everybody(200)),
    Route("purchasing:agreement-detail", get=TAKES_PART, make=_made),
    Route("purchasing:agreement-detail", get=everybody(200), make=_announced, query="?"),
    Route("purchasing:agreement-detail", get=members(404, host=200, officer=200), make=_draft, query="?draft"),
    Route("purchasing:agreement-history", get=TAKES_PART, make=_made),
    Route("purchasing:agreement-grid", get=OFFICER_TOO, make=_made),
    Route("purchasing:agreement-grid-file", get=OFFICER_TOO, make=_made),
    Route("purchasing:agreement-new", get=members(403, host=200), post=members(403, host=302), form=_terms),
    Route(
        "purchasing:agreement-edit",
        get=DRAFTED,
        post=DRAFT_DEED,
        make=_draft,
        form=lambda cast: _terms(cast) | {"version": "1"},
    ),
    Route(
        "purchasing:agreement-announce",
        get=None,
        post=members(403, outsider=404, officer=302),
        make=_made,
        form=lambda cast: {"public": "yes"},
    ),
    Route("purchasing:agreement-remind", get=None, post=RUN_DEED, make=_made),
    Route("purchasing:agreement-enter", get=RUNS, post=RUN_DEED, make=_enter, form=_reported),
    Route("purchasing:agreement-plan", get=None, post=MEMBER_DEED, make=_made, form=lambda cast: {"quantity": "5"}),
    Route("purchasing:agreement-commit", get=BUYER, post=BUYER_DEED, make=_made, form=_commitment),
    Route("purchasing:agreement-withdraw", get=BUYER_LOOKS, post=BUYER_DEED, make=_made),
    Route("purchasing:agreement-restore", get=None, post=RESTORES, make=_withdrawn),
    Route("purchasing:agreement-decline", get=None, post=MEMBER_DEED, make=_made),
    Route("purchasing:agreement-interest", get=None, post=MEMBER_DEED, make=_made),
    _move("ask", _draft, lambda cast: {}, DRAFTED, DRAFT_DEED),
    _move("open", _draft, lambda cast: {"closes_at": _wall(20)}, DRAFTED, DRAFT_DEED),
    _move("revise", _in_state("interest"), _reason),
    _move("extend", _made, lambda cast: {"closes_at": _wall(40), "reason": "Boards meet late"}),
    _move("close", _made, _reason),
    _move("reopen", _closed, lambda cast: {"closes_at": _wall(20), "reason": "One was forgotten"}),
    _move("cancel", _made, _reason),
    _move("fail", _made, _reason),
    _move("award", _closed, _award),
    _move("solicit", _in_state("frozen"), lambda cast: {"notice": "Herald", "bids_close_at": _wall(20)}),
    _move("evaluate", _in_state("soliciting"), lambda cast: {"opener": "Host", "witness": "Business office"}),
    _move("activate", _in_state("awarded"), lambda cast: {"effective_on": str(timezone.localdate())}),
    _move("suspend", _in_state("active"), _reason, OFFICER_TOO, OFFICER_DEED),
    _move("resume", _in_state("suspended"), _reason, OFFICER_TOO, OFFICER_DEED),
]
