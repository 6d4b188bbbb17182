"""What keeps pages safe in a browser: headers, cookies, and requests from elsewhere refused.

A POST counts only if the browser says that it comes from a page of ours, and if it carries the
token of who is signed in. Each alone would do in most browsers; together they do in all.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from earnest.config import Config

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_CSRF_BYTES: Final = 32
#: A visitor who is not signed in has a token too, bound to this cookie.
VISIT_DAYS: Final = 1
SESSION_DAYS: Final = 14
DAY_SECONDS: Final = 86_400
_DEFAULT_URL: Final = next(each.default for each in fields(Config) if each.name == "url")

_CSP: Final = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types htmx"
)
_PAGE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


def page_headers(nonce: str) -> dict[str, str]:
    """The headers of every page: no script but ours, no frame, nothing kept by caches."""
    return {**_PAGE, "Content-Security-Policy": _CSP.format(nonce=nonce)}


def new_nonce() -> str:
    """A word that only the scripts of this one answer know."""
    return secrets.token_urlsafe(16)


class Cookies:
    """The cookies of this site; over TLS their names bind them to this very host."""

    def __init__(self, config: Config) -> None:
        """Name them after how the site is reached."""
        self.secure = config.url.startswith("https://")
        prefix = "__Host-" if self.secure else ""
        self.session = f"{prefix}earnest"
        self.visit = f"{prefix}earnest-visit"
        self.flash = f"{prefix}earnest-flash"
        self.theme = f"{prefix}earnest-theme"
        self.language = f"{prefix}earnest-language"
        self.second = f"{prefix}earnest-second"

    def give(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Set one; scripts cannot read it, and other sites' forms do not bring it."""
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self.secure, httponly=True,
            samesite="lax",
        )  # fmt: skip

    def take(self, response: Response, name: str) -> None:
        """Take one away."""
        response.set_cookie(
            name, "", max_age=0, path="/", secure=self.secure, httponly=True, samesite="lax"
        )


def masked_token(secret: str) -> str:
    """The token of a form: another text in each page, so that compression tells nothing of it."""
    token = _token_of(secret)
    mask = secrets.token_bytes(_CSRF_BYTES)
    hidden = bytes(a ^ b for a, b in zip(mask, token, strict=True))
    return base64.urlsafe_b64encode(mask + hidden).decode().rstrip("=")


def is_token_of(given: str, secret: str) -> bool:
    """Whether a form brought a token of this session or visit."""
    try:
        raw = base64.urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return False
    if len(raw) != 2 * _CSRF_BYTES:
        return False
    mask, hidden = raw[:_CSRF_BYTES], raw[_CSRF_BYTES:]
    return hmac.compare_digest(
        bytes(a ^ b for a, b in zip(mask, hidden, strict=True)), _token_of(secret)
    )


def _token_of(secret: str) -> bytes:
    return hashlib.sha256(b"csrf:" + secret.encode()).digest()


def is_from_elsewhere(request: Request, config: Config) -> bool:
    """Whether another site's page made the browser send this.

    As Go's CrossOriginProtection asks it: Sec-Fetch-Site first, which no page can forge; without
    it the Origin; and what has neither was sent by no browser of this decade.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        return False
    host = request.headers.get("host", "")
    return urlsplit(origin).netloc != host and origin != origin_of(config.url)


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def public_origin(request: Request, config: Config) -> str:
    """Where links lead: the public address; where nobody set one, where one is now."""
    is_set = config.url != _DEFAULT_URL
    return origin_of(config.url if is_set else str(request.base_url))


@dataclass(frozen=True, slots=True)
class Relying:
    """What passkeys of this site are bound to: its host, and the address of its pages."""

    id: str
    origin: str


def relying(request: Request, config: Config) -> Relying | None:
    """Whom passkeys are made for; nobody where browsers make none, or the address is not set.

    That is what a page says of where it is only for a site on one's own machine.
    """
    parts = urlsplit(public_origin(request, config))
    host = parts.hostname or ""
    is_here = host == "localhost" or host.endswith(".localhost")
    if not is_here and (config.url == _DEFAULT_URL or parts.scheme != "https" or _is_number(host)):
        return None
    return Relying(host, f"{parts.scheme}://{parts.netloc}")


def _is_number(host: str) -> bool:
    """Whether a host is an address of a network, which no passkey can be bound to."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def own_path(given: str) -> str | None:
    """An address within this site, or None: nobody is ever sent anywhere else."""
    if not given.startswith("/") or given.startswith(("//", "/\\")):
        return None
    if any(ord(c) < 0x21 or c == "\\" for c in given):  # noqa: PLR2004  # Blanks and controls.
        return None
    parts = urlsplit(given)
    return given if not parts.scheme and not parts.netloc else None
