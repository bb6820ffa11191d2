"""The catalogue's file of business fees, read into its values when fees are first asked for: no start waits for it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from desktop.catalog.row import Row
from desktop.domain.fee import Ban, FeeBook, FeeItem, HeldBack, RefundRule


def read_fees(book: Row) -> FeeBook:
    """The fees of a release. ValueError names the row that is wrong."""
    held, back = book.row("held_back"), book.row("refund")
    if held is None:
        raise book.wrong("缺少 held_back")
    fees = FeeBook(tuple(_item(row) for row in book.rows("item")), tuple(_ban(row) for row in book.rows("ban")),
                   _held(held), _refund(back) if back else None)
    book.close()
    ids = [item.id for item in fees.items]
    if len(set(ids)) != len(ids):
        raise book.wrong("编号重复")
    return fees


def _item(row: Row) -> FeeItem:
    when = row.row("expected")
    item = FeeItem(row.text("id"), row.text("name"), row.text("unit"), _price(row), row.basis(),
                   row.texts("quantity_of", ()), when.text("field") if when else "",
                   when.texts("values") if when else (), when.flag("only", default=False) if when else False)
    if when:
        when.close()
    row.close()
    return item


def _price(row: Row) -> Decimal | None:
    told = row.text("price", "")
    try:
        price = Decimal(told) if told else None
    except InvalidOperation as error:
        raise row.wrong("price 应为写成文字的数，如 \"12.50\"") from error
    if price is not None and price < 0:
        raise row.wrong("price 不能小于 0")
    return price


def _ban(row: Row) -> Ban:
    ban = Ban(row.text("name"), row.texts("words", ()), row.basis())
    row.close()
    return ban


def _held(row: Row) -> HeldBack:
    held = HeldBack(row.text("act"), row.text("sentence"), row.basis())
    row.close()
    return held


def _refund(row: Row) -> RefundRule:
    rule = RefundRule(row.texts("posts", ()), row.basis())
    row.close()
    return rule
