"""The base of every settings model."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from bot.texts import Text, placeholders


class Settings(BaseModel):
    """The base of every settings model: frozen, unknown keys refused.

    A Text may use the placeholders of its default and no others: those are what its handler fills.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", defer_build=True, arbitrary_types_allowed=True
    )

    @field_validator("*")
    @classmethod
    def _fillable(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, Text):
            default = cls.model_fields[str(info.field_name)].default
            known = placeholders(default.zh) if isinstance(default, Text) else set()
            unknown = sorted(placeholders(value.zh) - known)
            if unknown:
                usable = "、".join(f"{{{name}}}" for name in sorted(known)) or "无 none"
                raise ValueError(
                    f"不认识的占位符 {{{unknown[0]}}}，这里可用：{usable}"
                    f" unknown placeholder; these may be used: {usable}"
                )
        return value
