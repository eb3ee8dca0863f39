"""Makes the model of a session importable, wherever a test of streams lies."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "integration" / "gateway_live"))
