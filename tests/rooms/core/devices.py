"""A device in software that makes passkeys and answers what a browser is asked, as browsers send it."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

HERE = "http://localhost:8000"
_FLAG = AuthenticatorData.FLAG


def question_on(page: str) -> dict[str, Any]:
    """What the page asks the browser."""
    found = re.search(r'<script id="passkey-question" type="application/json">(.*?)</script>', page)
    assert found is not None, page
    asked: dict[str, Any] = json.loads(found[1])
    return asked


@dataclass
class Device:
    """One key. ``origin`` is the address that its browser shows, ``verifies`` whether it asks for finger or PIN."""

    origin: str = HERE
    verifies: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def create(self, question: dict[str, Any]) -> str:
        """A new passkey, as JSON."""
        asked = question["publicKey"]
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(bytes(16), self.id, public)
        known = AuthenticatorData.create(_hash(asked["rp"]["id"]), self._flags() | _FLAG.AT, 0, credential)
        client = self._client(CollectedClientData.TYPE.CREATE, asked)
        attestation = AttestationObject.create("none", known, {})
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def get(self, question: dict[str, Any]) -> str:
        """The answer to a question, as JSON."""
        asked = question["publicKey"]
        known = AuthenticatorData.create(_hash(asked["rpId"]), self._flags(), 1)
        client = self._client(CollectedClientData.TYPE.GET, asked)
        signature = self.key.sign(known + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=known, signature=signature)

    def _flags(self) -> int:
        return int(_FLAG.UP | _FLAG.UV if self.verifies else _FLAG.UP)

    def _client(self, ceremony: str, asked: dict[str, Any]) -> CollectedClientData:
        return CollectedClientData.create(ceremony, asked["challenge"], self.origin)

    def _answer(self, **parts: bytes) -> str:
        own = websafe_encode(self.id)
        said = {name: websafe_encode(part) for name, part in parts.items()}
        return json.dumps(
            {"id": own, "rawId": own, "type": "public-key", "response": said, "clientExtensionResults": {}}
        )


def _hash(rp: str) -> bytes:
    return hashlib.sha256(rp.encode()).digest()
