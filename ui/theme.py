"""How the window looks: one palette, one style sheet, one place. Calm teal on paper white, an 8-pixel grid."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

ACCENT, ACCENT_DARK, ACCENT_SOFT = "#0f766e", "#115e59", "#e3f2ef"
INK, MUTED, FAINT = "#1f2a33", "#5b6773", "#6f7b87"
PAPER, GROUND, LINE, LINE_DARK = "#ffffff", "#f4f6f7", "#dde2e6", "#b8c1c9"
DULL = "#6f7d88"  # on the dark rail
ROW_HEIGHT = 30
STYLE_NAME = "fusion"  # given as an argument: setStyle() hands back a QStyle, whose binding costs 14 ms
BODY_POINTS, HEAD_POINTS = 10, 13

# What each tone of speech looks like: ink and ground. Shape and word always stand beside the colour.
TONES: dict[str, tuple[str, str]] = {
    "plain": (INK, PAPER),
    "muted": (MUTED, GROUND),
    "good": ("#17603a", "#e5f4ea"),
    "info": ("#0f5c6e", "#e2f1f5"),
    "care": ("#8a5300", "#fdf1da"),
    "urgent": ("#a63c06", "#fde8dc"),
    "wrong": ("#a61b1b", "#fce6e6"),
}
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
    return QColor(TONES.get(tone, TONES["plain"])[0])


def tone_ground(tone: str) -> QColor:
    return QColor(TONES.get(tone, TONES["plain"])[1])


def make_palette() -> QPalette:
    """The light palette. It is our own because a colour scheme asked of Qt does nothing on bare X11."""
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, GROUND), (roles.WindowText, INK), (roles.Base, PAPER), (roles.AlternateBase, "#f9fafb"),
        (roles.Text, INK), (roles.Button, PAPER), (roles.ButtonText, INK), (roles.ToolTipBase, INK),
        (roles.ToolTipText, PAPER), (roles.Highlight, ACCENT), (roles.HighlightedText, PAPER),
        (roles.Link, ACCENT), (roles.PlaceholderText, "#8a949d"), (roles.Mid, LINE), (roles.Dark, LINE_DARK),
        (roles.Accent, ACCENT),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.Text, roles.ButtonText, roles.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#98a2ab"))
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

#rail {{ background: {INK}; }}
#rail QToolButton {{ color: #c9d3da; background: transparent; border: 0; border-left: 3px solid transparent;
    padding: 8px 0 6px 0; min-width: 72px; font-size: {BODY_POINTS}pt; }}
#rail QToolButton:hover {{ background: #2b3843; color: {PAPER}; }}
#rail QToolButton:checked {{ background: #30404c; color: {PAPER}; border-left-color: #2dd4bf; }}
#rail QToolButton:disabled {{ color: {DULL}; background: transparent; border-left-color: transparent; }}
#rail QToolButton:focus {{ background: #2b3843; }}
#rail QLabel[role="count"] {{ color: {PAPER}; background: #c2410c; border-radius: 8px; font-size: 8pt;
    padding: 0 5px; min-width: 8px; min-height: 16px; max-height: 16px; qproperty-alignment: AlignCenter; }}
#top {{ background: {PAPER}; border-bottom: 1px solid {LINE}; }}
#top QLineEdit {{ min-height: 30px; }}
QStatusBar {{ background: {PAPER}; border-top: 1px solid {LINE}; }}
QStatusBar::item {{ border: 0; }}
QStatusBar QLabel {{ padding: 2px 10px; color: {MUTED}; }}
QStatusBar QLabel[tone="care"] {{ color: {TONES['care'][0]}; background: {TONES['care'][1]}; }}

QLineEdit, QPlainTextEdit, QComboBox, QKeySequenceEdit QLineEdit {{ background: {PAPER}; border: 1px solid {LINE_DARK};
    border-radius: 4px; padding: 2px 6px; selection-background-color: {ACCENT}; selection-color: {PAPER}; }}
QLineEdit, QComboBox {{ min-height: 24px; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{ border: 1px solid {ACCENT}; }}
QLineEdit[fault="true"], QComboBox[fault="true"], QPlainTextEdit[fault="true"], QTableView[fault="true"] {{
    border: 1px solid {TONES['wrong'][0]}; }}
QLineEdit:read-only, QLineEdit:disabled, QComboBox:disabled {{ background: {GROUND}; color: {MUTED}; }}
QComboBox {{ padding: 2px 8px; }}
QComboBox::drop-down {{ border: 0; width: 20px; }}
QComboBox QAbstractItemView {{ background: {PAPER}; border: 1px solid {LINE_DARK}; }}
QComboBox QAbstractItemView::item {{ min-height: 26px; }}

QPushButton {{ background: {PAPER}; border: 1px solid {LINE_DARK}; border-radius: 4px;
    padding: 4px 14px; min-height: 22px; }}
QPushButton:hover {{ border-color: {ACCENT}; color: {ACCENT_DARK}; }}
QPushButton:pressed {{ background: {ACCENT_SOFT}; }}
QPushButton:focus {{ border: 1px solid {ACCENT}; }}
QPushButton:disabled {{ color: #98a2ab; border-color: {LINE}; background: {GROUND}; }}
QPushButton[role="main"] {{ background: {ACCENT}; color: {PAPER}; border-color: {ACCENT}; font-weight: 600; }}
QPushButton[role="main"]:hover {{ background: {ACCENT_DARK}; color: {PAPER}; }}
QPushButton[role="main"]:disabled {{ background: #9db8b5; border-color: #9db8b5; color: {PAPER}; }}
QPushButton[role="quiet"], QPushButton[role="link"] {{ background: transparent; border: 1px solid transparent; }}
QPushButton[role="link"] {{ color: {ACCENT}; text-align: left; padding: 2px 4px; }}
QPushButton[role="link"]:hover, QPushButton[role="link"]:focus {{ text-decoration: underline; color: {ACCENT_DARK}; }}
QPushButton[role="chip"] {{ border-radius: 13px; padding: 2px 12px; min-height: 20px; background: {PAPER}; }}
QPushButton[role="chip"]:checked {{ background: {ACCENT_SOFT}; color: {ACCENT_DARK};
    border-color: {ACCENT}; font-weight: 600; }}

QTextBrowser {{ background: {PAPER}; border: 1px solid {LINE}; }}
QTableView, QListView, QTreeView {{ background: {PAPER}; alternate-background-color: #f9fafb; border: 1px solid {LINE};
    gridline-color: #edf0f2; selection-background-color: {ACCENT_SOFT}; selection-color: {INK}; }}
QTableView::item {{ padding: 0 8px; border-bottom: 1px solid #edf0f2; }}
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
QTabBar::tab:focus {{ color: {INK}; }}
QProgressBar {{ border: 0; background: {LINE}; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {ACCENT}; border-radius: 3px; }}
QSplitter::handle {{ background: transparent; }}
QScrollBar:vertical {{ width: 10px; background: transparent; }}
QScrollBar:horizontal {{ height: 10px; background: transparent; }}
QScrollBar::handle {{ background: #c3cbd2; border-radius: 5px; min-height: 24px; min-width: 24px; }}
QScrollBar::handle:hover {{ background: #a5b0b9; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QMenu {{ background: {PAPER}; border: 1px solid {LINE_DARK}; }}
QMenu::item {{ padding: 6px 24px; }}
QMenu::item:selected {{ background: {ACCENT_SOFT}; color: {INK}; }}
""" + "".join(
    f'QFrame[tone="{name}"] {{ background: {ground}; border: 1px solid {ground}; border-radius: 4px; }}'
    f'QLabel[ink="{name}"] {{ color: {ink}; }}'
    f'QLabel[badge="{name}"] {{ color: {ink}; background: {ground}; border-radius: 4px; padding: 2px 8px; }}'
    for name, (ink, ground) in TONES.items()
)


def dress(app: QApplication, families: list[str]) -> None:
    """Our palette and sheet over Fusion, and a Chinese family named outright: what Qt guesses may be Japanese."""
    if not app.arguments()[1:2]:  # an application that was made without our arguments, as by a test
        app.setStyle(STYLE_NAME)
    app.setPalette(make_palette())
    font = QFont()
    if families:
        font.setFamilies(families)
    font.setPointSize(BODY_POINTS)
    app.setFont(font)
    app.setStyleSheet(STYLE)


def mark(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet reads, and have the widget painted by it at once."""
    if (widget.property(name) or "") == (value or ""):
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
