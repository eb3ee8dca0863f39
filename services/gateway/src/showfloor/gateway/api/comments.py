"""What the contracts say about themselves: the comments of the protos, by full name. A build-time matter."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

_MESSAGE, _ENUM, _SERVICE = 4, 5, 6  # field numbers in FileDescriptorProto
_FIELD, _NESTED, _VALUE, _METHOD = 2, 3, 2, 2


def comments(protos: Path) -> dict[str, str]:
    """Return the leading comment of every message, field, enum, value, service and RPC below a folder."""
    sources = sorted(str(path.relative_to(protos)) for path in protos.rglob("*.proto"))
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
    if len(path) not in (2, 4) or path[0] not in (_MESSAGE, _ENUM, _SERVICE):
        return ""
    if path[0] == _MESSAGE:
        message = file.message_type[path[1]]
        if len(path) == 2:
            return message.name
        return f"{message.name}.{message.field[path[3]].name}" if path[2] == _FIELD else ""
    if path[0] == _ENUM:
        enum = file.enum_type[path[1]]
        if len(path) == 2:
            return enum.name
        return f"{enum.name}.{enum.value[path[3]].name}" if path[2] == _VALUE else ""
    service = file.service[path[1]]
    if len(path) == 2:
        return service.name
    return f"{service.name}.{service.method[path[3]].name}" if path[2] == _METHOD else ""
