"""A control socket that passes everything to a real daemon, and adds what that cannot do yet: pairing, now_ns, text.

python tests/page/pairing_proxy.py SOCKET DAEMON_SOCKET: `run` is pressed by itself 2 s after a phone asks, and a
one-time code is printed.
"""

import asyncio
import json
import secrets
import sys
import time

from controller import telling


class Proxy:
    def __init__(self, target, press_after_s=None):
        self.target = target
        self.press_after_s = press_after_s
        self.tokens = {}
        self.codes = set()
        self.asked = {}
        self.subscribers = set()

    async def serve(self, path):
        return await asyncio.start_unix_server(self.client, path, limit=1 << 20)

    def publish(self, state, text):
        self.tell({"kind": "pairing", "state": state, "text": text, "at_ns": time.monotonic_ns()})

    def tell(self, event):
        for writer in self.subscribers:
            send(writer, {"jsonrpc": "2.0", "method": "event", "params": event})

    async def client(self, reader, writer):
        try:
            there, back = await asyncio.open_unix_connection(self.target, limit=1 << 22)
        except OSError:
            writer.close()
            return
        passing = asyncio.create_task(self.answers(there, writer))
        try:
            while line := await reader.readline():
                request = json.loads(line)
                method = request["method"]
                if method == "subscribe":
                    self.subscribers.add(writer)
                    request["params"] = {}
                if method.startswith("pairing."):
                    send(writer, {"jsonrpc": "2.0", "id": request["id"], **self.answer(method, request["params"])})
                else:
                    back.write(json.dumps(request).encode() + b"\n")
        finally:
            self.subscribers.discard(writer)
            passing.cancel()
            back.close()
            writer.close()

    async def answers(self, there, writer):
        while line := await there.readline():
            message = json.loads(line)
            if message.get("method") == "event":
                message["params"]["text"] = telling.event(message["params"])
            send(writer, message)
        writer.close()

    def answer(self, method, params):
        try:
            return {"result": getattr(self, method.replace(".", "_"))(**params)}
        except ValueError as error:
            return {"error": {"code": 1, "message": str(error), "data": {"word": "refused"}}}

    def pairing_check(self, token):
        return {"paired": token in self.tokens, "name": self.tokens.get(token)}

    def pairing_link(self):
        self.codes.add(code := secrets.token_urlsafe(8))
        return {"code": code, "seconds": 600}

    def pairing_redeem(self, code, name):
        if code not in self.codes:
            raise ValueError("this link was used already, or is too old; print a new one: backbutton page pair")
        self.codes.remove(code)
        self.publish("paired", f"{name} is paired")
        return {"token": self.new(name)}

    def new(self, name):
        self.tokens[token := secrets.token_urlsafe(32)] = name
        return token

    def pairing_ask(self, name):
        if any(asked["state"] == "waiting" for asked in self.asked.values()):
            raise ValueError("another phone waits to be paired; wait until it is")
        request = secrets.token_urlsafe(16)
        self.asked[request] = {"state": "waiting", "name": name}
        if self.press_after_s is not None:
            asyncio.get_running_loop().call_later(self.press_after_s, self.press)
        self.publish("asked", f"{name} wants to be paired: press run within 60 s")
        return {"request": request, "seconds": 60, "text": "press run on the box within 60 s"}

    def press(self):
        for asked in self.asked.values():
            if asked["state"] == "waiting":
                asked |= {"state": "paired", "token": self.new(asked["name"])}
                self.publish("paired", f"{asked['name']} is paired")

    def pairing_result(self, request):
        asked = self.asked.get(request)
        if asked is None:
            return {"state": "over", "text": "nobody pressed run in time; ask again"}
        answer = {"state": asked["state"], "text": f"{asked['name']}: {asked['state']}"}
        return answer | ({"token": asked.pop("token")} if "token" in asked else {})

    def pairing_list(self):
        phones = [{"name": name, "number": number} for number, name in enumerate(self.tokens.values(), 1)]
        return {"phones": phones, "text": f"{len(phones)} paired"}

    def pairing_remove(self, number=None, token=None):
        gone = [token] if token else list(self.tokens)[: number and 1]
        if number:
            gone = [list(self.tokens)[number - 1]]
        for each in gone:
            self.tokens.pop(each, None)
        self.publish("removed", "a phone was removed")
        return {"removed": len(gone)}


def send(writer, message):
    writer.write(json.dumps({**message, "now_ns": time.monotonic_ns()}).encode() + b"\n")


async def main(path, target):
    proxy = Proxy(target, 2)
    async with await proxy.serve(path):
        print("code", proxy.pairing_link()["code"], flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
