"""Where the hall's data may live: on this machine's own disk, never on a network or cloud drive.

SQLite's locks are not kept by network file systems, and a cloud client copies a database while it is being
written; both break it in time.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

from desktop.errors import Trouble

NETWORK_SYSTEMS = frozenset({
    "nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre",
    "gpfs", "beegfs", "davfs", "davfs2", "webdav", "ocfs2", "gfs2", "fuse.sshfs", "fuse.rclone", "fuse.davfs2",
    "fuse.glusterfs", "fuse.ceph", "fuse.gvfsd-fuse", "fuse.smbnetfs", "fuse.s3fs", "fuse.jmtpfs", "fuse.kio-fuse",
})
CLOUD_FOLDERS = (
    ("onedrive", "OneDrive"), ("dropbox", "Dropbox"), ("google drive", "Google Drive"), ("googledrive", "Google Drive"),
    ("icloud", "iCloud"), ("mobile documents", "iCloud"), ("nutstore", "坚果云"), ("坚果云", "坚果云"),
    ("baidunetdisk", "百度网盘"), ("baidusyncdisk", "百度网盘"), ("百度网盘", "百度网盘"), ("百度云", "百度网盘"),
    ("wpsdrive", "WPS 云盘"), ("wps云盘", "WPS 云盘"), ("wps网盘", "WPS 云盘"), ("aliyundrive", "阿里云盘"),
    ("阿里云盘", "阿里云盘"), ("weiyun", "微云"), ("微云同步", "微云"), ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"), ("seafile", "Seafile"), ("syncthing", "Syncthing"), ("pcloud", "pCloud"),
)
MOUNTS = Path("/proc/self/mounts")
REMOTE_DRIVE = 4  # Windows: DRIVE_REMOTE of GetDriveType
ADVICE = "数据文件必须放在本机磁盘上，否则会损坏。请用 --data 换一个本机文件夹（例如 {home}），备份可以另存到那里。"


def check_folder(folder: Path, mounts: str | None = None) -> None:
    """Raises Trouble for a folder on a network or cloud drive. `mounts` is the text of /proc/mounts."""
    whole = Path(os.path.realpath(folder))
    if cloud := cloud_name(whole):
        raise Trouble(f"数据文件夹在{cloud}的同步目录里：{folder}。", _advice())
    if network := network_name(whole, _mounts() if mounts is None else mounts):
        raise Trouble(f"数据文件夹在网络盘（{network}）上：{folder}。", _advice())


def _advice() -> str:
    return ADVICE.format(home=Path.home() / "yekuo")


def cloud_name(folder: Path) -> str | None:
    """The cloud service whose synchronised folder this lies in, told by the names on its path."""
    for part in (part.lower() for part in folder.parts):
        for mark, name in CLOUD_FOLDERS:
            if part == mark or part.startswith((f"{mark} ", f"{mark}-", f"{mark}_", f"{mark}（", f"{mark}(")):
                return name
    return None


def network_name(folder: Path, mounts: str) -> str | None:
    """The kind of network file system that holds the folder, None on the machine's own disk."""
    if os.name == "nt":
        return _windows_network(folder)
    kinds = {_unescaped(line.split()[1]): line.split()[2] for line in mounts.splitlines() if line.count(" ") > 2}
    holding = [Path(point) for point in kinds if folder.is_relative_to(point)]
    if not holding:
        return None
    kind = kinds[str(max(holding, key=lambda point: len(point.parts)))].lower()
    return kind if kind in NETWORK_SYSTEMS else None


def _windows_network(folder: Path) -> str | None:
    if str(folder).startswith("\\\\"):
        return "共享目录"
    drive_type = ctypes.windll.kernel32.GetDriveTypeW(folder.anchor)  # type: ignore[attr-defined,unused-ignore]
    return "映射的网络驱动器" if drive_type == REMOTE_DRIVE else None


def _mounts() -> str:
    return MOUNTS.read_text(encoding="utf-8", errors="replace") if MOUNTS.exists() else ""


def _unescaped(point: str) -> str:
    """The kernel writes blanks and backslashes of a mount point as octal numbers."""
    for octal, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        point = point.replace(octal, letter)
    return point
