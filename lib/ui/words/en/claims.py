"""Claims that are wrong or loose, and what holds."""

WORDS = {
    "sse_only": "“The loss is the sum of squared errors.”",
    "sse_only_holds": "It is one loss among several, and a good one to learn with: every step can be done by hand. "
    "For classes one mostly takes cross-entropy, which still pushes where a net is sure and wrong.",
    "lower_is_better": "“The lower the loss, the more accurate the net.”",
    "lower_is_better_holds": "Usually, while it learns. But accuracy only counts answers, and loss also asks how sure "
    "they were: a net can get surer of its mistakes, and its loss rises while its accuracy holds.",
    "parameters_are_neurons": "“Parameters, also called neurons.”",
    "parameters_are_neurons_holds": "Two different things: a neuron computes a number; parameters are the weights and "
    "biases it computes with. The first dense layer of 128 neurons on 28×28 pictures has 100,480 parameters.",
    "fire_together": "“Neurons that fire together wire together.”",
    "fire_together_holds": "A slogan about brains, and a fine one. These nets learn in another way: backpropagation "
    "asks of every weight how much the loss would change with it, and turns each one against that.",
    "strengthened": "“Training strengthens the connections that were right.”",
    "strengthened_holds": "Nothing in the step asks which connection was right. Each weight moves a little against "
    "its own gradient: up or down, whichever makes this batch's loss smaller.",
    "convoluted": "“Convoluted layers.”",
    "convoluted_holds": "Convoluted means needlessly complicated. The layers are convolutional: they do convolutions.",
    "matrix": "“A filter does matrix multiplication on its window.”",
    "matrix_holds": "Simpler: each weight times the pixel below it, then all products added up. One number per "
    "position.",
    "feeds_next": "“One filter’s output feeds the next filter.”",
    "feeds_next_holds": "The filters of a layer work side by side on the same input. It is the next layer whose "
    "filters each add up all maps of this one.",
    "computation": "“CNNs need less computation”, “CNNs need far more computation.”",
    "computation_holds": "Both, depending on what you count: few parameters per filter, but each is used at every "
    "position. The article's CNN has 1,413,834 parameters and needs about 89.5 million multiply-adds a picture; the "
    "dense net has 286,044 and needs 285,492 of them.",
}
