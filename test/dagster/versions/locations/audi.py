import older  # noqa: F401
from ai_audi.definitions import defs

__all__ = ["defs"]
