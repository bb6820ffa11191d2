"""What may be set, and where the data lives: a table of described values, and the choice of the data folder.

The hall's own half of a contract is no setting but answers (usecases/staffing.py); a window's sizes and keys are the
window's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

MACHINE_FILE = "machine.json"  # in the data folder
LIGHT, DARK = "浅色", "深色"
DATA_VARIABLE = "YEKUO_DATA"


@dataclass(frozen=True)
class Setting:
    """One thing that may be set on this machine: its name, what the clerk reads, its value where none is set, and the
    values that there are, where not every one will do."""

    name: str
    label: str
    hint: str
    default: str = ""
    choices: tuple[str, ...] = ()


SETTINGS: Mapping[str, Setting] = MappingProxyType({setting.name: setting for setting in (
    Setting("clerk", "命令行默认经办人", "工号；写入的命令没有 --clerk 时用它"),
    Setting("id_reader", "身份证阅读器", "留空为手工填写；practice 为演练读卡器；厂家的驱动写成“模块:类名”"),
    Setting("camera", "高拍仪", "免驱的写 uvc（第二台 uvc1）；practice 为演练高拍仪；厂家的驱动写成“模块:类名”；"
                             "留空时盯住它存图片的文件夹"),
    Setting("look", "外观", "浅色，或夜里和暗处用的深色；重新打开窗口后生效", LIGHT, (LIGHT, DARK)),
)})


def data_folder(asked: str | None, environment: Mapping[str, str]) -> Path:
    """The data folder: the one asked for, else $YEKUO_DATA, else the user's own for this program."""
    chosen = asked or environment.get(DATA_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_dir

    return Path(user_data_dir("yekuo", appauthor=False))
