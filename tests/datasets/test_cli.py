import re

from lib import cli


def test_fetch_shows_a_bar_and_the_folder(home, mirror, capsys, monkeypatch):
    monkeypatch.setattr("click._termui_impl.isatty", lambda _: True)
    assert cli.main(["fetch", "mnist", "--mirror", mirror.url]) == 0
    out, err = capsys.readouterr()
    assert out == f"MNIST is in {(home / 'data' / 'mnist').absolute()}\n"
    assert re.search(r"MNIST +\[#{36}\] +(\d+)/\1\b", err)  # of bytes
    assert cli.main(["list"]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("mnist "))
    assert "60,000 + 10,000  10 classes  here  " in line


def test_fetch_without_a_network(home, small_mnist, capsys):
    assert cli.main(["fetch", "mnist", "--mirror", "http://127.0.0.1:9/"]) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("mnist could not be downloaded (Connection refused): ")


def test_cancelling(home, mirror, capsys, monkeypatch):
    def interrupt(self, n_steps):
        raise KeyboardInterrupt

    monkeypatch.setattr("click._termui_impl.ProgressBar.update", interrupt)
    assert cli.main(["fetch", "mnist", "--mirror", mirror.url]) == 130
    assert capsys.readouterr().err.endswith("Cancelled; nothing half-done was kept.\n")
    assert not [path for path in home.rglob("*") if path.is_file() and not path.name.startswith("server.")]  # its lock


def test_sets_that_need_no_fetching(capsys):
    assert cli.main(["fetch", "doodles"]) == 0
    assert "nothing to fetch" in capsys.readouterr().out


def test_unknown_names(capsys):
    assert cli.main(["fetch", "imagenet"]) == 2
    assert "no data set called 'imagenet'" in capsys.readouterr().err
    assert cli.main([]) == 2
