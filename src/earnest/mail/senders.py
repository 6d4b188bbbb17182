"""From whom the mails of a site come: what its operator set, as an address."""

from __future__ import annotations

from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import urlsplit


def sender_in(text: str, url: str) -> Address:
    """Read ``Earnest <mail@example.com>``; where nothing is said it is Earnest at the site's host.

    What cannot be an address is a ValueError.
    """
    host = urlsplit(url).hostname or "localhost"
    name, address = parseaddr(text or f"Earnest <earnest@{host}>")
    if address.count("@") != 1 or not address.isascii():
        raise ValueError("it is no e-mail address")
    return Address(name, addr_spec=address)
