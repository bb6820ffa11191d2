"""The steps from each schema to the next, run by db/schema.py in one transaction."""
