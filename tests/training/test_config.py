"""A config is read as typed values; what is wrong in one is told with file, key and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from latent_repl.errors import UsageError
from training import recipe as recipes
from training.config import LinesRun, SumsRun, load

LINES = """
name = "x"
lines = 1000
{extra}
[[stages]]
until = 0.5
steps = 1
batch = 128
live = [1, 2]
{stage}
[[stages]]
until = 1.0
steps = 1
batch = 128
live = [1, 2]
"""
CONFIGS = sorted((Path(__file__).resolve().parents[2] / "training" / "configs").glob("*.toml"))


def lines(folder: Path, extra: str = "", stage: str = "") -> Path:
    path = folder / "run.toml"
    path.write_text(LINES.format(extra=extra, stage=stage))
    return path


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_config_that_is_kept_can_be_read(path: Path) -> None:
    recipe = recipes.load(path)
    assert recipe.folder == Path("runs") / path.stem
    runs = [run for part in recipe.parts for run in part.runs]
    assert {isinstance(run, SumsRun) for run in runs} == {path.stem.startswith("sums")}
    assert all(run.stages[-1].until == 1 for run in runs)


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    run = load(lines(tmp_path, stage="pairs = true\nhard = 0.5"))
    assert isinstance(run, LinesRun)
    assert (run.clip, run.weights.gate, run.bfloat16) == (1.0, 0.2, True)
    assert [(stage.live, stage.pairs, stage.hard) for stage in run.stages] == [((1, 2), True, 0.5), ((1, 2), False, 0)]


@pytest.mark.parametrize(
    ("extra", "stage", "message"),
    [
        ("learning_rate = 1", "", "unknown key `learning_rate`; the keys are name, seed, rate, warm_up"),
        ("", "chain = 3", r"unknown key `chain` in stages\[0\]; the keys are until, batch, frozen, steps, live"),
        ("weights = {loss = 1}", "", "unknown key `loss` in weights; the keys are step, latent"),
        ("", 'operators = ["**"]', r"no operator on numbers is '\*\*'; they are \+ -"),
        ('mine = ["in"]', "", "no operator on numbers is 'in'"),
        ('model = {experts = {"%" = 32, "" = 32}}', 'operators = ["%", "+"]', "one expert, and % \\+ have several"),
        ("model = {widht = 1}", "", "unknown key `widht` in model; the keys are slots, limit"),
        ("rate = 'fast'", "", "rate: Expected `float`, got `str`"),
        ("rate = 0", "", "rate: Expected `float` > 0.0"),
        ("adapt = 1.5", "", "adapt: Expected `float` <= 1.0"),
        ("", "hard = true", r"stages\[0\].hard: Expected `float`, got `bool`"),
        ("kind = 'products'", "", "unknown kind `products`; the kinds are base, sums"),
        ("kind = 'sums'", "", "unknown key `lines`; the keys are .* steps, batch"),
        ("a b", "", "run.toml"),
    ],
)
def test_what_is_wrong_is_told_with_its_file_its_key_and_what_is_allowed(
    tmp_path: Path, extra: str, stage: str, message: str
) -> None:
    with pytest.raises(UsageError, match=f"run.toml.*{message}" if message != "run.toml" else message):
        load(lines(tmp_path, extra, stage))


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    path = lines(tmp_path)
    path.write_text(path.read_text().replace("lines = 1000", ""))
    with pytest.raises(UsageError, match="missing key `lines`; the keys are name, seed"):
        load(path)


def test_stages_follow_one_another(tmp_path: Path) -> None:
    path = lines(tmp_path)
    path.write_text(path.read_text().replace("until = 0.5", "until = 1.0"))
    with pytest.raises(UsageError, match="each `until` of the stages must be larger"):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml")


def test_noise_and_weights_of_the_sums_move_geometrically_and_then_stay() -> None:
    run = SumsRun(kind="sums", name="x", settled=0.5, noise=(0.1, 0.001))
    assert [round(run.between(run.noise, share), 6) for share in (0.0, 0.25, 0.5, 0.99)] == [0.1, 0.01, 0.001, 0.001]
