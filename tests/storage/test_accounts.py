from builders import ACCOUNT, BOT, NOON, later

from bot.events import GatewayChanged, GatewayState
from storage.values import AccountState
from storage.work import Work


def changed(state: GatewayState, **over: object) -> GatewayChanged:
    """The connection of the account changes at noon."""
    return GatewayChanged(**({"account": ACCOUNT, "state": state, "at": NOON} | over))  # type: ignore[arg-type]


def test_the_state_of_an_account(work: Work):
    """`since` is when the state began; who we are stays known after we are offline."""
    assert work.accounts.get(ACCOUNT) is None
    work.accounts.state(changed(GatewayState.LOGGED_IN, me=BOT))
    work.accounts.state(changed(GatewayState.OFFLINE, at=later(minutes=1)))
    work.accounts.state(changed(GatewayState.OFFLINE, at=later(minutes=9), detail="断线"))

    expected = AccountState(ACCOUNT, "offline", "断线", later(minutes=1), BOT, None, "")
    assert expected == work.accounts.get(ACCOUNT)
    assert [expected] == work.accounts.all()


def test_sending_is_stopped_and_resumed(work: Work):
    """The first reason is kept; resuming forgets it; a stop needs no connection."""
    work.accounts.stop(ACCOUNT, "退出登录 logged out", NOON)
    work.accounts.stop(ACCOUNT, "又一次 again", later(hours=1))
    stopped = work.accounts.get(ACCOUNT)
    work.accounts.state(changed(GatewayState.LOGGED_IN))
    still = work.accounts.get(ACCOUNT)
    work.accounts.resume(ACCOUNT, later(hours=2))
    resumed = work.accounts.get(ACCOUNT)

    assert stopped is not None
    assert still is not None
    assert resumed is not None
    assert (NOON, "退出登录 logged out") == (stopped.stopped_at, stopped.stopped_why)
    assert NOON == still.stopped_at
    assert (None, "") == (resumed.stopped_at, resumed.stopped_why)
