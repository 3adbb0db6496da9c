"""Indexes of Elasticsearch: written, made, compared and dropped. Only what ships and watches needs it.

Imported only where it is used, like the modules it stands on. Whatever fails is an `EngineTrouble`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.conf import settings

from portal.search.engines.base import EngineTrouble
from portal.search.mirror.documents import BODY, WORDS
from portal.search.mirror.engine import TROUBLE, patient, streaming_bulk, what, whole

T = TypeVar("T")
BULK_BYTES = 8_000_000


def store(index: str, actions: Iterable[tuple[str, int, dict[str, Any] | None]], *, refresh: bool) -> dict[str, str]:
    """Write (id, version, document), or delete where the document is None; returns why some were refused, by id.

    An older version than the one there changes nothing and is no error. With `refresh` searches show it on return.
    Raises `EngineTrouble` where it cannot be said that all the others were taken.
    """
    refused: dict[str, str] = {}
    try:
        results = streaming_bulk(
            patient(),
            (_action(index, *action) for action in actions),
            chunk_size=500,
            max_chunk_bytes=BULK_BYTES,
            raise_on_error=False,
            refresh=refresh,
        )
        for taken, told in results:
            ((_, item),) = told.items()
            status = item["status"]
            if taken or status == 409 or (status == 404 and item.get("result") == "not_found"):
                continue
            if status in (404, 429) or status >= 500:
                raise EngineTrouble(f"{status}: {item.get('error')}"[:500])
            refused[item["_id"]] = item["error"]["type"]  # its reason quotes the document
    except TROUBLE as error:
        raise EngineTrouble(what(error)) from error
    return refused


def _action(index: str, pk: str, version: int, document: dict[str, Any] | None) -> dict[str, Any]:
    action: dict[str, Any] = {"_index": index, "_id": pk, "version": version, "version_type": "external"}
    return {**action, "_op_type": "delete"} if document is None else {**action, "_source": document}


def create(name: str) -> None:
    """An empty index of today's shape."""
    body = json.loads(json.dumps(BODY))
    body["settings"] |= {
        "number_of_shards": settings.ELASTICSEARCH_SHARDS,
        "number_of_replicas": settings.ELASTICSEARCH_REPLICAS,
        "refresh_interval": -1,  # whoever ships asks for it, and nobody else writes
    }
    _deed(lambda client: client.indices.create(index=name, **body))


def is_of_this_shape(name: str) -> bool:
    """Also False where there is no such index."""

    def ask(client: Any) -> bool:
        if not client.indices.exists(index=name):
            return False
        said = client.indices.get_settings(index=name)[name]["settings"]["index"]
        return WORDS in said.get("analysis", {}).get("analyzer", {})

    return bool(_deed(ask))


def point_alias(alias: str, name: str) -> None:
    """The alias names this index and no other, from one moment to the next."""

    def swap(client: Any) -> None:
        old = client.indices.get_alias(name=alias).body if client.indices.exists_alias(name=alias) else {}
        actions = [{"remove": {"index": other, "alias": alias}} for other in old if other != name]
        client.indices.update_aliases(actions=[*actions, {"add": {"index": name, "alias": alias}}])

    _deed(swap)


def drop(name: str) -> None:
    _deed(lambda client: client.indices.delete(index=name, ignore_unavailable=True))


def named(pattern: str) -> list[str]:
    return sorted(_deed(lambda client: client.indices.get(index=pattern, allow_no_indices=True).body))


def refresh(name: str) -> None:
    _deed(lambda client: client.indices.refresh(index=name))


def count(name: str) -> int:
    return int(_deed(lambda client: client.count(index=name)["count"]))


def versions(name: str, kind: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """For each document of the kind its object's id, and the entry's id and version, in order of the first."""
    after: list[Any] | None = None
    while True:
        body: dict[str, Any] = {
            "query": {"term": {"kind": kind}},
            "sort": ["number"],
            "size": 5000,
            "_source": False,
            "docvalue_fields": ["number", "entry", "version"],
        } | ({"search_after": after} if after else {})
        hits = _deed(lambda client: whole(client.search(index=name, body=body))["hits"]["hits"])  # noqa: B023
        if not hits:
            return
        for hit in hits:
            found = hit["fields"]
            yield found["number"][0], (found["entry"][0], found["version"][0])
        after = hits[-1]["sort"]


def _deed(do: Callable[[Any], T]) -> T:
    try:
        return do(patient())
    except TROUBLE as error:
        raise EngineTrouble(what(error)) from error
