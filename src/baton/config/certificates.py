"""A certificate of this machine's own, so that phones in the same network get https."""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=397)


@dataclass(frozen=True, slots=True)
class LocalCertificate:
    """Files of a certificate and its key (PEM)."""

    chain: Path
    key: Path


def lan_address() -> str:
    """The address under which other machines of this network reach this one; no packet is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def local_certificate(address: str, *, at: datetime, folder: Path | None = None) -> LocalCertificate:
    """The certificate for ``address``, made when there is none or when it ends within a month."""
    home = folder or Path(os.environ.get("BATON_DATA") or "data").resolve() / "certificates"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = LocalCertificate(home / f"{address}.pem", home / f"{address}.key")
    if not _still_good(files, at):
        _make(address, files, at)
    return files


def _still_good(files: LocalCertificate, at: datetime) -> bool:
    if not (files.chain.exists() and files.key.exists()):
        return False
    found = x509.load_pem_x509_certificate(files.chain.read_bytes())
    return found.not_valid_after_utc > at + timedelta(days=30)


def _make(address: str, files: LocalCertificate, at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Baton on this network")])
    alternatives: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.DNSName(socket.gethostname())]
    try:
        alternatives.append(x509.IPAddress(ipaddress.ip_address(address)))
    except ValueError:
        alternatives.append(x509.DNSName(address))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + LIFE)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    descriptor = os.open(files.key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as private:
        private.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    files.chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
