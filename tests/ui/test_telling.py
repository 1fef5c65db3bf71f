"""What matters opens with a picture that has something to say: wrong or unsure, and with maps that speak for it."""

import torch

from lib.explain.attribution import grad_cam
from lib.explain.surgery import convolutions
from lib.nets.ready import ready_net
from lib.training import predict
from lib.ui.look_inside.telling import find_telling
from lib.ui.net.inside import sample_of


def test_the_picture_is_doubtful_and_its_grad_cam_is_not_blank() -> None:
    net = ready_net()
    model, data = net.model()[1], net.dataset
    chosen = sample_of(data, *find_telling(net))
    shares = predict(model, chosen.x)[0]
    answer = int(shares.argmax())
    assert float(grad_cam(model, chosen.x, convolutions(model)[-1], answer).max()) > 0
    x, _ = data.test.batch(torch.arange(200))
    all_shares, answers = predict(model, x).max(dim=1)
    wrong = int((answers != data.test.labels[:200]).sum())
    assert answer != chosen.truth if wrong else float(shares.max()) <= float(all_shares.sort().values[20])
