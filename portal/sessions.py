"""Sessions in the database as Django keeps them, read by a statement that is built once."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import DateTimeField
from django.utils import timezone

from portal.statements import Statement, given

_SESSION = Statement(
    lambda: Session.objects.filter(session_key=given("key"), expire_date__gt=given("now", DateTimeField()))
)


class SessionStore(DatabaseStore):
    def _get_session_from_db(self) -> Session | None:
        key = self.session_key
        if key and "\x00" not in key:  # a cookie may hold one, and PostgreSQL takes none
            for session in _SESSION.rows(key=key, now=timezone.now()):
                return session
        self._session_key = None
        return None
