"""What faithful rewritten code may import: old behaviour that Keras 3 has no spelling for.

Needs nothing but Keras 3 (3.6 or later, any backend). Everything here is registered for saving under the package
``tdmigrate``; a program that loads such a model imports this package first.
"""

from tdmigrate.compat.accuracy import acc, accuracy_of, binary_accuracy, predict_classes
from tdmigrate.compat.activations import hard_sigmoid
from tdmigrate.compat.advanced_activations import ParametricSoftplus, SReLU, ThresholdedLinear
from tdmigrate.compat.backend import batch_dot, ctc_batch_cost, gather
from tdmigrate.compat.batch_logs import BatchLogs, LambdaCallback
from tdmigrate.compat.callbacks import LearningRateScheduler, ModelCheckpoint, ReduceLROnPlateau
from tdmigrate.compat.compiling import compile_arguments, metrics_of
from tdmigrate.compat.constraints import InOldLayout
from tdmigrate.compat.core import ActivityRegularization, Dropout, Highway, MaxoutDense
from tdmigrate.compat.embeddings import Embedding, WordContextProduct
from tdmigrate.compat.evaluation import count_masked_steps, penalize_training_only
from tdmigrate.compat.freezing import keep_trainable
from tdmigrate.compat.functions import function
from tdmigrate.compat.graph import Graph
from tdmigrate.compat.initializers import FanScaling, Keras1Initializer, PerGate, RowOrthogonal
from tdmigrate.compat.inputs import input_of, input_shape_of
from tdmigrate.compat.io_utils import HDF5Matrix, load_array, save_array
from tdmigrate.compat.layouts import (
    keras1_highway,
    keras1_kernels,
    keras1_kernels_1d,
    keras1_transposed_kernels,
)
from tdmigrate.compat.local import LocallyConnected1D, LocallyConnected2D
from tdmigrate.compat.losses import (
    binary_crossentropy,
    categorical_crossentropy,
    cosine_proximity,
    hinge,
    kullback_leibler_divergence,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)
from tdmigrate.compat.metrics import fbeta_score, fmeasure, matthews_correlation, metric, precision, recall
from tdmigrate.compat.normalization import LRN2D, BatchNormalization
from tdmigrate.compat.np_utils import (
    convert_all_kernels_in_model,
    convert_kernel,
    normalize,
    probas_to_classes,
    slice_X,
    to_categorical,
)
from tdmigrate.compat.optimizers import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    Nadam,
    RMSprop,
    fresh_optimizer,
    optimizer_class,
    optimizer_of,
)
from tdmigrate.compat.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from tdmigrate.compat.preprocessing.image import ImageDataGenerator
from tdmigrate.compat.preprocessing.iterators import DirectoryIterator, Iterator, NumpyArrayIterator
from tdmigrate.compat.preprocessing.old_image import OldImageDataGenerator
from tdmigrate.compat.preprocessing.pictures import array_to_img, list_pictures
from tdmigrate.compat.preprocessing.sequence import make_sampling_table, skipgrams
from tdmigrate.compat.preprocessing.text import Tokenizer, base_filter, one_hot, text_to_word_sequence
from tdmigrate.compat.preprocessing.transforms import (
    apply_transform,
    flip_axis,
    random_channel_shift,
    random_rotation,
    random_shear,
    random_shift,
    random_zoom,
    transform_matrix_offset_center,
)
from tdmigrate.compat.recurrent import JZS1, JZS2, JZS3, SimpleDeepRNN
from tdmigrate.compat.regularizers import (
    ActivityRegularizer,
    EigenvalueRegularizer,
    activity_l1,
    activity_l1l2,
    activity_l2,
)
from tdmigrate.compat.scanning import foldl, foldr, rnn
from tdmigrate.compat.scikit_learn import BaseWrapper, KerasClassifier, KerasRegressor
from tdmigrate.compat.scores import scores
from tdmigrate.compat.states import reset_states
from tdmigrate.compat.targets import with_columns
from tdmigrate.compat.timesteps import TimeDistributedMerge, time_distributed_dense
from tdmigrate.compat.weighting import WeightedLoss
from tdmigrate.compat.weights import load_weights, load_weights_by_name, set_keras1_weights, with_initial_weights
from tdmigrate.compat.wrappers import TimeDistributed

__all__ = [
    "JZS1",
    "JZS2",
    "JZS3",
    "LRN2D",
    "SGD",
    "ActivityRegularization",
    "ActivityRegularizer",
    "Adadelta",
    "Adagrad",
    "Adam",
    "Adamax",
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "BaseWrapper",
    "BatchLogs",
    "BatchNormalization",
    "DirectoryIterator",
    "Dropout",
    "EigenvalueRegularizer",
    "Embedding",
    "FanScaling",
    "Graph",
    "HDF5Matrix",
    "Highway",
    "ImageDataGenerator",
    "InOldLayout",
    "Iterator",
    "Keras1Initializer",
    "KerasClassifier",
    "KerasRegressor",
    "LambdaCallback",
    "LearningRateScheduler",
    "LocallyConnected1D",
    "LocallyConnected2D",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "MaxoutDense",
    "ModelCheckpoint",
    "Nadam",
    "NumpyArrayIterator",
    "OldImageDataGenerator",
    "ParametricSoftplus",
    "PerGate",
    "RMSprop",
    "ReduceLROnPlateau",
    "RowOrthogonal",
    "SReLU",
    "SimpleDeepRNN",
    "ThresholdedLinear",
    "TimeDistributed",
    "TimeDistributedMerge",
    "Tokenizer",
    "WeightedLoss",
    "WordContextProduct",
    "acc",
    "accuracy_of",
    "activity_l1",
    "activity_l1l2",
    "activity_l2",
    "apply_transform",
    "array_to_img",
    "base_filter",
    "batch_dot",
    "binary_accuracy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "compile_arguments",
    "convert_all_kernels_in_model",
    "convert_kernel",
    "cosine_proximity",
    "count_masked_steps",
    "ctc_batch_cost",
    "fbeta_score",
    "flip_axis",
    "fmeasure",
    "foldl",
    "foldr",
    "fresh_optimizer",
    "function",
    "gather",
    "hard_sigmoid",
    "hinge",
    "input_of",
    "input_shape_of",
    "keep_trainable",
    "keras1_highway",
    "keras1_kernels",
    "keras1_kernels_1d",
    "keras1_transposed_kernels",
    "kullback_leibler_divergence",
    "list_pictures",
    "load_array",
    "load_weights",
    "load_weights_by_name",
    "make_sampling_table",
    "matthews_correlation",
    "metric",
    "metrics_of",
    "normalize",
    "one_hot",
    "optimizer_class",
    "optimizer_of",
    "penalize_training_only",
    "poisson",
    "precision",
    "predict_classes",
    "probas_to_classes",
    "random_channel_shift",
    "random_rotation",
    "random_shear",
    "random_shift",
    "random_zoom",
    "recall",
    "reset_states",
    "rnn",
    "save_array",
    "scores",
    "set_keras1_weights",
    "skipgrams",
    "slice_X",
    "sparse_categorical_crossentropy",
    "squared_hinge",
    "text_to_word_sequence",
    "time_distributed_dense",
    "to_categorical",
    "transform_matrix_offset_center",
    "with_columns",
    "with_initial_weights",
]
