"""The proof of our own stages: photos of the site, the signed sheet; told or demanded as the catalogue says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_filing import jpeg
from trade import accepted_case, full_survey

from desktop.errors import Refusal
from desktop.usecases.case_listing import case, case_notices
from desktop.usecases.casework import record
from desktop.usecases.desk import Desk
from desktop.usecases.evidencing import proofs
from desktop.usecases.file_keeping import kept
from desktop.usecases.filing import file_from, file_in, files_of, look_in, place_named


def strict(hall: Desk, **changed: Any) -> Desk:
    """The hall under a catalogue whose proofs say otherwise."""
    catalog = replace(hall.catalog)
    object.__setattr__(catalog, "evidence", tuple(replace(each, **changed) if each.code == "P01" else each
                                                  for each in hall.catalog.evidence))
    return replace(hall, catalog=catalog)


def surveyed(hall: Desk) -> str:
    """A case whose survey was closed without a picture."""
    number = accepted_case(hall).case_number
    record(hall, number, "S03", "done", full_survey(hall, number))
    return number


def told(hall: Desk, number: str) -> list[str]:
    return [each.sentence for each in case_notices(hall, case(hall, number)) if "照片" in each.sentence]


def test_a_survey_should_have_two_photos_and_says_how_many_there_are(hall: Desk) -> None:
    number = surveyed(hall)
    (sentence,) = told(hall, number)
    assert "现场勘查应有现场勘查照片不少于 2 份，还没有" in sentence and "R11" in sentence and "待核验" in sentence
    file_in(hall, number, "P01", jpeg("north"), "北侧.jpg")
    assert "现有 1 份" in told(hall, number)[0]
    file_in(hall, number, "P01", jpeg("south"), "南侧.jpg")
    assert told(hall, number) == []
    found = {each.code: each for each in proofs(hall, number)}
    assert (found["P01"].count, found["P01"].stage, found["P02"].count) == (2, "现场勘查", 0)


def test_where_the_catalogue_demands_them_a_survey_without_photos_is_not_closed(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    hard = strict(hall, blocks=True)
    file_in(hard, number, "P01", jpeg("north"), "北侧.jpg")
    with pytest.raises(Refusal) as no:
        record(hard, number, "S03", "done", full_survey(hard, number))
    assert [lack.field for lack in no.value.missing] == ["material:P01"]
    file_in(hard, number, "P01", jpeg("south"), "南侧.jpg")
    assert record(hard, number, "S03", "done", full_survey(hard, number)).stage("S03").done_on == hall.today


def test_before_a_survey_nobody_asks_for_its_photos(hall: Desk) -> None:
    assert told(hall, accepted_case(hall).case_number) == []


def test_photos_are_kept_by_content_and_named_by_their_place(hall: Desk, tmp_path: Path) -> None:
    number = accepted_case(hall).case_number
    (tmp_path / f"{number}-P02.jpg").write_bytes(jpeg("signed"))
    assert file_from(hall, look_in(tmp_path)[0]).added
    again = file_in(hall, number, "P01", jpeg("signed"), "同一张.jpg")
    assert again.told == "已在本工单的“客户签字的勘查单”里，没有重复放入。"
    assert [file.slot for file in files_of(hall, number)] == ["P02"] and len(list(kept(hall.folder))) == 1


def test_a_place_that_the_case_does_not_have_is_refused_with_those_it_has(hall: Desk) -> None:
    number = accepted_case(hall).case_number
    assert place_named(hall, number, "p31") == "P31"
    with pytest.raises(Refusal, match=r"没有“M99”这一份.*P01 现场勘查照片"):
        place_named(hall, number, "M99")


def test_the_catalogue_refuses_a_code_that_is_a_papers(hall: Desk) -> None:
    from desktop.catalog.files import Files
    from desktop.catalog.release import catalog_of

    texts = dict(hall.catalog.files.texts)
    for wrong, word in (('code = "P01"', 'code = "M01"'), ('levels = ["low", "high"]', 'levels = ["middle"]')):
        spoilt = Files({**texts, "evidence.toml": texts["evidence.toml"].replace(wrong, word, 1)})
        with pytest.raises(ValueError, match=r"evidence\.toml"):
            _ = catalog_of(spoilt).evidence
