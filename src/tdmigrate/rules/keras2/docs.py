"""The rules for sources of Keras 2, as `rules` and `explain` show them."""

from __future__ import annotations

from tdmigrate.rules.rule import Example, Rule

OPTION = "--from-keras2"


def _rule(code: str, name: str, title: str, what: str, why: str, safety: str, *examples: Example) -> Rule:
    return Rule(code, f"keras2-{name}", title, what, why, safety, examples, OPTION)


_BY_HAND = "Nothing is changed; the message says what to write."
_NOTE = "Notes never change the exit code."

RULES = (
    _rule(
        "K120",
        "moved-name",
        "Keras 2: a name lives in another module now, or has another name",
        "Finds imports from modules of Keras 2 that Keras 3 does not have, names that it calls otherwise, and chains "
        "through either; of `keras`, `tensorflow.keras` and `tf.keras` alike.",
        "`keras.layers.core`, `keras.engine`, `keras.utils.np_utils`, `keras.losses.mse` and their like are an "
        "ImportError, a ModuleNotFoundError or an AttributeError on Keras 3.",
        "Safe: the same thing from its new home.",
        Example(
            "from keras.layers.core import Dense\n"
            "from keras.utils import np_utils\n"
            "\n"
            "labels = np_utils.to_categorical(y)\n"
            "layer = Dense(5)\n",
            "from keras.layers import Dense\n"
            "from keras.utils import to_categorical\n"
            "\n"
            "labels = to_categorical(y)\n"
            "layer = Dense(5)\n",
        ),
        Example(
            "import tensorflow as tf\n\nscale = tf.keras.layers.experimental.preprocessing.Rescaling(1 / 255)\n",
            "import tensorflow as tf\n\nscale = tf.keras.layers.Rescaling(1 / 255)\n",
        ),
    ),
    _rule(
        "K121",
        "gone-name",
        "Keras 2: a name is gone",
        "Finds imports and uses of names and modules that Keras 3 has no equal for, or has in tensorflow.keras only.",
        "The line is an ImportError or AttributeError on Keras 3.",
        "Safe where nothing uses the import: it goes. Else nothing is changed; the message says what to write.",
        Example("from keras.preprocessing.text import Tokenizer\n\ntokenizer = Tokenizer(num_words=500)\n", None),
    ),
    _rule(
        "K230",
        "layer-arguments",
        "Keras 2: a layer or its arguments are called otherwise now",
        "Finds layers that have another name, arguments that have another name or are refused, and `hard_sigmoid`, "
        "which is another function now.",
        "Keras 3 raises ImportError or ValueError; its hard_sigmoid is relu6(x + 3) / 6, no longer "
        "clip(0.2 x + 0.5, 0, 1).",
        "Safe: the same numbers.",
        Example(
            "from keras.layers import CuDNNLSTM, LeakyReLU, ThresholdedReLU\n"
            "\n"
            "layers = [CuDNNLSTM(8), LeakyReLU(alpha=0.1), ThresholdedReLU()]\n",
            "from keras.layers import LSTM, LeakyReLU, ReLU\n"
            "\n"
            "layers = [LSTM(8, recurrent_activation='sigmoid'), LeakyReLU(negative_slope=0.1), ReLU(threshold=1.0)]\n",
        ),
        Example(
            "from keras.layers import LSTM\n\nlayer = LSTM(8, recurrent_activation='hard_sigmoid', reset_after=True)\n",
            "from keras.layers import LSTM\n"
            "from tdmigrate.compat import hard_sigmoid\n"
            "\n"
            "layer = LSTM(8, recurrent_activation=hard_sigmoid, reset_after=True)\n",
        ),
    ),
    _rule(
        "K231",
        "input-shape",
        "Keras 2: the shape that goes into a model is Input(...) now",
        "Finds `input_shape`, `batch_input_shape`, `input_dim` and `input_length` on a layer, and `Input(shape=5)`.",
        "Keras 3 refuses all but `input_shape`, of which it warns, and takes `input_dim` of a recurrent layer for a "
        "shape of one axis.",
        "Safe: the same shape, told in the other place.",
        Example(
            "from keras.models import Sequential\n"
            "from keras.layers import LSTM\n"
            "\n"
            "model = Sequential()\n"
            "model.add(LSTM(32, batch_input_shape=(16, 10, 4), stateful=True, recurrent_activation='sigmoid'))\n",
            "from keras.models import Sequential\n"
            "from keras.layers import LSTM, Input\n"
            "\n"
            "model = Sequential()\n"
            "model.add(Input(batch_shape=(16, 10, 4)))\n"
            "model.add(LSTM(32, stateful=True, recurrent_activation='sigmoid'))\n",
        ),
    ),
    _rule(
        "K232",
        "layer-by-hand",
        "Keras 2: an argument of a layer that only a person can decide",
        "Finds arguments of layers that went without an equal.",
        "Keras 3 raises ValueError: Unrecognized keyword arguments.",
        _BY_HAND,
        Example(
            "from keras.layers import LSTM\n\nlayer = LSTM(8, time_major=True, recurrent_activation='sigmoid')\n", None
        ),
    ),
    _rule(
        "K233",
        "layer-note",
        "Keras 2: worth knowing about a layer",
        "Notes defaults of LSTM, GRU and ConvLSTM2D that were others in some releases of Keras 2.",
        "Which release a source is for is not known, and its numbers hang on it.",
        _NOTE,
    ),
    _rule(
        "K234",
        "layer-weights",
        "Keras 2: weights= is set on the built layer now",
        "Finds `weights=[...]` on a layer other than Embedding, which still takes them.",
        "Keras 3 raises ValueError.",
        "Safe: the same values at the same time.",
        Example(
            "from keras.layers import Dense\n\n\ndef head(x, W, b):\n    return Dense(3, weights=[W, b])(x)\n",
            "from keras.layers import Dense\n"
            "from tdmigrate.compat import with_initial_weights\n"
            "\n"
            "\n"
            "def head(x, W, b):\n"
            "    return with_initial_weights(Dense(3), weights=[W, b])(x)\n",
        ),
    ),
    _rule(
        "K330",
        "training-arguments",
        "Keras 2: methods of models, callbacks, and their arguments",
        "Finds `fit_generator`, `predict_classes` and their like, and arguments that `compile`, `fit` and others do "
        "not take any more, or take in another order.",
        "Keras 3 raises AttributeError or TypeError, or takes the third of `compile` for loss weights.",
        "Safe: the same training.",
        Example(
            "from keras.models import Sequential\n"
            "from keras.layers import Dense, Input\n"
            "\n"
            "model = Sequential([Input((4,)), Dense(3)])\n"
            "model.compile('sgd', 'mse', ['mae'])\n"
            "model.fit_generator(batches, steps_per_epoch=9, epochs=2, workers=4)\n"
            "classes = model.predict_classes(x)\n",
            "from keras.models import Sequential\n"
            "from keras.layers import Dense, Input\n"
            "\n"
            "model = Sequential([Input((4,)), Dense(3)])\n"
            "model.compile('sgd', 'mse', metrics=['mae'])\n"
            "model.fit(batches, steps_per_epoch=9, epochs=2)\n"
            "classes = model.predict(x).argmax(axis=-1)\n",
        ),
    ),
    _rule(
        "K331",
        "training-by-hand",
        "Keras 2: something of a model or its training that only a person can decide",
        "Finds arguments and methods that went without an equal.",
        "Keras 3 raises TypeError or AttributeError.",
        _BY_HAND,
        Example(
            "from keras.callbacks import ModelCheckpoint\n\nsaver = ModelCheckpoint('best.keras', period=5)\n", None
        ),
    ),
    _rule(
        "K332",
        "training-note",
        "Keras 2: worth knowing about a model or its training",
        "Notes what only data or running tells.",
        "The program may run on and do something else.",
        _NOTE,
    ),
    _rule(
        "K333",
        "attribute",
        "Keras 2: an attribute or method of a layer or model is called otherwise now",
        "Finds `layer.output_shape`, `layer.get_output_at(0)`, `model.reset_states()` and their like.",
        "Keras 3 raises AttributeError.",
        "Safe: the same value.",
        Example(
            "from keras.models import Sequential\n"
            "from keras.layers import Dense, Input\n"
            "\n"
            "model = Sequential([Input((4,)), Dense(3)])\n"
            "size = model.layers[-1].output_shape[-1]\n",
            "from keras.models import Sequential\n"
            "from keras.layers import Dense, Input\n"
            "\n"
            "model = Sequential([Input((4,)), Dense(3)])\n"
            "size = model.layers[-1].output.shape[-1]\n",
        ),
    ),
    _rule(
        "K334",
        "attribute-by-hand",
        "Keras 2: an attribute or method of a layer or model that only a person can decide",
        "Finds attributes and methods that went without an equal, or that mean something else now.",
        "Keras 3 raises AttributeError or NotImplementedError, or goes on with something else.",
        _BY_HAND,
        Example(
            "import keras\n"
            "\n"
            "x = keras.Input((3,))\n"
            "model = keras.Model(x, keras.layers.Dense(1)(x))\n"
            "model.add_loss(penalty)\n",
            None,
        ),
    ),
    _rule(
        "K335",
        "file-ending",
        "Keras 2: a file of weights or of a model ends otherwise now",
        "Finds the names of files that `save_weights`, `save` and ModelCheckpoint write, and every other mention of "
        "these names in the source.",
        "Keras 3 writes weights to `….weights.h5` and models to `….keras` or `….h5` only: it raises ValueError.",
        "Safe: the same program names the file alike everywhere; other programs have to follow.",
        Example(
            "from keras.models import Sequential\n\nmodel = Sequential()\nmodel.save_weights('tagger.h5')\n",
            "from keras.models import Sequential\n\nmodel = Sequential()\nmodel.save_weights('tagger.weights.h5')\n",
        ),
    ),
    _rule(
        "K430",
        "function-arguments",
        "Keras 2: an optimizer or a constant is told otherwise now",
        "Finds `lr` and `decay` of optimizers, `model.optimizer.lr`, and `losses.Reduction`.",
        "Keras 3 raises ValueError or AttributeError; it drops `decay` with a warning and trains with other steps.",
        "Safe: the same rates.",
        Example(
            "from keras.optimizers import SGD\n\nsgd = SGD(lr=0.1, decay=1e-6, momentum=0.9)\n",
            "from keras.optimizers import SGD\n"
            "from keras.optimizers.schedules import InverseTimeDecay\n"
            "\n"
            "sgd = SGD(learning_rate=InverseTimeDecay(0.1, 1, 1e-6), momentum=0.9)\n",
        ),
    ),
    _rule(
        "K431",
        "function-by-hand",
        "Keras 2: something of an optimizer that only a person can decide",
        "Finds `optimizer.lr = …`, and rates that are schedules now.",
        "Keras 3 keeps the attribute and takes no notice of it.",
        _BY_HAND,
        Example("from keras.optimizers import SGD\n\nsgd = SGD(0.1)\nsgd.lr = 0.01\n", None),
    ),
    _rule(
        "K432",
        "function-note",
        "Keras 2: worth knowing about an optimizer or a loss",
        "Notes defaults and formulas that were others in some releases of Keras 2.",
        "Training may take other steps than it did.",
        _NOTE,
    ),
    _rule(
        "K530",
        "backend-function",
        "Keras 2: a function of keras.backend is one of keras.ops now",
        "Finds uses of keras.backend (`K.mean(x)`), called or handed on; of tensorflow.keras.backend those that its "
        "Keras 3 has lost.",
        "Keras 3's keras.backend has none of them: AttributeError.",
        "Safe: the same formula.",
        Example(
            "from keras import backend as K\n"
            "from keras.layers import Lambda\n"
            "\n"
            "norm = Lambda(lambda x: K.sum(K.square(x), axis=1))\n",
            "from keras import ops\n"
            "from keras.layers import Lambda\n"
            "\n"
            "norm = Lambda(lambda x: ops.sum(ops.square(x), axis=1))\n",
        ),
    ),
    _rule(
        "K531",
        "backend-by-hand",
        "Keras 2: a function of keras.backend, or of another package, that only a person can rewrite",
        "Finds functions of keras.backend without an equal, and functions of NumPy or TensorFlow that compute with a "
        "tensor of a model that is being built.",
        "Keras 3 raises AttributeError or ValueError.",
        _BY_HAND,
        Example("from keras import backend as K\n\ngradients = K.gradients(loss, weights)\n", None),
        Example(
            "import keras\nimport numpy as np\n\nx = keras.Input((3,))\nmodel = keras.Model(x, np.sqrt(x))\n", None
        ),
    ),
    _rule(
        "K532",
        "backend-note",
        "Keras 2: worth knowing about a function of keras.backend",
        "Notes where a function of keras.backend gives something else than it did.",
        "Code that compares its result may take another branch.",
        _NOTE,
    ),
    _rule(
        "K630",
        "data-arguments",
        "Keras 2: a helper with data is called otherwise now",
        "Finds `to_categorical(..., dtype=...)`.",
        "Keras 3 raises TypeError.",
        "Safe: the same array.",
        Example(
            "from keras.utils import to_categorical\n\nlabels = to_categorical(y, 3, dtype='float32')\n",
            "from keras.utils import to_categorical\n\nlabels = to_categorical(y, 3).astype('float32')\n",
        ),
    ),
    _rule(
        "K730",
        "add-weight",
        "Keras 2: add_weight takes its name and the rest by name now",
        "Finds `self.add_weight('kernel', shape)` in layers of your own.",
        "Keras 3 raises ValueError: `name` must be passed as a keyword argument.",
        "Safe: the same arguments.",
        Example(
            "from keras.layers import Layer\n"
            "\n"
            "\n"
            "class Scale(Layer):\n"
            "    def build(self, input_shape):\n"
            "        self.scale = self.add_weight('scale', (1,), initializer='ones')\n",
            "from keras.layers import Layer\n"
            "\n"
            "\n"
            "class Scale(Layer):\n"
            "    def build(self, input_shape):\n"
            "        self.scale = self.add_weight(name='scale', shape=(1,), initializer='ones')\n",
        ),
    ),
    _rule(
        "K731",
        "add-weight-by-hand",
        "Keras 2: an add_weight that only a person can rewrite",
        "Finds calls of `self.add_weight` whose first argument by position may be a name or a shape.",
        "Keras 2.0 took (shape, initializer, name), later releases (name, shape, dtype, initializer).",
        _BY_HAND,
        Example(
            "from keras.layers import Layer\n"
            "\n"
            "\n"
            "class Scale(Layer):\n"
            "    def build(self, input_shape):\n"
            "        self.scale = self.add_weight(self.label, self.size)\n",
            None,
        ),
    ),
)
