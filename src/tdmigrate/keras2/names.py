"""Names that Keras 2 had in modules that Keras 3 has as well, and that it calls otherwise or lacks."""

from __future__ import annotations

from collections.abc import Mapping

_LONG = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
}

RENAMED: Mapping[str, str] = {
    **{f"keras.losses.{short}": f"keras.losses.{long}" for short, long in _LONG.items()},
    **{f"keras.losses.{short.upper()}": f"keras.losses.{long}" for short, long in _LONG.items()},
    **{f"keras.metrics.{short}": f"keras.metrics.{long}" for short, long in _LONG.items()},
    **{f"keras.metrics.{short.upper()}": f"keras.metrics.{long}" for short, long in _LONG.items()},
    **dict.fromkeys(
        ("keras.losses.kld", "keras.losses.KLD", "keras.losses.kullback_leibler_divergence"),
        "keras.losses.kl_divergence",
    ),
    "keras.metrics.kullback_leibler_divergence": "keras.metrics.kl_divergence",
    "keras.losses.logcosh": "keras.losses.log_cosh",
    "keras.metrics.logcosh": "keras.losses.log_cosh",
    "keras.losses.cosine": "keras.losses.cosine_similarity",
    "keras.losses.cosine_proximity": "keras.losses.cosine_similarity",
    "keras.metrics.cosine": "keras.losses.cosine_similarity",
    "keras.metrics.cosine_proximity": "keras.losses.cosine_similarity",
    "keras.initializers.normal": "keras.initializers.RandomNormal",
    "keras.initializers.uniform": "keras.initializers.RandomUniform",
    "keras.initializers.one": "keras.initializers.Ones",
    "keras.initializers.zero": "keras.initializers.Zeros",
    "keras.constraints.maxnorm": "keras.constraints.MaxNorm",
    "keras.constraints.nonneg": "keras.constraints.NonNeg",
    "keras.constraints.unitnorm": "keras.constraints.UnitNorm",
    "keras.mixed_precision.experimental.set_policy": "keras.mixed_precision.set_global_policy",
}

# names that Keras 3 has, too, for something else
OTHERWISE: Mapping[str, str] = {"keras.activations.hard_sigmoid": "tdmigrate.compat.hard_sigmoid"}

# of tensorflow.keras alone, which has the short names and not the long ones
RENAMED_IN_TENSORFLOW: Mapping[str, str] = {
    f"keras.{module}.{long}": f"keras.{module}.{short}"
    for module in ("losses", "metrics")
    for short, long in _LONG.items()
}

# constants: the new text
CONSTANTS: Mapping[str, str] = {
    "keras.losses.Reduction.NONE": "'none'",
    "keras.losses.Reduction.SUM": "'sum'",
    "keras.losses.Reduction.SUM_OVER_BATCH_SIZE": "'sum_over_batch_size'",
    "keras.losses.Reduction.AUTO": "'sum_over_batch_size'",
}

_TENSORFLOW = "Keras 3 has it in tensorflow.keras alone: `from tensorflow.keras.{} import {}`, with TensorFlow"
_IMAGES = "preprocessing.image"
_GONE_LAYER = "Keras 3 does not have it"
_SKLEARN = "it is keras.wrappers.{} now, which takes `model=` for `build_fn=`"

# what to tell a person of names that are gone
GONE: Mapping[str, str] = {
    **{
        f"keras.preprocessing.text.{name}": _TENSORFLOW.format("preprocessing.text", name)
        for name in ("Tokenizer", "hashing_trick", "one_hot", "text_to_word_sequence", "tokenizer_from_json")
    },
    **{
        f"keras.{_IMAGES}.{name}": _TENSORFLOW.format(_IMAGES, name)
        for name in (
            "DirectoryIterator", "ImageDataGenerator", "Iterator", "NumpyArrayIterator", "apply_affine_transform",
            "apply_brightness_shift", "apply_channel_shift", "random_brightness", "random_channel_shift",
            "random_rotation", "random_shear", "random_shift", "random_zoom",
        )
    },
    **{
        f"keras.preprocessing.sequence.{name}": _TENSORFLOW.format("preprocessing.sequence", name)
        for name in ("TimeseriesGenerator", "make_sampling_table", "skipgrams")
    },
    "keras.wrappers.scikit_learn.KerasClassifier": _SKLEARN.format("SKLearnClassifier"),
    "keras.wrappers.scikit_learn.KerasRegressor": _SKLEARN.format("SKLearnRegressor"),
    "keras.wrappers.scikit_learn.BaseWrapper": "Keras 3 has keras.wrappers.SKLearnClassifier and SKLearnRegressor",
    "keras.layers.LocallyConnected1D": f"{_GONE_LAYER}: slice the input, and give each slice a Dense of its own",
    "keras.layers.LocallyConnected2D": f"{_GONE_LAYER}: slice the input, and give each slice a Dense of its own",
    "keras.layers.ConvLSTM2DCell": f"{_GONE_LAYER}: use keras.layers.ConvLSTM2D",
    "keras.layers.Recurrent": f"{_GONE_LAYER}: write a cell, and give it to keras.layers.RNN",
    "keras.layers.Highway": _GONE_LAYER,
    "keras.layers.MaxoutDense": _GONE_LAYER,
    "keras.layers.ConvRecurrent2D": _GONE_LAYER,
    "keras.models.model_from_yaml": "Keras 3 reads no YAML: write the model by `to_json`, and use model_from_json",
    "keras.models.model_from_config": "use `keras.Sequential.from_config` or `keras.Model.from_config`",
    "keras.optimizers.TFOptimizer": "Keras 3 takes no optimizer of TensorFlow: use the one of keras.optimizers",
    "keras.losses.huber_loss": "keras.losses.huber is the mean over the last axis of what this was",
    "keras.losses.Reduction": "a reduction is a string now: 'none', 'sum' or 'sum_over_batch_size'",
    "keras.metrics.accuracy": "use keras.metrics.Accuracy",
    "keras.utils.multi_gpu_model": "keras.distribution.DataParallel spreads batches over devices",
    "keras.utils.HDF5Matrix": "read the file by h5py",
    "keras.utils.H5Dict": "read the file by h5py",
    "keras.utils.GeneratorEnqueuer": "give the generator to `fit`",
    "keras.utils.OrderedEnqueuer": "give the keras.utils.PyDataset to `fit`",
    "keras.utils.convert_all_kernels_in_model": "it was for weights of Theano",
    "keras.utils.print_summary": "it is the method `summary` of the model",
    "keras.callbacks.BaseLogger": "Keras 3 averages the metrics itself",
}  # fmt: skip

_MEAN = "Keras 2.0 took the mean over the last axis where later releases, and Keras 3, take the sum"
NOTES: Mapping[str, str] = {
    f"keras.{module}.{name}": _MEAN for module in ("losses", "metrics") for name in ("cosine", "cosine_proximity")
}

# what tensorflow.keras still has of these, in its Keras 3
IN_TENSORFLOW = frozenset(
    path
    for path in (*RENAMED, *GONE, *CONSTANTS)
    if path.startswith(("keras.losses.", "keras.metrics.", "keras.preprocessing."))
    and path.rpartition(".")[2] not in ("accuracy", "cosine", "cosine_proximity", "huber_loss")
) | {"keras.layers.ThresholdedReLU", "keras.preprocessing.text"}  # fmt: skip
