"""A desk in forty lines (docs/webhook-desk.md): accepts everybody, answers, resolves on "bye"."""

# BALIE_WEBHOOK_DESK_SECRET=… python receiver.py 8099 http://127.0.0.1:8080
# fmt: off
# ruff: noqa: D101, D102, D103, E401, E501, I001, S310, T201
import hashlib, hmac, json, os, sys, time, uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.request import Request, urlopen
SECRET, PORT, BALIE = os.environ["BALIE_WEBHOOK_DESK_SECRET"].encode(), int(sys.argv[1]), sys.argv[2]
numbers, seen = {}, set()

def sign(body, moment):
    return hmac.new(SECRET, b"%d." % moment + body, hashlib.sha256).hexdigest()

def tell(conversation, kind, **data):
    numbers[conversation] = numbers.get(conversation, 0) + 1
    event = {"id": str(uuid.uuid4()), "type": kind, "number": numbers[conversation]}
    body = json.dumps({**event, "conversation_id": conversation, "data": data}).encode()
    moment = int(time.time())
    headers = {"X-Balie-Signature": f"t={moment},v1={sign(body, moment)}"}
    urlopen(Request(f"{BALIE}/api/v1/desks/webhook/events", body, headers), timeout=10).close()
    print("told", kind, flush=True)

class Desk(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        moment, print_ = (part[part.index("=") + 1:] for part in self.headers["X-Balie-Signature"].split(","))
        ours = hmac.compare_digest(print_, sign(body, int(moment))) and abs(time.time() - int(moment)) < 300
        self.send_response(204 if ours else 401)
        self.end_headers()
        event = json.loads(body)
        if not ours or event["id"] in seen:  # the same event may come again: its id says so
            return
        seen.add(event["id"])
        conversation, said = event["conversation_id"], event["data"].get("message", {})
        tell(conversation, "accept") if event["type"] == "handoff.requested" else None
        tell(conversation, "message", text=f"You wrote: {said['text']}") if said.get("author") == "customer" else None
        tell(conversation, "resolve", code="solved", note="Said bye.") if said.get("text") == "bye" else None

HTTPServer(("127.0.0.1", PORT), Desk).serve_forever()
