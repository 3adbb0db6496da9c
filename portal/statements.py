"""Querysets that are made into SQL once, for what is asked on every page.

To build a queryset and its SQL costs several times what it costs to run a small one. So where the shape is always the
same and only values differ, it is written once, with `given("name")` where a value comes:

    PERSON = Statement(lambda: User.objects.filter(pk=given("pk")))
    PERSON.rows(pk=7)
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from types import SimpleNamespace
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import RawSQL

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")


class _Given(NamedTuple):
    name: str
    field: models.Field[Any, Any] | None


def given(name: str, field: models.Field[Any, Any] | None = None) -> Any:
    """The place of a value in a queryset; `field` stores it where it is not a number or a text already."""
    return RawSQL("%s", [_Given(name, field)])  # type: ignore[list-item]


class Statement(Generic[M, T]):
    """A queryset, of rows or of values, compiled at its first use on each connection. Nothing is prefetched."""

    def __init__(self, queryset: Callable[[], models.QuerySet[M, T]]) -> None:
        self._queryset = queryset

    def rows(self, **values: Any) -> list[T]:
        """What the queryset would give. One query."""
        connection = connections[DEFAULT_DB_ALIAS]
        made = vars(connection).setdefault("compiled_statements", {})  # each thread has its own, and ends with it
        if self not in made:
            made[self] = _Compiled(self._queryset(), connection)
        return made[self].rows(values)  # type: ignore[no-any-return]


class _Compiled:
    """What a queryset's iterable asks of its query: that one's, and a compiler with the SQL made."""

    def __init__(self, queryset: Any, connection: Any) -> None:
        self._query = queryset.query
        self._compiler = queryset.query.get_compiler(connection.alias)
        self._sql, self._params = self._compiler.as_sql()
        self._iterable, self._fields = queryset._iterable_class, queryset._fields

    def rows(self, values: dict[str, Any]) -> list[Any]:
        database = self._compiler.connection
        params = [
            (one.field.get_db_prep_value(values[one.name], database) if one.field else values[one.name])
            if isinstance(one, _Given)
            else one
            for one in self._params
        ]
        compiler = copy(self._compiler)
        compiler.as_sql = lambda *args, **kwargs: (self._sql, tuple(params))
        query = _Asked(self._query, compiler)
        return list(
            self._iterable(
                SimpleNamespace(db=database.alias, query=query, _fields=self._fields, _known_related_objects={})
            )
        )


class _Asked:
    def __init__(self, query: Any, compiler: Any) -> None:
        self._query = query
        self._compiler = compiler

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)
