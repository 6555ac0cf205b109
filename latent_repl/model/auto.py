"""The networks behind transformers' own front door.

register()
AutoConfig.from_pretrained("user/name"), AutoModel.from_pretrained("user/name", revision="v1")
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from transformers import AutoConfig, AutoModel

from latent_repl.model.hub import HubOptions
from latent_repl.model.load import load_reference
from latent_repl.model.network.interpreter import LatentInterpreter
from latent_repl.model.sums.network import SumsModel


class _FromCheckpoint:
    """Loads by the package's own reader; transformers' other options have no meaning here."""

    @classmethod
    def from_pretrained(cls, name_or_path: str | Path, *_: Any, **options: Any) -> Any:
        """Return the torch model of a checkpoint, in evaluation, its vocabulary read with its weights."""
        return load_reference(name_or_path, options=_hub_options(options))


class PretrainedInterpreter(_FromCheckpoint, LatentInterpreter):  # type: ignore[misc]
    """What AutoModel loads for a checkpoint: a LatentInterpreter."""


class PretrainedSums(_FromCheckpoint, SumsModel):  # type: ignore[misc]
    """What AutoModel loads for a checkpoint of sums: a SumsModel."""


def register() -> None:
    """Let transformers' AutoConfig and AutoModel know the package's two kinds of model. Again does no harm."""
    for model in (PretrainedInterpreter, PretrainedSums):
        AutoConfig.register(model.config_class.model_type, model.config_class, exist_ok=True)
        AutoModel.register(model.config_class, model, exist_ok=True)


def _hub_options(options: dict[str, Any]) -> HubOptions:
    names = ("revision", "cache_dir", "local_files_only", "token")
    return HubOptions(**{name: options[name] for name in names if options.get(name) is not None})
