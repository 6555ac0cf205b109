"""Each form of the model is an interpreter: the machine and the searches take any of them."""

from __future__ import annotations

from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.model.network.backend import TorchInterpreter, freeze
from latent_repl.model.network.interpreter import LatentInterpreter
from tests.latent_repl.synthesis.conftest import PerfectInterpreter


def test_numpy_torch_sums_and_the_tests_double_are_interpreters(small: LatentInterpreter) -> None:
    for model in (freeze(small), TorchInterpreter(small), load("sums-2d"), PerfectInterpreter()):
        assert isinstance(model, Interpreter), type(model)


def test_the_network_itself_is_none(small: LatentInterpreter) -> None:
    assert not isinstance(small, Interpreter)
