"""Counter forms: each prints with its samples, says all that it was told, and refuses to print a hole."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pypdfium2 as pdfium
import pytest

from desktop.errors import Refusal
from printing import form_paper
from printing.form_paper import form_pdf, forms
from printing.page import LEFT, WIDTH
from printing.raster import page_count, page_text

MADE = datetime(2026, 11, 23, 9, 5)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def printed(name: str, facts: dict[str, object], fonts: Any) -> str:
    return squeezed("".join(page_text(form_pdf(name, facts, fonts, MADE))))


def test_the_hall_has_its_receipt_its_notice_and_its_promise() -> None:
    titles = {name: form.title for name, form in forms().items()}
    assert titles.items() >= {
        "receipt": "业务受理回执", "notice": "一次性告知书", "promise": "客户承诺书",
        "handed_in": "资料补交回执"}.items()


@pytest.mark.parametrize("name", sorted(forms()))
def test_a_form_prints_every_fact_that_it_declares(name: str, fonts: Any) -> None:
    form = forms()[name]
    text = printed(name, form.samples(), fonts)
    assert form.title in text and form.basis
    for fact in form.facts.values():
        values = [fact.sample] if isinstance(fact.sample, str) else [v for row in fact.sample for v in row.values()]
        for value in values:
            assert squeezed(value) in text, fact.name


# a scheme at high voltage with its changes, fees and seals, and a survey with room for its sketch, need two pages
LONG = {"scheme_reply_high", "survey_sheet"}


def receipt(papers: int, fonts: Any) -> bytes:
    """A receipt with five promises, as at high voltage, and so many papers."""
    said = forms()["receipt"].samples()
    one, promise = said["materials"][0], said["promises"][0]  # type: ignore[index]
    return form_pdf("receipt", {**said, "materials": [one] * papers, "promises": [promise] * 5}, fonts, MADE)


def test_a_form_is_set_closer_rather_than_leave_its_signatures_alone_on_a_page(fonts: Any) -> None:
    assert page_count(receipt(10, fonts)) == 1
    assert "日期：" in squeezed(page_text(receipt(10, fonts))[0])


def test_a_receipt_of_two_sources_with_all_its_papers_is_one_page(fonts: Any) -> None:
    assert page_count(receipt(14, fonts)) == 1


def test_a_sketch_gives_up_some_of_its_frame_rather_than_take_a_page_more(fonts: Any) -> None:
    said = forms()["survey_sheet"].samples()
    loads = [{**said["loads"][0], "name": f"织机{n}"} for n in range(14)]  # type: ignore[index]
    assert page_count(form_pdf("survey_sheet", {**said, "loads": loads}, fonts, MADE)) == 2


def test_a_survey_sheet_fills_its_first_page_and_keeps_the_boxes_of_a_question_together(fonts: Any) -> None:
    said = forms()["survey_sheet"].samples()
    items = [{"item": f"V{n:02}", "question": "现场用电设备与申报的设备清单一致（差异填入现场设备清单）",
              "answer": "□符合 □不符合 □不涉及", "note": "　"} for n in range(9)]
    first, second = page_text(form_pdf("survey_sheet", {**said, "items": items}, fonts, MADE))
    assert first.count("□符合 □不符合 □不涉及") == 9 and "冷库压缩机" in first and "勘查结果" in first
    assert "现场示意图" in second


def test_the_notice_of_how_it_goes_breaks_no_short_word(fonts: Any) -> None:
    said = forms()["guide"].samples()
    told = [("业务受理", "登记申请", "1 个工作日", ""), ("供电方案答复", "为您制定供电方案", "20 个工作日（合计）", ""),
            ("确定费用和收费", "核定费用", "", ""),
            ("设计文件审核", "审核您的设计图纸", "3 个工作日", "设计单位资质和设计文件"),
            ("竣工检验", "检验您的用电设施", "3 个工作日", "施工单位承装（修、试）许可证、交接试验和保护整定报告"),
            ("中间检查", "检查施工中的隐蔽部分", "2 个工作日", "隐蔽工程施工记录")]
    steps = [{"number": str(n), "stage": stage, "told": does, "who": "供电企业", "days": days, "ask": ask}
             for n, (stage, does, days, ask) in enumerate(told, 1)]
    text = "".join(page_text(form_pdf("guide", {**said, "steps": steps, "papers": []}, fonts, MADE)))
    for word in ("确定费用和收费", "20 个工作日（合计）", "供电方案答复"):
        assert word in text
    assert len(re.findall("供电企业 ", text)) >= len(steps)


def test_a_table_that_goes_over_to_a_thin_page_is_not_cut(fonts: Any) -> None:
    said = forms()["guide"].samples()
    step, paper = said["steps"][0], said["papers"][0]  # type: ignore[index]
    long = {**said, "conditions": [], "steps": [step] * 12, "papers": [paper] * 12}
    pages = page_text(form_pdf("guide", long, fonts, MADE))
    assert len(pages) == 2 and "资料名称" not in squeezed(pages[0]) and squeezed(pages[1]).count("用电人主体证明") == 12


def test_a_table_with_nothing_in_it_says_so_right_across_without_empty_boxes(fonts: Any) -> None:
    said = forms()["receipt"].samples() | {"materials": []}
    words = pdfium.PdfDocument(form_pdf("receipt", said, fonts, MADE))[0].get_textpage()
    text = words.get_text_range()
    place = text.index("无", text.index("提供方"))
    left, _foot, right, _top = words.get_charbox(place)
    assert LEFT + WIDTH * 0.45 < (left + right) / 2 < LEFT + WIDTH * 0.55


def test_what_is_not_asked_of_this_customer_has_no_empty_box_on_his_receipt(fonts: Any) -> None:
    said = forms()["receipt"].samples() | {"yx_application": "", "agent_name": "", "agent_id": ""}
    text = printed("receipt", said, fonts)
    assert "本人办理" in text and "经办人证件632" not in text and "营销系统编号" not in text


def test_a_form_that_needs_a_second_page_anyhow_is_not_set_closer(fonts: Any) -> None:
    first, second = page_text(receipt(24, fonts))
    assert first.count("已收") < 20 and "日期：" in squeezed(second)


@pytest.mark.parametrize("name", sorted(forms()))
def test_a_form_is_one_page_the_same_every_time_and_in_our_own_faces(name: str, fonts: Any) -> None:
    once, again = (form_pdf(name, forms()[name].samples(), fonts, MADE) for _ in range(2))
    assert once == again and page_count(once) == (2 if name in LONG else 1)
    assert b"Helvetica" not in once and once.count(b"/FontFile2") == 2


@pytest.mark.parametrize("name", sorted(forms()))
def test_a_form_with_a_hole_is_refused_and_the_hole_is_named(name: str, fonts: Any) -> None:
    form = forms()[name]
    for fact in form.facts.values():
        facts = form.samples() | {fact.name: [] if fact.rows else ""}
        if fact.fixed or fact.empty is not None or any(
                part.table == fact.name and (part.empty or part.when) for part in form.parts):
            assert page_count(form_pdf(name, facts, fonts, MADE)) <= (2 if name in LONG else 1)
            continue
        with pytest.raises(Refusal, match=fact.label) as told:
            form_pdf(name, facts, fonts, MADE)
        assert told.value.field == fact.name


def test_a_fact_that_nobody_gave_stands_as_what_the_form_says_of_it(fonts: Any) -> None:
    facts = forms()["receipt"].samples() | {"agent_name": "", "practice": "", "materials": []}
    text = printed("receipt", facts, fonts)
    assert "本人办理" in text and "演练" not in text and "示范乙" not in text


def test_a_long_address_has_a_row_of_its_own_and_is_not_broken(fonts: Any) -> None:
    address = "青海省演练州演练县恰措镇草原路十六号临街商铺一层"
    with_address = {name: form for name, form in forms().items() if "usage_address" in form.facts}
    for name, form in with_address.items():
        pages = page_text(form_pdf(name, form.samples() | {"usage_address": address}, fonts, MADE))
        assert address in "".join(pages), name


def test_the_file_of_a_form_tells_when_it_was_made(fonts: Any) -> None:
    told = pdfium.PdfDocument(form_pdf("receipt", forms()["receipt"].samples(), fonts, MADE)).get_metadata_dict()
    assert told["CreationDate"] == "D:20261123090500"


def test_many_missing_papers_go_over_the_page_with_their_heads(fonts: Any) -> None:
    row = {"name": "产权证明", "asked": "不动产权证书或者租赁协议及出租人的产权证明", "due": "2026年12月7日",
           "supplier": "客户"}
    facts = forms()["notice"].samples() | {"missing": [row | {"name": f"资料{n}"} for n in range(60)]}
    pages = page_text(form_pdf("notice", facts, fonts, MADE))
    assert len(pages) > 1
    assert all("资料名称" in page for page in pages if "产权证书" in page)
    assert [int(n) for n in re.findall(r"资料(\d+)", squeezed("".join(pages)))] == list(range(60))


def test_nobody_is_asked_to_sign_an_empty_page(fonts: Any) -> None:
    row = {"name": "资料", "state": "已收", "due": "", "supplier": "客户"}
    for count in range(8, 20):
        facts = forms()["receipt"].samples() | {"materials": [row] * count}
        (signed,) = [page for page in page_text(form_pdf("receipt", facts, fonts, MADE)) if "客户或经办人" in page]
        assert "95598" in signed


@pytest.mark.parametrize(("name", "signer", "last", "label"), [
    ("supplement", "supplier_name", "同等效力", "供电人（盖章）"), ("payment_notice", "clerk_name", "12398", "收费员")])
def test_a_long_name_to_be_signed_with_has_room_of_its_own_below_the_text(
        name: str, signer: str, last: str, label: str, fonts: Any) -> None:
    long = "示例省电力有限公司示例自治州供电公司示例县供电分公司城区供电营业厅（市场营销部用电业务办理中心）"
    words = pdfium.PdfDocument(form_pdf(name, {**forms()[name].samples(), signer: long}, fonts, MADE))[0].get_textpage()
    text_foot, label_top = (words.get_charbox(words.search(said).get_next()[0])[edge]
                            for said, edge in ((last, 1), (label, 3)))
    assert text_foot - label_top > 4


def test_the_receipt_marks_its_promises_as_without_the_customers_own_stages(fonts: Any) -> None:
    text = printed("receipt", forms()["receipt"].samples(), fonts)
    assert "除写明的外，不含客户环节" in text and "供电方案答复32026年11月27日" in text


def test_markup_in_a_customers_name_is_printed_as_it_stands(fonts: Any) -> None:
    name = "<b>甲</b>&amp;{hall_name}（乙）"
    assert squeezed(name) in printed("receipt", forms()["receipt"].samples() | {"customer_name": name}, fonts)


def test_a_form_that_prints_what_it_does_not_declare_is_our_own_bug(tmp_path: Any) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text('title="a"\ncopies="b"\nbasis="c"\nverified=false\n[facts]\n[[part]]\ntext="{nobody}"\n',
                    encoding="utf-8")
    with pytest.raises(ValueError, match="nobody"):
        form_paper._load(file)


def opinion(name: str, defects: int, fonts: Any) -> bytes:
    """An opinion or a notice with so many defects, each told at length."""
    said = forms()[name].samples()
    row = {**said["defects"][0], "item": "电缆沟防火封堵不严、标识牌缺失，接地电阻实测 6.2 欧",  # type: ignore[index]
           "remedy": "按审定的图纸封堵并补挂标识牌，复测接地电阻", "responsible": "示例电力工程有限公司"}
    return form_pdf(name, {**said, "defects": [row] * defects}, fonts, MADE)


def test_a_column_of_names_gives_way_to_what_is_told_at_length(fonts: Any) -> None:
    assert page_count(opinion("rectification", 8, fonts)) == 1


@pytest.mark.parametrize("defects", range(6, 16))
def test_what_is_signed_on_a_page_of_its_own_has_some_rows_with_it(defects: int, fonts: Any) -> None:
    pages = [squeezed(text) for text in page_text(opinion("final_opinion", defects, fonts))]
    assert pages[-1].count("待整改") >= 2 and "供电企业（盖章）" in pages[-1]
    assert sum(page.count("待整改") for page in pages) == defects


def test_a_pair_to_be_signed_begins_on_one_line_however_long_the_suppliers_name(fonts: Any) -> None:
    said = {**forms()["change_confirmation"].samples(),
            "supplier_name": "国网示例省电力有限公司示例藏族自治州示例县供电公司城区中心供电营业所"}
    document = pdfium.PdfDocument(form_pdf("change_confirmation", said, fonts, MADE))
    text = document[0].get_textpage()
    tops = [text.get_charbox(text.search(label).get_next()[0])[3] for label in ("用电人（盖章", "供电人：")]
    document.close()
    assert abs(tops[0] - tops[1]) < 1


def test_the_order_to_energise_has_a_place_for_the_hour(fonts: Any) -> None:
    assert "日期和时间：年月日时分" in printed("energising_order", forms()["energising_order"].samples(), fonts)


def test_an_opinion_without_defects_points_to_no_table(fonts: Any) -> None:
    for name in ("design_opinion", "mid_opinion", "final_opinion"):
        said = printed(name, {**forms()[name].samples(), "defects": []}, fonts)
        assert "上表" not in said and "按所列缺陷逐项整改" in said
