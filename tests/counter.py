"""One counter of a hall: whoever sits at its window, and what hands on its keyboard do there.

Every key goes through the window system to whatever has the keyboard, Chinese as an input method commits it. A deed
that the window refuses fails the test with the sentence that the clerk would read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from typing_hands import open_window, wait_idle
from working_hall import ME

from desktop.domain.case_code import case_code
from desktop.domain.caselog import What
from desktop.usecases.charging import set_tariff
from desktop.usecases.desk import Desk
from desktop.usecases.staffing import clerk_by_number
from desktop.usecases.standing import account as account_of
from ui.field_editors import ChoiceBox
from ui.rows_editor import RowsEditor
from ui.survey_editor import SurveyEditor

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL, ALT, PAD = (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier,
                  Qt.KeyboardModifier.KeypadModifier)
MOST_STEPS = 90  # more fields than the longest form has
Said = Mapping[str, Any]
GUN_MS = 4
PRINTER = "大厅一号"


def open_counter(desk: Desk, qtbot: Any, clock: Any, place: Path, monkeypatch: Any) -> Counter:
    """A window over that hall, clerk 1001 at it, with an `lp` that keeps what it is sent."""
    from ui.printing import choose_printer

    spooler = place / "spooler"
    spooler.mkdir()
    for name, line in (("lp", f'cat > "{spooler}/sent"'), ("lpstat", f"echo {PRINTER}")):
        (spooler / name).write_text(f"#!/bin/sh\n{line}\n")
        (spooler / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{spooler}{os.pathsep}{os.environ['PATH']}")
    window = open_window(qtbot, desk.served_by(clerk_by_number(desk, ME)))
    choose_printer(window.services.settings, PRINTER)
    made = Counter(window, qtbot, clock, place / "月报.xlsx")
    monkeypatch.setattr("ui.report_page.ask_where", lambda *_asked: made.out)  # the system's own file dialog
    made.wait()
    return made


def _stretches(text: str) -> list[str]:
    """The text in stretches that are typed in one way."""
    found: list[str] = []
    for letter in text:
        if found and found[-1].isascii() == letter.isascii():
            found[-1] += letter
        else:
            found.append(letter)
    return found


class Counter:
    """A clerk's hands on one window. `number` is the case in hand."""

    def __init__(self, window: Any, qtbot: Any, clock: Any, out: Path) -> None:
        self.window, self.qtbot, self.clock, self.out = window, qtbot, clock, out
        self.count, self.number = 0, ""

    # ---- keys

    @property
    def here(self) -> QWidget:
        """Where the keyboard is."""
        at = QApplication.focusWidget()
        assert at is not None, "nothing has the keyboard"
        return at

    def press(self, key: Any, modifiers: Any = NONE) -> None:
        """One key, counted with the keys that are held meanwhile."""
        held = [each for each in (CTRL, ALT, SHIFT) if modifiers & each]
        self.count += 1 + len(held)
        QTest.keyClick(self.window.windowHandle(), key, modifiers)
        self.window.scanner.let_go()  # a hand is never as fast as a test

    def enter(self, modifiers: Any = NONE) -> None:
        self.press(Qt.Key.Key_Return, modifiers)

    def type(self, text: str) -> None:
        """Letters and digits key by key; Chinese is committed by the input method, which must be on here."""
        for stretch in _stretches(text):
            if stretch.isascii():
                for letter in stretch:
                    self.press(letter, SHIFT if letter.isupper() else NONE)
            else:
                at = self.here
                assert at.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled), f"no Chinese in {at.objectName()}"
                event = QInputMethodEvent()
                event.setCommitString(stretch)
                QCoreApplication.sendEvent(at, event)

    def scans(self, text: str) -> None:
        """The gun reads a code: its letters come faster than a hand's, then Enter."""
        scanner, moments = self.window.scanner, count(1000, GUN_MS)
        own, patience, composed = scanner._clock, scanner.patience_ms, scanner.composed_at
        scanner._clock, scanner.patience_ms = (lambda _event: next(moments)), 60_000  # a busy machine parts no burst
        scanner.composed_at = lambda: composed() + 60_000  # what a hand composed before is long done
        for letter in text:
            QTest.keyClick(self.window.windowHandle(), letter, SHIFT if letter.isupper() else NONE)
        QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_Return)
        scanner._clock, scanner.patience_ms, scanner.composed_at = own, patience, composed
        self.wait()

    def wait(self) -> None:
        wait_idle(self.qtbot, self.window)

    # ---- a form, by Enter

    def stands_in(self, form: Any) -> str:
        """The field of the form in which the cursor is."""
        at = self.here
        found = [name for name in form.names if form.editor(name) is at or form.editor(name).isAncestorOf(at)]
        assert found, f"the cursor is not in the form but in {at.objectName() or type(at).__name__}"
        return found[0]

    def walk_to(self, form: Any, name: str) -> None:
        """Enter from field to field until the cursor stands in the named one; Shift+Enter where that lies behind."""
        order = list(form.names)
        back = order.index(name) < order.index(self.stands_in(form))
        for _ in range(MOST_STEPS):
            if self.stands_in(form) == name:
                return
            self.enter(SHIFT if back else NONE)
        raise AssertionError(f"Enter does not come to {name}; it stands in {self.stands_in(form)}")

    def fill(self, form: Any, said: Said) -> None:
        """Type what is said into a form, in the form's own order."""
        strange = [name for name in said if not form.has(name)]
        assert not strange, f"the form does not ask {strange}"
        for name in form.names:
            if name in said:
                self.walk_to(form, name)
                self.give(form.editor(name), said[name])

    def give(self, editor: Any, value: Any) -> None:
        """Put one answer into the editor that has the keyboard."""
        if isinstance(editor, RowsEditor):
            self._give_rows(editor, value)
        elif isinstance(editor, SurveyEditor):
            self._give_checklist(editor, value)
        elif isinstance(editor, ChoiceBox):
            self.choose(editor, value)
        else:
            self.type(str(value))

    def choose(self, box: Any, text: str) -> None:
        """By the number of its place, or by the arrow where it has no digit of its own."""
        place = box.findText(text)
        assert place >= 0, f"{text} is not offered among {[box.itemText(n) for n in range(box.count())]}"
        if isinstance(box, ChoiceBox) and 0 < place <= 9:
            self.press(str(place))
        while box.currentIndex() != place:
            self.press(Qt.Key.Key_Down if box.currentIndex() < place else Qt.Key.Key_Up)

    def _give_rows(self, editor: Any, rows: list[Said]) -> None:
        for row in rows:
            for column in editor.field.columns:
                cell, text = self.here, str(row.get(column.name, ""))
                if isinstance(cell, QComboBox):
                    self.choose(cell, text)
                elif text and cell.text() != text:  # type: ignore[attr-defined]
                    self.type(text)
                self.enter()

    def _give_checklist(self, editor: Any, answer: str) -> None:
        """The same answer to every question; each is reached by Enter from the one before."""
        for cells in editor.cells:
            assert self.here is cells["answer"], self.here.objectName()
            self.choose(cells["answer"], answer)
            self.enter()

    def reply(self, ask: Any, **said: Any) -> None:
        """Answer the question on the page and do it by Ctrl+Enter."""
        assert ask.isVisible(), self.told
        self.fill(ask.form, said)
        self.enter(CTRL)
        assert not ask.isVisible(), (ask._fault.text(), {n: ask.form.fault(n) for n in ask.form.names
                                                         if ask.form.fault(n)})
        self.wait()

    @property
    def told(self) -> str:
        return str(self.window.message_bar.text())

    # ---- who sits here, and where he is

    def page(self, name: str) -> Any:
        page = self.window.page(name)
        assert self.window.stack.currentWidget() is page, f"another page than {name} is shown: {self.told}"
        return page

    def sits_down(self, clerk: str) -> None:
        """F12, the clerk's number, Enter."""
        self.press(Qt.Key.Key_F12)
        self.type(clerk)
        self.enter()
        self.wait()
        assert self.window.services.clerk.number == clerk, self.window.chooser._fault.text()

    def opens(self, number: str = "") -> Any:
        """Ctrl+K, the number, Enter: the page of the case or the contract."""
        self.press(Qt.Key.Key_K, CTRL)
        self.type(number or self.number)
        self.enter()
        self.wait()
        return self.window.stack.currentWidget()

    # ---- the intake page

    def takes_in(self, pad: str, account: str = "", **said: Any) -> str:
        """An application from the empty page to its printed papers; its number.

        pad: the kind's two digits. account: what the customer says of the account that it is about.
        """
        self.begins(pad, account)
        page = self.page("intake")
        self.fill(page.form, said)
        self.press(Qt.Key.Key_F4)
        self.enter(CTRL)
        self.wait()
        assert page.stack.currentIndex() == 1, self.told
        self.number = page.accepted.number.text()
        self.press(Qt.Key.Key_F8)
        self.wait()
        assert "已送打印机" in self.told, self.told
        return self.number

    def begins(self, pad: str, account: str = "") -> Any:
        """Alt+1, F3 and the kind; for a change of use its account."""
        self.press("1", ALT)
        self.wait()
        page = self.page("intake")
        if page.stack.currentIndex():
            self.press(Qt.Key.Key_F9)
        self.press(Qt.Key.Key_F3)
        self.type(pad)
        self.enter()
        self.wait()
        assert page.kind.currentText().startswith(pad)
        if account:
            assert self.here is page.account.finder
            self.type(account)
            self.qtbot.waitUntil(lambda: page.account._sought == account)
            self.enter()
            self.qtbot.waitUntil(lambda: page.account.view is not None)
            self.wait()
        return page

    # ---- a case, stage by stage

    def at(self, stage: str) -> Any:
        """The page of the case in hand with the form of this stage, the cursor in it."""
        page = self.window.page("case")
        if self.window.stack.currentWidget() is not page or page.number != self.number:
            self.opens()
        if page._stage != stage:
            line = page.line
            item = next(line.item(n) for n in range(line.count())
                        if line.item(n).data(Qt.ItemDataRole.UserRole).id == stage)
            QTest.mouseClick(line.viewport(), Qt.MouseButton.LeftButton, pos=line.visualItemRect(item).center())
        self.enter()
        assert page._stage == stage, f"{page._stage} is shown"
        return page

    def does(self, stage: str, **said: Any) -> None:
        """A stage by its form: what is said is typed, Ctrl+Enter."""
        page = self.at(stage)
        assert page.stage_form.can_be_done, f"{stage} is not open; {page.view.row.status}"
        self.fill(page.stage_form.form, said)
        self.enter(CTRL)
        self.wait()
        self._is_done(stage)

    def _is_done(self, stage: str) -> None:
        page = self.page("case")
        faults = page.stage_form.form.check_all() if page.stage_form.form else {}
        assert page.view.state.stage(stage).state == "完成", (self.told, page._stage, faults)

    def surveys(self) -> None:
        """On the site everything is as it was applied for."""
        self.does("S03", survey_on=self.today, survey_by="李建军", survey_ready="具备供电条件", survey_items="符合",
                  survey_result="可以供电")

    @property
    def today(self) -> str:
        return f"{self.clock.today:%Y%m%d}"

    def answers_the_scheme(self, *posts: str, **said: Any) -> None:
        """F8 fills in what follows from the load, the rest is typed; those asked agree one after another."""
        page, me = self.at("S04"), self.window.services.clerk.number
        self.press(Qt.Key.Key_F8)
        self.fill(page.stage_form.form, said)
        if posts:
            self.press(Qt.Key.Key_F9)
            self.wait()
            assert "等" in self.told, (self.told, page.stage_form.form.check_all())
        for clerk in posts:
            self.sits_down(clerk)
            self.press(Qt.Key.Key_Y, CTRL | SHIFT)
            self.reply(page.ask, opinion="同意")
        if posts:
            self.sits_down(me)
        self.enter()
        self.enter(CTRL)
        self.wait()
        self._is_done("S04")

    # ---- its works

    def at_works(self) -> Any:
        page = self.window.page("works")
        if self.window.stack.currentWidget() is not page or page.number != self.number:
            self.opens()
            self.press("Y", CTRL)
            self.wait()
        return self.page("works")

    def pays(self, item: str, quantity: str) -> None:
        """A fee of the dated table is charged and paid."""
        page = self.at_works()
        self.press("F", CTRL | SHIFT)
        self.reply(page.ask, item=item, quantity=quantity)
        self.enter(CTRL)
        self.reply(page.ask, pay_way="扫码支付", receipt="PJ0001")
        assert page.bill.sum.open == 0

    def receives(self, code: str) -> None:
        """A paper that this stage asks for is brought: the code on the notice leads to it, Ctrl+Enter notes it."""
        self.scans(case_code(self.number, code))
        page = self.page("materials")
        assert page.sheet.code == code
        self.enter(CTRL)
        self.wait()
        assert page.sheet.state == "已收", self.told

    def hands_in(self, kind: str, **said: Any) -> None:
        """报验 of a design, of concealed works or of the whole."""
        page = self.at_works()
        page.kind.setFocus(Qt.FocusReason.TabFocusReason)
        self.choose(page.kind, kind)
        self.press("B", CTRL | SHIFT)
        self.reply(page.ask, **said)

    def judges(self, result: str, **said: Any) -> None:
        """The round's 意见单."""
        page = self.at_works()
        self.press("Y", CTRL | SHIFT)
        self.reply(page.ask, result=result, inspected_by="李建军", **said)
        assert page.rounds[-1].result == result

    def sees_it_mended(self) -> None:
        page = self.at_works()
        self.press("K", CTRL | SHIFT)
        self.reply(page.ask, seen_by="李建军")
        assert not page.open_defects()

    # ---- its contract, or the paper of a change

    def signs_the_contract(self, signer: str, capacity: str = "法定代表人") -> str:
        """Drawn up, printed, signed by both and put into its box; its key."""
        self.opens()
        self.press("T", CTRL)
        self.wait()
        page = self.page("contract")
        self.enter(CTRL)
        self.wait()
        assert page.view.row.state == "待签", (self.told, page.view.faults)
        self.enter(CTRL)
        self.reply(page.ask, signer=signer, capacity=capacity)
        self.enter(CTRL)
        self.reply(page.ask, signer="示范甲", capacity="负责人")
        assert page.view.row.state == "我方已签用印"
        self.enter(CTRL)
        self.reply(page.ask, box="H-012")
        assert page.view.row.state == "已归档"
        return str(page.key)

    def registers_the_contract(self) -> None:
        """A contract on the company's own paper: both have signed it, and it is noted."""
        self.opens()
        self.press("T", CTRL)
        self.fill(self.page("case").stage_form.form, {"contract_signed_on": self.today})
        self.enter(CTRL)
        self.wait()
        self._is_done("S12")

    def signs_the_change(self, signer: str, **said: Any) -> None:
        """The change's paper is made and shown; signed, it is noted."""
        self.opens()
        self.press("T", CTRL)
        self.wait()
        self.page("paper")
        self.does("S21", change_signed_on=self.today, change_signer=signer, **said)


    def running_capacity(self, account: str) -> str | None:
        return account_of(self.window.services.desk, account).running_capacity

    def status(self, account: str) -> str:
        return account_of(self.window.services.desk, account).standing.status

    def has_a_price(self, item: str, price: str) -> None:
        """The province set this price."""
        set_tariff(self.window.services.desk, item, price, "示例省价格文件〔2026〕1号", date(2026, 1, 1))

    # ---- what the books say afterwards

    @property
    def view(self) -> Any:
        """The case in hand as it stands now."""
        page = self.at_case()
        return page.view

    def at_case(self) -> Any:
        page = self.window.page("case")
        if self.window.stack.currentWidget() is not page or page.number != self.number:
            self.opens()
        return self.page("case")

    def books_agree(self, account: str, *, customer: str, capacity: str) -> None:
        """The case is filed, and account, contract list, reminders and the month's report say what its log says."""
        view = self.view
        done = [entry.stage for entry in view.log if entry.what == What.DONE]
        assert view.row.status == "已归档" and view.state.closed_on, view.state.current
        assert {stage.id for stage in view.state.stages if stage.state == "完成"} == {*done, "S01"} | (
            {"S12"} if any(entry.what == What.CONTRACT_SIGNED for entry in view.log) else set())
        stands = account_of(self.window.services.desk, account)
        assert (stands.customer, stands.contract_capacity, stands.standing.open_cases) == (customer, capacity, ())
        assert view.row.customer == customer
        self._contract_list_agrees(view, account)
        self._nobody_is_reminded(view.row.number)
        taken = view.row.accepted_on.replace(day=1) == self.clock.today.replace(day=1)
        assert self.months_report(view.process.name) == (int(taken), 1, 0)

    def _contract_list_agrees(self, view: Any, account: str) -> None:
        """The one contract in force that the list shows of the account is the one that the account shows."""
        self.press("3", ALT)
        self.wait()
        stands = account_of(self.window.services.desk, account)
        shown = [row.key for row in self.page("contracts").table.pages.items
                 if row.customer == stands.customer and row.active]
        assert shown == ([stands.contract.key] if stands.contract else [])

    def _nobody_is_reminded(self, number: str) -> None:
        self.press("4", ALT)
        self.wait()
        assert number not in [line.number for line in self.page("reminders").table.pages.items]

    def months_report(self, kind: str) -> tuple[int, int, int]:
        """Of a kind: taken in this month, finished, still open at its end; as the workbook of the page says."""
        self.press("5", ALT)
        self.wait()
        page = self.page("reports")
        self.out.unlink(missing_ok=True)
        page.buttons["monthly"].setFocus()
        self.enter(CTRL)
        self.wait()
        assert self.out.exists(), self.told
        rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(self.out).active.iter_rows()]
        heads = next(row for row in rows if row[0] == "业务类型")
        own = next((dict(zip(heads, row, strict=True)) for row in rows if row[0] == kind), None)
        assert own is not None, rows
        done = own["本期完成（送电）"] + own["本期办完（变更用电）"]
        return own["本期受理"], done, own["期末结存"]
