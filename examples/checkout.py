"""A shop's own checkout, as small as it can be: it takes a buyer from Showfloor, and tells what became of the order.

    python examples/checkout.py --keys keys.json --credential-file credential --showfloor https://live.example.com \
        --address https://pay.example.com/live

`keys.json` holds the keys that Settings > Integrations > Checkout showed, by their ids: {"KEY_ID": "sfk_..."}. The
credential is that of a connector with the scope "checkout". TLS ends before it: it listens on 127.0.0.1:8099.
"""

import argparse
import base64
import hmac
import html
import json
import time
import urllib.request
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


def verified(token: str, keys: Mapping[str, str], address: str) -> dict[str, Any]:
    """Return the order of a link from Showfloor. Raises ValueError, KeyError for one that must not be trusted."""
    head, body, signature = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split("."))
    header, order = json.loads(head), json.loads(body)
    made = hmac.digest(keys[header["kid"]].encode(), token.rpartition(".")[0].encode(), "sha256")
    if header["alg"] != "HS256" or not hmac.compare_digest(made, signature):
        raise ValueError("not signed by Showfloor")
    if order["aud"] != address or order["exp"] < time.time():
        raise ValueError("for another checkout, or too old")
    return dict(order)


class Checkout(BaseHTTPRequestHandler):
    """Shows an order, and answers Showfloor. A real one asks a payment provider where this one takes a press for it."""

    keys: Mapping[str, str]
    address: str
    showfloor: str
    credential: str

    def do_GET(self) -> None:
        """Show what there is to pay."""
        token, order = self._order(urlsplit(self.path).query)
        if order is None:
            self._page(400, "This link is not good. Go back to the LIVE and press Pay again.")
        elif order.get("test"):
            self._page(200, "The link works: this checkout trusts it.")
        else:
            total = order["total"]
            amount = f"{total['minor'] / 10 ** total['exponent']:.{total['exponent']}f} {total['currency']}"
            choices = "".join(
                f'<button name="answer" value="{value}">{text}</button>'
                for value, text in (("payment", f"Pay {amount}"), ("cancellation", "Cancel the order"))
            )
            field = f'<input type="hidden" name="order" value="{html.escape(token)}">'
            self._page(200, f'<form method="post">{field}{choices}</form>')

    def do_POST(self) -> None:
        """Tell Showfloor that the order was paid, or that it will not be."""
        form = self.rfile.read(min(int(self.headers["Content-Length"]), 100_000)).decode()
        _, order = self._order(form)
        answer = parse_qs(form).get("answer", [""])[0]
        if order is None or answer not in ("payment", "cancellation"):
            self._page(400, "This link is not good. Go back to the LIVE and press Pay again.")
            return
        state = self._tell(order, answer)
        self._page(200, f"Your order is {html.escape(state)}. You can close this page.")

    def _tell(self, order: Mapping[str, Any], answer: str) -> str:
        """Answer Showfloor; the same key for the same answer, so that a second press changes nothing."""
        url = f"{self.showfloor}/v1/sessions/{order['session_id']}/orders/{order['order_id']}/{answer}"
        headers = {
            "Authorization": f"Bearer {self.credential}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"{answer}-{order['order_id']}",
        }
        with urllib.request.urlopen(urllib.request.Request(url, b"{}", headers), timeout=20) as done:  # noqa: S310
            return str(json.load(done)["order"]["state"])

    def _order(self, query: str) -> tuple[str, dict[str, Any] | None]:
        token = parse_qs(query).get("order", [""])[0]
        try:
            return token, verified(token, self.keys, self.address)
        except (ValueError, KeyError, TypeError):
            return token, None

    def _page(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Referrer-Policy", "no-referrer")  # the address holds the order
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>Checkout</title>{body}".encode())

    def log_message(self, *_: object) -> None:
        """Log nothing: the address holds the order."""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("keys", "credential-file", "showfloor", "address"):
        parser.add_argument(f"--{name}", required=True)
    given = parser.parse_args()
    Checkout.keys = json.loads(Path(given.keys).read_text())
    Checkout.credential = Path(given.credential_file).read_text().strip()
    Checkout.showfloor, Checkout.address = given.showfloor.rstrip("/"), given.address
    HTTPServer(("127.0.0.1", 8099), Checkout).serve_forever()


if __name__ == "__main__":
    main()
