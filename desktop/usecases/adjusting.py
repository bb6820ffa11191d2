"""Settings of this machine, kept beside the hall's data in machine.json: they do not travel with a backup."""

from __future__ import annotations

import json
from pathlib import Path

from desktop.errors import Refusal
from desktop.settings import MACHINE_FILE, SETTINGS, Setting
from printing.writing import atomic_write


def machine(folder: Path) -> dict[str, str]:
    """Every machine setting with its value; a file that cannot be read counts as one in which nothing is set."""
    try:
        kept = json.loads((folder / MACHINE_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        kept = {}
    known = kept if isinstance(kept, dict) else {}
    return {name: str(known.get(name, setting.default)) for name, setting in SETTINGS.items()}


def adjust(folder: Path, name: str, value: str) -> None:
    """Keep one machine setting; refuses a name that is none, and a value that is none of its choices."""
    setting = setting_named(name)
    if setting.choices and value.strip() not in setting.choices:
        raise Refusal(f"“{setting.label}”只能是{'或'.join(setting.choices)}，请改正。", "value")
    values = machine(folder) | {setting.name: value.strip()}
    atomic_write(folder / MACHINE_FILE, json.dumps(values, ensure_ascii=False, indent=1).encode(), private=True)


def setting_named(name: str) -> Setting:
    """The setting of that name; refused with the list of those there are."""
    if name not in SETTINGS:
        known = "、".join(f"{each.name}（{each.label}）" for each in SETTINGS.values())
        raise Refusal(f"没有“{name}”这项设置。现有：{known}。", "name")
    return SETTINGS[name]
