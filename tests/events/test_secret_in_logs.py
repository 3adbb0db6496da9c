from __future__ import annotations

import logging

from portal.logs import json_formatter, without_secrets


def test_a_calendars_secret_address_stands_in_no_log() -> None:
    formatter = json_formatter()
    for message in ("GET /calendar/12.canary-secret/kane.ics", "Not Found: /calendar/12.canary-secret/kane.ics"):
        record = logging.LogRecord("django", logging.WARNING, __file__, 1, message, (), None)
        assert "canary-secret" not in formatter.format(record)


def test_a_request_is_logged_without_its_secret() -> None:
    event = without_secrets(None, "info", {"event": "request_started", "request": "GET /calendar/12.canary/kane.ics"})
    assert event["request"] == "GET /calendar/[secret]/kane.ics"
