"""Indexes of Elasticsearch: written, made, compared and dropped. Only what ships and watches needs it.

Imported only where it is used, like the modules it stands on. Whatever fails is an `EngineTrouble`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from django.conf import settings
from elasticsearch.helpers import streaming_bulk

from portal.search.mirror.documents import BODY, WORDS
from portal.search.mirror.engine import patient, troubled, whole
from portal.search.mirror.reserve import EngineTrouble

BULK_BYTES = 8_000_000


@troubled()
def store(index: str, actions: Iterable[tuple[str, int, dict[str, Any] | None]], *, refresh: bool) -> dict[str, str]:
    """Write (id, version, document), or delete where the document is None; returns why some were refused, by id.

    An older version than the one there changes nothing and is no error. With `refresh` searches show it on return.
    Raises `EngineTrouble` where it cannot be said that all the others were taken.
    """
    refused: dict[str, str] = {}
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
    return refused


def _action(index: str, pk: str, version: int, document: dict[str, Any] | None) -> dict[str, Any]:
    action: dict[str, Any] = {"_index": index, "_id": pk, "version": version, "version_type": "external"}
    return {**action, "_op_type": "delete"} if document is None else {**action, "_source": document}


@troubled()
def create(name: str) -> None:
    """An empty index of today's shape."""
    body = deepcopy(BODY)
    body["settings"] |= {
        "number_of_shards": settings.ELASTICSEARCH_SHARDS,
        "number_of_replicas": settings.ELASTICSEARCH_REPLICAS,
        "refresh_interval": -1,  # whoever ships asks for it, and nobody else writes
    }
    patient().indices.create(index=name, **body)


@troubled()
def is_of_this_shape(name: str) -> bool:
    """Also False where there is no such index."""
    if not patient().indices.exists(index=name):
        return False
    said = patient().indices.get_settings(index=name)[name]["settings"]["index"]
    return WORDS in said.get("analysis", {}).get("analyzer", {})


@troubled()
def point_alias(alias: str, name: str) -> None:
    """The alias names this index and no other, from one moment to the next."""
    client = patient().indices
    old = client.get_alias(name=alias).body if client.exists_alias(name=alias) else {}
    actions = [{"remove": {"index": other, "alias": alias}} for other in old if other != name]
    client.update_aliases(actions=[*actions, {"add": {"index": name, "alias": alias}}])


@troubled()
def drop(name: str) -> None:
    patient().indices.delete(index=name, ignore_unavailable=True)


@troubled()
def named(pattern: str) -> list[str]:
    return sorted(patient().indices.get(index=pattern, allow_no_indices=True).body)


@troubled()
def refresh(name: str) -> None:
    patient().indices.refresh(index=name)


@troubled()
def count(name: str) -> int:
    return int(patient().count(index=name)["count"])


def versions(name: str, kind: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """For each document of the kind its object's id, and the entry's id and version, in order of the first."""
    body = {
        "query": {"term": {"kind": kind}},
        "sort": ["number"],
        "size": 5000,
        "_source": False,
        "docvalue_fields": ["number", "entry", "version"],
    }
    while True:
        with troubled():
            hits = whole(patient().search(index=name, body=body))["hits"]["hits"]
        for hit in hits:
            found = hit["fields"]
            yield found["number"][0], (found["entry"][0], found["version"][0])
        if not hits:
            return
        body["search_after"] = hits[-1]["sort"]
