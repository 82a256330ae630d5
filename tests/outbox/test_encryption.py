"""STARTTLS with a certificate that is checked: a good one carries mail and password, any other carries nothing."""

import datetime as dt
import ipaddress
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.outbox.smtp import Line, Server, Unreachable
from tests.outbox.servers import fake_server

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of 127.0.0.1 that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Probe")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "probe.pem"
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def server(certificate):
    with fake_server() as made:
        made.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.tls.load_cert_chain(certificate)
        made.answers.update(EHLO="250-probe\r\n250-STARTTLS\r\n250 AUTH PLAIN", AUTH="235 2.7.0 welcome")
        yield made


def test_with_a_certificate_that_holds_mail_and_password_travel_encrypted(server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    line = Line(Server("127.0.0.1", server.port, "starttls", "chef", "geheim"), patience=5)
    line.open()
    with line:
        line.deliver("a@beispiel.test", "b@beispiel.test", b"Subject: x\r\n\r\nGuten Tag", hand_over=lambda: None)
    assert [to for to, _ in server.taken] == ["b@beispiel.test"]


def test_a_certificate_that_nobody_vouches_for_ends_it_before_anything_is_said(server):
    line = Line(Server("127.0.0.1", server.port, "starttls", "chef", "geheim"), patience=5)
    with pytest.raises(Unreachable, match="Zertifikat"):
        line.open()
    assert server.seen == []


def test_a_certificate_of_another_name_does_not_hold(server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    line = Line(Server("localhost", server.port, "starttls"), patience=5)
    with pytest.raises(Unreachable, match="Zertifikat"):
        line.open()
