"""What the command line says of a refusal: the field to type beside its label, and the verb instead of the window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from desktop.domain.contract import RenewalMode
from desktop.errors import Missing, Refusal, Trouble

# Fields of answer files that are no rows of the dictionary, as the clerk reads them.
OWN_WORDS: Mapping[str, str] = {
    "claimed_on": "办理日期", "applied_on": "申请日期", "due_on": "补交期限", "on": "日期", "reason": "原因",
    "explanation": "说明", "evidence": "凭据", "allowed_by": "批准人", "to": "退回到", "until": "预计恢复日期",
    "by": "承诺日期",
    "signer": "签署人", "capacity": "签署身份", "copies": "份数", "way": "受理方式", "kind": "业务种类",
    "signed": "签订日期", "starts": "起始日", "ends": "截止日", "gone": "已过户或销户", "note": "说明",
    "item": "收费项目", "quantity": "数量", "price": "单价", "basis": "依据", "receipt": "票据号",
    "pay_way": "缴费方式", "line": "行号", "seen_by": "复核人", "result": "结论", "remark": "退回原因",
    "to_clerk": "移交给谁", "--account": "户号", "--application": "营销2.0 申请编号", "--contract": "营销2.0 合同编号",
    "--removed": "拆表日期", "--note": "退回的原因", "why": "更正原因",
    "materials": "资料", "answers": "答案", "clerks": "人员", "hall": "营业厅资料",
}
# Those of them that are written in a file or as an argument of that very name.
OWN_KEYS = ("applied_on", "due_on", "reason", "explanation", "evidence", "allowed_by", "to", "until", "signer",
            "capacity", "copies", "way", "gone", "basis", "receipt", "seen_by", "result", "remark", "note", "why",
            "--removed", "--note")
PAPER = "material:"  # how a refusal names a paper, before its code
# Where a sentence sends the clerk to a page of the window, the verb that does the same.
VERBS_FOR_PAGES = (
    ("请按 F12 选择；命令行用 --clerk 工号", "请用 --clerk 工号（有哪些人见 yekuo clerks）"),
    ("请按 F12 换在岗的经办人；填写的内容仍在。", "请用 --clerk 换在岗的经办人（有哪些人见 yekuo clerks）。"),
    ("请先生成并打印变更文书", "请先用 yekuo change-paper 生成并打印变更文书"),
    ("在“系统 → 营业厅”里填写", "用 yekuo setup 填写"),
    ("在“系统 → 人员”里添加", "用 yekuo clerks --add 添加"),
    ("在“系统 → 规则目录”里导入这一版目录", "用 yekuo catalog import 导入这一版目录"),
    ("在“系统 → 合同文本”里审定", "用 yekuo approve-template 审定"),
    ("或从“系统 → 备份”里选择", "备份在哪里见 yekuo where"),
    ("请在“系统”里恢复，或运行 yekuo restore", "请运行 yekuo restore"),
    ("在“系统”里从最近的备份恢复到新文件", "用 yekuo restore 从最近的备份恢复"),
    ("请在“系统 → 工作日历”里导入该年的放假安排文件", "请用 yekuo calendar import 导入该年的放假安排文件"),
    ("请从时限面板里选要更正的暂停", "暂停的编号见 yekuo clock"),
    ("在“合同”里按户名查找", "用 yekuo contracts 查找"),
    ("在“工单”里按户名查找", "用 yekuo cases --text 户名 查找"),
    ("在合同页登记签署", "用 yekuo sign 登记签署"),
    ("（工单页“业务费”卡片的“登记单价”，或 yekuo tariff）", "（yekuo tariff）"),
    ("，在合同页登记“", "，登记“"),
    ("请作废（原因写“文本审定前打印”），从工单重新起草（续签的重新续签），打印后再签",
     "请用 yekuo void 作废（--reason 文本审定前打印），再用 yekuo contract 起草打印（续签的用 yekuo renew），然后签"),
    ("请在合同页登记“终止”并写明原因", "请用 yekuo terminate 终止并写明原因"),
    ("请先在合同页登记“归档”", "请先用 yekuo archive-contract 登记“归档”"),
    ("再按一次保存，填写的内容仍在表单中", "再运行一次"),
    ("，填写的内容仍在表单中", ""),
    ("，填写的内容会保留为草稿", ""),
    ("重新启动程序", "再运行一次"),
    ("处理后重新打开程序", "处理后再运行"),
    ("请提交审批（由", "请用 yekuo submit-scheme 提交审批（由"),
    ("请刷新列表", "请用 yekuo rows 再看一次"),
    ("请刷新后再选", "编号见 yekuo shift"),
    ("请刷新后再看", "请重新查看后再办"),
    ("请勾选", "请写明"),
    ("请用“档案补录”补齐，或随续签一并提交（命令行 renew … --answers FILE.json）",
     "请用 yekuo supplement 补齐，或随续签一并提交（yekuo renew … --answers FILE.json；"
     "样例见 yekuo example supplement）"),
    ("重新打开后再", "重新查看后再"),
)


def told(error: Refusal | Trouble) -> str:
    """The whole sentence for standard error: what is missing line by line, each with the field to type."""
    if isinstance(error, Trouble):
        return for_the_line(str(error))
    first = named(error.sentence, error.field if _is_one_field(error) else None)
    own = OWN_WORDS.get(error.field or "", "") if error.field in OWN_KEYS else ""
    if own and own in first and not error.missing:
        first = named(first, error.field)
    return "\n".join(for_the_line(line) for line in (first, *lack_lines(error.missing)))


def by_flag(why: Refusal, flags: Mapping[str, str]) -> Refusal:
    """A refusal of what was typed as an argument, naming the argument."""
    lacks = tuple(Missing(lack.sentence, flags.get(lack.field or "", lack.field)) for lack in why.missing)
    return Refusal(why.sentence, flags.get(why.field or "", why.field), lacks)


def _is_one_field(error: Refusal) -> bool:
    """Whether the refusal's own sentence is about the field, and not the list below it."""
    from desktop.domain.field import FIELDS

    return error.field in FIELDS and not error.missing


def lack_lines(lacks: Iterable[Missing]) -> Iterator[str]:
    """Every missing thing a line; those that share a sentence and differ by field share the line."""
    groups: dict[str, list[str]] = {}
    for lack in lacks:
        whole = _lists_fields(lack)
        groups.setdefault(lack.sentence if whole else named(lack.sentence, lack.field), []).extend(
            [_with_field(lack.field)] if whole and lack.field else [])
    for sentence, fields in groups.items():
        yield for_the_line(f"  · {sentence}{'：' if fields else ''}{'、'.join(fields)}")


def _lists_fields(lack: Missing) -> bool:
    return lack.sentence.endswith("缺少必填内容")


FLAGS = {"claimed_on": "--on"}  # fields that are an argument of the verb


def named(sentence: str, name: str | None) -> str:
    """The sentence with the field to type, in brackets behind its label: 联系电话（agent_phone）：…; that of a paper
    begins with its code."""
    if (name or "").startswith(PAPER):
        code = (name or "").removeprefix(PAPER)
        return sentence if code in sentence else f"{code} {sentence}"
    label = label_of(name or "")
    if not name or not label or name in sentence:
        return sentence
    typed, rest = FLAGS.get(name, name), sentence.removeprefix(f"{label}：")
    for said in (f"“{label}”", label):
        if said in rest:
            return rest.replace(said, f"{said}（{typed}）", 1)
    return f"{label}（{typed}）：{rest}"


def _with_field(name: str) -> str:
    return f"{label_of(name)}（{name}）" if label_of(name) else name


def label_of(name: str) -> str:
    """The Chinese word for a field of an answers file; empty for what is no such field."""
    from desktop.domain.field import FIELDS

    return FIELDS[name].label if name in FIELDS else OWN_WORDS.get(name, "")


def for_the_line(sentence: str) -> str:
    """A sentence that leads to a page of the window leads to the verb instead."""
    for page, verb in VERBS_FOR_PAGES:
        sentence = sentence.replace(page, verb)
    return sentence


def end_told(ends: date | None, renewal: str) -> str:
    """The written end of a contract; one without: 不定期 where it is so, else nobody knows."""
    return str(ends or (renewal if renewal == RenewalMode.INDEFINITE else "期限不明"))
