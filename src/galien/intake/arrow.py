"""Arrow as we use it: arrays without the stubs' types, which refuse half of what the library takes."""

from __future__ import annotations

from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute

Array: TypeAlias = Any
arrow: Any = pa
pc: Any = pa.compute
