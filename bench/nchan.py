"""nginx with nchan, when this machine has it: one worker process, one channel."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psutil

MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
MISSING = "nginx with nchan is not installed: apt-get install nginx-light libnginx-mod-nchan"
_CONFIG = """
load_module {module};
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000;
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location = /publish {{ nchan_publisher; nchan_channel_id board; nchan_message_buffer_length 16; }}
    location = /stream {{
      nchan_subscriber eventsource; nchan_channel_id board; nchan_subscriber_first_message newest;
    }}
  }}
}}
"""


def installed() -> bool:
    """Tell whether the peer can be run here."""
    return MODULE.exists() and shutil.which("nginx", path=_path()) is not None


class Nchan:
    """Runs while the block does."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._folder = tempfile.TemporaryDirectory()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        config = Path(self._folder.name) / "nginx.conf"
        config.write_text(_CONFIG.format(module=MODULE, folder=self._folder.name, port=self.port))
        Path(self._folder.name).chmod(0o777)  # the worker is somebody else when we are root
        nginx = shutil.which("nginx", path=_path())
        assert nginx is not None, MISSING
        self._process = subprocess.Popen([nginx, "-c", str(config), "-e", f"{self._folder.name}/error.log"])
        end = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(10)
        self._folder.cleanup()

    @property
    def worker(self) -> psutil.Process:
        """The process that serves the streams."""
        assert self._process is not None
        return psutil.Process(self._process.pid).children()[0]


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin"
