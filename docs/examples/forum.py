"""A picture forum in 40 lines: asks Dutybound before it shows a post, and does what it is told."""
import base64, json, os, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from standardwebhooks.webhooks import Webhook

DUTYBOUND, KEY, SECRET = (os.environ[name] for name in ("DUTYBOUND", "KEY", "SECRET"))
SHOW = {"allow": "shown", "hold": "waiting", "block": "refused",
        "restore": "shown", "take_down": "refused"}
posts: dict[str, str] = {}  # id → shown, waiting or refused

def ask(post_id, author, picture):
    item = {"id": post_id, "author": {"id": author},
            "media": [{"id": "picture", "data": base64.b64encode(picture).decode()}]}
    request = urllib.request.Request(
        f"{DUTYBOUND}/api/v1/items", json.dumps(item).encode(),
        {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["verdict"]
    except OSError:
        return "hold"  # no answer is no reason to show it

def obey(message):
    if message["type"] == "enforcement.created" and message["data"]["kind"] in SHOW:
        posts[message["data"]["subject"]["id"]] = SHOW[message["data"]["kind"]]

class Forum(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write(posts.get(self.path.strip("/"), "unknown").encode())

    def do_POST(self):
        body, name = self.rfile.read(int(self.headers["Content-Length"])), self.path.strip("/")
        if name == "webhooks":
            obey(Webhook(SECRET).verify(body, dict(self.headers.items())))
        else:
            posts[name] = SHOW[ask(name, self.headers["X-Author"], body)]
        self.do_GET()

ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Forum).serve_forever()
