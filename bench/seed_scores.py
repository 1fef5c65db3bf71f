"""How much equal set-ups differ by their seed alone: test pictures right, of really trained nets.

python -m bench.seed_scores: trains them anew and writes them where the tests read them.
"""

import json
from pathlib import Path

from lib.config import DataConfig, Dense, Flatten, ModelConfig, RunConfig, TrainConfig
from lib.datasets import load_dataset
from lib.models import build_model
from lib.training import evaluate, fit

FILE = Path(__file__).parents[1] / "tests" / "experiments" / "seed_scores.json"
SEEDS = 60
SETUPS = {
    "300 digits, 16 units, 3 epochs": (DataConfig(name="digits", train_size=300), Dense(16), 3),
    "all digits, 32 units, 6 epochs": (DataConfig(name="digits"), Dense(32), 6),
}


def score(data: DataConfig, layer: Dense, epochs: int, seed: int) -> tuple[int, int]:
    """How many test pictures one net has right, and of how many."""
    train = TrainConfig(epochs=epochs, learning_rate=0.003, precision="fp32")
    config = RunConfig(data=data, model=ModelConfig(layers=(Flatten(), layer)), train=train, seed=seed)
    found = load_dataset(**data.model_dump())
    net = build_model(config.model, found.input_shape, len(found.classes), seed)
    for _ in fit(net, found.train, found.valid, train, seed=seed):
        pass
    return round(evaluate(net, found.test).accuracy * len(found.test)), len(found.test)


def main() -> None:
    """Train every set-up from every seed."""
    kept = {}
    for name, setup in SETUPS.items():
        found = [score(*setup, seed) for seed in range(SEEDS)]
        kept[name] = {"tests": found[0][1], "right": [right for right, _ in found]}
        print(name, kept[name], flush=True)
    FILE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
