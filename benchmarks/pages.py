"""The pages of the console that are measured, and what asks for itself on them."""

PAGES = {
    "today": "/",
    "groups": "/groups",
    "group": "/groups/{group}",
    "topics": "/topics",
    "calendar": "/topics/calendar",
    "cases": "/cases",
    "rules": "/rules",
    "members": "/members?q=1000",
    "outbox": "/outbox?tab=done",
}
LIVE = {
    "today": ("/today/waiting", "/today/groups"),
    "groups": ("/groups/rows",),
    "group": (
        "/groups/{group}/figures",
        "/groups/{group}/days.json",
        "/groups/{group}/hours.json",
        "/groups/{group}/circle.json",
    ),
    "cases": ("/cases/rows",),
    "outbox": ("/outbox/rows?tab=done",),
}
"""Further pieces of a page, by its name."""
