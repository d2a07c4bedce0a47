"""How a run says that something shall go wrong: the run tag `drill`.

Without the tag everything works; with it, the assets and checks that know the word fail as named.
"""

from typing import Any

TAG = "drill"


def drill(context: Any) -> str:
    """The drill of this run, or an empty text."""
    return context.run.tags.get(TAG, "")
