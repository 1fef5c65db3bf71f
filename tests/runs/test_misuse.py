"""A command that cannot be carried out says so in one sentence, without pydantic's words or a usage text."""

import pytest

from lib import cli
from lib.nets.recording import recorded_runs


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train", "small-cnn", "--epochs", "0"], "--epochs 0 cannot be. It should be greater than or equal to 1."),
        (["train", "small-cnn", "--epochs", "x"], "'x' is not a valid integer"),
        (["train", "small-cnn", "--learning-rate", "-3"], "--learning-rate -3.0 cannot be."),
        (["train", "small-cnn", "--learning-rate", "nan"], "--learning-rate nan cannot be."),
        (["train", "small-cnn", "--batch-size", "99999999"], "--batch-size 99999999 cannot be."),
        (["train", "small-cnn", "--train-size", "0"], "--train-size 0 cannot be."),
        (["train", "small-cnn", "--seed", "-1"], "--seed -1 cannot be."),
        (["train", "small-cnn", "--data", "nope"], "no data set called 'nope'"),
        (["train", "nope"], "no preset"),
        (["train", "small-cnn", "--save", "x.pt"], "a file that ends in .safetensors"),
        (["train", "small-cnn", "--save", "x"], "a file that ends in .safetensors"),
        (["train", "small-cnn", "--record", "x.yaml"], "a file that ends in .json"),
        (["train", "small-cnn", "--schedule", "x"], "'x' is not one of"),
        (["classify", "ready", "x.png", "--csv", "--sep", "|"], "'|' is not one of"),
        (["export", "dense-286k", "csv", "x.xls"], "should end in .csv"),
        (["bogus"], "No such command 'bogus'"),
        ([], "Missing command"),
    ],
)
def test_one_sentence_for_every_bad_value(arguments, said, capsys):
    try:
        code = cli.main(arguments)
    except SystemExit as ended:
        code = ended.code
    out, err = capsys.readouterr()
    assert code == 2
    assert said in err
    assert err.count("\n") == 1
    assert "http" not in err
    assert "usage" not in err
    assert out == ""


def test_where_nothing_can_be_written_is_said_before_the_training(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert cli.main(["train", "small-cnn", "--save", str(tmp_path / "file" / "net.safetensors")]) == 1
    err = capsys.readouterr().err
    assert "cannot be read or written" in err
    assert err.count("\n") == 1


def test_the_tables_of_a_run_leave_in_both_spellings(tmp_path, capsys):
    name = next(iter(recorded_runs()))
    for kind, sep, decimal in (("csv", ",", "."), ("csv-semicolon", ";", ",")):
        path = tmp_path / f"{kind}.csv"
        assert cli.main(["export", name, kind, str(path)]) == 0
        head, first, *_ = path.read_text(encoding="utf-8-sig").splitlines()
        assert head.split(sep)[:3] == ["epochs", "step", "kind"]
        assert decimal in first
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
