"""What Schemathesis does not know of the hub: bodies of further media types, and what is true of it."""

import json

import schemathesis
from schemathesis.core.parameters import ParameterLocation


@schemathesis.serializer(
    "application/gzip",
    "application/zstd",
    "application/x-protobuf",
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonlines",
)
def as_it_is(ctx, value):
    """Texts go as they are, anything else as JSON."""
    if isinstance(value, bytes):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace")


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """
    A tenant that nobody has is answered 403, and another number of records than a body holds 408, whatever else is right or
    wrong: what has the right form is made to be true.
    """
    if case.meta is None:
        return
    components = case.meta.components
    query, headers = (components.get(place) for place in (ParameterLocation.QUERY, ParameterLocation.HEADER))
    if query is not None and query.mode.is_positive and case.query and "tenant" in case.query:
        case.query["tenant"] = "acme"
    if headers is not None and headers.mode.is_positive and case.headers:
        case.headers.pop("Vedette-Requests", None)
