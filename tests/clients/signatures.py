"""Signed answers, verified from the standards alone: RFC 9421 over RFC 9530, with keys of RFC 7517."""

import base64
import hashlib
import json
import re
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from node import Node
from records import fail

PATHS = ["/ldes", "/ldes?format=nq", "/ldes/page/1", "/ldes/kind/attore", "/.well-known/void"]
MEMBER = re.compile(r'(?P<label>[a-z]+)=(?P<text>\((?P<list>[^)]*)\)(?P<parameters>.*))')


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def keys(node: Node) -> dict[str, Ed25519PublicKey]:
    """The published keys by their names, each name computed again. RFC 7638, section 3."""
    found = {}
    for key in node.ask("/.well-known/familylab-keys").json()["keys"]:
        members = {name: key[name] for name in sorted(["crv", "kty", "x"])}
        digest = hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest()
        name = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if name != key["kid"]:
            fail(f"the key {key} is called {name}")
        found[name] = Ed25519PublicKey.from_public_bytes(unpadded(key["x"]))
    return found


def base_of(answer, url: str, listed: str, text: str) -> bytes:
    """The text that is signed. RFC 9421, section 2.5."""
    parts = urlsplit(url)
    derived = {
        '"@status"': str(answer.status_code),
        '"@method";req': "GET",
        '"@path";req': parts.path,
        '"@query";req': "?" + parts.query,
    }
    lines = []
    for component in listed.split(" "):
        value = derived.get(component) or answer.headers[component.strip('"')]
        lines.append(f"{component}: {value}")
    return "\n".join([*lines, f'"@signature-params": {text}']).encode()


def check_answer(node: Node, known: dict[str, Ed25519PublicKey], path: str, coding: str) -> None:
    url = node.base + path
    answer = node.session.get(url, headers={"Accept-Encoding": coding}, stream=True)
    sent = answer.raw.read(decode_content=False)
    if answer.status_code != 200 or not sent:
        fail(f"{url}: {answer.status_code}")
    digest = base64.b64encode(hashlib.sha256(sent).digest()).decode()
    if answer.headers["Content-Digest"] != f"sha-256=:{digest}:":
        fail(f"{url} ({coding}): the digest is not that of what was sent")
    member = MEMBER.fullmatch(answer.headers["Signature-Input"])
    name = re.search(r';keyid="([^"]+)"', member["parameters"])[1]
    signature = answer.headers["Signature"]
    if not signature.startswith(f"{member['label']}=:"):
        fail(f"{url}: {signature} is no signature of {member['label']}")
    signature = base64.b64decode(signature.split(":")[1])
    text = base_of(answer, url, member["list"], member["text"])
    if not is_valid(known[name], signature, text):
        fail(f"{url} ({coding}): the signature does not hold")
    if is_valid(known[name], signature, text.replace(b": 200", b": 203", 1)):
        fail(f"{url}: the signature holds for what was not signed")


def is_valid(key: Ed25519PublicKey, signature: bytes, text: bytes) -> bool:
    try:
        key.verify(signature, text)
    except InvalidSignature:
        return False
    return True


def check(node: Node) -> None:
    known = keys(node)
    node.wait_until(lambda: node.session.get(f"{node.base}/.well-known/void").status_code == 200, "no export")
    for path in PATHS:
        for coding in ["identity", "gzip"]:
            check_answer(node, known, path, coding)
    print(f"  cryptography: {2 * len(PATHS)} signed answers verified")
