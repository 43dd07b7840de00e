"""The configuration: read once from the environment and from what the command line was told, and never changed.

The only module that reads the environment. Every name begins with `TONGXING_`; what the command line says comes first.
"""

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.limits import DEFAULT_LIMITS, Limits
from service.logs import LogFormat

PREFIX = "TONGXING_"
_A_DAY_S = 86_400


class BadSettings(Exception):
    """Settings that cannot be used, one line each: what it is called, what was expected and what was found."""


class Settings(BaseSettings):
    """What the service is told when it starts.

    `cities` are folders of cities of one's own, beside the built-in ones (in the environment separated like PATH).
    `illustrative` None means: on loopback only. `open` says that whoever can reach the port may ask; without it the
    service listens on loopback only, because it knows no keys yet. `public_url` is the address under which callers
    reach the service where a proxy stands before it; absolute links begin with it. Seconds and `connections` are those
    of `service.limits.Limits`. `log_format` None is text on a terminal, JSON elsewhere. `telemetry` sends spans where
    OpenTelemetry's own variables (OTEL_...) say.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8000, ge=0, le=65535)
    data: Path = Path("data")
    cities: Annotated[tuple[Path, ...], NoDecode] = ()
    calendar: Path | None = None
    illustrative: bool | None = None
    open: bool = False
    receive_seconds: float = Field(DEFAULT_LIMITS.receive, gt=0, le=_A_DAY_S)
    idle_seconds: float = Field(DEFAULT_LIMITS.idle, gt=0, le=_A_DAY_S)
    send_seconds: float = Field(DEFAULT_LIMITS.send, gt=0, le=_A_DAY_S)
    connections: int = Field(DEFAULT_LIMITS.connections, ge=1)
    drain_seconds: float = Field(DEFAULT_LIMITS.drain, ge=0, le=_A_DAY_S)
    stop_seconds: float = Field(DEFAULT_LIMITS.stop, gt=0, le=_A_DAY_S)
    log_format: LogFormat | None = None
    telemetry: bool = False
    public_url: str | None = Field(None, pattern=r"^https?://[A-Za-z0-9.:\[\]_~-]+(/[A-Za-z0-9._~-]+)*$")

    @field_validator("cities", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part for part in value.split(os.pathsep) if part] if isinstance(value, str) else value

    @property
    def limits(self) -> Limits:
        """What one caller may ask of the server."""
        return Limits(
            receive=self.receive_seconds,
            idle=self.idle_seconds,
            send=self.send_seconds,
            connections=self.connections,
            drain=self.drain_seconds,
            stop=self.stop_seconds,
        )

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def with_illustrative(self) -> bool:
        """Whether the illustrative notices are loaded."""
        return self.on_loopback if self.illustrative is None else self.illustrative


def read_settings(**told: Any) -> Settings:
    """The settings, `told` before the environment; BadSettings says which one is wrong. None is: was not told."""
    try:
        return Settings(**{name: value for name, value in told.items() if value is not None})
    except ValidationError as error:
        lines = []
        for fault in error.errors(include_url=False):
            name = str(fault["loc"][0]) if fault["loc"] else "(all)"
            lines.append(f"{name} ({PREFIX}{name.upper()}): {fault['msg']}, found {fault['input']!r}")
        raise BadSettings("\n".join(lines)) from error
