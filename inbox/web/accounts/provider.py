"""An identity provider (OpenID Connect Core 1.0): the authorization code flow with PKCE, state and nonce.

The one file of the core that speaks HTTP itself. Nothing is kept between two sign-ins: keys may have been changed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from inbox.domain.problems import Problem
from inbox.settings.options import OidcOptions
from inbox.web.accounts.began import Began
from inbox.web.session import fresh, same

SCOPE = "openid email profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures of a pair of keys only: a token that we could have signed ourselves proves nothing."""
SECONDS = 8.0
LEEWAY = 60
"""Seconds by which two clocks may differ."""
LARGEST = 512 * 1024
"""Bytes of an answer."""


class Provider:
    """The configured provider. Its methods raise Problem: `oidc.unreachable`, or `oidc.refused` with the reason."""

    def __init__(self, options: OidcOptions, secret: str = "") -> None:
        self._options = options
        self._secret = secret
        self.label = options.label or urlsplit(options.issuer).hostname or ""
        self.claim = options.claim

    async def begin(self, back: str, onward: str) -> tuple[str, Began]:
        """The address to send the person to, who comes back to `back`; and what their browser must keep."""
        began = Began(fresh(), fresh(), fresh() + fresh(), onward)
        async with self._client() as client:
            about = await self._about(client)
        challenge = create_s256_code_challenge(began.verifier)
        proof = {"nonce": began.nonce, "code_challenge": challenge, "code_challenge_method": "S256"}
        entrance = str(about["authorization_endpoint"])
        address: str = prepare_grant_uri(
            entrance, self._options.client_id, "code", back, SCOPE, state=began.state, **proof
        )
        return address, began

    async def finish(self, query: Mapping[str, str], began: Began, back: str, now: datetime) -> Mapping[str, Any]:
        """What the provider vouches for about the person who came back with this query."""
        if not same(query.get("state", ""), began.state):
            raise Problem("oidc.refused", reason="state")
        if "error" in query or not query.get("code"):
            raise Problem("oidc.refused", reason=query.get("error", "code")[:60])
        if query.get("iss", self._options.issuer).rstrip("/") != self._options.issuer:  # RFC 9207
            raise Problem("oidc.refused", reason="iss")
        async with self._client() as client:
            about = await self._about(client)
            tokens = await self._tokens(client, about, query["code"], began, back)
            claims = self._verified(tokens, await self._got(client, str(about["jwks_uri"])), began, now)
            if self.claim not in claims and "userinfo_endpoint" in about:
                claims = await self._more(client, about, tokens, claims)
        return claims

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False)

    async def _about(self, client: httpx.AsyncClient) -> Mapping[str, Any]:
        """OpenID Connect Discovery 1.0, section 4: it must name the issuer that was asked."""
        about = await self._got(client, get_well_known_url(self._options.issuer, external=True))
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if str(about.get("issuer", "")).rstrip("/") != self._options.issuer:
            raise Problem("oidc.refused", reason="issuer")
        scheme = urlsplit(self._options.issuer).scheme
        if not all(urlsplit(str(about.get(name, ""))).scheme in ("https", scheme) for name in needed):
            raise Problem("oidc.refused", reason="discovery")
        return about

    async def _tokens(
        self, client: httpx.AsyncClient, about: Mapping[str, Any], code: str, began: Began, back: str
    ) -> Mapping[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": began.verifier}
        offered = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = bool(self._secret) and "client_secret_basic" in offered
        if not basic:
            form |= {"client_id": self._options.client_id} | ({"client_secret": self._secret} if self._secret else {})
        name = self._options.client_id
        auth = httpx.BasicAuth(_quoted(name), _quoted(self._secret)) if basic else None
        return await self._answer(client, "POST", str(about["token_endpoint"]), data=form, auth=auth)

    def _verified(
        self, tokens: Mapping[str, Any], keys: Mapping[str, Any], began: Began, now: datetime
    ) -> Mapping[str, Any]:
        """OpenID Connect Core 1.0, section 3.1.3.7."""
        must = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True},
            aud={"essential": True, "value": self._options.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": began.nonce},
        )
        try:
            claims = jwt.decode(str(tokens.get("id_token", "")), _keys(keys), list(ALGORITHMS)).claims
            must.validate(claims)
        except (JoseError, ValueError) as error:
            raise Problem("oidc.refused", reason=type(error).__name__) from error
        if str(claims["iss"]).rstrip("/") != self._options.issuer:
            raise Problem("oidc.refused", reason="iss")
        if claims.get("azp", self._options.client_id) != self._options.client_id:
            raise Problem("oidc.refused", reason="azp")
        return claims

    async def _more(
        self, client: httpx.AsyncClient, about: Mapping[str, Any], tokens: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """What the provider tells of the same person beside the token (section 5.3)."""
        headers = {"authorization": f"Bearer {tokens.get('access_token', '')}"}
        more = await self._answer(client, "GET", str(about["userinfo_endpoint"]), headers=headers)
        if more.get("sub") != claims["sub"]:
            raise Problem("oidc.refused", reason="sub")
        return {**more, **claims}

    async def _got(self, client: httpx.AsyncClient, url: str) -> Mapping[str, Any]:
        return await self._answer(client, "GET", url)

    async def _answer(self, client: httpx.AsyncClient, method: str, url: str, **sent: Any) -> Mapping[str, Any]:
        try:
            answer = await client.request(method, url, **{"headers": {"accept": "application/json"}, **sent})
            found = answer.json() if answer.is_success and len(answer.content) <= LARGEST else None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise Problem("oidc.unreachable", issuer=self._options.issuer, reason=type(error).__name__) from error
        if not isinstance(found, dict):
            reason = f"HTTP {answer.status_code}"
            raise Problem("oidc.unreachable", issuer=self._options.issuer, reason=reason)
        return found


def _keys(found: Mapping[str, Any]) -> KeySet:
    """The provider's keys; those of a kind that nobody knows are left out, and so are those that encrypt."""
    usable = [one for one in found.get("keys", []) if isinstance(one, dict) and one.get("use", "sig") == "sig"]
    return KeySet.import_key_set({"keys": [one for one in usable if one.get("kty") in ("RSA", "EC", "OKP")]})


def _quoted(part: str) -> str:
    """RFC 6749, section 2.3.1: name and secret are form-encoded before they are joined."""
    return httpx.QueryParams({"x": part}).__str__().partition("=")[2]
