"""A turn is a pure function: the same from a live net, from a copy, in one piece or in many."""

import pytest
import torch
from distributed.protocol.pickle import dumps, loads

from lib.runs.news import Notes, tell_heavy, tell_plain
from lib.runs.turn import Asked, MovedOn, advance
from tests.runs.whole_runs import changed, trained_by_hand


@pytest.fixture
def config(random_net):
    """A net with all that draws random numbers, for 9 steps."""
    return changed(random_net, schedule="cosine")


def elsewhere(state):
    """The state as it comes out at another worker."""
    return loads(dumps(state))


def same(state, other):
    (tensors, counters), (others, its) = state.parts(), other.parts()
    timeless = [{name: value for name, value in each.items() if "seconds" not in name} for each in (counters, its)]
    assert timeless[0] == timeless[1]
    assert tensors.keys() == others.keys()
    assert all(torch.equal(tensors[name], others[name]) for name in tensors)


def said(*turns):
    """What was told, without the seconds it took."""
    notes = [note for turn in turns for note in turn.published if note[0] != "progress"]
    for note in notes:
        if note[0] == "epoch":
            note[1] = {name: value for name, value in note[1].items() if name != "seconds"}
    return notes


def in_turns(config, size, carry=lambda state: state, **asked):
    turns, state = [], None
    while not turns or turns[-1].ended is None:
        step = state.step if state else 0
        turns.append(advance(config, state, step + size, Asked(**asked)))
        state = carry(turns[-1].state)
    return turns


@pytest.mark.parametrize("size", [1, 2, 3, 4, 100])
def test_turns_of_any_length_anywhere_give_the_curve_of_a_plain_loop(config, size):
    """Also where the state is carried to another worker after each of them."""
    events, _, net = trained_by_hand(config)
    for carry in (lambda state: state, elsewhere):
        turns = in_turns(config, size, carry)
        tensors, _ = turns[-1].state.parts()
        assert all(torch.equal(tensors[f"model.{name}"], value) for name, value in net.state_dict().items())
        points = [note for note in said(*turns) if note[0] == "point"]
        steps = [event for event in events if event.kind == "step_end"]
        assert [point[2] for point in points] == pytest.approx([step.loss for step in steps])
        assert [kind for turn in turns for kind, _ in turn.heavy].count("tested") == 1


def test_a_turn_that_is_computed_again_is_the_same(config):
    first = advance(config, None, 4)
    before = elsewhere(first.state)
    one, two = advance(config, elsewhere(before), 8), advance(config, elsewhere(before), 8)
    assert said(one) == said(two)
    same(one.state, two.state)


def test_a_live_net_is_not_copied_and_a_state_that_it_left_is_gone(config):
    first = advance(config, None, 2)
    assert not first.was_warm
    second = advance(config, first.state, 4)
    assert second.was_warm
    assert second.state.live is not None
    assert first.state.live is None
    with pytest.raises(MovedOn):
        elsewhere(first.state).parts()
    assert elsewhere(first).heavy  # what came with it is still to be had
    with pytest.raises(MovedOn):
        advance(config, first.state, 3)


def test_nobody_copies_a_state_while_its_net_is_trained_further(config):
    """To copy adds up the losses of the epoch, which the turn under way adds to."""
    turn = advance(config, None, 2)
    with turn.state.live.busy:
        with pytest.raises(MovedOn):
            elsewhere(turn.state).parts()
        with pytest.raises(MovedOn):
            turn.state.parts()
    assert elsewhere(turn.state).parts()


def test_what_was_told_before_is_told_once(config):
    """After a loss the turns since the last checkpoint are computed in one, silently."""
    turns = in_turns(config, 2)
    again = advance(config, None, 100, Asked(known_until=6))
    assert said(again) == said(*turns[3:])
    assert [kind for kind, _ in again.heavy].count("tested") == 1


def test_rates_are_changed_at_their_step(config):
    """As often as it is computed; and it is told as a mark."""
    parts = advance(config, None, 3)
    parts = advance(config, parts.state, 6, Asked(rates=((3, 0.5),)))
    whole = advance(config, None, 6, Asked(rates=((3, 0.5),)))
    same(parts.state, whole.state)
    assert ["mark", 1.0, 0.5] in said(parts)


def test_news_arrive_as_they_were_told(config):
    turn = advance(config, None, 100, Asked(check=True, answers=True))
    heard = Notes()
    tell_plain(turn.published, heard)
    tell_heavy(turn.heavy, heard)
    assert heard.plain == turn.published
    assert [kind for kind, _ in heard.heavy] == [kind for kind, _ in turn.heavy]
    with pytest.raises(ValueError, match="nobody knows news"):
        tell_plain([["delete", "everything"]], heard)
    with pytest.raises(ValueError, match="nobody knows news"):
        tell_heavy([("__init__", ())], heard)
