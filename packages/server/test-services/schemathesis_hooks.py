"""Bodies of media types that Schemathesis does not know: texts go as they are, anything else as JSON."""

import json

import schemathesis


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
    if isinstance(value, bytes):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace")
