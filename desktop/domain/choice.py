"""The choices that several fields and rules share, each in the order in which a form offers them."""

from __future__ import annotations

VOLTAGES = ("220V", "380V", "10kV", "20kV", "35kV", "66kV", "110kV", "220kV")
LOW_VOLTAGES = VOLTAGES[:2]
METERING_MODES = ("高供高计", "高供低计", "低供低计")
