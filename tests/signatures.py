"""Signed texts as they were signed some time ago: their age is measured by the wall's clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core import signing


@contextmanager
def signed_ago(monkeypatch: pytest.MonkeyPatch, seconds: int) -> Iterator[None]:
    """What is signed within is that old."""
    then = signing.b62_encode(int(time.time()) - seconds)
    with monkeypatch.context() as earlier:
        earlier.setattr(signing.TimestampSigner, "timestamp", lambda self: then)
        yield
