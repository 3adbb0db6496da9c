"""How close two districts are that are alike."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from portal.districts.models import District
from portal.districts.models.alike import MANY_IN_COMMON, closeness, likeness
from portal.districts.models.places import GRADES

shares = st.decimals(0, 100, places=1)
counts = st.integers(0, 12)


@st.composite
def districts(draw: st.DrawFn, pk: int) -> District:
    low, high = sorted(draw(st.tuples(st.sampled_from(range(len(GRADES))), st.sampled_from(range(len(GRADES))))))
    return District(
        pk=pk,
        enrollment=draw(st.integers(1, 400)),
        lowest_grade=GRADES[low],
        highest_grade=GRADES[high],
        low_income_pct=draw(st.none() | shares),
        county_id=draw(st.none() | st.integers(1, 3)),
    )


def with_(district: District, **fields: object) -> District:
    """The same district with other figures."""
    return District(**{name: getattr(district, name) for name in FIGURES} | fields)


FIGURES = ("pk", "enrollment", "lowest_grade", "highest_grade", "low_income_pct", "county_id")
mine, other = districts(pk=1), districts(pk=2)


@given(mine, other, counts)
def test_it_is_the_same_both_ways_and_a_share(ours: District, theirs: District, in_common: int) -> None:
    assume(likeness(ours, theirs).alike)
    close = closeness(ours, theirs, in_common)
    assert closeness(theirs, ours, in_common) == close
    assert 0 <= close <= 1


@given(mine, counts)
def test_nobody_is_closer_than_a_twin(ours: District, in_common: int) -> None:
    assert closeness(ours, with_(ours, pk=2), in_common) == 1


@given(mine, other, st.integers(0, 100), counts)
def test_a_size_nearer_to_mine_never_makes_it_less(
    ours: District, theirs: District, percent: int, in_common: int
) -> None:
    ours_size, their_size = ours.enrollment or 0, theirs.enrollment or 0
    size = ours_size + (their_size - ours_size) * percent // 100
    assert closeness(ours, with_(theirs, enrollment=size), in_common) >= closeness(ours, theirs, in_common)


@given(mine, other, shares, shares, shares)
def test_a_share_nearer_to_mine_never_makes_it_less(
    some: District, theirs: District, mine_pct: Decimal, one: Decimal, another: Decimal
) -> None:
    ours = with_(some, low_income_pct=mine_pct)
    near, far = sorted((one, another), key=lambda share: abs(share - mine_pct))
    nearer, farther = (closeness(ours, with_(theirs, low_income_pct=share)) for share in (near, far))
    assert nearer >= farther - 1e-9, "shares as far apart may differ in the last bit"


@given(mine, other, counts)
def test_the_same_county_and_one_more_product_never_make_it_less(
    ours: District, theirs: District, in_common: int
) -> None:
    assume(likeness(ours, theirs).alike)
    here = closeness(ours, with_(theirs, county_id=ours.county_id), in_common)
    assert here >= closeness(ours, with_(theirs, county_id=9), in_common)
    assert closeness(ours, theirs, in_common + 1) >= closeness(ours, theirs, in_common)


def ours_and_theirs(**theirs: object) -> tuple[District, District]:
    figures = {"lowest_grade": "PK", "highest_grade": "12", "county_id": 1, "low_income_pct": Decimal(20)}
    return (District(pk=1, enrollment=3736, **figures), District(pk=2, **{"enrollment": 4951} | figures | theirs))


def close(in_common: int = 0, **theirs: object) -> float:
    return closeness(*ours_and_theirs(**theirs), in_common)


def test_each_figure_makes_it_more_or_less() -> None:
    assert close(enrollment=4000) > close() > close(enrollment=7400)
    assert close() > close(highest_grade="08") > close(highest_grade="05")
    assert close() > close(low_income_pct=Decimal(30)) > close(low_income_pct=Decimal(50))
    assert close() > close(county_id=2)
    assert close() < close(1) < close(2) < close(MANY_IN_COMMON) == close(MANY_IN_COMMON + 1)


def test_half_of_mine_is_as_far_as_double() -> None:
    assert close(enrollment=1868) == close(enrollment=7472)


def test_a_figure_that_is_not_known_neither_helps_nor_harms() -> None:
    assert close(low_income_pct=Decimal(20)) > close(low_income_pct=None) > close(low_income_pct=Decimal(80))
    assert close(county_id=1) > close(county_id=None) > close(county_id=2)


def test_the_reason_names_the_county() -> None:
    assert likeness(*ours_and_theirs()).reason == "4,951 students to your 3,736, same grades, same county"
    assert likeness(*ours_and_theirs(county_id=2)).reason == "4,951 students to your 3,736, same grades"
    ours, theirs = ours_and_theirs(county_id=None)
    ours.county_id = None
    assert likeness(ours, theirs).reason == "4,951 students to your 3,736, same grades"
