"""What config.yaml says about members' own say: how they object, and how they report."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.duration import Duration
from bot.texts import Text
from handlers.model import Settings


class AppealSettings(Settings):
    """How members may object to a case."""

    waiting: Annotated[Duration, Field(gt=timedelta(0), le=timedelta(days=90))] = Field(
        default=timedelta(days=3),
        description="申诉最晚多久内答复，过期提醒运营者"
        " an appeal is answered within this time, else the operators are alarmed",
    )
    a_case: int = Field(
        default=2, ge=1, le=10, description="同一案件最多申诉几次 appeals a case at most"
    )
    a_month: int = Field(
        default=5,
        ge=1,
        le=100,
        description="每人三十天内最多申诉几次 appeals of a member in thirty days at most",
    )
    received: Text = Field(
        default=Text(
            zh="收到你对案件 {case} 的申诉。会由处理此案之外的人来看，"
            "最晚 {deadline} 前私聊告诉你结果。",
            en="Your appeal on case {case} has arrived. Somebody other than who acted will look at"
            " it, and you will hear from me in private by {deadline}.",
        ),
        description="收到申诉时的答复 the answer to an appeal; {case} {deadline}",
    )


class ReportSettings(Settings):
    """How members may report a message or somebody to the operators."""

    threshold: int = Field(
        default=3,
        ge=1,
        le=100,
        description="几位不同的人举报才立案 so many different reporters raise a case",
    )
    trusted_after: int = Field(
        default=3,
        ge=1,
        le=1000,
        description="几次举报属实后，一人算两人；同样多次不属实后，不再算数"
        " after so many upheld reports a reporter counts twice; after so many rejected ones, not"
        " at all",
    )
    within: Annotated[Duration, Field(gt=timedelta(0))] = Field(
        default=timedelta(days=7),
        description="多久内的举报合在一起算 reports within this time count together",
    )
    a_day: int = Field(
        default=5,
        ge=1,
        le=1000,
        description="每人一天最多举报几次 reports of a member a day at most",
    )
    received: Text = Field(
        default=Text(
            zh="谢谢告诉我，已经记下，运营者会留意。你是谁不会告诉对方。",
            en="Thank you for telling me, it is noted for the operators. Nobody reported learns"
            " who you are.",
        ),
        description="收到举报时的答复 the answer to a report",
    )
