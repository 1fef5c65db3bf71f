"""Links from Learn into the dashboard."""

WORDS = {
    "train_cross-entropy": "train this net with cross-entropy",
    "train_mse": "train it with MSE",
    "softmax": "softmax of your own drawing",
    "mistakes": "the mistakes that a net is sure of",
    "too_large": "a rate of 10 on a real net",
    "rate_race": "the learning-rate race",
    "backwards": "every layer's gradient",
    "build_it": "build your own layers",
    "forward": "your picture in every layer",
    "single_step": "Step on a real run",
    "dense_or_cnn": "dense net against CNN",
    "labels": "labels and encodings",
}
