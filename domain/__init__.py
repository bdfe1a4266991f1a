"""Values (frozen dataclasses) and pure functions: no clock, no I/O, no framework but pydantic."""
