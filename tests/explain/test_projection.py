"""Pictures laid out in the plane, against scikit-learn; and rows that no method likes."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_iris, make_blobs
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.neighbors import KNeighborsClassifier
from threadpoolctl import threadpool_limits

from lib.config import Conv2d, Dense, Flatten, GlobalAvgPool2d, ModelConfig
from lib.explain.activations import record_activations
from lib.explain.projection import agreement, hidden_numbers, pixels, project_pca, project_tsne
from lib.models import build_model
from lib.parts import at_once
from tests.going_through import go_through


@pytest.fixture(scope="module")
def blobs():
    return make_blobs(120, 8, centers=4, random_state=0)


def test_pca_is_scikit_learns():
    values = load_iris().data
    theirs = PCA(2, svd_solver="full").fit(values)
    found = project_pca(values)
    np.testing.assert_allclose(found.points, theirs.transform(values), atol=1e-9)
    assert found.share == pytest.approx(theirs.explained_variance_ratio_.sum())


def test_tsne_keeps_neighbours_as_well_as_scikit_learn_in_one_go(blobs):
    values, _ = blobs
    shares, found = go_through(project_tsne(values))
    with threadpool_limits(1, user_api="openmp"):
        theirs = TSNE(2, random_state=0, init="pca").fit_transform(values)
    assert trustworthiness(values, found.points) > trustworthiness(values, theirs) - 0.01 > 0.9
    assert shares == [0.25, 0.5, 0.75, 1.0]
    assert found.share is None


def test_tsne_gives_the_same_points_again_and_can_be_stopped(blobs):
    values = blobs[0][:40]
    first = at_once(project_tsne(values))
    assert np.array_equal(first.points, at_once(project_tsne(values)).points)
    work = project_tsne(values)
    assert next(work) == 0.25
    work.close()
    with pytest.raises(StopIteration):
        next(work)


@pytest.mark.parametrize(
    "values",
    [
        np.ones((9, 5)),
        np.arange(9.0)[:, None],
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[1.0, 2.0]]),
        np.eye(5)[[0, 1, 1, 0]],
        1e30 * np.arange(18.0).reshape(9, 2),
    ],
    ids=["all alike", "one number", "two rows", "one row", "few different", "huge"],
)
def test_odd_rows_are_laid_out_without_complaint(values):
    for found in (project_pca(values), at_once(project_tsne(values))):
        assert found.points.shape == (len(values), 2)
        assert np.isfinite(found.points).all()


def test_what_is_no_number_is_refused():
    for work in (project_pca, lambda values: at_once(project_tsne(values)), lambda v: agreement(v, torch.zeros(9))):
        with pytest.raises(ValueError, match="Only numbers can be laid out"):
            work(np.full((9, 2), np.nan))


@pytest.mark.parametrize("layers", [(Flatten(), Dense(5)), (Conv2d(3), GlobalAvgPool2d()), (Flatten(),)])
def test_hidden_numbers_are_what_arrives_at_the_class_layer(tiny, layers):
    net = build_model(ModelConfig(layers=layers), tiny.input_shape, len(tiny.classes))
    places = torch.tensor([3, 0, 7])
    shares, found = go_through(hidden_numbers(net, tiny.test, places))
    before = [name for name, _ in net.named_children()][-2]
    for row, place in zip(found, places.tolist(), strict=True):
        x, _ = tiny.test.batch(torch.tensor([place]))
        np.testing.assert_allclose(row, record_activations(net, x, [before])[before].flatten(), atol=1e-6)
    assert shares == [1.0]
    assert pixels(tiny.test, places).shape == (3, 36)


def test_agreement_is_that_of_the_nearest_neighbours(blobs):
    values, labels = blobs
    assert agreement(values, torch.from_numpy(labels)) == 1.0
    mixed = np.random.default_rng(0).permutation(labels)
    near = KNeighborsClassifier(5).fit(values, mixed).kneighbors(return_distance=False)
    expected = np.mean([[mixed[other] == mixed[row] for other in found] for row, found in enumerate(near)])
    assert agreement(values, torch.from_numpy(mixed)) == pytest.approx(expected)
    assert agreement(values[:5], torch.from_numpy(labels[:5])) is None
