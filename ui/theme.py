"""How the window looks: one palette, one style sheet, one place. Calm teal on paper or slate, an 8-pixel grid.

The scheme is chosen before this module is read (ui/scheme.py): the colours are constants of the running program.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ui import scheme

# Each scheme's colours by name; one table a scheme, so that every colour is looked at in both.
LIGHT = {
    "ACCENT": "#0f766e", "ACCENT_DARK": "#115e59", "ACCENT_SOFT": "#e3f2ef", "ON_ACCENT": "#ffffff",
    "INK": "#1f2a33", "MUTED": "#5b6773", "FAINT": "#6f7b87", "DISABLED": "#98a2ab", "HINT": "#8a949d",
    "PAPER": "#ffffff", "GROUND": "#f4f6f7", "STRIPE": "#f9fafb", "GRID": "#edf0f2", "LINE": "#dde2e6",
    "LINE_DARK": "#b8c1c9", "DULL_ACCENT": "#9db8b5", "HANDLE": "#c3cbd2", "HANDLE_DARK": "#a5b0b9",
}
DARK = {
    "ACCENT": "#2fb3a6", "ACCENT_DARK": "#63d2c6", "ACCENT_SOFT": "#17423f", "ON_ACCENT": "#06211f",
    "INK": "#e6ebef", "MUTED": "#a7b2bc", "FAINT": "#8d99a4", "DISABLED": "#6b7782", "HINT": "#7d8994",
    "PAPER": "#1f272e", "GROUND": "#171d22", "STRIPE": "#232c34", "GRID": "#2a343c", "LINE": "#323d46",
    "LINE_DARK": "#4d5a65", "DULL_ACCENT": "#2b4f4c", "HANDLE": "#48545f", "HANDLE_DARK": "#5d6b77",
}
_WORN = DARK if scheme.dark else LIGHT
ACCENT, ACCENT_DARK, ACCENT_SOFT, ON_ACCENT = (
    _WORN[name] for name in ("ACCENT", "ACCENT_DARK", "ACCENT_SOFT", "ON_ACCENT"))
INK, MUTED, FAINT = (_WORN[name] for name in ("INK", "MUTED", "FAINT"))
PAPER, GROUND, LINE, LINE_DARK = (_WORN[name] for name in ("PAPER", "GROUND", "LINE", "LINE_DARK"))
STRIPE, GRID, DISABLED, DULL_ACCENT = (_WORN[name] for name in ("STRIPE", "GRID", "DISABLED", "DULL_ACCENT"))
# the rail and what floats over the page are dark in both schemes
RAIL, RAIL_INK, RAIL_LIT, DULL = "#1f2a33" if not scheme.dark else "#10161a", "#c9d3da", "#ffffff", "#6f7d88"
ROW_HEIGHT = 30
STYLE_NAME = "fusion"  # given as an argument: setStyle() hands back a QStyle, whose binding costs 14 ms
BODY_POINTS, HEAD_POINTS = 10, 13

# What each tone of speech looks like: ink and ground. Shape and word always stand beside the colour.
LIGHT_TONES: dict[str, tuple[str, str]] = {
    "plain": (LIGHT["INK"], LIGHT["PAPER"]), "muted": (LIGHT["MUTED"], LIGHT["GROUND"]),
    "good": ("#17603a", "#e5f4ea"), "info": ("#0f5c6e", "#e2f1f5"), "care": ("#8a5300", "#fdf1da"),
    "urgent": ("#a63c06", "#fde8dc"), "wrong": ("#a61b1b", "#fce6e6"),
}
DARK_TONES: dict[str, tuple[str, str]] = {
    "plain": (DARK["INK"], DARK["PAPER"]), "muted": (DARK["MUTED"], DARK["GROUND"]),
    "good": ("#84d9a4", "#173526"), "info": ("#7fcbdf", "#16343d"), "care": ("#f0bf6e", "#3b2d12"),
    "urgent": ("#f7a678", "#432711"), "wrong": ("#ff9f97", "#452223"),
}
TONES = DARK_TONES if scheme.dark else LIGHT_TONES
# The four steps of urgency: word → (shape, tone). The words are the catalogue's, the shapes ours.
URGENCY: dict[str, tuple[str, str]] = {
    "提示": ("○", "info"), "关注": ("◇", "care"), "紧急": ("▲", "urgent"), "逾期": ("■", "wrong"),
}
LEVELS: dict[str, tuple[str, str]] = {
    "正常": ("○", "good"), "临期": ("◇", "care"), "今天到期": ("▲", "urgent"), "超期": ("■", "wrong"),
    "暂停": ("‖", "muted"), "—": ("·", "muted"),
}
CJK_FAMILIES = (
    "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN",
    "WenQuanYi Micro Hei", "PingFang SC", "Noto Sans SC", "FZHei-B01S", "SimHei",
)


def tone_ink(tone: str) -> QColor:
    """The ink in which a word of that tone is written; an unknown tone is plain."""
    return QColor(TONES.get(tone, TONES["plain"])[0])


def make_palette() -> QPalette:
    """The palette. It is our own because a colour scheme asked of Qt does nothing on bare X11."""
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, GROUND), (roles.WindowText, INK), (roles.Base, PAPER), (roles.AlternateBase, STRIPE),
        (roles.Text, INK), (roles.Button, PAPER), (roles.ButtonText, INK), (roles.ToolTipBase, INK),
        (roles.ToolTipText, PAPER), (roles.Highlight, ACCENT), (roles.HighlightedText, ON_ACCENT),
        (roles.Link, ACCENT), (roles.PlaceholderText, _WORN["HINT"]), (roles.Mid, LINE), (roles.Dark, LINE_DARK),
        (roles.Accent, ACCENT),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.Text, roles.ButtonText, roles.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(DISABLED))
    return palette


STYLE = f"""
QWidget {{ outline: 0; }}
QToolTip {{ color: {PAPER}; background: {INK}; border: 0; padding: 4px 8px; }}
QLabel[role="head"] {{ font-size: {HEAD_POINTS}pt; font-weight: 600; }}
QLabel[role="group"] {{ color: {ACCENT_DARK}; font-weight: 600; margin: 8px 0 0 0; padding: 0; }}
QLabel[role="muted"] {{ color: {MUTED}; }}
QLabel[role="fault"] {{ color: {TONES['wrong'][0]}; }}
QLabel[role="big"] {{ font-size: 20pt; font-weight: 600; }}
QFrame[role="card"] {{ background: {PAPER}; border: 1px solid {LINE}; border-radius: 6px; }}
QFrame#keys_card {{ border: 1px solid {LINE_DARK}; }}
QFrame[role="line"] {{ background: {LINE}; border: 0; max-height: 1px; min-height: 1px; }}
QScrollArea, QScrollArea > QWidget > QWidget[role="page"] {{ background: transparent; border: 0; }}
QScrollArea[role="paper"] {{ border: 1px solid transparent; }}
QScrollArea[role="paper"]:focus {{ border: 1px solid {ACCENT}; }}

#rail {{ background: {RAIL}; }}
#rail QToolButton {{ color: {RAIL_INK}; background: transparent; border: 0; border-left: 3px solid transparent;
    padding: 8px 0 6px 0; min-width: 72px; font-size: {BODY_POINTS}pt; }}
#rail QToolButton:hover {{ background: #2b3843; color: {RAIL_LIT}; }}
#rail QToolButton:checked {{ background: #30404c; color: {RAIL_LIT}; border-left-color: #2dd4bf; }}
#rail QToolButton:disabled {{ color: {DULL}; background: transparent; border-left-color: transparent; }}
#rail QToolButton:focus {{ background: #3d5261; color: {RAIL_LIT}; }}
#rail QLabel[role="count"] {{ color: {RAIL_LIT}; background: #c2410c; border-radius: 8px; font-size: 8pt;
    padding: 0 5px; min-width: 8px; min-height: 16px; max-height: 16px; qproperty-alignment: AlignCenter; }}
#top {{ background: {PAPER}; border-bottom: 1px solid {LINE}; }}
#top QLineEdit {{ min-height: 30px; }}
QStatusBar {{ background: {PAPER}; border-top: 1px solid {LINE}; }}
QStatusBar::item {{ border: 0; }}
QStatusBar QLabel {{ padding: 2px 10px; color: {MUTED}; }}
QStatusBar QLabel[tone="care"] {{ color: {TONES['care'][0]}; background: {TONES['care'][1]}; }}

QLineEdit, QPlainTextEdit, QComboBox, QKeySequenceEdit QLineEdit {{ background: {PAPER}; border: 1px solid {LINE_DARK};
    border-radius: 4px; padding: 2px 6px; selection-background-color: {ACCENT}; selection-color: {ON_ACCENT}; }}
QLineEdit, QComboBox {{ min-height: 24px; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{ border: 1px solid {ACCENT}; }}
QLineEdit[fault="true"], QComboBox[fault="true"], QPlainTextEdit[fault="true"], QTableView[fault="true"] {{
    border: 1px solid {TONES['wrong'][0]}; }}
QLineEdit[fault="true"]:focus {{ border: 2px solid {TONES['wrong'][0]}; padding: 1px 5px; }}
QComboBox[fault="true"]:focus {{ border: 2px solid {TONES['wrong'][0]}; padding: 1px 7px; }}
QLineEdit:read-only, QLineEdit:disabled, QComboBox:disabled {{ background: {GROUND}; color: {MUTED}; }}
QComboBox {{ padding: 2px 8px; }}
QComboBox::drop-down {{ border: 0; width: 20px; }}
QComboBox QAbstractItemView {{ background: {PAPER}; border: 1px solid {LINE_DARK}; }}
QComboBox QAbstractItemView::item {{ min-height: 26px; }}

QPushButton {{ background: {PAPER}; border: 1px solid {LINE_DARK}; border-radius: 4px;
    padding: 4px 14px; min-height: 22px; }}
QPushButton:hover {{ border-color: {ACCENT}; color: {ACCENT_DARK}; }}
QPushButton:pressed {{ background: {ACCENT_SOFT}; }}
QPushButton:focus {{ border: 2px solid {ACCENT}; padding: 3px 13px; }}
QPushButton:disabled {{ color: {DISABLED}; border-color: {LINE}; background: {GROUND}; }}
QPushButton[role="main"] {{ background: {ACCENT}; color: {ON_ACCENT}; border-color: {ACCENT}; font-weight: 600; }}
QPushButton[role="main"]:hover {{ background: {ACCENT_DARK}; color: {ON_ACCENT}; }}
QPushButton[role="main"]:focus {{ border: 2px solid {INK}; }}
QPushButton[role="main"]:disabled {{ background: {DULL_ACCENT}; border-color: {DULL_ACCENT}; color: {ON_ACCENT}; }}
QPushButton[role="quiet"], QPushButton[role="link"] {{ background: transparent; border: 1px solid transparent; }}
QPushButton[role="quiet"]:focus, QPushButton[role="link"]:focus {{ border: 1px solid {ACCENT}; padding: 4px 14px; }}
QPushButton[role="link"], QPushButton[role="link"]:focus {{ color: {ACCENT}; text-align: left; padding: 2px 4px; }}
QPushButton[role="link"]:hover, QPushButton[role="link"]:focus {{ text-decoration: underline; color: {ACCENT_DARK}; }}
QPushButton[role="chip"] {{ border-radius: 13px; padding: 2px 12px; min-height: 20px; background: {PAPER}; }}
QPushButton[role="chip"]:checked {{ background: {ACCENT_SOFT}; color: {ACCENT_DARK};
    border-color: {ACCENT}; font-weight: 600; }}
QPushButton[role="chip"]:focus {{ border: 2px solid {ACCENT}; padding: 1px 11px; }}
QCheckBox {{ border: 1px solid transparent; border-radius: 4px; padding: 1px 3px; }}
QCheckBox:focus {{ border-color: {ACCENT}; }}

QTextBrowser {{ background: {PAPER}; border: 1px solid {LINE}; }}
QTableView, QListView, QTreeView {{ background: {PAPER}; alternate-background-color: {STRIPE}; border: 1px solid {LINE};
    gridline-color: {GRID}; selection-background-color: {ACCENT_SOFT}; selection-color: {INK}; }}
QTableView:focus, QListView:focus, QTreeView:focus, QTextBrowser:focus {{ border: 1px solid {ACCENT}; }}
QTableView::item {{ padding: 0 8px; border-bottom: 1px solid {GRID}; }}
QTableView::item:selected, QListView::item:selected {{ background: {ACCENT_SOFT}; }}
QHeaderView {{ background: {GROUND}; }}
QHeaderView::section {{ background: {GROUND}; color: {MUTED}; border: 0; border-bottom: 1px solid {LINE_DARK};
    padding: 5px 11px; font-weight: 600; }}
QTableWidget QHeaderView::section {{ padding: 5px 4px; }}
#materials QHeaderView::section {{ padding: 5px 11px; }}
QTableCornerButton::section {{ background: {GROUND}; border: 0; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {LINE}; }}
QTabBar::tab {{ padding: 8px 16px; border: 0; border-bottom: 2px solid transparent; color: {MUTED}; }}
QTabBar::tab:selected {{ color: {ACCENT_DARK}; border-bottom-color: {ACCENT}; font-weight: 600; }}
QTabBar::tab:selected:focus {{ background: {ACCENT_SOFT}; }}
QProgressBar {{ border: 0; background: {LINE}; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {ACCENT}; border-radius: 3px; }}
QSplitter::handle {{ background: transparent; }}
QScrollBar:vertical {{ width: 10px; background: transparent; }}
QScrollBar:horizontal {{ height: 10px; background: transparent; }}
QScrollBar::handle {{ background: {_WORN['HANDLE']}; border-radius: 5px; min-height: 24px; min-width: 24px; }}
QScrollBar::handle:hover {{ background: {_WORN['HANDLE_DARK']}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QMenu {{ background: {PAPER}; border: 1px solid {LINE_DARK}; }}
QMenu::item {{ padding: 6px 24px; }}
QMenu::item:selected {{ background: {ACCENT_SOFT}; color: {INK}; }}
""" + "".join(
    f'QFrame[tone="{name}"] {{ background: {ground}; border: 1px solid {ground}; border-radius: 4px; }}'
    f'QLabel[ink="{name}"] {{ color: {ink}; }}'
    f'QLabel[badge="{name}"] {{ color: {ink}; background: {ground}; border: 1px solid {ground}; border-radius: 4px;'
    f' padding: 1px 7px; }} QLabel[badge="{name}"]:focus {{ border-color: {ACCENT}; }}'
    for name, (ink, ground) in TONES.items()
)


if scheme.dark:  # Fusion draws a box's edge darker than the window: on slate nobody would see it
    STYLE += f"""
QCheckBox::indicator, QTableView::indicator {{ width: 14px; height: 14px; border: 1px solid {MUTED};
    border-radius: 3px; background: {PAPER}; }}
QCheckBox::indicator:checked, QTableView::indicator:checked {{ background: {ACCENT}; border-color: {ACCENT}; }}
"""


def dress(app: QApplication, families: list[str]) -> None:
    """Our palette and sheet over Fusion, and a Chinese family named outright: what Qt guesses may be Japanese."""
    app.setPalette(make_palette())
    font = QFont()
    if families:
        font.setFamilies(families)
    font.setPointSize(BODY_POINTS)
    app.setFont(font)
    app.setStyleSheet(STYLE)


def wrapped(words: str) -> str:
    """Words for a tooltip, each line broken where it grows wide: plain ones are shown in one line of any length."""
    from html import escape  # two thousand names that no first page needs

    return "".join(f"<p style='margin: 0'>{escape(line)}</p>" for line in words.splitlines())


def mark(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet reads, and have the widget painted by it at once."""
    if (widget.property(name) or "") == (value or ""):
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
