"""Every action of the window with its key, in one table. F1 and the settings read it; a clerk may change the keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6 import QtCore, QtGui
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Deed:
    """One action: `place` is the page on which it works ("" everywhere), `key` its shortcut as Qt writes it."""

    name: str
    label: str
    key: str
    place: str = ""


DEEDS = (
    Deed("go_intake", "受理", "Alt+1"),
    Deed("go_cases", "工单", "Alt+2"),
    Deed("go_contracts", "合同", "Alt+3"),
    Deed("go_reminders", "提醒", "Alt+4"),
    Deed("go_reports", "报表", "Alt+5"),
    Deed("go_system", "系统", "Alt+6"),
    Deed("search", "查找客户、户号、工单、合同", "Ctrl+K"),
    Deed("clerk", "更换经办人", "F12"),
    Deed("lock", "锁定", "Ctrl+L"),
    Deed("keys", "本页快捷键", "F1"),
    Deed("back", "返回", "Alt+Left"),
    Deed("reload", "刷新", "F5"),
    Deed("intake_kind", "选业务种类（再按两位编号）", "F3", "intake"),
    Deed("intake_accept", "受理", "Ctrl+Return", "intake"),
    Deed("intake_decline", "不予受理", "Ctrl+Shift+D", "intake"),
    Deed("intake_clear", "清空重填", "Ctrl+Shift+N", "intake"),
    Deed("intake_drafts", "未完成的草稿", "Ctrl+D", "intake"),
    Deed("intake_card", "读身份证", "F2", "intake"),
    Deed("intake_papers", "资料收齐", "F4", "intake"),
    Deed("intake_print", "打印受理文书", "F8", "intake"),
    Deed("intake_again", "再受理一件", "F9", "intake"),
    Deed("cases_export", "导出工单", "Ctrl+E", "cases"),
    Deed("cases_import", "导入在办工单", "Ctrl+I", "cases"),
    Deed("cases_filter", "到筛选框", "Ctrl+F", "cases"),
    Deed("cases_board", "看板", "Ctrl+B", "cases"),
    Deed("cases_morning", "晨会单", "Ctrl+M", "cases"),
    Deed("cases_shift", "交接班", "Ctrl+J", "cases"),
    Deed("progress", "查进度", "Ctrl+G"),
    Deed("board_list", "清单", "Ctrl+B", "board"),
    Deed("shift_give", "交班", "Ctrl+Return", "shift"),
    Deed("shift_print", "看或打印交接班单", "Ctrl+P", "shift"),
    Deed("progress_print", "打印进度单", "Ctrl+P", "progress"),
    Deed("sheet_print", "打印", "Ctrl+P", "sheet"),
    Deed("sheet_save", "另存 PDF", "Ctrl+S", "sheet"),
    Deed("paper_print", "打印", "Ctrl+P", "paper"),
    Deed("paper_save", "另存 PDF", "Ctrl+S", "paper"),
    Deed("import_choose", "选择文件", "Ctrl+O", "import"),
    Deed("import_returned", "导入并存退回表", "Ctrl+Shift+Return", "import"),
    Deed("import_take", "导入", "Ctrl+Return", "import"),
    Deed("flow_export", "导出环节分析", "Ctrl+E", "flow"),
    Deed("reports_flow", "环节分析", "Ctrl+B", "reports"),
    Deed("case_done", "完成本环节", "Ctrl+Return", "case"),
    Deed("case_back", "退回", "Ctrl+Shift+B", "case"),
    Deed("case_pause", "暂停或恢复", "Ctrl+Shift+P", "case"),
    Deed("case_end", "终止", "Ctrl+Shift+X", "case"),
    Deed("case_contract", "合同", "Ctrl+T", "case"),
    Deed("scheme_propose", "按负荷填建议值", "F8", "case"),
    Deed("scheme_submit", "方案提交审批", "F9", "case"),
    Deed("scheme_agree", "同意方案", "Ctrl+Shift+Y", "case"),
    Deed("scheme_disagree", "不同意方案", "Ctrl+Shift+U", "case"),
    Deed("scheme_change", "变更方案", "Ctrl+Shift+V", "case"),
    Deed("case_correct", "更正申请", "Ctrl+Shift+G", "case"),
    Deed("case_clock", "时限逐日怎么数的", "Ctrl+J", "case"),
    Deed("case_copy", "用作新件", "Ctrl+Shift+C", "case"),
    Deed("case_ladder", "照录到营销2.0", "F7", "case"),
    Deed("intake_known", "用右侧第一位已有的客户或用电户", "Ctrl+I", "intake"),
    Deed("intake_agent", "沿用上一件的代理人", "Ctrl+Shift+A", "intake"),
    Deed("intake_over", "沿用以前交过的资料", "Ctrl+U", "intake"),
    Deed("intake_file", "给所在的资料放入文件", "Ctrl+O", "intake"),
    Deed("intake_camera", "开关高拍仪", "F7", "intake"),
    Deed("intake_shoot", "给所在的资料拍一张", "F6", "intake"),
    Deed("case_materials", "资料核验和文件", "Ctrl+M", "case"),
    Deed("materials_save", "收到，保存核验", "Ctrl+Return", "materials"),
    Deed("materials_shared", "免交", "Ctrl+Shift+M", "materials"),
    Deed("materials_promise", "改补交日期", "Ctrl+Shift+D", "materials"),
    Deed("materials_again", "沿用以前交过的", "Ctrl+U", "materials"),
    Deed("materials_file", "放入文件", "Ctrl+O", "materials"),
    Deed("materials_camera", "开关高拍仪", "F7", "materials"),
    Deed("materials_shoot", "拍一张", "F8", "materials"),
    Deed("materials_next", "下一份缺的资料", "F9", "materials"),
    Deed("materials_folder", "盯住高拍仪文件夹", "Ctrl+Shift+G", "materials"),
    Deed("materials_hand_in", "补交所勾选的，出回执", "Ctrl+Shift+R", "materials"),
    Deed("materials_notice", "出告知书", "Ctrl+P", "materials"),
    Deed("materials_case", "回工单", "Ctrl+T", "materials"),
    Deed("file_before", "上一份", "Ctrl+Left", "file"),
    Deed("file_next", "下一份", "Ctrl+Right", "file"),
    Deed("file_turn", "转 90°", "Ctrl+R", "file"),
    Deed("file_off", "移出", "Ctrl+Shift+X", "file"),
    Deed("case_works", "业务费、检验、计量、移交", "Ctrl+Y", "case"),
    Deed("works_photos", "资料和照片", "Ctrl+M", "works"),
    Deed("works_case", "回工单", "Ctrl+T", "works"),
    Deed("works_charge", "登记业务费", "Ctrl+Shift+F", "works"),
    Deed("works_pay", "登记缴费", "Ctrl+Return", "works"),
    Deed("works_cancel", "取消费用", "Ctrl+Shift+X", "works"),
    Deed("works_refund", "退费", "Ctrl+Shift+Z", "works"),
    Deed("works_tariff", "登记单价", "Ctrl+Shift+U", "works"),
    Deed("works_submit", "登记报验", "Ctrl+Shift+B", "works"),
    Deed("works_conclude", "登记意见单", "Ctrl+Shift+Y", "works"),
    Deed("works_mend", "缺陷销号", "Ctrl+Shift+K", "works"),
    Deed("works_hand", "移交", "Ctrl+Shift+H", "works"),
    Deed("works_take", "接收移交", "Ctrl+Shift+R", "works"),
    Deed("works_decline", "退回移交", "Ctrl+Shift+D", "works"),
    Deed("works_withdraw", "撤回移交", "Ctrl+Shift+W", "works"),
    Deed("works_issue", "出具文书", "Ctrl+P", "works"),
    Deed("account_begin", "受理所选的变更", "Ctrl+Return", "account"),
    Deed("account", "用电户", "Ctrl+H"),
    Deed("case_numbers", "登记营销2.0 编号", "Ctrl+Shift+N", "case"),
    Deed("contracts_export", "导出合同", "Ctrl+E", "contracts"),
    Deed("contracts_filter", "到筛选框", "Ctrl+F", "contracts"),
    Deed("contracts_import", "导入台账", "Ctrl+I", "contracts"),
    Deed("contracts_renewal", "批量设续展方式", "Ctrl+Shift+M", "contracts"),
    Deed("contract_next", "下一步（印制、签署、归档）", "Ctrl+Return", "contract"),
    Deed("contract_print", "打印或补打", "Ctrl+P", "contract"),
    Deed("contract_save", "另存 PDF", "Ctrl+S", "contract"),
    Deed("contract_renew", "续签", "Ctrl+R", "contract"),
    Deed("contract_void", "作废", "Ctrl+Shift+X", "contract"),
    Deed("reminder_open", "打开", "Ctrl+O", "reminders"),
    Deed("reminders_export", "导出提醒", "Ctrl+E", "reminders"),
    Deed("reminders_filter", "到筛选框", "Ctrl+F", "reminders"),
    Deed("reports_make", "生成所选报表", "Ctrl+Return", "reports"),
    Deed("backup", "立即备份", "Ctrl+Shift+S", "system"),
)
BY_NAME = {deed.name: deed for deed in DEEDS}
# Keys that are not actions but hands' habits; F1 lists them too.
HABITS = (
    ("Enter", "下一格"), ("Shift+Enter", "上一格"), ("小键盘 +", "下一个必填的空格"),
    ("↑ ↓", "在列表里移动"), ("Enter（列表）", "打开"), ("Enter（工单）", "到本环节的表里"),
    ("Esc", "收起消息或列表"),
)


def key_of(name: str, settings: QSettings | None) -> str:
    """The key of an action: the clerk's own choice if there is one, else the table's."""
    own = settings.value(f"keys/{name}") if settings is not None else None
    return own if isinstance(own, str) else BY_NAME[name].key


def clash(name: str, key: str, settings: QSettings | None) -> Deed | None:
    """The action that has this key already where `name` would work too."""
    place = BY_NAME[name].place
    rivals = (d for d in DEEDS if d.name != name and (not d.place or not place or d.place == place))
    return next((deed for deed in rivals if key_of(deed.name, settings) == key), None)


def make_action(name: str, owner: QWidget, do: Callable[[], object],
                settings: QSettings | None = None) -> QtGui.QAction:
    """A QAction on `owner` for the row `name`; on a page its key works while the page or a child has the focus."""
    deed = BY_NAME[name]
    action = QtGui.QAction(deed.label, owner)
    action.setObjectName(name)
    action.setShortcut(QtGui.QKeySequence(key_of(name, settings)))
    context = QtCore.Qt.ShortcutContext
    action.setShortcutContext(context.WidgetWithChildrenShortcut if deed.place else context.WindowShortcut)
    action.triggered.connect(lambda _checked=False: do())
    owner.addAction(action)
    return action


def keys_of(place: str, settings: QSettings | None) -> list[tuple[str, str]]:
    """Key and label of what works on the page `place`, then what works everywhere, then the habits."""
    here = [(key_of(d.name, settings), d.label) for d in DEEDS if d.place == place]
    everywhere = [(key_of(d.name, settings), d.label) for d in DEEDS if not d.place]
    return here + everywhere + list(HABITS)
