"""The counter's printer, by the system's own `lp`: it sends the PDF as it is, which keeps lines sharp and is fast.

Whether paper came out nobody can know from here: a finished call means that the spooler took the job.
"""

from __future__ import annotations

import shutil
import subprocess

from desktop.errors import Trouble

PATIENCE = 30  # seconds: a spooler that has not answered by then hangs
ADVICE = "文书已存好，可随时补打；也可以另存为 PDF 后从别处打印。"


def printers() -> tuple[str, ...]:
    """The names of the printers that the spooler knows; none where there is no spooler."""
    if shutil.which("lpstat") is None:
        return ()
    told = _run(["lpstat", "-e"], b"")
    return tuple(line.strip() for line in told.stdout.decode(errors="replace").splitlines() if line.strip())


def print_pdf(pdf: bytes, *, title: str, printer: str = "", copies: int = 1) -> None:
    """Hand the bytes to the spooler; `printer` empty is the system's default. Raises Trouble with what to do.

    `title` is seen by others in the spooler's list: it must hold no personal data.
    """
    if shutil.which("lp") is None:
        raise Trouble("这台电脑没有安装打印服务（找不到 lp 命令）。", f"请安装 cups-client 软件包。{ADVICE}")
    chosen = ["-d", printer] if printer else []
    told = _run(["lp", *chosen, "-n", str(copies), "-t", title, "-o", "media=A4", "-"], pdf)
    if told.returncode:
        raise Trouble(f"打印机“{printer or '系统默认'}”没有接受这份文书。", f"请检查它是否开机、联机、有纸。{ADVICE}")


def _run(command: list[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(command, input=given, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise Trouble("打印服务没有回应。", f"请重新启动打印服务后补打。{ADVICE}") from error
    except OSError as error:
        raise Trouble("打印命令不能运行。", f"请检查打印服务的安装。{ADVICE}") from error
