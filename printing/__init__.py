"""Paper and sheets, out and in: contracts, counter forms, workbooks."""
