"""The window's start: what the machine must have, told before Qt is imported; then the window, then the rest.

The window is painted before the database is opened or anything heavy is imported; `ui.application` does both.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from desktop.logbook import logging_to
from desktop.settings import DARK, MACHINE_FILE

# What the Qt wheel links from the system: the library, and its package on Debian, UOS, Kylin and openEuler.
LIBRARIES = (
    ("libEGL.so.1", "libegl1", "mesa-libEGL"), ("libGL.so.1", "libgl1", "mesa-libGL"),
    ("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"), ("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    ("libfreetype.so.6", "libfreetype6", "freetype"), ("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    ("libX11.so.6", "libx11-6", "libX11"),
)
X11_LIBRARIES = (
    ("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    ("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
)
UNSEEN = ("offscreen", "minimal", "vnc")
Loads = Callable[[str], bool]
NO_DISPLAY = "没有显示器，打不开窗口。命令行照常可用；不开窗口做一遍业务：yekuo demo --out 文件夹"


def open_window(folder: Path, clock: Callable[[], datetime], clerk: str) -> int:
    """Open the window over the hall in `folder` and serve until it is closed. 1 where the machine lacks something,
    which is told in one line."""
    obstacle = _obstacle(os.environ)
    if obstacle:
        print(obstacle, file=sys.stderr)
        return 1
    from ui import scheme

    scheme.dark = _wears_dark(folder)
    from ui.application import run

    with suppress(OSError):  # a folder that cannot be made is told by the window
        folder.mkdir(parents=True, exist_ok=True)
    with logging_to(folder):
        return run(folder, clock, clerk)


def _wears_dark(folder: Path) -> bool:
    """Whether this machine's window is dark; most have set nothing, and nothing is read for them."""
    if not (folder / MACHINE_FILE).exists():
        return False
    from desktop.usecases.adjusting import machine

    return machine(folder)["look"] == DARK


def _obstacle(environment: Mapping[str, str]) -> str:
    """What keeps a window from opening here, in one line. A display that does not answer is told before the libraries
    that only a living one would need."""
    linux, answers = sys.platform == "linux", has_display(environment)
    lack = lacking_libraries(environment if answers else {}) if linux else ()
    if lack:
        return told_lacking(lack)
    return "" if answers else NO_DISPLAY


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def lacking_libraries(environment: Mapping[str, str], loads: Loads = _loads) -> tuple[tuple[str, str, str], ...]:
    """The system libraries that Qt will need and that are not there: (library, Debian package, rpm package)."""
    needed = LIBRARIES + (X11_LIBRARIES if _is_x11(environment) else ())
    return tuple(each for each in needed if not loads(each[0]))


def told_lacking(lack: tuple[tuple[str, str, str], ...]) -> str:
    """The one line that names the missing libraries and how to install them."""
    names = "、".join(library for library, *_ in lack)
    debian = " ".join(package for _, package, _ in lack)
    rpm = " ".join(dict.fromkeys(package for *_, package in lack))
    return (f"系统缺少窗口所需的库：{names}。"
            f"请安装后再打开：sudo apt-get install -y {debian}（openEuler 等：sudo dnf install -y {rpm}）")


def _is_x11(environment: Mapping[str, str]) -> bool:
    platform = environment.get("QT_QPA_PLATFORM", "")
    if platform:
        return platform.startswith("xcb")
    return bool(environment.get("DISPLAY")) and not environment.get("WAYLAND_DISPLAY")


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether a window can be opened here: Qt aborts the process where it cannot, so it is asked before."""
    if environment.get("QT_QPA_PLATFORM", "").startswith(UNSEEN) or sys.platform != "linux":
        return True
    return _wayland_answers(environment) or _x11_answers(environment)


def has_viewer(environment: Mapping[str, str]) -> bool:
    """Whether somebody can see the window, which an offscreen one nobody can."""
    unseen = environment.get("QT_QPA_PLATFORM", "").startswith(UNSEEN)
    return not unseen and has_display(environment) and not (sys.platform == "linux" and lacking_libraries(environment))


def _wayland_answers(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY")
    return bool(name) and Path(environment.get("XDG_RUNTIME_DIR", "/"), str(name)).exists()


def _x11_answers(environment: Mapping[str, str]) -> bool:
    name = environment.get("DISPLAY")
    if not name:
        return False
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return False
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = x11.XOpenDisplay(name.encode())
    if display:
        x11.XCloseDisplay(ctypes.c_void_p(display))
    return bool(display)
