"""The page's application in this process, without a server: many requests in little time, by a clock of their own."""

import asyncio
import json
from contextlib import contextmanager

from page.browser import make_static

from controller.page.app import Page

HOST = "127.0.0.1:8080"
POST = {"host": HOST, "origin": f"http://{HOST}", "sec-fetch-site": "same-origin", "content-type": "application/json"}


class Asgi:
    """Sends requests to the application, from the thread that runs its loop."""

    def __init__(self, control, static, now_ns):
        self.loop = asyncio.new_event_loop()
        self.page = Page(control, static, "box", now_ns)

    def send(self, method, path, headers, body=b"", peer="127.0.0.1"):
        """Return the status, the headers and the body of the answer."""
        return self.loop.run_until_complete(self._send(method, path, headers, body, peer))

    def post_all(self, path, tokens):
        """Send one request with each token, and return the statuses that came."""

        async def send_all():
            heads = (POST | {"cookie": f"backbutton={token}"} for token in tokens)
            return {(await self._send("POST", path, head, b"{}", "127.0.0.1"))[0] for head in heads}

        return self.loop.run_until_complete(send_all())

    def post_together(self, path, token, count):
        """Send some requests at the same time, and return their statuses."""
        head = POST | {"cookie": f"backbutton={token}"}

        async def send_together():
            sending = (self._send("POST", path, head, b"{}", "127.0.0.1") for _ in range(count))
            return [answer[0] for answer in await asyncio.gather(*sending)]

        return self.loop.run_until_complete(send_together())

    def post(self, path, value, token=None, **more):
        cookie = {} if token is None else {"cookie": f"backbutton={token}"}
        return self.send("POST", path, POST | cookie, json.dumps(value).encode(), **more)

    async def _send(self, method, path, headers, body, peer):
        told, sent = [], []

        async def receive():
            if not sent:
                sent.append(body)
                return {"type": "http.request", "body": body, "more_body": False}
            return {"type": "http.disconnect"}

        async def send(message):
            told.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
            "client": (peer, 1),
            "server": ("127.0.0.1", 8080),
            "state": {},
        }
        await self.page.app(scope, receive, send)
        head = told[0]
        return head["status"], dict(head["headers"]), b"".join(each.get("body", b"") for each in told[1:])


@contextmanager
def application(control, folder, now_ns):
    """Make the application over the daemon at `control`."""
    asgi = Asgi(control, make_static(folder / "static"), now_ns)
    try:
        yield asgi
    finally:
        asgi.page.end()
        asgi.loop.run_until_complete(asyncio.sleep(0))
        asgi.loop.close()
