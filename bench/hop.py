"""A bare SSE server: what comes in on a NATS subject goes out to every client. `python -m bench.hop NATS_URL PORT`."""

import asyncio
import sys
from typing import Any

import nats
import uvicorn


async def serve(url: str, port: int) -> None:
    """Serve until killed."""
    clients: set[asyncio.Queue[bytes]] = set()

    async def on_message(message: Any) -> None:
        for client in clients:
            client.put_nowait(message.data)

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        news: asyncio.Queue[bytes] = asyncio.Queue()
        clients.add(news)
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        data = b"hello"
        while True:
            await send({"type": "http.response.body", "body": b"data: " + data + b"\n\n", "more_body": True})
            data = await news.get()

    bus = await nats.connect(url)
    await bus.subscribe("hop", cb=on_message)
    config = uvicorn.Config(app, port=port, loop="uvloop", http="httptools", log_config=None, access_log=False)
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(sys.argv[1], int(sys.argv[2])))
