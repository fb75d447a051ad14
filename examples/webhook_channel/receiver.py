"""A provider of messages in forty lines (docs/webhook-channel.md): one customer, who is this terminal."""

# BALIE_WEBHOOK_CHANNEL_SECRET=… python receiver.py 8098 http://127.0.0.1:8080
# fmt: off
# ruff: noqa: D101, D102, D103, E401, E501, I001, S310, T201
import hashlib, hmac, json, os, sys, threading, time, uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.request import Request, urlopen
SECRET, PORT, BALIE = os.environ["BALIE_WEBHOOK_CHANNEL_SECRET"].encode(), int(sys.argv[1]), sys.argv[2]
buttons, seen = {}, set()

def sign(body, moment):
    return hmac.new(SECRET, b"%d." % moment + body, hashlib.sha256).hexdigest()

def tell(kind, **what):  # on a failure: the same event again, with the same id
    body = json.dumps({"id": str(uuid.uuid4()), "chat": "terminal", "language": "en", "type": kind, **what}).encode()
    moment = int(time.time())
    headers = {"X-Balie-Signature": f"t={moment},v1={sign(body, moment)}"}
    urlopen(Request(f"{BALIE}/api/v1/channels/webhook/events", body, headers), timeout=10).close()

class Provider(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        moment, print_ = (part[part.index("=") + 1:] for part in self.headers["X-Balie-Signature"].split(","))
        ours = hmac.compare_digest(print_, sign(body, int(moment))) and abs(time.time() - int(moment)) < 300
        self.send_response(204 if ours else 401)
        self.end_headers()
        event = json.loads(body)
        if not ours or event["type"] != "message" or event["id"] in seen:  # the same may come again: its id says so
            return
        seen.add(event["id"])
        print(event["text"], *(f"[{button['title']}]" for button in event["buttons"]), flush=True)
        buttons.update({button["title"]: button["id"] for button in event["buttons"] if "id" in button})

    def log_message(self, *_):
        pass

threading.Thread(target=HTTPServer(("127.0.0.1", PORT), Provider).serve_forever, daemon=True).start()
for line in map(str.strip, sys.stdin):
    tell("press", button_id=buttons[line]) if line in buttons else tell("message", text=line)
