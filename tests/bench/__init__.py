"""Measurements: ours beside its limit in one run, as ratios. Nothing here runs in the test suite."""
