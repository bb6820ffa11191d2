"""Which of its two schemes the window wears: light or dark.

The porch says so before anything of the window is read, for the colours are taken then (ui/theme.py).
"""

from __future__ import annotations

dark = False
