"""Taking pictures of papers at the counter: this machine's camera, and a picture that goes to its paper at once.

Each picture is filed before the next is taken, so that a cable that comes loose costs at most the one being taken.
依据：高拍仪（UVC、厂家控件）取图，文件名为申请编号加资料代码。
"""

from __future__ import annotations

from sqlalchemy import func, select

from db.files import Attachment
from desktop.devices.camera import PRETENDED, OpenCamera, load_camera
from desktop.errors import Refusal
from desktop.usecases.adjusting import machine
from desktop.usecases.casework import case_row
from desktop.usecases.desk import Desk
from desktop.usecases.filing import Filed, file_in
from desktop.usecases.staffing import is_practice
from desktop.usecases.withholding import SUBJECT

NO_CAMERA = "这台电脑没有设定高拍仪。请先设定：免驱的写 uvc；也可以盯住高拍仪存图片的文件夹，或放入文件。"


def _setting(desk: Desk) -> str:
    """The machine's own camera; a practice hall without one pretends."""
    return machine(desk.folder)["camera"] or (PRETENDED if is_practice(desk) else "")


def open_camera(desk: Desk) -> OpenCamera:
    """This machine's camera, ready to look through. Refused without one, and for a pretended one outside a practice
    hall; Trouble where its driver cannot be loaded."""
    setting = _setting(desk)
    if setting == PRETENDED and not is_practice(desk):
        raise Refusal("演练高拍仪只能在演练厅里用。请换成真的高拍仪的驱动，或留空后放入文件。", "camera")
    camera = load_camera(setting)
    if camera is None:
        raise Refusal(NO_CAMERA, "camera")
    return camera


def file_picture(desk: Desk, number: str, slot: str, content: bytes) -> Filed:
    """Attach a picture to a paper of the case under the case's number, the paper's code and its place there."""
    with desk.db.read() as session:
        case = case_row(session, number)
        there = session.scalar(select(func.count()).select_from(Attachment).where(
            Attachment.subject == SUBJECT, Attachment.subject_id == case.id, Attachment.slot == slot)) or 0
    return file_in(desk, number, slot, content, picture_name(number, slot, there + 1))


def picture_name(number: str, slot: str, place: int) -> str:
    """The name of a picture: YK202611230001-M03-02.jpg; without a number yet, 高拍仪-M03-02.jpg."""
    return f"{number or '高拍仪'}-{slot}-{place:02d}.jpg"


def take_picture(desk: Desk, number: str, slot: str, camera: OpenCamera | None = None) -> Filed:
    """One picture from this machine's camera to a paper of the case, as the command line does it."""
    device = camera or open_camera(desk)
    try:
        return file_picture(desk, number, slot, device.shoot())
    finally:
        device.close()
