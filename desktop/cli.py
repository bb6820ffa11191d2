"""The command line: one table of verbs over the same use-cases as the window.

Exit codes: 0 done, 1 refused or in trouble (the sentence on standard error), 2 wrong usage. Every verb imports what
it needs when it runs, so that `yekuo where` starts at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from desktop import cli_amending as amending_verbs
from desktop import cli_cases as case_verbs
from desktop import cli_catalog as catalog_verbs
from desktop import cli_changing as change_verbs
from desktop import cli_clock as clock_verbs
from desktop import cli_contracts as contract_verbs
from desktop import cli_hall as hall_verbs
from desktop import cli_importing as import_verbs
from desktop import cli_materials as material_verbs
from desktop import cli_overview as overview_verbs
from desktop import cli_schemes as scheme_verbs
from desktop import cli_works as works_verbs
from desktop.cli_answer import Answer, Do, Post, refuse_file, refuse_folder
from desktop.cli_usage import LateParser, Parser, a_copies, a_count, a_date, a_file, one_of
from desktop.cli_words import told
from desktop.errors import Refusal, Trouble
from desktop.logbook import logging_to
from desktop.settings import DATA_VARIABLE, data_folder

DONE, REFUSED, STOPPED = 0, 1, 130
log = logging.getLogger("yekuo")
_the_time_now = datetime.now  # noqa: TID251 - the porch is where the clock is asked


@dataclass(frozen=True)
class Arg:
    """One argument of a verb, as argparse takes it."""

    flags: tuple[str, ...]
    options: dict[str, Any]


@dataclass(frozen=True)
class Verb:
    """A verb: its name, what it does in a line, its arguments. `prints`: its fonts are prepared before. `begins`: it
    may begin a hall in a folder where there is none; every other verb refuses such a folder."""

    name: str
    help: str
    do: Do
    args: tuple[Arg, ...] = ()
    prints: bool = False
    begins: bool = False


def _arg(*flags: str, **options: Any) -> Arg:
    return Arg(flags, options)


def _deeds() -> tuple[Arg, ...]:
    words = {"done": "完成", "sent_back": "退回", "paused": "暂停", "resumed": "恢复", "ended": "终止"}
    return tuple(
        _arg(f"--{name.replace('_', '-')}", dest="deed", action="store_const", const=name, help=f"登记为{word}")
        for name, word in words.items())


ANSWERS = _arg("--answers", required=True, metavar="FILE.json", help="答案文件（- 为标准输入）；样例见 yekuo example")
FACTS = _arg("--answers", metavar="FILE.json", help="答案文件（- 为标准输入）")
CASE = _arg("case", metavar="CASE", help="工单编号")
NUMBER = _arg("number", metavar="NUMBER", help="合同编号或户号")
PDF = _arg("--out", required=True, metavar="FILE.pdf", help="写到这个文件")
XLSX = _arg("--out", required=True, metavar="FILE.xlsx", help="写到这个文件")
CODE = _arg("code", metavar="CODE", help="资料编号，如 M03")
CAME_ON = _arg("--on", metavar="DATE", type=a_date, help="实际收到的日期，默认今天")
LIMIT = _arg("--limit", type=a_count, metavar="N", help="最多这么多行")
ROW = _arg("row", type=a_count, metavar="ROW", help="待核的行，编号见 yekuo rows")
STAGE = _arg("stage", metavar="STAGE", help="环节代码或名称，如 S04")
INSPECTION = _arg("kind", metavar="KIND", help="设计文件审查、中间检查或竣工检验（design、mid、final）")
ON = _arg("--on", metavar="DATE", type=a_date, help="实际办理的日期，默认今天")
WHOLE = _arg("--reason", metavar="原因", help="证件号码、电话写全的原因，记入办理记录；不写就遮住")
NOTE = _arg("--note", required=True, metavar="依据", help="依据，如“已查合同原件”")

VERBS = (
    Verb("import-contracts", "导入合同台账（.xlsx .xls .csv）", import_verbs.import_contracts, (
        _arg("file", metavar="FILE", help="台账文件"),
        _arg("--returned", metavar="OUT.xlsx", help="把每行的结果和原因写到这个工作簿"))),
    Verb("import-cases", "导入营销2.0 等系统导出的在办工单（.xlsx .xls .csv）", import_verbs.import_cases, (
        _arg("file", metavar="FILE", help="导出的在办清单"),
        _arg("--returned", metavar="OUT.xlsx", help="把退回和待核的行写到这个工作簿"))),
    Verb("rows", "导入后等人核定的行；与档案冲突的，两边的值并列", import_verbs.rows, (LIMIT,)),
    Verb("adopt-row", "采用新值：合同改为台账这一行的内容", import_verbs.adopt, (ROW, NOTE)),
    Verb("keep-row", "保留原值或已另行处理：这一行不再待核", import_verbs.decline, (ROW, NOTE)),
    Verb("contracts", "全部合同", contract_verbs.contracts),
    Verb("accept", "受理一份申请，给出工单编号和承诺日期", case_verbs.accept, (
        ANSWERS, _arg("--out", metavar="DIR", help="回执等文书写到这个文件夹"),
        _arg("--on", metavar="DATE", type=a_date,
             help="补录以前受理的：申请日期，默认按答案文件的 applied_on，没写的是今天")), prints=True),
    Verb("copy", "把一张工单用作新件：打印可以改了再受理的答案", case_verbs.copy, (
        CASE, _arg("--kind", metavar="业务", default="", help="按另一种业务起新件：种类名称、简称或两位编号"), WHOLE)),
    Verb("ladder", "照录：按营销2.0 受理页的次序列出一张工单要录的各项", case_verbs.ladder, (CASE, WHOLE)),
    Verb("stage", "登记一个环节：完成、退回、暂停、恢复或终止", case_verbs.stage, (
        CASE, STAGE, FACTS, ON,
        _arg("--reason", metavar="原因", help="退回、暂停或终止的原因"),
        _arg("--explanation", metavar="说明", help="终止原因是“其他”的，写明是什么原因"),
        _arg("--to", metavar="STAGE", help="退回到哪个环节，默认退在本环节"),
        _arg("--evidence", metavar="凭据", help="暂停的凭据，如“客户 11 月 23 日书面说明”"),
        _arg("--allowed-by", metavar="工号", help="暂停的批准人，默认经办人自己"),
        _arg("--until", metavar="DATE", type=a_date, help="暂停到哪一天自动恢复"))),
    Verb("survey", "现场勘查清单；写明日期和勘查人的，登记预约", scheme_verbs.survey, (
        CASE, _arg("--on", metavar="DATE", type=a_date, help="预约的日期"), _arg("--by", metavar="姓名", help="勘查人"),
        _arg("--note", metavar="事项", help="与客户约定的事项"))),
    Verb("correct", "更正受理后的申请内容；不写 --reason 就列出可以更正的和更正过的", scheme_verbs.correct, (
        CASE, _arg("--answers", metavar="FILE.json", help="要更正的各项和新的值"),
        _arg("--surveyed", action="store_true", help="设备清单照现场勘查的清单更正"),
        _arg("--reason", metavar="原因", help="为什么更正"),
        _arg("--by", metavar="谁", help="由谁提出：客户、现场勘查或供电企业"),
        _arg("--on", metavar="DATE", type=a_date, help="办理日期，默认今天"))),
    Verb("weigh", "校核供电方案：每项通过、提示或不符及其依据，并按负荷提出建议值", scheme_verbs.weigh, (CASE, FACTS)),
    Verb("submit-scheme", "供电方案提交审批；规则明确的自动通过", scheme_verbs.submit, (CASE, ANSWERS, ON)),
    Verb("approvals", "待我审批的供电方案", scheme_verbs.approvals, (LIMIT,)),
    Verb("approve", "审批供电方案：同意，或写明原因退回、撤回", scheme_verbs.approve, (
        CASE, _arg("--opinion", metavar="意见", help="同意时的意见"),
        _arg("--refuse", metavar="原因", help="不同意，退回"),
        _arg("--recall", metavar="原因", help="撤回提交"), _arg("--post", metavar="岗位", help="代哪个岗位"),
        _arg("--on", metavar="DATE", type=a_date, help="同意或退回的日期，默认今天"))),
    Verb("scheme", "一张工单的供电方案：各版、变更、有效期、审批", scheme_verbs.scheme, (CASE,)),
    Verb("change-scheme", "变更已答复的供电方案：登记后重新答复一版", scheme_verbs.change, (
        CASE, _arg("--reason", required=True, metavar="原因", help="变更的原因"),
        _arg("--by", required=True, choices=("客户", "供电企业", "电网"), help="由谁提出"),
        _arg("--cost", required=True, metavar="影响", help="对费用的影响，没有的写“无”"),
        _arg("--days", required=True, metavar="影响", help="对工期的影响，没有的写“无”"),
        _arg("--on", metavar="DATE", type=a_date, help="办理日期，默认今天"))),
    Verb("opinion", "登记客户对供电方案的意见", scheme_verbs.opinion, (
        CASE, _arg("word", choices=("同意", "异议"), metavar="意见", help="客户的意见：同意或异议"),
        _arg("--signed-by", required=True, metavar="姓名", help="签收人"),
        _arg("--text", metavar="内容", help="异议的内容"),
        _arg("--on", metavar="DATE", type=a_date, help="签收日期，默认今天"))),
    Verb("extend-scheme", "供电方案延期", scheme_verbs.extend, (
        CASE, _arg("--until", required=True, metavar="DATE", type=a_date, help="延到哪一天"),
        _arg("--reason", required=True, metavar="原因", help="延期的原因"),
        _arg("--on", metavar="DATE", type=a_date, help="申请日期，默认今天"))),
    Verb("works-started", "登记客户受电工程开工，方案持续有效", scheme_verbs.works, (
        CASE, _arg("--on", required=True, metavar="DATE", type=a_date, help="开工日期"))),
    Verb("scheme-paper", "勘查工作单、方案答复单、延期申请单或校核审批单", scheme_verbs.paper, (
        CASE, _arg("which", choices=scheme_verbs.PAPERS, metavar="文书",
                   help="survey 勘查、reply 答复、extension 延期、review 校核"), PDF), prints=True),
    Verb("contract", "起草、核对并印制一张工单的供用电合同", contract_verbs.contract, (
        CASE, PDF, _arg("--loads-checked", action="store_true",
                        help="过户：印的用电设备清单已与新用电人核对")), prints=True),
    Verb("account", "一个用电户：两个容量、停用、合同、工单、表计、费用和能办的变更", change_verbs.account, (
        _arg("text", metavar="户号", help="户号；也可以是户名、拼音首字母、电话尾号"),)),
    Verb("change-paper", "变更用电的确认单、补充协议或终止协议", change_verbs.change_paper, (CASE, PDF), prints=True),
    Verb("register-contract", "登记用单位现行文本签好的合同：居民的不写截止日即不定期，写了的填续展方式",
         change_verbs.register_contract, (CASE, ANSWERS)),
    Verb("sign", "登记合同签署", contract_verbs.sign, (
        NUMBER, _arg("--side", required=True, choices=("customer", "ours"), help="客户签署，或我方签署用印"), ANSWERS)),
    Verb("archive-contract", "登记合同归档", contract_verbs.archive, (
        NUMBER, _arg("--box", required=True, help="档案盒号"),
        _arg("--returned", required=True, type=a_copies, metavar="N", help="收回份数"))),
    Verb("renew", "续签：按原合同的资料起草新合同并印制", contract_verbs.renew, (
        NUMBER, PDF, FACTS, _arg("--early", metavar="原因", help="离到期还早时，写明为什么提前续签")), prints=True),
    Verb("settle", "核定待核的合同：按原件写明种类、日期，或说明已核对无误", amending_verbs.settle, (
        NUMBER, _arg("--answers", metavar="FILE.json",
                     help="答案文件：kind、signed、starts、ends、gone（是或否）、note，核定几项写几项"),
        _arg("--note", metavar="依据", help="依据，如“已查合同原件”；只写依据即全部待核已核对无误"))),
    Verb("void", "作废一份没有归档的合同", amending_verbs.void, (
        NUMBER, _arg("--reason", required=True, metavar="原因", help="作废的原因"))),
    Verb("terminate", "终止一份履行中的合同；临时用电须写拆表日期", amending_verbs.terminate, (
        NUMBER, _arg("--reason", required=True, metavar="原因", help="终止的原因"),
        _arg("--removed", metavar="DATE", type=a_date, help="拆表日期"))),
    Verb("supplement", "补录档案里缺的资料，以便续签", contract_verbs.supplement, (
        NUMBER, ANSWERS, _arg("--replace", action="store_true", help="已有的内容也改成答案文件里的"))),
    Verb("reminders", "今天要提醒的事项", contract_verbs.reminders, (LIMIT,)),
    Verb("report", "报表写成工作簿", contract_verbs.report, (
        _arg("name", metavar="NAME", help="报表名称"), _arg("--month", metavar="2026-11", help="月份"), XLSX)),
    Verb("export", "把一个清单整个导出成工作簿", contract_verbs.export, (
        _arg("list", choices=("contracts", "cases", "reminders"), metavar="清单",
             help="contracts 合同、cases 工单、reminders 提醒"), XLSX)),
    Verb("cases", "工单清单", case_verbs.cases, (
        _arg("--text", help="户名、拼音首字母、编号"),
        _arg("--status", choices=("在办", "暂停", "已归档", "已终止"), metavar="状态",
             help="只看在办、暂停、已归档或已终止的"),
        _arg("--due", choices=tuple(case_verbs.DUE), type=one_of(case_verbs.DUE), metavar="期限",
             help="只看今天到期、超期或等客户（暂停）的"),
        _arg("--open", action="store_true", help="只看没有办结的，暂停的也算"),
        _arg("--mine", action="store_true", help="只看自己的"),
        _arg("--post", action="store_true", help="只看本岗位现在要办的"),
        _arg("--waits", choices=tuple(case_verbs.WAITS), type=one_of(case_verbs.WAITS), metavar="等什么",
             help="待我审批：方案等我审批；等我接收：移交给我；容缺：客户答应补交资料"),
        _arg("--stage", metavar="STAGE", help="只看停在这个环节的，如 S04"), LIMIT)),
    Verb("board", "看板：在办的工单按环节排开", overview_verbs.board, (
        _arg("--mine", action="store_true", help="只看自己的"),
        _arg("--post", action="store_true", help="只看本岗位现在要办的"))),
    Verb("morning", "晨会单：今天到期、超期、等客户、合同将到期、各人手头", overview_verbs.morning, (
        _arg("--out", metavar="FILE.pdf", help="把晨会单写到这个文件"),), prints=True),
    Verb("shift", "交接班：交班、确认接班、看或打印；什么都不写就列出最近的", overview_verbs.shift, (
        _arg("--to", metavar="工号", help="交班给这位"),
        _arg("--confirm", type=a_count, metavar="N", help="确认接班，N 是记录的编号"),
        _arg("--decline", type=a_count, metavar="N", help="退回交来的班，用 --note 写明原因"),
        _arg("--withdraw", type=a_count, metavar="N", help="撤回还没有确认的交班"),
        _arg("--record", type=a_count, metavar="N", help="看这一次交接班"),
        _arg("--note", metavar="说明", help="交班的其他事项，接班的意见，或退回的原因"),
        _arg("--out", metavar="FILE.pdf", help="把交接班单写到这个文件")), prints=True),
    Verb("flow", "环节分析：各环节的中位工作日、占全程的份额、退回", overview_verbs.flow, (
        _arg("--month", metavar="2026-11", help="月份，默认全部"),)),
    Verb("progress", "客户来问进度：按他说的查找，用他听得懂的话告诉他", overview_verbs.progress, (
        _arg("said", metavar="说法", help="申请编号、户名、证件或手机的后四位"),
        _arg("--out", metavar="FILE.pdf", help="把进度单写到这个文件")), prints=True),
    Verb("check-search", "检查查找用的索引与档案是否一致", overview_verbs.check_search, (
        _arg("--mend", action="store_true", help="不一致时全部重建"),)),
    Verb("case", "一张工单的全部情况", case_verbs.case, (CASE,)),
    Verb("materials", "一张工单的资料：状态、核验、期限、文件、可沿用的", material_verbs.materials, (CASE,)),
    Verb("material", "登记一份资料：收到和核验、免交、沿用，或改补交日期", material_verbs.material, (
        CASE, CODE, FACTS, CAME_ON,
        _arg("--shared", nargs="?", const="", metavar="来源", help="免交，数据从哪里取得"),
        _arg("--again", action="store_true", help="沿用客户以前交过的"),
        _arg("--due", metavar="DATE", type=a_date, help="没收到或退还，约定这一天前补交"),
        _arg("--reason", metavar="原因", help="改补交日期的原因"))),
    Verb("supply", "补交：一次收到几份资料，出回执", material_verbs.supply, (
        CASE, _arg("codes", nargs="+", metavar="CODE", help="资料编号，如 M03"), CAME_ON,
        _arg("--out", metavar="FILE.pdf", help="回执写到这个文件")), prints=True),
    Verb("notice", "按现在的情况出一次性告知书", material_verbs.notice, (
        CASE, _arg("--out", metavar="FILE.pdf", help="写到这个文件")), prints=True),
    Verb("attach", "给一份资料放入图片或 PDF", material_verbs.attach, (
        _arg("case", nargs="?", metavar="CASE", help="工单编号"),
        _arg("code", nargs="?", metavar="CODE", help="资料编号，如 M03"),
        _arg("files", nargs="*", metavar="FILE", help="图片或 PDF"),
        _arg("--folder", metavar="DIR", help="收这个文件夹里写好名字的，如 YK202611230001-M03.jpg"))),
    Verb("camera", "本机的高拍仪；可改设，可拍一张放入一份资料", material_verbs.camera, (
        _arg("case", nargs="?", metavar="CASE", help="拍一张：工单编号"),
        _arg("code", nargs="?", metavar="CODE", help="拍一张：资料编号，如 M03"),
        _arg("--driver", metavar="uvc|模块:类名", help="改设；演练写 practice；不要时写 \"\""))),
    Verb("check-files", "检查全部文件：缺的、损坏的、无主的", material_verbs.check_files, (
        _arg("--sweep", action="store_true", help="清理无主的（一天以上的）"),)),
    Verb("clock", "一张工单的各个时限，其中一个逐日怎么数的", clock_verbs.clock, (
        CASE, _arg("--which", type=a_count, metavar="N", help="第几个时限，默认最紧的一个"),
        _arg("--out", metavar="FILE.pdf", help="时限说明写到这个文件"))),
    Verb("correct-pause", "更正一次暂停；原来的登记不改，另记一笔", clock_verbs.correct_pause, (
        CASE, _arg("pause", type=a_count, metavar="PAUSE", help="暂停的编号，见 yekuo clock"), ANSWERS)),
    Verb("promise", "登记对客户承诺的日期，与其他时限并列", clock_verbs.promise, (
        CASE, _arg("stage", metavar="STAGE", help="完成哪个环节，代码或名称，如 S14"),
        _arg("--by", required=True, type=a_date, metavar="DATE", help="承诺的日期"),
        _arg("--reason", required=True, metavar="原因", help="为什么这样承诺"))),
    Verb("calendar", "工作日历：各年、核对一个年度文件、采用它、撤回采用", clock_verbs.calendar, (
        _arg("deed", nargs="?", default="list", choices=("list", "check", "import", "undo"), metavar="做什么",
             help="list 各年，不写也是；check 只核对；import 采用；undo 撤回一年的采用"),
        _arg("file", nargs="?", metavar="FILE.json", help="公开的年度放假安排文件；undo 写年份，如 2027"))),
    Verb("numbers", "登记营销2.0 给工单的编号；没有写的保持原样", case_verbs.numbers, (
        CASE, _arg("--application", metavar="编号", help="营销2.0 申请编号"),
        _arg("--account", metavar="户号", help="户号"), _arg("--contract", metavar="编号", help="营销2.0 合同编号"),
        FACTS)),
    Verb("fees", "一张工单的业务费", works_verbs.fees, (CASE,)),
    Verb("charge", "登记一项业务费；数量能从申请和方案得到的可以不写", works_verbs.charge, (
        CASE, _arg("item", metavar="ITEM", help="收费项目，见 yekuo tariff"),
        _arg("--quantity", metavar="N", help="数量"), _arg("--due", metavar="DATE", type=a_date, help="缴费期限"))),
    Verb("pay", "登记缴费；不写行号即全部待缴的", works_verbs.pay, (
        CASE, _arg("lines", nargs="*", type=a_count, metavar="LINE", help="行号，见 yekuo fees"),
        _arg("--way", required=True, help="现金、刷卡、扫码支付、银行转账或线上缴费"),
        _arg("--receipt", required=True, metavar="票据号", help="票据号"), ON)),
    Verb("cancel-fee", "取消一行待缴的业务费", works_verbs.cancel_fee, (
        CASE, _arg("line", type=a_count, metavar="LINE", help="行号，见 yekuo fees"),
        _arg("--reason", required=True, metavar="原因", help="为什么不再收取"))),
    Verb("refund", "已缴的一行业务费退还", works_verbs.refund, (
        CASE, _arg("line", type=a_count, metavar="LINE", help="行号，见 yekuo fees"),
        _arg("--reason", required=True, metavar="原因", help="为什么退"),
        _arg("--way", required=True, help="现金、刷卡、扫码支付、银行转账或线上缴费"),
        _arg("--receipt", required=True, metavar="凭证号", help="退费凭证号"),
        _arg("--allowed-by", metavar="工号", help="批准人；不写就是经办人自己"), ON)),
    Verb("tariff", "收费目录和本厅单价；写明项目、单价、依据即登记一个单价", works_verbs.tariff, (
        _arg("item", nargs="?", metavar="ITEM", help="收费项目"), _arg("price", nargs="?", metavar="元", help="单价"),
        _arg("--basis", metavar="文号", help="核定单价的文件和文号"),
        _arg("--effective", metavar="DATE", type=a_date, help="生效日期，默认今天"),
        _arg("--until", metavar="DATE", type=a_date, help="失效日期"),
        _arg("--allowed-by", metavar="工号", help="批准人；不写就是经办人自己"))),
    Verb("submit", "登记设计送审、中间检查报验或竣工报验", works_verbs.submit, (CASE, INSPECTION, ANSWERS, ON)),
    Verb("conclude", "登记审查、检查或检验的意见单", works_verbs.conclude, (
        CASE, INSPECTION, ANSWERS, _arg("--result", choices=("合格", "不合格"), help="结论，默认按答案文件"), ON)),
    Verb("mend", "缺陷整改复核，销号", works_verbs.mend, (
        CASE, _arg("defects", nargs="+", type=a_count, metavar="DEFECT", help="缺陷编号，见 yekuo rounds"),
        _arg("--seen-by", required=True, metavar="姓名", help="复核人"), ON)),
    Verb("rounds", "一张工单的各轮审查、检查、检验和缺陷", works_verbs.rounds, (CASE,)),
    Verb("defects", "逾期未整改的缺陷", works_verbs.defects),
    Verb("first-pass", "一个月里各种审查、检查、检验的一次通过率", works_verbs.first_pass, (
        _arg("--month", metavar="2026-11", help="月份，默认本月"),)),
    Verb("meter", "一只电能表挂在哪里、挂过哪里", works_verbs.meter, (_arg("serial", metavar="表号", help="表号"),)),
    Verb("issue", "出具或补打工单的一份文书；不写文书即列出能出具的和已存的", works_verbs.issue, (
        CASE, _arg("paper", nargs="?", metavar="PAPER", help="文书名称"),
        _arg("--out", metavar="FILE.pdf", help="写到这个文件")), prints=True),
    Verb("handover", "移交工单、接收或退回移交；不写工单即列出等您接收的", works_verbs.handover, (
        _arg("case", nargs="?", metavar="CASE", help="工单编号"), _arg("--to", metavar="工号", help="移交给谁"),
        _arg("--reason", metavar="原因", help="移交的原因"), _arg("--accept", action="store_true", help="接收"),
        _arg("--decline", metavar="原因", help="退回移交人"),
        _arg("--withdraw", action="store_true", help="撤回移交"))),
    Verb("owners", "每人名下的在办工单", works_verbs.owners),
    Verb("recall", "召回自己刚提交的环节，当作没有提交过", works_verbs.recall, (
        CASE, STAGE, _arg("--reason", required=True, metavar="原因", help="召回的原因"))),
    Verb("undone", "退回到一个环节会撤销什么；只看，不登记", works_verbs.undone, (CASE, STAGE)),
    Verb("templates", "合同文本及其审定情况", hall_verbs.templates),
    Verb("approve-template", "审定一种合同文本（管理员或主管）", hall_verbs.approve_template, (
        _arg("kind", metavar="KIND", help="种类，见 yekuo templates"), _arg("--name", required=True, help="审定人"),
        _arg("--on", metavar="DATE", type=a_date, help="审定日期，默认今天"))),
    Verb("setup", "建立营业厅：供电人资料和人员", hall_verbs.setup, (ANSWERS,), begins=True),
    Verb("clerks", "人员；可添加、可指定本机默认经办人", hall_verbs.people, (
        _arg("--add", nargs=3, metavar=("工号", "姓名", "岗位"), help="添加一位人员"),
        _arg("--default", metavar="工号", help="本机命令行默认由谁经办"))),
    Verb("catalog", "规则目录：列出、逐行看依据、比较、导入、导出各版", catalog_verbs.catalog, (
        _arg("deed", nargs="?", default="list", choices=tuple(catalog_verbs.DEEDS), metavar="做什么",
             help=f"{'、'.join(catalog_verbs.DEEDS)}；不写即 list"),
        _arg("what", nargs="*", metavar="编号|FILE", help="目录编号；导入时为发布文件；打包时为文件夹"),
        _arg("--unverified", action="store_true", help="只看待核验的行"),
        _arg("--out", metavar="FILE.zip", help="写到这个文件"))),
    Verb("reader", "本机的身份证阅读器；可改设", hall_verbs.reader, (
        _arg("driver", nargs="?", metavar="模块:类名", help="厂家的驱动；演练写 practice；不要时写 \"\""),)),
    Verb("example", "打印一份答案样例", hall_verbs.example, (
        _arg("of", choices=(*hall_verbs.EXAMPLES, *hall_verbs.NAMES), type=hall_verbs.example_named, metavar="答案",
             help=f"{'、'.join(hall_verbs.EXAMPLES)}；也可写 {'、'.join(hall_verbs.NAMES)}"),
        _arg("--kind", metavar="种类", help="业务种类的编号、名称或两位数字，如 high_voltage_single、过户、14"),
        _arg("--case", metavar="CASE", help=f"合这张工单的样例：{hall_verbs.OF_CASE_TOLD}；如重要用户的勘查清单"),
        _arg("which", nargs="?", metavar="哪一种",
             help="环节代码，如 S11；签署方 customer、ours；检验 design、mid、final；"
                  "受理方式，如 容缺受理、一证受理、不受理"))),
    Verb("backup", "立即备份并检查", hall_verbs.backup),
    Verb("restore", "从备份恢复；原数据文件保留", hall_verbs.restore, (_arg("file", metavar="FILE", help="备份文件"),),
         begins=True),
    Verb("demo", "在演练营业厅里做一遍主要业务", hall_verbs.demo, (
        _arg("--out", default=hall_verbs.PRACTICE, metavar="DIR",
             help=f"文书和报表写到这个文件夹，默认是当前文件夹里的“{hall_verbs.PRACTICE}”"),), prints=True,
         begins=True),
    Verb("prepare", "预先备好打印字体", hall_verbs.prepare),
    Verb("where", "数据、备份、日志在哪里", hall_verbs.where),
)


def run(arguments: Sequence[str]) -> int:
    """Do what the command line says; returns the exit code."""
    _speak_safely()
    asked = make_parser().parse_args(arguments, argparse.Namespace(data=None, clerk=None, today=None, json=False))
    folder = data_folder(asked.data, os.environ)
    clock = clock_at(asked.today)
    verb = next((each for each in VERBS if each.name == asked.verb), None)
    if verb is None:
        return _window(folder, clock, asked)
    return _tell(verb, Post(folder, clock, asked.clerk or "", may_begin=verb.begins), asked)


def clock_at(today: date | None) -> Callable[[], datetime]:
    """The clock that everything below is given: this machine's, moved to `today` where that is asked."""
    if today is None:
        return _the_time_now
    from desktop.usecases.desk import SetClock

    return SetClock(_the_time_now, today)


def _window(folder: Path, clock: Callable[[], datetime], asked: argparse.Namespace) -> int:
    from desktop.main import has_viewer, open_window

    if asked.or_demo is None or has_viewer(os.environ):
        return open_window(folder, clock, asked.clerk or "")
    print("这里没有可用的显示器，改为不开窗口做一遍主要业务。")
    return run(["demo", "--out", asked.or_demo])


def _tell(verb: Verb, post: Post, asked: argparse.Namespace) -> int:
    """Do the verb and print its answer; a refusal or a trouble is a sentence on standard error."""
    with logging_to(post.folder), closing(post):
        try:
            answer = _answer(verb, post, asked)
            answer.print(asked.json)
            if answer.failed:
                print(answer.failed, file=sys.stderr)
                return REFUSED
        except (Refusal, Trouble) as error:
            print(told(error), file=sys.stderr)
            return REFUSED
        except BrokenPipeError:  # whoever read our lines has read enough
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - the interpreter flushes it at its end
        except KeyboardInterrupt:
            print("已取消。", file=sys.stderr)
            return STOPPED
        except Exception as error:  # the porch: what nobody knew is our bug
            log.error("bug in %s: %s", verb.name, type(error).__name__, exc_info=error)
            print(f"程序出了差错（{type(error).__name__}），已记入日志；已保存的内容不受影响。", file=sys.stderr)
            return REFUSED
    return DONE


def _answer(verb: Verb, post: Post, asked: argparse.Namespace) -> Answer:
    for arg in verb.args:
        _refuse_place(arg, asked)
    if verb.prints:
        post.prepare_fonts()
    return verb.do(post, asked)


def _refuse_place(arg: Arg, asked: argparse.Namespace) -> None:
    """What is to be written has a place to be written to, before anything is done."""
    name, kind = arg.flags[0].removeprefix("--"), str(arg.options.get("metavar"))
    said = getattr(asked, name, None) if name in ("out", "returned") else None
    if said and kind == "DIR":
        refuse_folder(Path(said))
    elif said and Path(kind).suffix:
        refuse_file(Path(said), Path(kind).suffix)


def make_parser() -> argparse.ArgumentParser:
    """The parser of all verbs."""
    shared = _shared()
    parser = Parser(
        prog="yekuo", description="业扩一窗：不带命令时打开窗口。", parents=[shared],
        epilog="退出码：0 完成；1 被拒绝或出了问题（原因在标准错误）；2 用法不对。")
    parser.add_argument("--or-demo", metavar="DIR", help="没有显示器时，在这个文件夹里做一遍主要业务")
    verbs = parser.add_subparsers(dest="verb", title="命令", metavar="命令", parser_class=LateParser)
    for verb in VERBS:
        verbs.add_parser(verb.name, help=verb.help, description=verb.help + "。", shared=shared,
                         fill=partial(_take_arguments, verb))
    return parser


def _take_arguments(verb: Verb, parser: Parser) -> None:
    for arg in verb.args:
        named = {"type": a_file} if "FILE" in str(arg.options.get("metavar")) else {}
        parser.add_argument(*arg.flags, **{**named, **arg.options})
    if verb.name == "stage":
        deeds = parser.add_mutually_exclusive_group(required=True)
        for arg in _deeds():
            deeds.add_argument(*arg.flags, **arg.options)


def _shared() -> Parser:
    """What every verb takes, before or after its name."""
    shared = Parser(add_help=False)
    unset = argparse.SUPPRESS
    shared.add_argument("--data", metavar="DIR", default=unset,
                        help=f"数据文件夹，默认 ${DATA_VARIABLE} 或用户的数据目录")
    shared.add_argument("--clerk", metavar="工号", default=unset, help="经办人，默认本机设定的人")
    shared.add_argument("--today", metavar="DATE", type=a_date, default=unset,
                        help="当作今天的日期，如 2026-11-23，用来算到期和超期，那天以后登记的照样列出；"
                             "还没有到的日期，正式营业厅只能查看，演练营业厅可以登记；"
                             "已经过去的日期，登记时间仍照实记")
    shared.add_argument("--json", action="store_true", default=unset, help="输出 JSON")
    return shared


def _speak_safely() -> None:
    """A terminal that lacks a character shows its code instead of stopping the verb."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
