from __future__ import annotations

from typing import Any

from knowledge.deeds.adopt import undo_token
from knowledge.deeds.post import withdraw
from knowledge.models import Answer, Practice, Question
from tests.architecture.routes import TEXT_SHOWN, Route, everybody, members
from tests.knowledge.makers import NOON, make_adoption, make_answer, make_practice, make_question
from tests.people import Cast

WORDS = {"kind": "how", "title": "Two words", "what_we_do": "Steps.", "audience": "members"}


def _practice(cast: Cast, audience: str = "members") -> Practice:
    """Geneva's; Batavia does it too."""
    practice = make_practice(
        cast.geneva, by=cast.neighbor, audience=audience, tags=("repair",), products=("Google Admin console",)
    )
    make_adoption(practice, cast.batavia)
    return practice


def practice(cast: Cast) -> dict[str, Any]:
    return {"pk": _practice(cast).pk}


def public_practice(cast: Cast) -> dict[str, Any]:
    return {"pk": _practice(cast, "public").pk}


def county_practice(cast: Cast) -> dict[str, Any]:
    return {"pk": _practice(cast, "county").pk}


def district_practice(cast: Cast) -> dict[str, Any]:
    return {"pk": _practice(cast, "district").pk}


def withdrawn(cast: Cast) -> dict[str, Any]:
    made = _practice(cast)
    return {"pk": made.pk, "token": withdraw(made, by=cast.neighbor, at=NOON)}


def kanelands_word(cast: Cast) -> dict[str, Any]:
    made = _practice(cast)
    token = undo_token(made, cast.kaneland)
    make_adoption(made, cast.kaneland)
    return {"pk": made.pk, "token": token}


def question(cast: Cast) -> dict[str, Any]:
    return {"pk": make_question(district=cast.kaneland, by=cast.member, tags=("wifi",)).pk}


def answer(cast: Cast) -> dict[str, Any]:
    asked = make_question(practice=_practice(cast), district=cast.kaneland, by=cast.member)
    return {"pk": make_answer(asked, district=cast.geneva, by=cast.neighbor).pk}


def tagged(cast: Cast) -> dict[str, Any]:
    _practice(cast)
    return {"slug": "repair"}


def used(cast: Cast) -> dict[str, Any]:
    _practice(cast)
    return {"slug": "google-admin-console"}


def note(cast: Cast) -> dict[str, Any]:
    made = make_practice(cast.geneva, by=cast.neighbor)
    return {"pk": make_adoption(made, cast.batavia, note="Vendor X cheats.").pk}


def why(cast: Cast) -> dict[str, Any]:
    return {"reason": "A student is named."}


OFFICERS = members(403, officer=200)
SEEN = members(200, visitor=404)
KANE_ONLY = everybody(404, member=200, buyer=200, neighbor=200, host=200, officer=200)
HIDDEN_OR_NOT_THEIRS = {"neighbor": 403, "host": 403, "officer": 403}

ROUTES = [
    Route("knowledge:practice-list", get=everybody(200), make=lambda cast: {}),
    Route("knowledge:practice-list", get=everybody(200), query="?kind=how&status=in_use&county=kane&tag=repair"),
    Route("knowledge:practice-list", get=everybody(302), query="?q=chromebooks"),
    Route(
        "knowledge:practice-new",
        get=members(200, host=403, officer=403),
        post=members(302, host=403, officer=403),
        form=lambda cast: WORDS,
    ),
    Route("knowledge:practice-detail", get=SEEN, make=practice),
    Route("knowledge:practice-detail", get=everybody(200), make=public_practice),
    Route("knowledge:practice-detail", get=KANE_ONLY, make=county_practice),
    Route("knowledge:practice-detail", get=everybody(404, neighbor=200, officer=200), make=district_practice),
    Route(
        "knowledge:practice-edit",
        get=members(403, neighbor=200, officer=200),
        post=members(403, neighbor=302, officer=302),
        make=practice,
        form=lambda cast: WORDS | {"version": Practice.objects.latest("pk").version},
    ),
    Route("knowledge:practice-withdraw", get=None, post=members(403, neighbor=302, officer=422), make=practice),
    Route("knowledge:practice-hide", get=OFFICERS, post=members(403, officer=302), make=practice, form=why),
    Route("knowledge:note-hide", get=OFFICERS, post=members(403, officer=302), make=note, form=why),
    Route("knowledge:practice-restore", get=None, post=members(404, neighbor=302, officer=302), make=withdrawn),
    Route("knowledge:adoption-new", get=None, post=members(302, **HIDDEN_OR_NOT_THEIRS), make=practice),
    Route(
        "knowledge:adoption-edit",
        get=members(200, **HIDDEN_OR_NOT_THEIRS),
        post=members(302, **HIDDEN_OR_NOT_THEIRS),
        make=practice,
        form=lambda cast: {"status": "piloting"},
    ),
    Route("knowledge:adoption-remove", get=None, post=members(302, **HIDDEN_OR_NOT_THEIRS), make=practice),
    Route(
        "knowledge:adoption-undo",
        get=None,
        post=members(302, outsider=404, **HIDDEN_OR_NOT_THEIRS),
        make=kanelands_word,
    ),
    Route(
        "knowledge:practice-ask",
        get=members(200),
        post=members(302, visitor=TEXT_SHOWN),
        make=practice,
        form=lambda cast: {"title": "Do freshmen swap boards?"},
    ),
    Route("knowledge:question-list", get=everybody(200)),
    Route("knowledge:question-list", get=everybody(200), query="?answers=none"),
    Route(
        "knowledge:question-new",
        get=members(200),
        post=members(302, visitor=TEXT_SHOWN),
        form=lambda cast: {"title": "Who has moved to Wi-Fi 7?", "tags": "wifi"},
    ),
    Route("knowledge:question-detail", get=members(200, visitor=404), make=question),
    Route(
        "knowledge:question-edit",
        get=members(403, member=200),
        post=members(403, visitor=TEXT_SHOWN, member=302),
        make=question,
        form=lambda cast: {"title": "Wi-Fi 8?", "over": Question.objects.latest("pk").digest()},
    ),
    Route("knowledge:question-take-back", get=None, post=members(403, member=302, officer=422), make=question),
    Route("knowledge:question-restore", get=None, post=members(403, member=302, officer=302), make=question),
    Route("knowledge:question-hide", get=OFFICERS, post=members(403, officer=302), make=question, form=why),
    Route(
        "knowledge:answer-edit",
        get=members(403, neighbor=200),
        post=members(403, visitor=TEXT_SHOWN, neighbor=302),
        make=answer,
        form=lambda cast: {"body": "We have not.", "over": Answer.objects.latest("pk").digest()},
    ),
    Route("knowledge:answer-take-back", get=None, post=members(403, neighbor=302, officer=422), make=answer),
    Route("knowledge:answer-restore", get=None, post=members(403, neighbor=302, officer=302), make=answer),
    Route("knowledge:answer-hide", get=OFFICERS, post=members(403, officer=302), make=answer, form=why),
    Route("knowledge:answer-new", get=None, post=members(302), make=question, form=lambda cast: {"body": "We have."}),
    Route(
        "knowledge:answer-accept",
        get=None,
        post=members(403, member=302, officer=302),
        make=answer,
        form=lambda cast: {"accepted": "yes"},
    ),
    Route("knowledge:tag-detail", get=SEEN, make=tagged),
    Route("knowledge:product-detail", get=SEEN, make=used),
]
