"""Everything legal as dated data: processes, limits, papers, calendars, contract kinds, each with its basis."""
