"""Learn: the page itself."""

WORDS = {
    "sentence": "Every idea of a neural network, to be touched: drag a number and see what it does.",
    "section": "Section",
    "language": "Language",
    "lessons": "Lessons",
    "lessons_sentence": "Each lesson asks first, then runs it for real and reads the result. This browser "
    "remembers your answers.",
    "neurons": "Neurons and layers",
    "loss": "Labels and loss",
    "descent": "Gradient descent",
    "iteration": "One iteration",
    "cost": "Convolution and cost",
    "clusters": "Without a teacher",
    "for_real": "In the dashboard:",
    "ready_net": "the ready net",
    "percent": "{value:.1f} %",
}
