"""The windows: the only package that knows Qt.

Qt's binding puts an `import` of its own in place, which reads the source of every module imported from then on, to
see whether that one asks for `__feature__`; the sources are kept in memory too. None of ours asks, so the plain
`import` is put back: start-up takes a tenth less.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401 - it is what replaces `import`

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
