"""What docs/asyncapi.json says of a service's public events, to compare with what comes from a broker."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema_rs
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet
from grpc_tools import protoc

from showfloor.messaging.bus import Delivered
from showfloor.testing.waiting import eventually


class Described:
    """A service's channel, from the document alone: its own copy of every schema is compiled, in `folder`."""

    def __init__(self, document: dict[str, Any], service: str, folder: Path) -> None:
        self._components, self._channel = document["components"], document["channels"][service]
        self.stream: str = self._channel["x-stream"]
        schemas, messages = self._components["schemas"], self._components["messages"]
        names = [reference["$ref"].rpartition("/")[2] for reference in self._channel["messages"].values()]
        self.messages = {messages[name]["name"]: messages[name] for name in names}
        sources = [name.replace(".", "/").removesuffix("/proto") + ".proto" for name in schemas if name[0].islower()]
        for source in sources:
            (folder / source).parent.mkdir(parents=True, exist_ok=True)
            (folder / source).write_text(schemas[source.replace("/", ".")]["schema"])
        google = Path(protoc.__file__).parent / "_proto"
        output = folder / "described"
        options = [f"-I{folder}", f"-I{google}", "--include_imports", f"--descriptor_set_out={output}"]
        assert protoc.main(["protoc", *options, *sources]) == 0
        self._pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(output.read_bytes()).file:
            self._pool.Add(file)

    async def check_all(self, came: Sequence[Delivered]) -> None:
        """Wait until every declared message has come at least once, then compare each with what the document says."""

        def missing() -> set[str]:
            return set(self.messages) - {delivered.headers["ce-type"] for delivered in came}

        try:
            await eventually(lambda: not missing())
        finally:
            assert missing() == set()
        for delivered in came:
            self.check(delivered)

    def check(self, delivered: Delivered) -> None:
        """Compare subject, headers and body with what the document says."""
        assert delivered.subject == self._channel["address"]
        kind = delivered.headers["ce-type"]
        assert kind in self.messages, f"{kind} is not in the document"
        schema = {**self.messages[kind]["headers"], "components": self._components}
        jsonschema_rs.validator_for(schema).validate(dict(delivered.headers))
        payload = self.messages[kind]["payload"]
        if "$ref" not in payload:
            jsonschema_rs.validator_for(payload).validate(delivered.body.decode())
            return
        descriptor = self._pool.FindMessageTypeByName(kind)
        assert payload["$ref"].endswith("/" + descriptor.file.name.replace("/", "."))
        body = message_factory.GetMessageClass(descriptor).FromString(delivered.body)
        assert_known(body)
        assert getattr(body, self._channel["x-key"]) == delivered.headers["ce-subject"] != ""


def assert_known(message: Message) -> None:
    """Assert that every byte of a message, and of those in it, belongs to a field that is described."""
    assert not len(UnknownFieldSet(message)), message
    for field, value in message.ListFields():
        if field.message_type is not None:
            for one in value if field.is_repeated else [value]:
                assert_known(one)
