"""Where the hall's data may live, and that one window has it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hall_file import NOW, told

from desktop.errors import Trouble
from desktop.usecases import safekeeping
from desktop.usecases.dwelling import check_folder, cloud_name, network_name

NOT_ROOT = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")



@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "fuse.sshfs"])
def test_a_folder_on_a_network_drive_is_refused_with_what_to_do(tmp_path, kind):
    mounts = f"/dev/sda1 / ext4 rw 0 0\n//server/share {tmp_path} {kind} rw 0 0\n"
    with pytest.raises(Trouble) as refused:
        check_folder(tmp_path / "hall", mounts)
    assert f"网络盘（{kind}）" in told(refused)
    assert "--data" in refused.value.advice


def test_a_local_folder_inside_a_network_mount_is_told_apart_by_the_nearest_mount(tmp_path):
    mounts = f"server:/x {tmp_path} nfs rw 0 0\n/dev/sdb1 {tmp_path}/local\\040disk ext4 rw 0 0\n"
    assert network_name(tmp_path / "local disk" / "hall", mounts) is None
    assert network_name(tmp_path / "elsewhere", mounts) == "nfs"


@pytest.mark.parametrize(("part", "service"), [
    ("OneDrive - 县公司", "OneDrive"), ("OneDrive", "OneDrive"), ("坚果云", "坚果云"), ("Nutstore", "坚果云"),
    ("BaiduNetdisk", "百度网盘"), ("百度网盘", "百度网盘"), ("Dropbox", "Dropbox"), ("Mobile Documents", "iCloud"),
])
def test_a_synchronised_folder_is_refused_and_its_service_named(tmp_path, part, service):
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(tmp_path / part / "yekuo", NOW)
    assert service in told(refused)
    assert not (tmp_path / part).exists()


@pytest.mark.parametrize("part", ["业扩", "onedriver", "dropboxes", "cloud", "数据"])
def test_an_ordinary_folder_name_is_no_cloud(part):
    assert cloud_name(Path("/srv") / part) is None


def test_this_machine_s_own_temporary_folder_is_accepted(tmp_path):
    check_folder(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble) as refused:
        safekeeping.open_hall(tmp_path / "file" / "hall", NOW)
    assert "不能写入" in told(refused)


@NOT_ROOT
def test_a_read_only_folder_is_told(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(Trouble) as refused:
        safekeeping.make_private(tmp_path / "hall")
    tmp_path.chmod(0o700)
    assert "不能写入" in told(refused)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are Unix's")
def test_the_data_is_readable_by_its_owner_alone(tmp_path):
    database = safekeeping.open_hall(tmp_path / "hall", NOW)
    safekeeping.back_up(tmp_path / "hall", "asked", NOW)
    assert (tmp_path / "hall").stat().st_mode & 0o777 == 0o700
    rights = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "hall").rglob("*.db*")}
    database.close()
    assert set(rights.values()) == {0o600}, rights
    assert len(rights) == 4


# ---- one window

def test_a_second_window_on_the_same_folder_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setattr(safekeeping, "GLANCE", 0.05)
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path / "window.lock")],
                              stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    holder.stdout.readline()
    with pytest.raises(Trouble) as refused, safekeeping.window_lock(tmp_path):
        pass
    assert "已经在另一个窗口打开" in told(refused)
    holder.kill()
    holder.communicate()
    with safekeeping.window_lock(tmp_path):
        pass


HOLDER = """
import sys, filelock
lock = filelock.FileLock(sys.argv[1])
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_verb_may_open_the_hall_beside_an_open_window(folder):
    with safekeeping.window_lock(folder):
        safekeeping.open_hall(folder, NOW).close()


def test_the_lock_may_be_taken_by_the_worker_and_let_go_by_the_window(tmp_path):
    held = safekeeping.window_lock(tmp_path)
    worker = threading.Thread(target=held.__enter__)  # noqa: TID251 - the case itself
    worker.start()
    worker.join()
    held.__exit__(None, None, None)
    with safekeeping.window_lock(tmp_path):
        pass


def test_what_a_killed_process_left_half_written_is_swept_by_the_next_window(tmp_path):
    (tmp_path / ".yekuo-dead.tmp").write_bytes(b"half")
    with safekeeping.window_lock(tmp_path):
        assert not (tmp_path / ".yekuo-dead.tmp").exists()
