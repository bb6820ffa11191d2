"""The document camera beside the intake form: a picture is kept for the paper whose box has the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from ui.camera_card import BELOW, CameraCard
from ui.page import Page

if TYPE_CHECKING:
    from ui.material_lines import MaterialLines

PREVIEW = (352, 240)


def intake_camera(page: Page, lines: MaterialLines) -> CameraCard:
    """The camera's card, its keys on the page; what it takes is kept with the draft until the case is there."""
    services = page.services
    button = page.deed("intake_shoot", lambda: _shoot(made, lines), "main")
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard stays on the paper that is meant
    made: CameraCard = CameraCard(services, [button], preview=PREVIEW, words=BELOW)
    page.deed("intake_camera", lambda: _toggle(made, lines))
    lines.aimed.connect(lambda code: made.name_target(lines.name_of(code)))

    def keep(aim: str, content: bytes) -> None:
        from desktop.usecases.filing import keep_file
        from desktop.usecases.picturing import picture_name

        desk, name = services.desk, picture_name("", aim, lines.count_of(aim) + 1)

        def kept(file: tuple[str, str]) -> None:
            if told := lines.add_files(aim, [file]):
                services.messages.say("care", told)
            made.filed(lines.count_of(aim))

        def lost(error: Exception) -> None:
            made.hold(aim, content)
            services.jobs.tell(error)

        services.jobs.run(lambda _step: keep_file(desk, content, name), kept, failed=lost)

    made.shot.connect(keep)
    return made


def _toggle(camera: CameraCard, lines: MaterialLines) -> None:
    camera.toggle()
    if camera.running:
        lines.go_to(lines.next_wanted)
        camera.name_target(lines.name_of(lines.next_wanted))


def _shoot(camera: CameraCard, lines: MaterialLines) -> None:
    if aim := lines.next_wanted:
        camera.name_target(lines.name_of(aim))
        camera.shoot(aim)
