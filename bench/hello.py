"""The bare framework: one Starlette route that says hello, on the gateway's own web server. `python -m bench.hello`."""

import asyncio

import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from showfloor.gateway.web import serving


async def hello(_: Request) -> JSONResponse:
    return JSONResponse({"hello": "world"})


async def main() -> None:
    """Serve until killed; say on which port."""
    async with serving(Starlette(routes=[Route("/hello", hello)]), "127.0.0.1:0") as port:
        print(port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
