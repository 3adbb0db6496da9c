"""Statements of a database, put together of pieces that carry their parameters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection


class Sql:
    """A piece of a statement: `%s` stands for a parameter, and a parameter that is a piece is put in its place."""

    __slots__ = ("params", "text")

    def __init__(self, text: str, *params: Any) -> None:
        self.text, *rest = text.split("%s")
        self.params: list[Any] = []
        for param, more in zip(params, rest, strict=True):
            is_piece = isinstance(param, Sql)
            self.text += (param.text if is_piece else "%s") + more
            self.params += param.params if is_piece else [param]

    def __bool__(self) -> bool:
        return bool(self.text)

    def __add__(self, other: Sql) -> Sql:
        return Sql("%s%s", self, other)

    @classmethod
    def join(cls, glue: str, parts: Iterable[Any]) -> Sql:
        """Of pieces or of plain values."""
        parts = list(parts)
        return cls(glue.join(["%s"] * len(parts)), *parts)

    def run(self) -> list[tuple[Any, ...]]:
        """Its rows, where it gives any."""
        with connection.cursor() as cursor:
            cursor.execute(self.text, self.params)
            rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
        return rows
