"""Nouns and rules of the trade: pure values and calculation. No Qt, no SQL, no files, no clock, no threads."""
