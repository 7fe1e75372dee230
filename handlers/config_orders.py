"""A config that an admin loads from outside the chat: who did it, and what became of it."""

from bot.texts import Text
from handlers.scene import Scene
from handlers.verdicts import Verdict
from storage.values_of_order import Doer

LOADING = Text(zh="新的配置正在载入。", en="The new config is being loaded.")
NOT_LOADED = Text(
    zh="配置文件没有写成：{why}。原来的还在，没有改动。",
    en="The config file could not be written: {why}. It is as it was.",
)
_ABOUT = "config.yaml"


def load_config(scene: Scene, by: Doer, changes: str) -> Verdict:
    """Written down before the file is, so that no change is without its line. An admin's right."""
    _note(scene, by, "载入配置 load config", changes)
    return Verdict(done=True, words=LOADING)


def config_not_loaded(scene: Scene, by: Doer, why: str) -> Verdict:
    """What was to be loaded could not be written into the file."""
    _note(scene, by, "没有载入 not loaded", why)
    return Verdict(done=False, words=NOT_LOADED, values={"why": why})


def _note(scene: Scene, by: Doer, what: str, why: str) -> None:
    scene.work.audit.note(scene.house.account, by, what, _ABOUT, why, scene.now)
