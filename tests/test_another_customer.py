"""An application that was begun for a known customer and turns out to be another's: the first's record stays his."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop.domain.likeness import is_another
from desktop.usecases.case_listing import case
from desktop.usecases.copying import copy_of
from desktop.usecases.desk import Desk
from desktop.usecases.finding import find
from desktop.usecases.intake import accept
from tests.trade import accepted_case, application

WANG = {"customer_name": "王伟", "customer_id_kind": "护照", "customer_id": "E12345678",
        "customer_phone": "13997000001", "usage_address": "演练县恰措镇草原路 1 号"}


def from_copy(desk: Desk, number: str, **said: Any) -> str:
    """A case that was begun as a copy of that one."""
    copy = copy_of(desk, number)
    brought = application(desk, **{**copy.answers, **said})
    return accept(desk, replace(brought, customer_id=copy.customer_id)).case_number


def test_a_neighbours_case_begun_as_a_copy_leaves_the_first_customer_who_he_was(hall: Desk) -> None:
    first = accepted_case(hall, **WANG).case_number
    second = from_copy(hall, first, customer_name="李娜", customer_id="E87654321", usage_address="草原路 2 号")
    assert [case(hall, number).row.customer for number in (first, second)] == ["王伟", "李娜"]
    assert case(hall, first).customer_id != case(hall, second).customer_id
    assert [hit.title for hit in find(hall, "王伟") if hit.kind == "客户"] == ["王伟"]
    assert [hit.title for hit in find(hall, "E12345678") if hit.kind == "客户"] == ["王伟"]


def test_a_known_neighbour_in_a_copy_is_found_by_his_own_paper(hall: Desk) -> None:
    first = accepted_case(hall, **WANG).case_number
    theirs = case(hall, accepted_case(hall, customer_name="李娜", customer_id_kind="护照", customer_id="E87654321",
                                      usage_address="草原路 2 号").case_number).customer_id
    third = from_copy(hall, first, customer_name="李娜", customer_id="E87654321", usage_address="草原路 3 号")
    assert case(hall, third).customer_id == theirs


@pytest.mark.parametrize("said", [{"customer_id": "E99999999"}, {"customer_name": "王炜"}])
def test_a_new_paper_or_a_name_set_right_is_still_the_same_customer(hall: Desk, said: dict[str, str]) -> None:
    first = accepted_case(hall, **WANG).case_number
    second = from_copy(hall, first, **said, usage_address="草原路 2 号")
    assert case(hall, first).customer_id == case(hall, second).customer_id


@pytest.mark.parametrize(("name", "number", "another"), [
    ("", "", False), ("王伟", "", False), ("王 伟", "E1", False), ("李娜", "E12345678", False), ("李娜", "E1", True),
    ("李娜", "", True), ("王伟明", "", False)])
def test_who_has_neither_his_name_nor_his_number_is_another(name: str, number: str, another: bool) -> None:
    assert is_another(name, number, "王伟", "E12345678") == another


@pytest.mark.parametrize(("name", "another"), [("青海湖畔藏毯有限公司", False), ("别的有限公司", True)])
def test_of_a_customer_without_a_number_the_name_tells(name: str, another: bool) -> None:
    assert is_another(name, "91632521MA00000A9H", "青海湖畔藏毯", "") == another
