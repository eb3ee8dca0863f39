"""The catalogue of public events docs/asyncapi.json (AsyncAPI 3). Part of `make generate`.

Subjects, types and headers are those that the code publishes with: the contract `PUBLIC` of each service,
and `showfloor.messaging.public`. Bodies are the files in protos/.
"""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc

from showfloor.cli.services import services
from showfloor.messaging.public import HEADERS, stream_of, subject_of
from showfloor.messaging.unpublished import TYPE as STAND_IN
from showfloor.service.publishing import Contract
from showfloor.testing.held import held

ROOT = Path(__file__).resolve().parents[1]
PROTOS = ROOT / "protos"
GOOGLE = Path(protoc.__file__).parent / "_proto"
MESSAGE_FIELD = 4  # FileDescriptorProto.message_type


def contracts() -> list[Contract]:
    """Return what each service tells the others."""
    found = (one for service in services() for one in held(service.module, Contract))
    return sorted(found, key=lambda contract: contract.service)


def files_of(contract: Contract) -> dict[str, FileDescriptor]:
    """Return the files that the contract's messages lie in, and all that these import but google.protobuf."""
    found: dict[str, FileDescriptor] = {}
    waiting: list[Any] = [message.DESCRIPTOR.file for message in contract.messages]  # of one of two like classes
    while waiting:
        file = waiting.pop()
        if file.name not in found and (PROTOS / file.name).exists():
            found[file.name] = file
            waiting += file.dependencies
    return found


def comments(files: Iterable[str]) -> dict[str, str]:
    """Return the comment of each top-level message by its full name."""
    with tempfile.NamedTemporaryFile() as output:
        options = ["--include_source_info", f"--descriptor_set_out={output.name}"]
        if protoc.main(["protoc", f"-I{PROTOS}", f"-I{GOOGLE}", *options, *sorted(files)]):
            raise SystemExit("protos/ does not compile: see above")
        described = FileDescriptorSet.FromString(Path(output.name).read_bytes())
    return {
        f"{file.package}.{file.message_type[location.path[1]].name}": " ".join(location.leading_comments.split())
        for file in described.file
        for location in file.source_code_info.location
        if len(location.path) == 2 and location.path[0] == MESSAGE_FIELD
    }


def headers() -> dict[str, object]:
    """Return the schema of the headers that every message has."""
    described = {
        header.name: {"type": "string", "description": header.says, "pattern": header.pattern} for header in HEADERS
    }
    required = [header.name for header in HEADERS if not header.optional]
    return {"type": "object", "properties": described, "required": required, "additionalProperties": False}


def message(service: str, kind: str, summary: str, payload: dict[str, object]) -> dict[str, object]:
    """Return one kind of message."""
    own = {"ce-type": {"const": kind}, "ce-source": {"const": f"/showfloor/{service}"}}
    return {
        "name": kind,
        "summary": summary,
        "contentType": "application/protobuf",
        "headers": {"allOf": [{"$ref": "#/components/schemas/EventHeaders"}, {"properties": own}]},
        "payload": payload,
    }


def catalogue() -> dict[str, object]:
    """Return the AsyncAPI document."""
    channels: dict[str, object] = {}
    operations: dict[str, object] = {}
    messages: dict[str, object] = {}
    schemas: dict[str, object] = {"EventHeaders": headers()}
    for contract in contracts():
        service, files = contract.service, files_of(contract)
        said = comments(files)
        schemas |= {
            name.replace("/", "."): {
                "schemaFormat": "application/vnd.google.protobuf;version=3",
                "schema": (PROTOS / name).read_text(),
            }
            for name in sorted(files)
        }
        mine = {
            f"{service}.{kind.DESCRIPTOR.name}": message(
                service,
                kind.DESCRIPTOR.full_name,
                said[kind.DESCRIPTOR.full_name],
                {"$ref": f"#/components/schemas/{kind.DESCRIPTOR.file.name.replace('/', '.')}"},
            )
            for kind in contract.messages
        }
        text = "Takes the place of an event that cannot be told. Ask LogService.ReadEvents what it was."
        mine[f"{service}.Unpublished"] = message(service, STAND_IN, text, {"type": "string", "maxLength": 0})
        messages |= mine
        channels[service] = {
            "address": subject_of(service),
            "description": f"Public events of the {service} service, in order. JetStream keeps them in the stream"
            f" {stream_of(service)}. The CloudEvents subject is the field `{contract.key}` of the body.",
            "messages": {name.partition(".")[2]: {"$ref": f"#/components/messages/{name}"} for name in mine},
            "x-stream": stream_of(service),
            "x-key": contract.key,
        }
        operations[f"tell-{service}"] = {"action": "send", "channel": {"$ref": f"#/channels/{service}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Showfloor public events",
            "version": "1",
            "description": "Domain events are private; these are what services tell each other over NATS JetStream."
            " The name of a message is its CloudEvents type and the full name of the protobuf message in its body; the"
            " schema of the body is the file that defines it, named like the file with dots for slashes.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/protobuf",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    }


def page() -> str:
    """Return the document as text."""
    return json.dumps(catalogue(), indent=2) + "\n"
