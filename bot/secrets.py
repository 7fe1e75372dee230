"""Secrets, and how the gateway is reached, from the environment: the names Wechaty users know."""

import os

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from bot.faults import ConfigFaults, Fault
from bot.gateway.settings import WechatySettings
from bot.validation_words import in_plain_words

_WECHATY = "WECHATY_PUPPET_SERVICE_"
_NO_TLS = f"{_WECHATY}NO_TLS_INSECURE_CLIENT"
_PLACE = "环境变量 environment"
_YES = {"1", "true", "yes", "on"}
_NO = {"", "0", "false", "no", "off"}


_NAMES = {
    "token": f"{_WECHATY}TOKEN",
    "endpoint": f"{_WECHATY}ENDPOINT",
    "authority": f"{_WECHATY}AUTHORITY",
    "no_tls": _NO_TLS,
    "ca": f"{_WECHATY}TLS_CA_CERT",
    "server_name": f"{_WECHATY}TLS_SERVER_NAME",
    "database": "WEILU_DATABASE_URL",
    "console_password": "WEILU_CONSOLE_PASSWORD_HASH",
}


class Secrets(BaseModel):
    """What only the environment may say. Nothing of it is ever shown; a name left empty is unset.

    Reading it never fails: what is wrong with a value is said by the method that uses it.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    token: SecretStr = SecretStr("")
    endpoint: str = ""
    authority: str = ""
    no_tls: str = ""
    ca: str = ""
    server_name: str = ""
    database: SecretStr = SecretStr("")
    console_password: SecretStr = SecretStr("")

    def __init__(self) -> None:
        """As the environment is now; small letters in a name are as good as capitals."""
        said = {name.upper(): value for name, value in os.environ.items()}
        super().__init__(**{field: said[name] for field, name in _NAMES.items() if said.get(name)})

    def database_url(self, default: str) -> str:
        """WEILU_DATABASE_URL if set, else the `default`. It may hold a password: never show it."""
        return self.database.get_secret_value().strip() or default

    def wechaty(self, settings: WechatySettings) -> WechatySettings:
        """The settings with what the environment says put over them.

        Raises ConfigFaults naming the variable that holds something impossible.
        """
        values = settings.model_dump()
        for name in ("endpoint", "authority", "ca", "server_name"):
            values[name] = str(getattr(self, name)).strip() or values[name]
        values["tls"] = values["tls"] and not self._without_tls()
        try:
            return WechatySettings.model_validate(values)
        except ValidationError as wrong:
            raise ConfigFaults(
                Fault(
                    _PLACE,
                    0,
                    0,
                    f"{_WECHATY}{str(error['loc'][0]).upper()}",
                    *in_plain_words(error),
                )
                for error in wrong.errors(include_url=False)
            ) from None

    def _without_tls(self) -> bool:
        word = self.no_tls.strip().casefold()
        if word not in _YES | _NO:
            said = "应是 true 或 false should be true or false"
            raise ConfigFaults([Fault(_PLACE, 0, 0, _NO_TLS, said)])
        return word in _YES
