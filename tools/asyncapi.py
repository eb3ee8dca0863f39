"""The catalogue of public events docs/asyncapi.json (AsyncAPI 3), made from protos/. Part of `make generate`.

A body is the protobuf message that the CloudEvents `type` names; everything
else travels in NATS headers.
"""

import json
import tempfile
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from grpc_tools import protoc

PROTOS = Path(__file__).resolve().parents[1] / "protos"
MESSAGE_FIELD = 4  # FileDescriptorProto.message_type

HEADERS = {
    "ce-id": "Names the event: <service>/<position>. Also the Nats-Msg-Id, so that a resend is stored once.",
    "ce-source": "The service that owns the event, such as /showfloor/session.",
    "ce-specversion": "1.0",
    "ce-subject": "The thing it is about: for the session service the session id.",
    "ce-time": "When it happened, RFC 3339 UTC.",
    "ce-type": "Names the protobuf message of the body.",
    "Showfloor-Position": "Its place in the log of the service.",
    "Showfloor-Previous": "The position published before it in the same shard; another value there means a gap: read "
    "the missing events with LogService.ReadEvents.",
    "traceparent": "W3C trace context of the command that caused it.",
}


def descriptors() -> list[FileDescriptorProto]:
    """Return the descriptors of every `*_events.proto`, with comments."""
    sources = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*_events.proto"))
    google = Path(protoc.__file__).parent / "_proto"
    with tempfile.NamedTemporaryFile() as file:
        options = ["--include_imports", "--include_source_info", f"--descriptor_set_out={file.name}"]
        if protoc.main(["protoc", f"-I{PROTOS}", f"-I{google}", *options, *sources]):
            raise SystemExit("protos/ does not compile: see above")
        everything = FileDescriptorSet.FromString(Path(file.name).read_bytes())
    return [file for file in everything.file if file.name in sources]


def comments(file: FileDescriptorProto) -> dict[int, str]:
    """Return the comment of each top-level message by its index."""
    return {
        location.path[1]: " ".join(location.leading_comments.split())
        for location in file.source_code_info.location
        if len(location.path) == 2 and location.path[0] == MESSAGE_FIELD
    }


def catalogue() -> dict[str, object]:
    """Return the AsyncAPI document."""
    headers = {
        "type": "object",
        "properties": {name: {"type": "string", "description": text} for name, text in HEADERS.items()},
    }
    channels: dict[str, object] = {}
    operations: dict[str, object] = {}
    messages: dict[str, object] = {}
    for file in descriptors():
        service = file.package.split(".")[2]
        said = comments(file)
        names = [message.name for message in file.message_type]
        for index, name in enumerate(names):
            messages[name] = {
                "name": f"showfloor.{service}.v1.{name}",
                "summary": said.get(index, ""),
                "contentType": "application/protobuf",
                "headers": {"$ref": "#/components/schemas/EventHeaders"},
                "payload": {
                    "schemaFormat": "application/vnd.google.protobuf;version=3",
                    "schema": f'import "{file.name}"; // message {file.package}.{name}',
                },
            }
        channels[service] = {
            "address": f"showfloor.{service}.{{shard}}",
            "description": f"Public events of the {service} service, in order within a shard.",
            "parameters": {"shard": {"description": "Decimal number of the shard: a hash of the CloudEvents subject."}},
            "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        }
        operations[f"tell-{service}"] = {"action": "send", "channel": {"$ref": f"#/channels/{service}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Showfloor public events",
            "version": "1",
            "description": "Domain events are private; these are what services tell each other over NATS JetStream.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/protobuf",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": {"EventHeaders": headers}},
    }


def page() -> str:
    """Return the document as text."""
    return json.dumps(catalogue(), indent=2) + "\n"
