"""The device that is trained on, and the processes that share it."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import torch
from accelerate import Accelerator
from accelerate.utils import InitProcessGroupKwargs

# How long processes wait for one that mines, or measures. Chosen.
PATIENCE = timedelta(hours=12)


@cache
def the_accelerator() -> Accelerator:
    """Return the device that runs are trained on, a GPU where there is one, and the processes that share it."""
    patience = InitProcessGroupKwargs(timeout=PATIENCE)
    return Accelerator(cpu=not torch.cuda.is_available(), mixed_precision="bf16", kwargs_handlers=[patience])


@cache
def multiplies_bfloat16() -> bool:
    """Return whether the device multiplies in bf16 by itself; a processor that does not takes four times as long."""
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
