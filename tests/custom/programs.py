"""Programs of 2015 to 2017 with layers of their own, in the manners of their time."""

from __future__ import annotations

from typing import NamedTuple


class Program(NamedTuple):
    """A program that compiles a ``model``. ``inputs``: a shape each, or (shape, words) for ids."""

    name: str
    release: str
    text: str
    inputs: tuple[tuple[int, ...], ...]
    targets: tuple[int, ...]
    ids: int = 0  # of how many words the inputs are, 0: they are numbers


HEAD = """\
from keras import backend as K
from keras import activations, constraints, initializations, regularizers
from keras.engine.topology import Layer, InputSpec
from keras.layers import Dense, Embedding, Flatten, Input
from keras.models import Sequential, Model
"""
END = "model.compile(loss='mse', optimizer='sgd')\n"

SCALE = '''
class Affine(Layer):
    """Scales and shifts features."""

    def __init__(self, output_dim=3, init='glorot_uniform', activation='linear', W_regularizer=None,
                 W_constraint=None, weights=None, input_dim=None, **kwargs):
        self.output_dim = output_dim
        self.init = initializations.get(init)
        self.activation = activations.get(activation)
        self.W_regularizer = regularizers.get(W_regularizer)  # of the matrix
        self.W_constraint = constraints.get(W_constraint)
        self.initial_weights = weights
        self.input_dim = input_dim
        if self.input_dim:
            kwargs['input_shape'] = (self.input_dim,)
        self.input_spec = [InputSpec(ndim=2)]
        super(Affine, self).__init__(**kwargs)

    def build(self, input_shape):
        dim = input_shape[1]
        self.input_spec = [InputSpec(dtype=K.floatx(), shape=(None, dim))]
        self.W = self.init((dim, self.output_dim), name='{}_W'.format(self.name))
        self.b = K.zeros((self.output_dim,), name='{}_b'.format(self.name))
        self.trainable_weights = [self.W, self.b]
        self.regularizers = []
        if self.W_regularizer:
            self.W_regularizer.set_param(self.W)
            self.regularizers.append(self.W_regularizer)  # it counts
        self.constraints = {}
        if self.W_constraint:
            self.constraints[self.W] = self.W_constraint
        if self.initial_weights is not None:
            self.set_weights(self.initial_weights)
            del self.initial_weights

    def call(self, x, mask=None):
        return self.activation(K.dot(x, self.W) + self.b)

    def get_output_shape_for(self, input_shape):
        assert input_shape and len(input_shape) == 2
        return (input_shape[0], self.output_dim)

    def get_config(self):
        config = {'output_dim': self.output_dim,
                  'init': self.init.__name__,
                  'activation': self.activation.__name__,
                  'W_regularizer': self.W_regularizer.get_config() if self.W_regularizer else None,
                  'W_constraint': self.W_constraint.get_config() if self.W_constraint else None}
        base_config = super(Affine, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))
'''

ATTENTION = '''
class AttentionWithContext(Layer):
    def __init__(self, return_weights=False, bias=True, **kwargs):
        self.supports_masking = True
        self.init = initializations.get('glorot_uniform')
        self.bias = bias
        self.return_weights = return_weights
        super(AttentionWithContext, self).__init__(**kwargs)

    def build(self, input_shape):
        assert len(input_shape) == 3
        self.W = self.add_weight((input_shape[-1], input_shape[-1]),
                                 initializer=self.init,
                                 name='{}_W'.format(self.name))
        if self.bias:
            self.b = self.add_weight((input_shape[-1],), 'zero', 'attention/b', True)
        self.u = self.add_weight((input_shape[-1],), self.init, name='u')
        super(AttentionWithContext, self).build(input_shape)

    def compute_mask(self, input, input_mask=None):
        # the steps are summed up: nothing is left to mask
        return None

    def call(self, x, mask=None):
        uit = K.dot(x, self.W)
        if self.bias:
            uit += self.b
        uit = K.tanh(uit)
        ait = K.sum(uit * self.u, axis=-1)
        a = K.exp(ait)
        if mask is not None:
            a *= K.cast(mask, K.floatx())
        a /= K.cast(K.sum(a, axis=1, keepdims=True) + K.epsilon(), K.floatx())
        a = K.expand_dims(a)
        return K.sum(x * a, axis=1)

    def get_output_shape_for(self, input_shape):
        return input_shape[0], input_shape[-1]
'''

PASSING = '''
class Gain(Layer):
    def __init__(self, **kwargs):
        self.supports_masking = True
        super(Gain, self).__init__(**kwargs)

    def build(self, input_shape):
        self.gain = K.variable(np.ones((input_shape[-1],)), name='gain')
        self.trainable_weights = [self.gain]

    def call(self, x, mask):
        if mask is None:
            return x
        return x * self.gain * K.expand_dims(K.cast(mask, 'float64'), -1)
'''

ANTIRECTIFIER = '''
class Antirectifier(Layer):
    def get_output_shape_for(self, input_shape):
        shape = list(input_shape)
        assert len(shape) == 2
        shape[-1] *= 2
        return tuple(shape)

    def call(self, x, mask=None):
        x -= K.mean(x, axis=1, keepdims=True)
        x = K.l2_normalize(x, axis=1)
        pos = K.relu(x)
        neg = K.relu(-x)
        return K.concatenate([pos, neg], axis=1)
'''

NORMED = '''
class LayerNorm(Layer):
    def __init__(self, eps=1e-5, **kwargs):
        super(LayerNorm, self).__init__(**kwargs)
        self.eps = eps

    def build(self, input_shape):
        n = input_shape[-1]
        self.gamma = K.ones((n,), name='gamma')
        self.beta = K.zeros((n,), name='beta')
        self.trainable_weights = [self.gamma]
        self.trainable_weights += [self.beta]
        self.built = True

    def call(self, x, mask=None):
        mean = K.mean(x, axis=-1, keepdims=True)
        std = K.std(x, axis=-1, keepdims=True)
        return self.gamma * (x - mean) / (std + self.eps) + self.beta
'''

PAIR = '''
class Bilinear(Layer):
    def __init__(self, k, **kwargs):
        self.k = k
        self.init = initializations.get('uniform')
        super().__init__(**kwargs)

    def build(self, input_shape):
        left, right = input_shape
        self.Ws = []
        for i in range(self.k):
            self.Ws.append(self.init((left[1], right[1]), name='W_%d' % i))
        self.trainable_weights = self.Ws

    def call(self, inputs, mask=None):
        a, b = inputs
        rows = [K.sum(K.dot(a, w) * b, axis=1, keepdims=True) for w in self.Ws]
        return K.concatenate(rows, axis=-1)

    def get_output_shape_for(self, input_shape):
        return (input_shape[0][0], self.k)
'''

NOISY = '''
class HalfInTest(Layer):
    def __init__(self, **kwargs):
        super(HalfInTest, self).__init__(**kwargs)
        self.uses_learning_phase = True

    def call(self, x, mask=None):
        return K.in_train_phase(x, x * 0.5)
'''

MINIBATCH = '''
class MinibatchDiscrimination(Layer):
    def __init__(self, nb_kernels, kernel_dim, init='glorot_uniform', W_regularizer=None, **kwargs):
        self.init = initializations.get(init)
        self.nb_kernels = nb_kernels
        self.kernel_dim = kernel_dim
        self.W_regularizer = regularizers.get(W_regularizer)
        super(MinibatchDiscrimination, self).__init__(**kwargs)

    def build(self, input_shape):
        self.W = self.add_weight(shape=(self.nb_kernels, input_shape[1], self.kernel_dim),
                                 initializer=self.init, name='kernel',
                                 regularizer=self.W_regularizer, trainable=True)
        self.built = True

    def call(self, x, mask=None):
        activation = K.reshape(K.dot(x, K.reshape(K.permute_dimensions(self.W, (1, 0, 2)),
                                                  (-1, self.nb_kernels * self.kernel_dim))),
                               (-1, self.nb_kernels, self.kernel_dim))
        diffs = K.expand_dims(activation, 3) - K.expand_dims(K.permute_dimensions(activation, [1, 2, 0]), 0)
        abs_diffs = K.sum(K.abs(diffs), axis=2)
        minibatch_features = K.sum(K.exp(-abs_diffs), axis=2)
        return K.concatenate([x, minibatch_features], 1)

    def get_output_shape_for(self, input_shape):
        return input_shape[0], input_shape[1] + self.nb_kernels
'''

BASE = '''
class Base(Layer):
    def build(self, input_shape):
        self.w = self.add_weight((input_shape[-1],), 'one', name='w')

    def get_output_shape_for(self, input_shape):
        return input_shape


class Twice(Base):
    def call(self, x, mask=None):
        return 2 * x * self.w

    def get_output_shape_for(self, input_shape):
        return super(Twice, self).get_output_shape_for(input_shape)
'''

PHASE = '''
class Mixed(Layer):
    def build(self, input_shape):
        self.scale = K.variable(2.0)
        self.shift = K.zeros((input_shape[1],))
        self._trainable_weights = [self.scale]
        self.non_trainable_weights = [self.shift]

    def call(self, x, mask=None):
        return x * self.scale + self.shift
'''


def sequential(name: str, body: str, layer: str, end: str = "", release: str = "1.2.2") -> Program:
    text = f"import numpy as np\n{HEAD}\n{body}\n\nmodel = Sequential()\nmodel.add(Dense(4, input_dim=5))\n"
    text += f"model.add({layer})\n{end}model.add(Dense(2))\n{END}"
    return Program(f"{release}-{name}", release, text, ((6, 5),), (6, 2))


def masked(name: str, body: str, layer: str, after: str = "", release: str = "1.2.2") -> Program:
    text = f"import numpy as np\n{HEAD}\n{body}\n\nmodel = Sequential()\n"
    text += f"model.add(Embedding(7, 4, input_length=6, mask_zero=True))\nmodel.add({layer})\n{after}{END}"
    return Program(f"{release}-{name}", release, text, ((5, 6),), (5, 4), 7)


PAIRED = Program(
    "1.2.2-bilinear",
    "1.2.2",
    f"{HEAD}{PAIR}\n\na = Input((4,))\nb = Input((3,))\nmodel = Model(input=[a, b], output=Bilinear(2)([a, b]))\n{END}",
    ((6, 4), (6, 3)),
    (6, 2),
)

PROGRAMS: tuple[Program, ...] = (
    sequential("affine", SCALE, "Affine(3, activation='tanh')"),
    sequential("affine-hard", SCALE, "Affine(3, activation='hard_sigmoid')"),
    sequential("affine-penalty", SCALE, "Affine(3, W_regularizer='l2', W_constraint='nonneg')", release="1.0.8"),
    sequential("affine-1.1", SCALE, "Affine(3, W_regularizer='l1')", release="1.1.2"),
    sequential("antirectifier", ANTIRECTIFIER, "Antirectifier()"),
    sequential("layer-norm", NORMED, "LayerNorm()"),
    sequential("in-train-phase", NOISY, "HalfInTest()"),
    sequential("minibatch", MINIBATCH, "MinibatchDiscrimination(3, 2, W_regularizer='l2')"),
    sequential("inherited", BASE, "Twice()"),
    sequential("not-trained", PHASE, "Mixed()"),
    masked("attention", ATTENTION, "AttentionWithContext()"),
    masked("attention-free", ATTENTION, "AttentionWithContext(bias=False)"),
    masked("gain", PASSING + ATTENTION, "Gain()", "model.add(AttentionWithContext())\n"),
    PAIRED,
)

# --- Keras 0.x

OLD_HEAD = """\
from keras import activations, initializations, regularizers, constraints
from keras import backend as K
from keras.layers.core import Dense, Layer, MaskedLayer
from keras.layers.embeddings import Embedding
from keras.models import Sequential
"""

OLD_DENSE = '''
class MyDense(Layer):
    input_ndim = 2

    def __init__(self, output_dim, init='glorot_uniform', activation='linear', weights=None, W_regularizer=None,
                 W_constraint=None, input_dim=None, **kwargs):
        self.init = initializations.get(init)
        self.activation = activations.get(activation)
        self.output_dim = output_dim
        self.W_regularizer = regularizers.get(W_regularizer)
        self.W_constraint = constraints.get(W_constraint)
        self.b_constraint = constraints.get(None)
        self.constraints = [self.W_constraint, self.b_constraint]
        self.initial_weights = weights
        self.input_dim = input_dim
        if self.input_dim:
            kwargs['input_shape'] = (self.input_dim,)
        self.input = K.placeholder(ndim=2)
        super(MyDense, self).__init__(**kwargs)

    def build(self):
        input_dim = self.input_shape[1]
        self.W = self.init((input_dim, self.output_dim))
        self.b = K.zeros((self.output_dim,))
        self.trainable_weights = [self.W, self.b]
        self.regularizers = []
        if self.W_regularizer:
            self.W_regularizer.set_param(self.W)
            self.regularizers.append(self.W_regularizer)
        if self.initial_weights is not None:
            self.set_weights(self.initial_weights)
            del self.initial_weights

    @property
    def output_shape(self):
        return (self.input_shape[0], self.output_dim)

    def get_output(self, train=False):
        X = self.get_input(train)
        output = self.activation(K.dot(X, self.W) + self.b)
        return output
'''

OLD_TRAIN = '''
class Halved(Layer):
    def get_output(self, train=False):
        X = self.get_input(train)
        if train:
            return X
        return X * 0.5


class Squared(Layer):
    def get_output(self, train):
        return K.square(self.get_input(train)) + self.get_input(train)

    @property
    def output_shape(self):
        input_shape = self.input_shape
        return input_shape
'''

OLD_MASK = '''
class MaskedMean(MaskedLayer):
    """The mean of the steps that count."""

    def get_output_mask(self, train=False):
        return None

    @property
    def output_shape(self):
        return (self.input_shape[0], self.input_shape[2])

    def get_output(self, train=False):
        X = self.get_input(train)
        mask = self.get_input_mask(train)
        if mask is None:
            return K.mean(X, axis=1)
        weights = K.expand_dims(K.cast(mask, 'float64'))
        return K.sum(X * weights, axis=1) / K.sum(weights, axis=1)


class Doubled(MaskedLayer):
    def __init__(self, **kwargs):
        super(Doubled, self).__init__(**kwargs)

    def get_output(self, train=False):
        return 2 * self.get_input(train)
'''


def old(name: str, body: str, layer: str, end: str = "", release: str = "0.3.3") -> Program:
    made = sequential(name, body, layer, end, release)
    return made._replace(text=made.text.replace(HEAD, OLD_HEAD))


PROGRAMS += (
    old("dense", OLD_DENSE, "MyDense(3, activation='tanh')"),
    old("dense-penalty", OLD_DENSE, "MyDense(3, W_regularizer='l2', W_constraint='nonneg')"),
    old("halved", OLD_TRAIN, "Halved()", "model.add(Squared())\n"),
    masked("mean", OLD_MASK, "Doubled()", "model.add(MaskedMean())\n", "0.3.3")._replace(
        text=masked("mean", OLD_MASK, "Doubled()", "model.add(MaskedMean())\n", "0.3.3").text.replace(HEAD, OLD_HEAD)
    ),
)

COUNTED = '''
class Mean(Layer):
    """The mean of the steps that count, those that do not left out of a sum and of a count."""

    def __init__(self, **kwargs):
        self.supports_masking = True
        super(Mean, self).__init__(**kwargs)

    def compute_mask(self, x, mask=None):
        return None

    def call(self, x, mask=None):
        if mask is None:
            return K.mean(x, axis=1)
        kept = x * K.permute_dimensions(K.repeat(K.cast(mask, 'float64'), 4), (0, 2, 1))
        kept += 0.5 * x * K.expand_dims(mask) - 0.5 * x * K.expand_dims(1 - mask)
        return K.sum(kept, axis=1) / K.expand_dims(K.sum(mask, axis=1))

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], input_shape[2])
'''

PROGRAMS += (
    masked("mask-counted", COUNTED, "Mean()"),
    masked("mask-counted", COUNTED, "Mean()", release="1.0.8"),
)
