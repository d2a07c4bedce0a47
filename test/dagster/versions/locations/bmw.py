import older  # noqa: F401
from ai_bmw.definitions import defs

__all__ = ["defs"]
