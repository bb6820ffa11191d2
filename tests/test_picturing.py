"""The document camera: its practice twin, the system's own (UVC), a maker's; a picture that goes to its paper."""

from __future__ import annotations

import io
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from trade import accepted_case

from desktop.devices.camera import Camera, OpenCamera, load_camera
from desktop.devices.practice_camera import PracticeCamera
from desktop.errors import Refusal, Trouble
from desktop.usecases.adjusting import adjust
from desktop.usecases.desk import Desk
from desktop.usecases.filing import files_of
from desktop.usecases.picturing import open_camera, picture_name, take_picture


def size(content: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(content)).size


class OfSomeMaker:
    """A driver as a maker would write it."""

    name = "某厂高拍仪"
    look = shoot = close = lambda self: b""


def test_the_practice_camera_gives_page_after_page() -> None:
    camera = PracticeCamera()
    assert isinstance(camera, Camera)
    assert camera.look() == camera.look()
    first, second = camera.shoot(), camera.shoot()
    assert first != second and size(first) == (1600, 1200) and size(camera.look()) == (480, 360)


def test_a_picture_goes_to_its_paper_under_the_cases_number_and_the_papers_code(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    camera = OpenCamera(PracticeCamera())
    assert take_picture(hall, number, "M03", camera).added and take_picture(hall, number, "M03", camera).added
    assert [file.name for file in files_of(hall, number)] == [f"{number}-M03-01.jpg", f"{number}-M03-02.jpg"]
    assert picture_name("", "M03", 3) == "高拍仪-M03-03.jpg"


def test_a_camera_that_is_unplugged_in_the_middle_costs_nothing_that_was_taken(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    device = PracticeCamera()
    camera = OpenCamera(device)
    take_picture(hall, number, "M03", camera)
    device.unplugged = True
    with pytest.raises(Trouble, match=r"已经放入的都在.*检查连线"):
        take_picture(hall, number, "M03", camera)
    with pytest.raises(Trouble):
        camera.look()
    device.unplugged = False
    assert take_picture(hall, number, "M03", camera).added and len(files_of(hall, number)) == 2


def test_a_pretended_camera_serves_only_practice(hall: Desk) -> None:
    with pytest.raises(Refusal, match="没有设定高拍仪"):
        open_camera(hall)
    adjust(hall.folder, "camera", "practice")
    with pytest.raises(Refusal, match="只能在演练厅里用"):
        open_camera(hall)


def test_a_makers_camera_is_loaded_by_its_name() -> None:
    made = load_camera(f"{__name__}:OfSomeMaker")
    assert made is not None and made.name == "某厂高拍仪" and load_camera("") is None
    for wrong in (f"{__name__}:Nothing", "nowhere.at.all:Driver", "builtins:object"):
        with pytest.raises(Trouble):
            load_camera(wrong)
    with pytest.raises(Refusal, match="免驱的写 uvc"):
        load_camera("nonsense")


def test_without_the_optional_part_the_system_camera_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    monkeypatch.delitem(sys.modules, "desktop.devices.uvc_camera", raising=False)
    with pytest.raises(Trouble, match=r"yekuo\[camera\]"):
        load_camera("uvc")


class Device:
    """OpenCV's camera as far as the driver uses it: so many pictures, then nothing, as when the cable is pulled."""

    def __init__(self, place: int) -> None:
        self.place, self.left, self.released, self.settings = place, 7, False, {}

    def isOpened(self) -> bool:
        return self.place < 2

    def set(self, what: int, value: int) -> None:
        self.settings[what] = value

    def read(self) -> tuple[bool, Any]:
        self.left -= 1
        return (True, SimpleNamespace(shape=(1200, 1600, 3))) if self.left >= 0 else (False, None)

    def release(self) -> None:
        self.released = True


@pytest.fixture
def opencv(monkeypatch: pytest.MonkeyPatch) -> list[Device]:
    """A library of OpenCV's shape, and the devices that were taken."""
    taken: list[Device] = []
    made: Any = ModuleType("cv2")

    def capture(place: int) -> Device:
        taken.append(Device(place))
        return taken[-1]

    made.VideoCapture, made.VideoWriter = capture, SimpleNamespace(fourcc=lambda *letters: "".join(letters))
    names = ("CAP_PROP_FOURCC", "CAP_PROP_FRAME_WIDTH", "CAP_PROP_FRAME_HEIGHT", "CAP_PROP_BUFFERSIZE",
             "IMWRITE_JPEG_QUALITY", "INTER_AREA")
    for number, name in enumerate(names):
        setattr(made, name, number)
    made.resize = lambda _picture, size, interpolation: SimpleNamespace(shape=(size[1], size[0], 3))
    made.imencode = lambda _suffix, picture, _how: (True, f"{picture.shape[1]}×{picture.shape[0]}".encode())
    monkeypatch.setitem(sys.modules, "cv2", made)
    monkeypatch.delitem(sys.modules, "desktop.devices.uvc_camera", raising=False)
    return taken


def test_the_systems_camera_is_taken_once_asked_for_sharp_pictures_and_let_go(opencv: list[Device]) -> None:
    camera = load_camera("uvc1")
    assert camera is not None and camera.name == "第 2 台高拍仪" and opencv == []
    assert camera.look().content.decode() == "640×480" and camera.shoot().decode() == "1600×1200"
    (device,) = opencv
    assert device.place == 1 and device.settings[0] == "MJPG" and device.settings[1] > 4000
    camera.close()
    assert device.released


def test_a_system_camera_that_is_pulled_is_looked_for_anew(opencv: list[Device]) -> None:
    camera = load_camera("UVC")
    assert camera is not None
    for _ in range(3):  # four went by while it warmed up
        camera.shoot()
    with pytest.raises(Trouble, match="没有应答"):
        camera.shoot()
    assert opencv[0].released
    camera.look()
    assert len(opencv) == 2
    absent = load_camera("uvc5")
    assert absent is not None
    with pytest.raises(Trouble):
        absent.look()


def test_a_makers_driver_that_fails_is_told_as_one_and_lets_itself_be_closed() -> None:
    class Faulty:
        name = "高拍仪"

        def look(self) -> bytes:
            raise ValueError("frame")

        shoot = close = look

    camera = OpenCamera(Faulty())
    for ask in (camera.look, camera.shoot):
        with pytest.raises(Trouble, match=r"驱动出了差错（ValueError）.*已经放入的都在"):
            ask()
    camera.close()
