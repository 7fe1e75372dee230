"""Whether and how a programme mentions members in its posts: its settings."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.duration import Duration


class Cast(BaseModel):
    """Members whom a topic concerns are mentioned with it, so that somebody begins."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    people: Annotated[int, Field(ge=2, le=3)] = Field(
        default=2, description="一次最多点几个人 so many members at most, 2 or 3"
    )
    per_week: Annotated[int, Field(ge=1, le=7)] = Field(
        default=1,
        description="一个人七天里最多被点几次，所有群加在一起"
        " how often one person is mentioned in seven days, all groups together",
    )
    absent: Annotated[Duration, Field(ge=timedelta(days=1), le=timedelta(days=90))] = Field(
        default=timedelta(days=30),
        description="这么久（1d–90d）没说话的人不点 nobody who was silent so long, 1d to 90d",
    )
    newcomers: Annotated[Duration, Field(ge=timedelta(days=1), le=timedelta(days=90))] = Field(
        default=timedelta(days=14),
        description="进群多久以内（1d–90d）算新人：可以和一个懂的人一起被点"
        " who came so lately is new, 1d to 90d, and may be mentioned beside one who knows",
    )
    share: Annotated[int, Field(ge=1, le=100)] = Field(
        default=50,
        description="百分之几的话题点人；留一些不点，才比得出点名有没有用"
        " so many percent of the topics; the rest shows whether it helps",
    )
