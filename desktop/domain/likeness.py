"""What is already known and looks like an application: the same person, the same place, a case that is under way.

One fact shared is no duplicate by itself: a household has one telephone, a landlord many premises, a name many
bearers. Each likeness says why it is shown, and whether it may be the same matter twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.domain.address import address_form
from desktop.domain.field import tidy
from desktop.domain.identity import phone_form
from desktop.domain.name import name_form
from desktop.domain.pinyin import search_form

FEWEST_LETTERS = 2  # of a name that is being typed, until those that begin so are shown


@dataclass(frozen=True)
class Said:
    """What an application says of its person and place; empty where it says nothing yet."""

    name: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""
    kind: str = ""

    @classmethod
    def of(cls, answers: Mapping[str, object], kind: str = "") -> Said:
        def said(name: str) -> str:
            answer = answers.get(name)
            return tidy(name, answer) if isinstance(answer, str) else ""

        return cls(said("customer_name"), said("customer_id"), said("customer_phone"), said("usage_address"), kind)


@dataclass(frozen=True)
class Known:
    """A customer as the hall knows him, with the places of his accounts."""

    name: str
    id_number: str
    phone: str
    address: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Why:
    """Why something is shown. `duplicate`: it may be the same matter once more, and is asked about."""

    sentence: str
    duplicate: bool = False


def is_another(name: str, number: str, known_name: str, known_number: str) -> bool:
    """Whether an application that was begun for a known customer is by now about somebody else: neither his name nor
    his number is said any more. One alone may be corrected or renewed; where no numbers can be compared a name that
    goes on from his is his."""
    one, other = name_form(name), name_form(known_name)
    if not one or one == other:
        return False
    if number and known_number:
        return number != known_number
    return not (one.startswith(other) or other.startswith(one))


def of_customer(said: Said, known: Known) -> Why | None:
    """Why this customer is shown beside the application; None where nothing is alike."""
    same_name = bool(said.name) and name_form(said.name) == name_form(known.name)
    if said.id_number and said.id_number == known.id_number:
        if same_name and search_form(said.name) != search_form(known.name):
            return Why("证件号码相同，户名只是写法不同，请照证件定下写法", duplicate=True)
        told = "证件号码和户名都相同" if same_name else "证件号码相同而户名不同，请对照证件核对是不是同一人"
        return Why(told, duplicate=not same_name)
    if said.id_number and known.id_number:
        return _shared(said, known, same_name, "，但证件号码不同")
    if same_name and _same_place(said, known):
        return Why("户名和地址都相同，可能是同一人，请核对证件", duplicate=True)
    if same_name and said.phone and said.phone == phone_form(known.phone):
        return Why("户名和联系电话都相同，可能是同一人，请核对证件", duplicate=True)
    return _shared(said, known, same_name, "")


def _same_place(said: Said, known: Known) -> bool:
    place = address_form(said.address)
    return bool(place) and place in map(address_form, (known.address, *known.places))


def _shared(said: Said, known: Known, same_name: bool, but: str) -> Why | None:
    """One thing in common, which many may share."""
    if same_name:
        return Why(f"同名{but}")
    if said.phone and said.phone == phone_form(known.phone):
        return Why(f"联系电话相同{but}")
    if len(said.name) >= FEWEST_LETTERS and name_form(known.name).startswith(name_form(said.name)):
        return Why("户名以此开头")
    return None


def of_case(said: Said, kind: str, kind_name: str, same_place: bool, same_person: bool) -> Why | None:
    """Why an open case is shown: at the same place it may be this very application, elsewhere it is told only."""
    if same_place and (same_person or said.kind == kind):
        who = "同一客户" if same_person else "同一地址"
        return Why(f"{who}在办{kind_name}，用电地址相同，可能重复受理", duplicate=True)
    if same_place:
        return Why(f"同一用电地址有在办的{kind_name}", duplicate=True)
    return Why(f"此客户另有在办的{kind_name}（地址不同）") if same_person else None


def of_account(number: str, same_person: bool) -> Why:
    """Why an account at the same place is shown."""
    who = "此客户" if same_person else "别的客户"
    return Why(f"此地址已有{who}的用电户{f' {number}' if number else ''}，请核对是新装还是增容、过户")
