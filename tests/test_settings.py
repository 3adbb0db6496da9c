from __future__ import annotations

import pytest

from portal.settings import env


@pytest.mark.parametrize("typed", [None, ""])
def test_a_variable_left_blank_is_one_that_was_not_set(monkeypatch: pytest.MonkeyPatch, typed: str | None) -> None:
    """`MAIL_FROM=` as the sender would refuse every mail, codes to sign in too."""
    monkeypatch.delenv("MAIL_FROM", raising=False)
    if typed is not None:
        monkeypatch.setenv("MAIL_FROM", typed)
    assert env.text("MAIL_FROM", "Roundtable <roundtable@localhost>") == "Roundtable <roundtable@localhost>"
