"""The breaks from Keras 2 to Keras 3, one program each: what Keras 3 does with it, and what comes of it here.

The programs were run; what one says of Keras 3 is tested.
"""

from __future__ import annotations

from typing import NamedTuple

MODEL = (
    "from keras.layers import Dense, Input\n"
    "from keras.models import Sequential\n"
    "\n"
    "model = Sequential([Input((3,)), Dense(1)])\n"
    "model.compile('sgd', 'mse')\n"
)


class Row(NamedTuple):
    """One break. ``breaks``: the exception of Keras 3, "" for none; ``codes``: of the findings, notes among them.

    ``after``: the program with its safe fixes, which then runs; None: it stays as it was, and a person decides.
    """

    name: str
    before: str
    breaks: str
    codes: tuple[str, ...]
    after: str | None = None


ROWS = (
    Row(
        "core",
        "from keras.layers.core import Dense\n",
        "ModuleNotFoundError",
        ("K120",),
        "from keras.layers import Dense\n",
    ),
    Row(
        "engine",
        "from keras.engine import Layer, InputSpec\n",
        "ModuleNotFoundError",
        ("K120",),
        "from keras.layers import Layer, InputSpec\n",
    ),
    Row(
        "merge",
        "from keras.layers.merge import concatenate\n",
        "ModuleNotFoundError",
        ("K120",),
        "from keras.layers import concatenate\n",
    ),
    Row(
        "np_utils",
        "from keras.utils.np_utils import to_categorical\n",
        "ModuleNotFoundError",
        ("K120",),
        "from keras.utils import to_categorical\n",
    ),
    Row(
        "Tokenizer",
        "from keras.preprocessing.text import Tokenizer\n\ntokenizer = Tokenizer()\n",
        "ModuleNotFoundError",
        ("K121",),
    ),
    Row(
        "ImageDataGenerator",
        "from keras.preprocessing.image import ImageDataGenerator\n\ngenerator = ImageDataGenerator()\n",
        "ImportError",
        ("K121",),
    ),
    Row(
        "TimeseriesGenerator",
        "from keras.preprocessing.sequence import TimeseriesGenerator\n\nmake = TimeseriesGenerator\n",
        "ImportError",
        ("K121",),
    ),
    Row(
        "KerasClassifier",
        "from keras.wrappers.scikit_learn import KerasClassifier\n\nmake = KerasClassifier\n",
        "ModuleNotFoundError",
        ("K121",),
    ),
    Row(
        "CuDNNLSTM",
        "from keras.layers import CuDNNLSTM\n\nlayer = CuDNNLSTM(2)\n",
        "ImportError",
        ("K120", "K230"),
        "from keras.layers import LSTM\n\nlayer = LSTM(2, recurrent_activation='sigmoid')\n",
    ),
    Row(
        "LocallyConnected2D",
        "from keras.layers import LocallyConnected2D\n\nlayer = LocallyConnected2D(4, 3)\n",
        "ImportError",
        ("K121",),
    ),
    Row(
        "ThresholdedReLU",
        "from keras.layers import ThresholdedReLU\n\nlayer = ThresholdedReLU(theta=0.5)\n",
        "ImportError",
        ("K120", "K230"),
        "from keras.layers import ReLU\n\nlayer = ReLU(threshold=0.5)\n",
    ),
    Row(
        "Rescaling",
        "from keras.layers.experimental.preprocessing import Rescaling\n\nlayer = Rescaling(0.1)\n",
        "ModuleNotFoundError",
        ("K120",),
        "from keras.layers import Rescaling\n\nlayer = Rescaling(0.1)\n",
    ),
    Row(
        "adam",
        "from keras.optimizers import adam\n\noptimizer = adam()\n",
        "ImportError",
        ("K120", "K430"),
        "from keras.optimizers import Adam\n\noptimizer = Adam()\n",
    ),
    Row(
        "normal",
        "from keras.initializers import normal\n\ninitializer = normal()\n",
        "ImportError",
        ("K120",),
        "from keras.initializers import RandomNormal as normal\n\ninitializer = normal()\n",
    ),
    Row(
        "multi_gpu_model",
        "from keras.utils import multi_gpu_model\n\nmake = multi_gpu_model\n",
        "ImportError",
        ("K121",),
    ),
    Row(
        "lr",
        "from keras import optimizers as O\n\nO.Adam(lr=1e-3)\n",
        "ValueError",
        ("K430",),
        "from keras import optimizers as O\n\nO.Adam(learning_rate=1e-3)\n",
    ),
    Row(
        "decay",
        "from keras import optimizers as O\n\nO.SGD(learning_rate=.1, decay=1e-6)\n",
        "",
        ("K430", "K432"),
        (
            "from keras import optimizers as O\n"
            "from keras.optimizers.schedules import InverseTimeDecay\n"
            "\n"
            "O.SGD(learning_rate=InverseTimeDecay(.1, 1, 1e-6))\n"
        ),
    ),
    Row(
        "legacy",
        "from keras import optimizers as O\n\nO.legacy.Adam(1e-3)\n",
        "ImportError",
        ("K120",),
        "from keras import optimizers as O\n\nO.Adam(1e-3)\n",
    ),
    Row(
        "optimizer.lr",
        MODEL + "rate = model.optimizer.lr\n",
        "AttributeError",
        ("K430",),
        MODEL + "rate = model.optimizer.learning_rate\n",
    ),
    Row(
        "set_value",
        "from keras import backend as K\n" + MODEL + "K.set_value(model.optimizer.learning_rate, .1)\n",
        "AttributeError",
        ("K120", "K530"),
        (
            "from keras import ops\n"
            "from keras.layers import Dense, Input\n"
            "from keras.models import Sequential\n"
            "\n"
            "model = Sequential([Input((3,)), Dense(1)])\n"
            "model.compile('sgd', 'mse')\n"
            "model.optimizer.learning_rate.assign(.1)\n"
        ),
    ),
    Row(
        "fit_generator",
        MODEL + "model.fit_generator(((X, Y) for _ in range(1)), steps_per_epoch=1)\n",
        "AttributeError",
        ("K330",),
        MODEL + "model.fit(((X, Y) for _ in range(1)), steps_per_epoch=1)\n",
    ),
    Row(
        "predict_generator",
        MODEL + "model.predict_generator(((X,) for _ in range(1)), steps=1)\n",
        "AttributeError",
        ("K330",),
        MODEL + "model.predict(((X,) for _ in range(1)), steps=1)\n",
    ),
    Row(
        "predict_classes",
        MODEL + "model.predict_classes(X)\n",
        "AttributeError",
        ("K330",),
        MODEL + "(model.predict(X) > 0.5).astype('int32')\n",
    ),
    Row(
        "workers",
        MODEL + "model.fit(X, Y, workers=2)\n",
        "TypeError",
        ("K330",),
        MODEL + "model.fit(X, Y)\n",
    ),
    Row(
        "use_multiprocessing",
        MODEL + "model.fit(X, Y, use_multiprocessing=True)\n",
        "TypeError",
        ("K330",),
        MODEL + "model.fit(X, Y)\n",
    ),
    Row(
        "input_shape",
        ("import keras\nfrom keras import layers as L\n\nm = keras.Sequential([L.Dense(1, input_shape=(3,))])\n"),
        "",
        ("K231",),
        (
            "import keras\n"
            "from keras import layers as L\n"
            "from keras.layers import Input\n"
            "\n"
            "m = keras.Sequential([Input(shape=(3,)), L.Dense(1)])\n"
        ),
    ),
    Row(
        "batch_input_shape",
        (
            "import keras\n"
            "from keras import layers as L\n"
            "\n"
            "m = keras.Sequential([L.Dense(1, batch_input_shape=(2, 3))])\n"
        ),
        "ValueError",
        ("K231",),
        (
            "import keras\n"
            "from keras import layers as L\n"
            "from keras.layers import Input\n"
            "\n"
            "m = keras.Sequential([Input(batch_shape=(2, 3)), L.Dense(1)])\n"
        ),
    ),
    Row(
        "weights",
        (
            "import keras\n"
            "from keras import layers as L\n"
            "\n"
            "m = keras.Sequential()\n"
            "m.add(keras.Input((3,)))\n"
            "m.add(L.Dense(1, weights=[np.ones((3, 1)), np.ones(1)]))\n"
        ),
        "ValueError",
        ("K234",),
        (
            "import keras\n"
            "from keras import layers as L\n"
            "\n"
            "m = keras.Sequential()\n"
            "m.add(keras.Input((3,)))\n"
            "m.add(L.Dense(1))\n"
            "m.layers[-1].set_weights([np.ones((3, 1)), np.ones(1)])\n"
        ),
    ),
    Row(
        "implementation",
        "from keras import layers as L\n\nL.LSTM(2, implementation=1, recurrent_activation='sigmoid')\n",
        "",
        (),
    ),
    Row(
        "time_major",
        "from keras import layers as L\n\nL.LSTM(2, time_major=True, recurrent_activation='sigmoid')\n",
        "ValueError",
        ("K232",),
    ),
    Row(
        "fused",
        "from keras import layers as L\n\nL.BatchNormalization(fused=True)\n",
        "ValueError",
        ("K230",),
        "from keras import layers as L\n\nL.BatchNormalization()\n",
    ),
    Row(
        "alpha",
        "from keras import layers as L\n\nL.LeakyReLU(alpha=.1)\n",
        "",
        ("K230",),
        "from keras import layers as L\n\nL.LeakyReLU(negative_slope=.1)\n",
    ),
    Row(
        "channels_first",
        "from keras import layers as L\n\nL.Conv2D(4, 3, data_format='channels_first')\n",
        "",
        (),
    ),
    Row(
        "input_length",
        ("import keras\nfrom keras import layers as L\n\nm = keras.Sequential([L.Embedding(5, 2, input_length=4)])\n"),
        "",
        ("K231",),
        (
            "import keras\n"
            "from keras import layers as L\n"
            "from keras.layers import Input\n"
            "\n"
            "m = keras.Sequential([Input(shape=(4,), dtype='int32'), L.Embedding(5, 2)])\n"
        ),
    ),
    Row(
        "Input",
        "from keras import layers as L\n\nL.Input(shape=5)\n",
        "ValueError",
        ("K231",),
        "from keras import layers as L\n\nL.Input(shape=(5,))\n",
    ),
    Row(
        "dot",
        "from keras import backend as K\n\nK.dot(np.ones((2, 2)), np.ones((2, 2)))\n",
        "AttributeError",
        ("K120", "K530"),
        "from keras import ops\n\nops.dot(np.ones((2, 2)), np.ones((2, 2)))\n",
    ),
    Row(
        "function",
        (
            "from keras import backend as K\n" + MODEL + "f = K.function([model.inputs[0]], [model.outputs[0]])\n"
            "y = f([X])[0]\n"
        ),
        "AttributeError",
        ("K120", "K530"),
        (
            "from keras.layers import Dense, Input\n"
            "from keras.models import Sequential\n"
            "from tdmigrate.compat import function\n"
            "\n"
            "model = Sequential([Input((3,)), Dense(1)])\n"
            "model.compile('sgd', 'mse')\n"
            "f = function([model.inputs[0]], [model.outputs[0]])\n"
            "y = f([X])[0]\n"
        ),
    ),
    Row(
        "learning_phase",
        "from keras import backend as K\n\nphase = K.learning_phase()\n",
        "AttributeError",
        ("K531",),
    ),
    Row(
        "gradients",
        "from keras import backend as K\n\nmake = K.gradients\n",
        "AttributeError",
        ("K531",),
    ),
    Row(
        "losses.mse",
        "from keras import losses\n\nloss = losses.mse\n",
        "AttributeError",
        ("K120",),
        "from keras import losses\n\nloss = losses.mean_squared_error\n",
    ),
    Row(
        "Reduction",
        "from keras import losses\n\nloss = losses.MeanSquaredError(losses.Reduction.NONE)\n",
        "AttributeError",
        ("K430",),
        "from keras import losses\n\nloss = losses.MeanSquaredError('none')\n",
    ),
    Row(
        "metrics.mse",
        "from keras import metrics\n\nmetric = metrics.mse\n",
        "AttributeError",
        ("K120",),
        "from keras import metrics\n\nmetric = metrics.mean_squared_error\n",
    ),
    Row(
        "cosine_proximity",
        "from keras import losses\n\nloss = losses.cosine_proximity\n",
        "AttributeError",
        ("K120", "K432"),
        "from keras import losses\n\nloss = losses.cosine_similarity\n",
    ),
    Row(
        "sample_weight_mode",
        MODEL + "model.compile('sgd', 'mse', sample_weight_mode='temporal')\n",
        "TypeError",
        ("K331",),
    ),
    Row(
        "save",
        MODEL + "model.save('savedir')\n",
        "ValueError",
        ("K335",),
    ),
    Row(
        "save_weights",
        MODEL + "model.save_weights('w.h5')\n",
        "ValueError",
        ("K335",),
        MODEL + "model.save_weights('w.weights.h5')\n",
    ),
    Row(
        "ModelCheckpoint",
        "from keras import callbacks as C\n\nC.ModelCheckpoint('w.hdf5')\n",
        "ValueError",
        ("K335",),
        "from keras import callbacks as C\n\nC.ModelCheckpoint('w.keras')\n",
    ),
    Row(
        "period",
        "from keras import callbacks as C\n\nC.ModelCheckpoint('w.keras', period=2)\n",
        "TypeError",
        ("K331",),
    ),
    Row(
        "to_yaml",
        MODEL + "model.to_yaml()\n",
        "AttributeError",
        ("K331",),
    ),
    Row(
        "output_shape",
        MODEL + "shape = model.layers[0].output_shape\n",
        "AttributeError",
        ("K333",),
        MODEL + "shape = model.layers[0].output.shape\n",
    ),
    Row(
        "get_output_at",
        MODEL + "tensor = model.layers[0].get_output_at(0)\n",
        "AttributeError",
        ("K333",),
        MODEL + "tensor = model.layers[0].output\n",
    ),
    Row(
        "reset_states",
        MODEL + "model.reset_states()\n",
        "AttributeError",
        ("K333",),
        (
            "from keras.layers import Dense, Input\n"
            "from keras.models import Sequential\n"
            "from tdmigrate.compat import reset_states\n"
            "\n"
            "model = Sequential([Input((3,)), Dense(1)])\n"
            "model.compile('sgd', 'mse')\n"
            "reset_states(model)\n"
        ),
    ),
    Row(
        "metrics_names",
        MODEL + "names = model.metrics_names\n",
        "",
        ("K334",),
    ),
    Row(
        "add_weight",
        (
            "from keras import layers as L\n"
            "\n"
            "\n"
            "class F(L.Layer):\n"
            "    def build(self, s):\n"
            "        self.w = self.add_weight('w', (3, 1))\n"
            "\n"
            "    def call(self, x):\n"
            "        return x\n"
            "\n"
            "\n"
            "F()(X)\n"
        ),
        "ValueError",
        ("K730",),
        (
            "from keras import layers as L\n"
            "\n"
            "\n"
            "class F(L.Layer):\n"
            "    def build(self, s):\n"
            "        self.w = self.add_weight(name='w', shape=(3, 1))\n"
            "\n"
            "    def call(self, x):\n"
            "        return x\n"
            "\n"
            "\n"
            "F()(X)\n"
        ),
    ),
    Row(
        "Lambda",
        "import keras.backend as KB\nfrom keras import layers as L\n\nL.Lambda(lambda x: KB.square(x))(X)\n",
        "AttributeError",
        ("K120", "K530"),
        "from keras import layers as L, ops\n\nL.Lambda(lambda x: ops.square(x))(X)\n",
    ),
    Row(
        "KerasTensor",
        "import keras\nimport numpy\n\ni = keras.Input((3,))\nm = keras.Model(i, numpy.sqrt(i))\n",
        "ValueError",
        ("K531",),
    ),
    Row(
        "add_loss",
        (
            "import keras\n"
            "\n"
            "i = keras.Input((3,))\n"
            "m = keras.Model(inputs=i, outputs=keras.layers.Dense(1)(i))\n"
            "m.add_loss(1.)\n"
        ),
        "NotImplementedError",
        ("K334",),
    ),
    Row(
        "reset_metrics",
        MODEL + "model.train_on_batch(X, Y, reset_metrics=False)\n",
        "TypeError",
        ("K331",),
    ),
    Row(
        "to_categorical",
        (
            "from keras import utils as U\n"
            "\n"
            "labels = U.to_categorical(np.array([0, 1]), num_classes=2, dtype='float32')\n"
        ),
        "TypeError",
        ("K630",),
        (
            "from keras import utils as U\n"
            "\n"
            "labels = U.to_categorical(np.array([0, 1]), num_classes=2).astype('float32')\n"
        ),
    ),
    Row(
        "Sequence",
        "from keras import utils as U\n\nbase = U.Sequence\n",
        "",
        (),
    ),
    Row(
        "plot_model",
        "from keras import utils as U\n\nplot = U.plot_model\n",
        "",
        (),
    ),
    Row(
        "ResNet50",
        "import keras\n\nmake = keras.applications.resnet50.ResNet50\n",
        "",
        (),
    ),
    Row(
        "reset_after",
        (
            "from keras import layers as L\n"
            "\n"
            "after = L.GRU(2, recurrent_activation='sigmoid').get_config()['reset_after']\n"
        ),
        "",
        ("K233",),
    ),
)
