"""An identity provider over a socket: discovery, authorization, tokens, keys; it lies on demand and writes down what it was asked."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "inbox", "s3cret: with/signs"


@dataclass
class Oidc:
    """One provider and the person who is signed in there. `forge` changes the claims of the next token, `broken` the answers."""

    now: datetime
    url: str = ""
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "7", "email": "sara@acme.example", "email_verified": True}
    )
    forge: dict[str, Any] = field(default_factory=dict)
    beside: dict[str, Any] | None = None
    """What the userinfo endpoint tells; None: there is no such endpoint."""
    issuer: str = ""
    broken: str = ""
    methods: tuple[str, ...] = ("client_secret_basic",)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signs: RSAKey | None = None
    """The key that signs, where it is not the one that is published."""
    ledger: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Every request: the path and what was sent."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def visit(self, address: str) -> str:
        """A person's browser comes with this address, and they agree: where they are sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.ledger.append(("/authorize", asked))
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, path: str, sent: dict[str, str], credentials: str) -> dict[str, Any] | None:
        """What is answered; None: an error."""
        self.ledger.append((path, {**sent, "authorization": credentials}))
        if self.broken == path:
            return None
        if path == "/.well-known/openid-configuration":
            return self._about()
        if path == "/keys":
            public = {**self.key.as_dict(private=False), "use": "sig", "alg": "RS256"}
            return {"keys": [{"kty": "oct", "k": "AAAA", "kid": "odd"}, public]}
        if path == "/userinfo" and self.beside is not None and credentials == "Bearer at":
            return self.beside
        return self._tokens(sent, credentials) if path == "/token" else None

    def _about(self) -> dict[str, Any]:
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        about: dict[str, Any] = {name: f"{self.url}/{place}" for name, place in places.items()}
        if self.beside is not None:
            about["userinfo_endpoint"] = f"{self.url}/userinfo"
        return {"issuer": self.issuer or self.url, "token_endpoint_auth_methods_supported": list(self.methods), **about}

    def _tokens(self, sent: dict[str, str], credentials: str) -> dict[str, Any] | None:
        asked = self.codes.pop(sent.get("code", ""), None)
        if asked is None or not self._is_client(sent, credentials):
            return None
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).decode().rstrip("=")
        )
        if challenge != asked["code_challenge"] or sent["redirect_uri"] != asked["redirect_uri"]:
            return None
        at = int(self.now.timestamp())
        claims = {"iss": self.url, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": asked["nonce"], **self.person}
        claims |= self.forge
        told = {name: value for name, value in claims.items() if value is not None}
        return {"access_token": "at", "id_token": self._signed(told), "token_type": "Bearer"}

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.broken == "alg":
            head, body = ({"alg": "none"}, claims)
            parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in (head, body)]
            return f"{parts[0]}.{parts[1]}."
        signed: str = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs or self.key)
        return signed

    def _is_client(self, sent: dict[str, str], credentials: str) -> bool:
        if "client_secret_basic" in self.methods:
            wanted = urlencode({CLIENT: SECRET}).replace("=", ":").encode()
            return credentials == "Basic " + base64.b64encode(wanted).decode()
        return sent.get("client_id") == CLIENT and sent.get("client_secret") == SECRET


@contextmanager
def provider(now: datetime) -> Iterator[Oidc]:
    """A provider on a port of this machine, as long as the block lasts."""
    made = Oidc(now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
            self._reply({name: values[0] for name, values in parse_qs(body).items()})

        def _reply(self, sent: dict[str, str]) -> None:
            answer = made.answer(urlsplit(self.path).path, sent, self.headers.get("authorization", ""))
            self.send_response(400 if answer is None else 200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer or {"error": "invalid_request"}).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: what was asked stands in the ledger."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    running.start()
    try:
        yield made
    finally:
        server.shutdown()
        running.join()
        server.server_close()
