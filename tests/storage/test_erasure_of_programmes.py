from typing import Any

from builders import NOON, group, person
from sqlalchemy import insert, select

from storage.database import Database
from storage.tables_of_programmes import (
    arrangements,
    consents,
    goal_choices,
    goal_progress,
    member_tags,
    pauses,
)
from storage.work import Work

WHO = person("小林")
OTHER = person("小周")


def test_what_they_arranged_stays_by_nobody_and_the_rest_goes(database: Database):
    """Tags, consents, choices and mentions of a person go; nothing names them any more."""
    with database.work() as work:
        who, other = work.members.id_of(WHO, NOON), work.members.id_of(OTHER, NOON)
        assert who is not None
        assert other is not None
        lived(work, who, other)
        work.commit()
    with database.work() as work:
        export = work.members.export(who)
        touched = work.members.forget(who, NOON)
        work.commit()

    told = ("arrangements_made", "pauses_made", "pauses_ended", "consents", "tags", "tags_given")
    assert dict.fromkeys(told, 1) | {"goal_choices": 1, "goal_progress_told": 1} == {
        name: len(export[name])  # type: ignore[arg-type]
        for name in (*told, "goal_choices", "goal_progress_told")
    }
    assert {"arrangements", "pauses", "consents", "member_tags", "goal_choices"} <= set(touched)
    with database.work() as work:
        named = [
            value
            for table in (arrangements, pauses, consents, member_tags, goal_progress, goal_choices)
            for row in work._transaction.read(select(table))
            for name, value in row._asdict().items()
            if name in ("by_id", "ended_by_id", "member_id")
        ]
        assert {None, other} == {*named}


def lived(work: Work, who: int, other: int) -> None:
    """Both arranged, paused, tagged and chose something."""
    group_id = work.groups.key(group(), NOON)
    here: dict[str, Any] = {"group_id": group_id, "programme": "早", "at": NOON, "by": ""}
    rows: list[tuple[Any, dict[str, Any]]] = [
        (
            arrangements,
            here
            | {"id": 1, "wall": "2026-11-22T09:00", "what": "skip", "topic_key": "", "by_id": who},
        ),
        (
            pauses,
            {
                "id": 1,
                "group_id": group_id,
                "programme": "",
                "since": NOON,
                "by_id": who,
                "by": "",
                "until": NOON,
                "ended_by_id": who,
                "ended_by": "",
            },
        ),
        (
            goal_progress,
            {
                "id": 1,
                "group_id": group_id,
                "goal": "读完",
                "reached": 3,
                "by_id": who,
                "by": "",
                "at": NOON,
            },
        ),
        *(
            (
                consents,
                {
                    "group_id": group_id,
                    "member_id": each,
                    "what": "mention",
                    "given": True,
                    "at": NOON,
                },
            )
            for each in (who, other)
        ),
        *(
            (
                goal_choices,
                {
                    "group_id": group_id,
                    "goal": "读完",
                    "member_id": each,
                    "choice": "stay",
                    "at": NOON,
                },
            )
            for each in (who, other)
        ),
        *(
            (
                member_tags,
                {
                    "group_id": group_id,
                    "member_id": each,
                    "tag": "产品",
                    "by_id": by,
                    "by": "",
                    "at": NOON,
                },
            )
            for each, by in ((who, other), (other, who))
        ),
    ]
    for table, row in rows:
        work._transaction.write(insert(table), row)
