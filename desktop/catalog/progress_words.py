"""How a case's progress is told to its customer: the words of progress.toml, without a word of the house's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("progress.toml")


@dataclass(frozen=True)
class StageWords:
    """What is said of a stage before it begins, while it runs and when it is done; a hidden one is the hall's own
    affair."""

    later: str
    now: str
    done: str
    hidden: bool = False


@dataclass(frozen=True)
class ProgressWords:
    """The words by stage, and by reason of a pause."""

    stages: Mapping[str, StageWords]
    pauses: Mapping[str, str]

    def of(self, stage_id: str, name: str) -> StageWords:
        """The words of a stage; one that is not listed is told by its name."""
        return self.stages.get(stage_id) or StageWords(name, f"正在办理：{name}", f"{name}已办好")


@cache
def progress_words() -> ProgressWords:
    """The words as the file has them. ValueError for a stage that is shown and has none."""
    told = tomllib.loads(FILE.read_text("utf-8"))
    stages = {name: StageWords(row.get("later", ""), row.get("now", ""), row.get("done", ""), row.get("hidden", False))
              for name, row in told["stage"].items()}
    shown = {name: words for name, words in stages.items() if not words.hidden}
    if lacking := [name for name, words in shown.items() if not (words.later and words.now and words.done)]:
        raise ValueError(f"{FILE.name}: {lacking} 没有写明怎么说")
    return ProgressWords(stages, told["pause"])
