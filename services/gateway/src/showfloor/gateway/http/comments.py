"""The comments of the protos, by full name, for the description of the API. Only builds use it."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

_MESSAGE, _ENUM, _SERVICE = 4, 5, 6  # field numbers in FileDescriptorProto
_FIELD, _VALUE, _METHOD = 2, 2, 2


def comments(protos: Path) -> dict[str, str]:
    """Return the leading comment of every message, field, enum, value, service and RPC below a folder."""
    sources = sorted(str(path.relative_to(protos)) for path in (protos / "showfloor").rglob("*.proto"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "set.pb"
        includes = [f"-I{protos}", f"-I{files('grpc_tools') / '_proto'}"]
        command = [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            *includes,
            "--include_source_info",
            f"--descriptor_set_out={out}",
        ]
        subprocess.run([*command, *sources], check=True)  # noqa: S603 - our own compiler on our own files
        found = FileDescriptorSet.FromString(out.read_bytes())
    return {name: text for file in found.file for name, text in _of_file(file)}


def _of_file(file: FileDescriptorProto) -> Iterator[tuple[str, str]]:
    for location in file.source_code_info.location:
        text = " ".join(location.leading_comments.split())
        name = _name(file, list(location.path))
        if text and name:
            yield f"{file.package}.{name}", text


def _name(file: FileDescriptorProto, path: list[int]) -> str:
    """Return the name that a location's path leads to, such as SessionService.OpenSession; "" for other places."""
    kinds: dict[int, tuple[Sequence[Any], int, str]] = {
        _MESSAGE: (file.message_type, _FIELD, "field"),
        _ENUM: (file.enum_type, _VALUE, "value"),
        _SERVICE: (file.service, _METHOD, "method"),
    }
    if len(path) not in (2, 4) or path[0] not in kinds:
        return ""
    things, parts, members = kinds[path[0]]
    thing = things[path[1]]
    if len(path) == 2:
        return str(thing.name)
    return f"{thing.name}.{getattr(thing, members)[path[3]].name}" if path[2] == parts else ""
