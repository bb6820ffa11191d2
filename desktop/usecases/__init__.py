"""What a clerk can do: one file per subject, one transaction per verb."""
