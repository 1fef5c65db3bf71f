"""Fashion-MNIST: Zalando's photos of clothes (Xiao, Rasul & Vollgraf 2017)."""

from lib.datasets.sets.downloaded import idx_set
from lib.datasets.sets.kind import FILLING, GREY, DatasetInfo, Strangers

FASHION_MNIST = idx_set(
    DatasetInfo(
        "fashion-mnist",
        "Fashion-MNIST",
        ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        GREY,
        (6_000,) * 10,
        10_000,
        False,
        "Photos of clothes from a shop, in ten kinds; harder than digits, because shirts and coats look alike.",
    ),
    "FashionMNIST",
    FILLING,
    Strangers("shoes", ("Sandal", "Sneaker", "Ankle boot")),
    keras="fashion_mnist",
)
