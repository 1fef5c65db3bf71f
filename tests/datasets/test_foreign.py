"""Pictures of something else: each data set there is can be shown to a net that knows none of its classes."""

import pytest
import torch

from lib.datasets import load_dataset
from lib.datasets.catalogue import list_datasets
from lib.datasets.foreign import called, foreign_pictures, foreign_sets
from lib.datasets.own import save_own
from lib.parts import at_once

pytestmark = pytest.mark.usefixtures("home")


def noise(count, seed):
    return list(
        torch.randint(0, 256, (count, 1, 28, 28), generator=torch.Generator().manual_seed(seed), dtype=torch.uint8)
    )


def test_every_data_set_has_a_word_for_its_pictures():
    kept = save_own("Mine", "drawing", {"mug": noise(9, 0), "pen": noise(9, 1)})
    assert all(called(each.name) for each in list_datasets())
    assert called(kept.name) == "Mine"


def test_own_pictures_are_shown_to_a_digit_net_and_digits_to_one_that_knows_own_classes(quick_digits):
    digits, kept = load_dataset("digits"), save_own("Mine", "drawing", {"mug": noise(9, 0), "pen": noise(9, 1)})
    assert kept.name in {each.name for each in foreign_sets(digits)}
    shown = at_once(foreign_pictures(kept.name, digits, 50))
    assert set(shown.names) == {"mug", "pen"}
    assert shown.x.shape == (len(shown.names), 1, 28, 28)
    own = load_dataset(kept.name)
    assert "digits" in {each.name for each in foreign_sets(own)}
    assert len(at_once(foreign_pictures("digits", own, 12)).names) == 12
