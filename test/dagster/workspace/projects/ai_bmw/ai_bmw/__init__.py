"""The OEM project; ai_core is shared by all OEM projects and lies beside them, not installed."""

import sys
from pathlib import Path

_CORE = str(Path(__file__).resolve().parents[3] / "packages" / "ai_core")
if _CORE not in sys.path:
    sys.path.append(_CORE)
