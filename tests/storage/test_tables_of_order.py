from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.dialects import sqlite

from storage import (
    appeals,
    audit,
    cases,
    complaints,
    exemptions,
    links,
    operators,
    pacts,
    replay,
    rule_reports,
    sanctions,
    tasks,
)

LOOK_UPS = {
    "the cases of a message": (cases._OF_MESSAGE, "ix_cases_message"),
    "the cases of a member": (cases._OF_MEMBER, "ix_cases_member"),
    "the newest cases": (cases._RECENT, "ix_cases_"),
    "the newest cases of a group": (cases._RECENT_HERE, "ix_cases_group_state"),
    "strikes": (cases._STRUCK, "ix_cases_strikes"),
    "what is in force": (sanctions._IN_FORCE, "ix_sanctions_open"),
    "whether anything is": (sanctions._ANYTHING, "ix_sanctions_open"),
    "what has ended": (sanctions._ENDED, "ix_sanctions_until"),
    "what spares a member": (exemptions._OF, "uq_exemptions_open"),
    "what spares anybody": (exemptions._LIST, "uq_exemptions_open"),
    "an exemption to lift": (exemptions._LIFT, "uq_exemptions_open"),
    "the sanctions of a case": (sanctions._OF_CASE, "uq_sanctions|autoindex_sanctions"),
    "a task by its key": (tasks._BY_KEY, "autoindex_tasks"),
    "tasks that are late": (tasks._LATE, "ix_tasks_state"),
    "tasks in some states": (tasks._LIST, "ix_tasks_state"),
    "a task about a member": (tasks._FOR, "ix_tasks_member"),
    "the appeals of a case": (appeals._OF_CASE, "ix_appeals_case_number"),
    "the appeals of a member": (appeals._OF_MEMBER, "ix_appeals_member"),
    "appeals that wait": (appeals._WAITING, "ix_appeals_state"),
    "the appeal to decide": (appeals._DECIDE, "uq_appeals_open|ix_appeals_case_number"),
    "old words of appeals": (appeals._ERASE, "ix_appeals_texts"),
    "reports about a message": (complaints._COUNT_MESSAGE, "uq_complaints_message"),
    "reports about a person": (complaints._COUNT_PERSON, "ix_complaints_about"),
    "the reports of a case": (complaints._OF_CASE, "ix_complaints_case_number"),
    "the record of a reporter": (complaints._RECORD, "ix_complaints_by"),
    "old words of reporters": (complaints._ERASE, "ix_complaints_texts"),
    "operators": (operators._ALL, "uq_operators_present"),
    "the newest acts": (audit._LIST, "ix_audit_account"),
    "the posted pact": (pacts._POSTED, "pacts"),
    "who agreed": (pacts._ACCEPTED, "autoindex_acceptances"),
    "the person of a member": (links._FIRST, "PRIMARY KEY"),
    "acts of a rule": (rule_reports._ACTS, "ix_cases_rule"),
    "messages around an act": (rule_reports._OTHERS, "COVERING INDEX ix_messages_group_at"),
    "a portion of messages": (replay._PORTION, "ix_messages_group_at"),
}
SMALL = ("links", "l", "json_each", "(subquery", "accounts", "CONSTANT", "groups")
"""What may be read whole: a list that was given, and tables with a few rows."""


@pytest.fixture(scope="module")
def connection(new_sqlite: object) -> Iterator[Connection]:
    """A migrated database, only to be asked how it would look things up."""
    engine = create_engine(new_sqlite())  # type: ignore[operator]
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("what", LOOK_UPS)
def test_everything_is_looked_up_by_index(connection: Connection, what: str):
    """However much is recorded, no look-up reads a table of records whole."""
    statement, index = LOOK_UPS[what]
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
    given = dict.fromkeys(compiled.params)
    rows = connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"), given)
    steps = [row.detail for row in rows]
    scans = [step.split()[1] for step in steps if step.startswith("SCAN")]

    assert [] == [name for name in scans if not name.startswith(SMALL)], steps
    assert any(each in step for step in steps for each in index.split("|")), steps
