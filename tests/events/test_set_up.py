from __future__ import annotations

from django.test import Client

from portal.registry import set_up_steps
from tests.conftest import sign_in
from tests.events.makers import make_series
from tests.people import Cast


def test_the_first_meeting_is_the_last_step_of_six_and_done_when_a_series_exists(cast: Cast, client: Client) -> None:
    steps = sorted(set_up_steps, key=lambda step: step.order)
    assert len(steps) == 6
    assert steps[-1].url() == "/meetings/series/new/"
    assert not steps[-1].is_done()
    assert 'href="/meetings/series/new/"' in sign_in(client, cast.officer).get("/set-up/").content.decode()
    make_series(cast)
    assert steps[-1].is_done()
