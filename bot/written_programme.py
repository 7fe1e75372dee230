"""A programme as config.yaml writes it: what the pattern of its settings cannot say is checked."""

from typing import Self

from pydantic import field_validator, model_validator

from bot import cron as crons
from topics import calendar, timetable, when
from topics.programme import Programme


class WrittenProgramme(Programme):
    """A programme that is known to be readable and to come due."""

    @field_validator("cron")
    @classmethod
    def _readable(cls, cron: str | None) -> str | None:
        if cron is not None:
            crons.check(cron)
        return cron

    @field_validator("at")
    @classmethod
    def _understood(cls, at: str | None) -> str | None:
        return None if at is None else when.written(when.parse(at))

    @field_validator("country")
    @classmethod
    def _has_a_calendar(cls, country: str) -> str:
        calendar.check(country)
        return country

    @model_validator(mode="after")
    def _comes_due(self) -> Self:
        if self.cron is not None and self.at is not None:
            raise ValueError(
                "cron 与 at 只能写一个；要去掉继承来的，写 cron: null"
                " write cron or at, not both; “cron: null” drops an inherited one"
            )
        if self.cron is None and self.at is None and self.on_silence is None:
            raise ValueError(
                "没写什么时候发：请写 at（如 工作日 9:00）、cron 或 on_silence（如 {for: 2h}）"
                " when is missing: write at, cron or on_silence"
            )
        timetable.check(self.timing)
        return self
