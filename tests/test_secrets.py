import pytest

from bot.faults import ConfigFaults
from bot.gateway.settings import WechatySettings
from bot.secrets import Secrets

NAME = "WECHATY_PUPPET_SERVICE_"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TOKEN", "ENDPOINT", "AUTHORITY", "TLS_CA_CERT", "TLS_SERVER_NAME"):
        monkeypatch.delenv(NAME + name, raising=False)
    monkeypatch.delenv(f"{NAME}NO_TLS_INSECURE_CLIENT", raising=False)
    monkeypatch.delenv("WEILU_DATABASE_URL", raising=False)


def test_without_anything_set_the_file_counts() -> None:
    """And there is no token."""
    settings = WechatySettings(endpoint="127.0.0.1:1", tls=False)
    assert settings == Secrets().wechaty(settings)
    assert "" == Secrets().token.get_secret_value()
    assert "sqlite:///x" == Secrets().database_url("sqlite:///x")


def test_the_names_wechaty_users_know_are_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    """They count over the file."""
    monkeypatch.setenv(f"{NAME}TOKEN", "puppet_1")
    monkeypatch.setenv(f"{NAME}ENDPOINT", "127.0.0.1:8788")
    monkeypatch.setenv(f"{NAME}AUTHORITY", "token.example")
    monkeypatch.setenv(f"{NAME}NO_TLS_INSECURE_CLIENT", "true")
    monkeypatch.setenv(f"{NAME}TLS_CA_CERT", "/etc/ca.pem")
    monkeypatch.setenv(f"{NAME}TLS_SERVER_NAME", "insecure")
    expected = WechatySettings(
        endpoint="127.0.0.1:8788",
        authority="token.example",
        tls=False,
        ca="/etc/ca.pem",
        server_name="insecure",
    )
    assert expected == Secrets().wechaty(WechatySettings(endpoint="10.0.0.1:1"))
    assert "puppet_1" == Secrets().token.get_secret_value()


def test_the_database_address_may_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It may hold a password there."""
    monkeypatch.setenv("WEILU_DATABASE_URL", "postgresql://me:pw@db/weilu")
    assert "postgresql://me:pw@db/weilu" == Secrets().database_url("sqlite:///x")


def test_an_empty_variable_is_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """As shells and container files leave them."""
    monkeypatch.setenv("WEILU_DATABASE_URL", "")
    monkeypatch.setenv(f"{NAME}NO_TLS_INSECURE_CLIENT", "")
    assert "sqlite:///x" == Secrets().database_url("sqlite:///x")
    assert Secrets().wechaty(WechatySettings()).tls


@pytest.mark.parametrize(
    ("name", "word"), [("ENDPOINT", "nowhere"), ("NO_TLS_INSECURE_CLIENT", "maybe")]
)
def test_an_impossible_value_is_a_fault_of_its_variable(
    name: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named as the person set it."""
    monkeypatch.setenv(NAME + name, word)
    with pytest.raises(ConfigFaults) as refused:
        Secrets().wechaty(WechatySettings())
    (fault,) = refused.value.faults
    assert (NAME + name, 0) == (fault.path, fault.line)


def test_no_secret_is_ever_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither printed nor dumped."""
    monkeypatch.setenv(f"{NAME}TOKEN", "geheim")
    monkeypatch.setenv("WEILU_DATABASE_URL", "postgresql://me:geheim@db/x")
    held = Secrets()
    assert "geheim" not in f"{held} {held!r} {held.model_dump()} {held.model_dump_json()}"
