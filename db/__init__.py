"""Tables, the engine and its migrations."""
