"""Counter hardware, each with a plain way by hand."""
