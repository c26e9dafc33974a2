"""How providers are described."""

from __future__ import annotations

from pathlib import Path

import pytest

from baton.config.env import SettingError
from baton.config.identity_providers import identity_providers
from baton.core.accounts.providers import IdentityProvider, SecondFactor


def described(monkeypatch: pytest.MonkeyPatch, **more: str) -> IdentityProvider:
    said = {
        "BATON_OIDC": "company", "BATON_OIDC_COMPANY_ISSUER": "https://id.example.org/realms/x/",
        "BATON_OIDC_COMPANY_CLIENT_ID": "baton", "BATON_OIDC_COMPANY_CLIENT_SECRET": "s3cret",
    } | {f"BATON_OIDC_COMPANY_{name}": value for name, value in more.items()}  # fmt: skip
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    return identity_providers(loopback=False)[0]


def test_settings_describe_a_provider(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    found = described(
        monkeypatch, CLIENT_SECRET="", CLIENT_SECRET_FILE=str(tmp_path / "secret"), LABEL="Example account",
        LABEL_ZH_HANS="统一身份认证", RECOGNISED_BY="claim:employee_number", SECOND_FACTOR="otp, hwk", SCOPES="email",
        EMAIL_DOMAINS="Example.org", ADDS_PEOPLE="yes", SIGNS_OUT="no",
    )  # fmt: skip
    assert found == IdentityProvider(
        id="company", names={"en": "Example account", "zh-hans": "统一身份认证"}, client_id="baton",
        issuer="https://id.example.org/realms/x", client_secret="from a file", scopes=("openid", "email"),
        staff_number="employee_number", email_domains=frozenset({"example.org"}), adds_people=True,
        second_factor=SecondFactor(asked=True, unless=frozenset({"otp", "hwk"})), signs_out=False,
    )  # fmt: skip
    assert "from a file" not in repr(found)
    plain = described(monkeypatch, LABEL="", LABEL_ZH_HANS="", RECOGNISED_BY="", SECOND_FACTOR="")
    assert (plain.names["zh-hans"], plain.staff_number, plain.second_factor) == ("company", "", SecondFactor())
    assert described(monkeypatch, SECOND_FACTOR="yes").second_factor == SecondFactor(asked=True)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ISSUER", "", "BATON_OIDC_COMPANY_ISSUER must be set"),
        ("ISSUER", "http://id.example.org", "must be https"),
        ("ISSUER", "http://127.0.0.1:8080", "must be https"),
        ("ISSUER", "https://id.example.org/.well-known/openid-configuration", "without /.well-known"),
        ("CLIENT_ID", "", "BATON_OIDC_COMPANY_CLIENT_ID must be set"),
        ("CLIENT_SECRET", "", "BATON_OIDC_COMPANY_CLIENT_SECRET must be set"),
        ("RECOGNISED_BY", "phone", "email, or claim:NAME"),
        ("SECOND_FACTOR", ",", "no, yes, or values of amr"),
        ("ADDS_PEOPLE", "perhaps", "yes/no"),
    ],
)
def test_settings_that_do_not_describe_a_provider(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    with pytest.raises(SettingError, match=said):
        described(monkeypatch, **{name: value})


def test_unreadable_secret_and_odd_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="none does not exist"):
        described(monkeypatch, CLIENT_SECRET="", CLIENT_SECRET_FILE=str(tmp_path / "none"))
    for names in ("Company", "a,a", "a/b", "-"):
        monkeypatch.setenv("BATON_OIDC", names)
        with pytest.raises(SettingError, match="Short names such as company"):
            identity_providers(loopback=False)
