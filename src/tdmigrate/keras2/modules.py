"""Where the modules of Keras 2 went, and the names that live elsewhere now.

From the sources of 2.0.0, 2.1.6, 2.2.5 and 2.3.1, each name looked up in Keras 3.15, and in its tensorflow.keras.
"""

from __future__ import annotations

from collections.abc import Mapping

_LAYERS = """
Activation ActivityRegularization Add AlphaDropout Average AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D
AvgPool2D AvgPool3D BatchNormalization Bidirectional Concatenate Conv1D Conv2D Conv2DTranspose Conv3D Conv3DTranspose
ConvLSTM2D Convolution1D Convolution2D Convolution2DTranspose Convolution3D Cropping1D Cropping2D Cropping3D Dense
DepthwiseConv2D Dot Dropout ELU Embedding Flatten GRU GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D
GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D
GlobalMaxPool2D GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D Input InputLayer InputSpec
LSTM LSTMCell Lambda Layer LeakyReLU Masking MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D
Maximum Minimum Multiply PReLU Permute RNN ReLU RepeatVector Reshape SeparableConv1D SeparableConv2D
SeparableConvolution1D SeparableConvolution2D SimpleRNN SimpleRNNCell Softmax SpatialDropout1D SpatialDropout2D
SpatialDropout3D StackedRNNCells Subtract TimeDistributed UpSampling1D UpSampling2D UpSampling3D Wrapper ZeroPadding1D
ZeroPadding2D ZeroPadding3D add average concatenate dot maximum minimum multiply subtract
CategoryEncoding CenterCrop Discretization Hashing IntegerLookup Normalization RandomContrast RandomCrop RandomFlip
RandomRotation RandomTranslation RandomZoom Rescaling Resizing StringLookup TextVectorization
"""

# names of Keras 3's modules that modules of Keras 2 had, too
PUBLIC: Mapping[str, frozenset[str]] = {
    "keras.layers": frozenset(_LAYERS.split()),
    "keras.models": frozenset(("Model", "Sequential", "clone_model", "load_model", "model_from_json", "save_model")),
    "keras.utils": frozenset(
        (
            "CustomObjectScope", "Progbar", "Sequence", "custom_object_scope", "deserialize_keras_object",
            "get_custom_objects", "get_file", "get_source_inputs", "model_to_dot", "normalize", "plot_model",
            "serialize_keras_object", "to_categorical",
        )
    ),
    "keras.callbacks": frozenset(
        (
            "CSVLogger", "Callback", "CallbackList", "EarlyStopping", "History", "LambdaCallback",
            "LearningRateScheduler", "ModelCheckpoint", "ProgbarLogger", "ReduceLROnPlateau", "RemoteMonitor",
            "TensorBoard", "TerminateOnNaN",
        )
    ),
    "keras.losses": frozenset(
        (
            "binary_crossentropy", "categorical_crossentropy", "categorical_hinge", "get", "hinge",
            "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_error",
            "mean_squared_logarithmic_error", "poisson", "sparse_categorical_crossentropy", "squared_hinge",
        )
    ),
    "keras.optimizers": frozenset(
        ("Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "Optimizer", "RMSprop", "SGD")
    ),
    "keras.mixed_precision": frozenset(("LossScaleOptimizer", "Policy")),
    "keras": frozenset(
        ("activations", "backend", "constraints", "initializers", "losses", "optimizers", "regularizers")
    ),
}  # fmt: skip

_IN_LAYERS = ("keras.layers", "keras")
_IN_ENGINE = ("keras.layers", "keras.models", "keras.utils", "keras")

# modules that are gone → where their names live now; none: gone, too
HOMES: Mapping[str, tuple[str, ...]] = {
    **{
        f"keras.layers.{name}": _IN_LAYERS
        for name in (
            "advanced_activations", "convolutional", "convolutional_recurrent", "core", "cudnn_recurrent", "embeddings",
            "experimental", "experimental.preprocessing", "local", "merge", "noise", "normalization", "pooling",
            "recurrent", "wrappers",
        )
    },
    **{
        f"keras.{name}": _IN_ENGINE
        for name in (
            "engine", "engine.base_layer", "engine.input_layer", "engine.network", "engine.saving", "engine.sequential",
            "engine.topology", "engine.training",
        )
    },
    **{
        f"keras.utils.{name}": ("keras.utils",)
        for name in (
            "conv_utils", "data_utils", "generic_utils", "io_utils", "layer_utils", "multi_gpu_utils", "np_utils",
            "test_utils", "training_utils", "vis_utils",
        )
    },
    "keras.callbacks.callbacks": ("keras.callbacks",),
    "keras.callbacks.tensorboard_v1": ("keras.callbacks",),
    "keras.callbacks.tensorboard_v2": ("keras.callbacks",),
    "keras.mixed_precision.experimental": ("keras.mixed_precision",),
    "keras.objectives": ("keras.losses",),
    "keras.backend.common": (),
    "keras.backend.tensorflow_backend": (),
    "keras.backend.theano_backend": (),
    **dict.fromkeys(("keras.legacy.interfaces", "keras.legacy.layers", "keras.legacy.models"), ()),
    "keras.optimizers.legacy": ("keras.optimizers",),
    "keras.preprocessing.text": (),
    "keras.wrappers.scikit_learn": (),
}  # fmt: skip

# modules whose home takes every name of theirs, so that a whole module can stand for them
WHOLE = frozenset(
    f"keras.layers.{name}"
    for name in (
        "convolutional", "convolutional_recurrent", "core", "embeddings", "experimental.preprocessing", "merge",
        "noise", "normalization", "pooling", "recurrent", "wrappers",
    )
) | {"keras.callbacks.callbacks", "keras.objectives"}  # fmt: skip
