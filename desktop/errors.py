"""The two kinds of failure that a clerk is told of. Anything else is our own bug."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Missing:
    """One thing that stands in the way of the next step: `field` is where the clerk can supply it."""

    sentence: str
    field: str | None = None


class Refusal(Exception):
    """A rule says no. `sentence` tells the clerk what is wrong, where and what to do; nothing was changed."""

    def __init__(self, sentence: str, field: str | None = None, missing: tuple[Missing, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.missing = missing

    def __str__(self) -> str:
        return "\n".join([self.sentence, *(f"  · {m.sentence}" for m in self.missing)])


class Trouble(Exception):
    """The world says no (locked, full, no printer).

    `saved` answers the clerk's first question: True saved, False not saved, None nothing was to be saved.
    """

    def __init__(self, sentence: str, advice: str = "", saved: bool | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.advice = advice
        self.saved = saved

    def __str__(self) -> str:
        told = {True: "已保存。", False: "本次未保存。", None: ""}[self.saved]
        return "".join(part for part in (self.sentence, told, self.advice) if part)
