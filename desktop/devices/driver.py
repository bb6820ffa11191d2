"""A maker's driver: a class of the hall's that a machine setting names as `module:Class`.

It is a stranger's program. Whatever it raises becomes a sentence here, and the clerk goes on by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

from desktop.errors import Refusal, Trouble

T = TypeVar("T")


@dataclass(frozen=True)
class Device:
    """A kind of counter hardware as its driver's sentences speak of it. `setting`: the machine setting that names the
    driver; `written`: how that may be written; `offers`: what the class must have; `by_hand`: how to go on without."""

    name: str
    setting: str
    written: str
    offers: tuple[str, ...]
    by_hand: str


def driver_named(device: Device, setting: str) -> Any:
    """The driver that the setting names. Refusal where it is no `module:Class`; Trouble where it cannot be loaded or is
    no driver of such a device."""
    module, colon, name = setting.partition(":")
    if not (module and colon and name):
        raise Refusal(f"{device.name}的设置“{setting}”不对：{device.written}。", device.setting)
    try:
        made = getattr(import_module(module), name)()
    except Exception as error:  # a maker's driver may raise anything
        raise Trouble(f"{device.name}的驱动“{setting}”装不上。", f"请核对驱动是否已安装。{device.by_hand}") from error
    if not all(hasattr(made, part) for part in device.offers):
        *parts, last = device.offers
        raise Trouble(f"“{setting}”不是{device.name}的驱动：它要有 {'、'.join(parts)} 和 {last}。",
                      "请向驱动的提供者核对类名。")
    return made


def asked(ask: Callable[[], T], silent: Trouble, broken: Callable[[str], Trouble]) -> T:
    """What the driver answers. Raises `silent` where the device does not, and what `broken` makes of the error's kind
    where the driver fails: its own words may hold what lies on the device, so none is kept."""
    try:
        return ask()
    except (Refusal, Trouble):
        raise
    except OSError:
        raise silent from None
    except Exception as error:  # noqa: BLE001 - a maker's driver may raise anything
        raise broken(type(error).__name__) from None
