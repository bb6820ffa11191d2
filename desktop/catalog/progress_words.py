"""How a case's progress is told to its customer: the words of progress.toml, without a word of the house's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from desktop.catalog.row import Row
from desktop.domain.basis import Basis


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
    basis: Basis

    def of(self, stage_id: str, name: str) -> StageWords:
        """The words of a stage; one that is not listed is told by its name."""
        return self.stages.get(stage_id) or StageWords(name, f"正在办理：{name}", f"{name}已办好")


def read_progress(book: Row) -> ProgressWords:
    """The words as the file has them. ValueError names a stage that is shown and has none."""
    words = ProgressWords(
        MappingProxyType({stage: _stage(row) for stage, row in book.named_rows("stage").items()}),
        MappingProxyType({reason: book.worded(f"pause {reason}", said)
                          for reason, said in book.mapping("pause").items()}),
        book.basis())
    book.close()
    return words


def _stage(row: Row) -> StageWords:
    words = StageWords(row.text("later", ""), row.text("now", ""), row.text("done", ""), row.flag("hidden", False))
    row.close()
    if not words.hidden and not (words.later and words.now and words.done):
        raise row.wrong("没有写明怎么对客户说（later、now、done）；不给客户看的写 hidden = true")
    return words
