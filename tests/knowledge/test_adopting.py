from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q

from knowledge.deeds.adopt import confirm, take_back, undo, undo_token
from knowledge.models import Adoption, Practice, Status
from portal.refusals import Refused
from tests.knowledge.makers import NOON, make_adoption, make_practice
from tests.people import Cast
from tests.signatures import signed_ago


def counts(practice: Practice) -> tuple[int, ...]:
    stored = Practice.objects.get(pk=practice.pk)
    return (stored.considering_count, stored.piloting_count, stored.in_use_count, stored.stopped_count)


def fresh(practice: Practice) -> tuple[int, ...]:
    found = practice.adoptions.aggregate(**{s.value: Count("pk", filter=Q(status=s)) for s in Status})
    return tuple(found[name] for name in ("considering", "piloting", "in_use", "stopped"))


def test_said_twice_is_one_row(cast: Cast) -> None:
    practice = make_practice(cast.geneva)
    make_adoption(practice, cast.kaneland, status="piloting", note="One school.")
    make_adoption(practice, cast.kaneland, status="in_use", note="All schools.")
    assert Adoption.objects.get().note == "All schools."
    assert counts(practice) == (0, 0, 1, 0)


def test_counts_equal_a_fresh_count_after_every_deed(cast: Cast) -> None:
    practice = make_practice(cast.geneva)
    others = [cast.kaneland, cast.batavia, cast.sycamore]
    for status in Status:
        for district in others:
            make_adoption(practice, district, status=status)
            assert counts(practice) == fresh(practice)
    take_back(practice, cast.batavia, by=None)
    assert counts(practice) == fresh(practice) == (0, 0, 0, 2)
    Adoption.objects.filter(district=cast.kaneland).update(status="in_use")
    assert counts(practice) == fresh(practice) == (0, 0, 1, 1)
    Adoption.objects.bulk_create([Adoption(practice=practice, district=cast.batavia, status="piloting")])
    assert counts(practice) == fresh(practice) == (0, 1, 1, 1)
    rows = list(Adoption.objects.all())
    for row in rows:
        row.status = "considering"
    Adoption.objects.bulk_update(rows, ["status"])
    assert counts(practice) == fresh(practice) == (3, 0, 0, 0)
    Adoption.objects.all().delete()
    assert counts(practice) == fresh(practice) == (0, 0, 0, 0)


def test_last_confirmed_is_the_newest_of_those_that_do_it(cast: Cast) -> None:
    practice = make_practice(cast.geneva)
    make_adoption(practice, cast.kaneland, at=NOON - timedelta(days=30))
    make_adoption(practice, cast.batavia, status="stopped", at=NOON)
    assert Practice.objects.get().last_confirmed_at == NOON - timedelta(days=30)


def test_a_press_confirms_what_was_said_and_overwrites_nothing(cast: Cast) -> None:
    practice = make_practice(cast.geneva)
    make_adoption(practice, cast.kaneland, status="piloting", note="One school.", since=date(2026, 8, 1))
    said = confirm(practice, cast.kaneland, by=cast.member, at=NOON + timedelta(days=1))
    assert (said.status, said.note, said.since) == ("piloting", "One school.", date(2026, 8, 1))
    assert said.last_confirmed_at == NOON + timedelta(days=1)


def test_undo_brings_back_what_was_said_before(cast: Cast) -> None:
    practice = make_practice(cast.geneva)
    make_adoption(practice, cast.kaneland, status="piloting", note="One school.", since=date(2026, 8, 1))
    token = undo_token(practice, cast.kaneland)
    take_back(practice, cast.kaneland, by=cast.member)
    assert undo(practice, token, by=cast.member)
    said = Adoption.objects.get()
    assert (said.status, said.note, said.since, said.last_confirmed_at) == (
        "piloting",
        "One school.",
        date(2026, 8, 1),
        NOON,
    )


@pytest.mark.parametrize(("seconds", "is_undone"), [(24 * 3600 - 60, True), (24 * 3600 + 60, False)])
def test_an_undo_is_offered_for_a_day(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, seconds: int, is_undone: bool
) -> None:
    practice = make_practice(cast.geneva)
    with signed_ago(monkeypatch, seconds):
        token = undo_token(practice, cast.kaneland)
    make_adoption(practice, cast.kaneland)
    assert undo(practice, token, by=cast.member) is is_undone
    assert Adoption.objects.exists() is not is_undone


@pytest.mark.parametrize("before", ["considering", "stopped", "in_use"])
def test_who_presses_does_it_now_whatever_was_said_before(cast: Cast, before: str) -> None:
    practice = make_practice(cast.geneva)
    make_adoption(practice, cast.kaneland, status=before, note="One school.")
    said = confirm(practice, cast.kaneland, by=cast.member, at=NOON)
    assert (said.status, said.note) == ("in_use", "One school.")


def test_an_undo_of_another_district_or_practice_or_forged_does_nothing(cast: Cast) -> None:
    practice, other = make_practice(cast.geneva), make_practice(cast.geneva, title="Another")
    token = undo_token(practice, cast.kaneland)
    make_adoption(practice, cast.kaneland)
    assert not undo(practice, token, by=cast.outsider)
    assert not undo(other, token, by=cast.member)
    assert not undo(practice, token + "x", by=cast.member)
    assert Adoption.objects.exists()


def test_a_district_does_not_confirm_its_own_practice(cast: Cast) -> None:
    practice = make_practice(cast.geneva)
    with pytest.raises(Refused):
        make_adoption(practice, cast.geneva)


def test_a_district_is_spoken_for_by_its_members_alone(cast: Cast) -> None:
    practice = make_practice(cast.geneva)
    make_adoption(practice, cast.kaneland)
    with pytest.raises(PermissionDenied):
        make_adoption(practice, cast.kaneland, by=cast.officer)
    with pytest.raises(PermissionDenied):
        confirm(practice, cast.kaneland, by=cast.neighbor, at=NOON)
    with pytest.raises(PermissionDenied):
        take_back(practice, cast.kaneland, by=cast.outsider)
    assert Adoption.objects.exists()
