"""Papers and files on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

PICTURE = b"\xff\xd8\xff\xe0" + b"one".ljust(200, b".") + b"\xff\xd9"


@pytest.fixture
def number(opened: Any, answers: Any) -> str:
    """A case taken against a promise for the ownership paper."""
    given = opened("example", "accept").data
    marks = {**given["materials"], "M03": "未收", "M08": "已收"}
    done = opened("accept", "--answers", answers("accept", materials=marks, way="容缺受理"), "--json")
    return str(done.data["case"])


def rows(yekuo: Any, number: str) -> dict[str, Any]:
    return {row["code"]: row for row in yekuo("materials", number, "--json").each}


def test_a_paper_comes_with_what_was_found_of_it(opened: Any, number: str, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"paper_kind": "不动产权证书", "true": "是", "true_how": "联网"}), "utf-8")
    assert rows(opened, number)["M03"]["open"]
    assert opened("material", number, "M03", "--answers", facts).code == 0
    found = rows(opened, number)["M03"]
    assert (found["state"], found["paper_kind"], found["true"]["how"]) == ("已收", "不动产权证书", "联网")


def test_an_acceptance_may_say_what_was_found_of_each_paper(opened: Any, answers: Any) -> None:
    marks = opened("example", "accept").data["materials"]
    deed = {"state": "已收", **opened("example", "material").data}
    told = opened("accept", "--answers", answers("accept", materials={**marks, "M03": deed}), "--json")
    found = rows(opened, told.data["case"])["M03"]
    assert (found["paper_kind"], found["seen"], found["complete"]["answer"]) == ("不动产权证书", "原件", "是")
    wrong = opened("accept", "--answers", answers("accept", materials={**marks, "M03": {**deed, "colour": "红"}}))
    assert wrong.code == 1 and "没有“colour”这一项" in wrong.err


def test_a_paper_is_shared_promised_anew_or_refused_in_words(opened: Any, number: str) -> None:
    far = opened("material", number, "M03", "--due", "2099-01-04", "--reason", "客户外出")
    assert far.code == 1 and "请核对年份" in far.err
    last = rows(opened, number)["M03"]["due_on"]
    assert opened("material", number, "M03", "--shared").code == 0
    assert opened("material", number, "M03", "--due", last, "--reason", "客户外出").code == 0
    assert rows(opened, number)["M03"]["due_on"] == last
    assert opened("material", number, "M03", "--shared").code == 0
    assert rows(opened, number)["M03"]["source"] == "不动产登记信息共享"
    refused = opened("material", number, "M99")
    assert refused.code == 1 and "不需要“M99”" in refused.err


def test_papers_handed_in_give_a_receipt_and_the_notice_its_file(opened: Any, number: str, tmp_path: Path) -> None:
    assert opened("notice", number, "--out", tmp_path / "notice.pdf").code == 0
    assert opened("supply", number, "M03", "--out", tmp_path / "receipt.pdf").code == 0
    assert all((tmp_path / name).read_bytes().startswith(b"%PDF") for name in ("notice.pdf", "receipt.pdf"))
    assert not rows(opened, number)["M03"]["open"]


def test_files_are_attached_by_name_and_checked(opened: Any, number: str, tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / f"{number}-M03.jpg").write_bytes(PICTURE)
    (folder / "IMG_1.jpg").write_bytes(PICTURE)
    told = opened("attach", "--folder", folder)
    assert told.code == 0 and "放入 1 份文件" in told.out and "文件名没有写明" in told.out
    again = opened("attach", number, "M01", folder / "IMG_1.jpg")
    assert "已在本工单的“产权（用地）证明”里" in again.out
    assert opened("attach").code == 1
    assert "缺 0，损坏 0，无主 0" in opened("check-files").out


def test_a_persons_number_is_never_shown_whole(opened: Any, answers: Any) -> None:
    person = {"customer_id_kind": "身份证", "customer_id": "11010519491231002X"}
    given = opened("example", "accept").data
    path = answers("accept", answers={**given["answers"], **person})
    number = opened("accept", "--answers", path, "--json").data["case"]
    shown = opened("materials", number, "--json").out + opened("materials", number).out
    assert "身份证" in shown and person["customer_id"] not in shown


def test_the_camera_is_set_on_the_command_line_and_refuses_a_pretended_one_at_a_real_counter(
        opened: Any, number: str) -> None:
    assert "没有" in opened("camera").out
    assert opened("camera", "--driver", "nonsense").code == 1
    assert opened("camera", "--driver", "practice", "--json").data == {"camera": "practice"}
    assert "资料" in opened("camera", number).err
    refused = opened("camera", number, "M03")
    assert refused.code == 1 and "只能在演练厅里用" in refused.err


def test_a_notices_code_shows_the_paper_that_it_names(opened: Any, number: str) -> None:
    (paper,) = opened("materials", f"YEKUO:CASE/{number}#m03", "--json").each
    assert (paper["code"], paper["state"]) == ("M03", "未收")
    assert len(opened("materials", f"yekuo:case/{number}", "--json").each) > 5
