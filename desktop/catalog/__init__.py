"""Everything legal as dated data: processes, limits, papers, calendars, contract kinds, ladders, each with its basis."""
