from __future__ import annotations

import builtins
import sys
import time
import types
from typing import Any, ClassVar

import pytest

from tdmigrate.verification.program import Fill, Program, Target, Uncut, cut, further, is_discarded, targets


class Thing:
    """What the recording Keras makes: it remembers how it was made and what was done to it."""

    def __init__(self, path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.path, self.args, self.kwargs = path, args, kwargs
        self.layers: list[Any] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Thing:
        return Thing(f"{self.path}()", (self, *args), kwargs)

    def __repr__(self) -> str:
        given = [repr(a) for a in self.args] + [f"{k}={v!r}" for k, v in self.kwargs.items()]
        made = f"{self.path}({', '.join(given)})"
        return made + ("" if not self.layers else " + " + " + ".join(repr(layer) for layer in self.layers))


class Model(Thing):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(type(self).__name__, args, kwargs)

    def add(self, layer: Any) -> None:
        self.layers.append(layer)

    def add_input(self, *args: Any, **kwargs: Any) -> None:
        self.layers.append(Thing("add_input", args, kwargs))

    def add_node(self, *args: Any, **kwargs: Any) -> None:
        self.layers.append(Thing("add_node", args, kwargs))

    add_output = add_node


class Sequential(Model): ...


class Graph(Model): ...


class Layer(Thing):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__("own", (), kwargs)


class Recording(types.ModuleType):
    """A module where every name is a class of recorded things."""

    known: ClassVar = {"Sequential": Sequential, "Graph": Graph, "Model": Model, "Layer": Layer}

    __all__ = ("MaxoutDense", "TimeDistributedDense", "l2")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.known.get(name) or (lambda *args, **kwargs: Thing(name, args, kwargs))


KERAS = [
    "keras",
    "keras.models",
    "keras.layers",
    "keras.layers.core",
    "keras.layers.recurrent",
    "keras.layers.embeddings",
    "keras.regularizers",
    "keras.layers.wrappers",
    "keras.layers.convolutional",
    "keras.backend",
    "keras.engine",
    "keras.engine.topology",
    "keras.constraints",
]


def run(program: Program, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The model of a program, made of recorded things; reading anything from disk fails."""

    def refused(*args: object, **kwargs: object) -> object:
        raise AssertionError(f"the program reads {args}")

    with monkeypatch.context() as patch:
        for name in KERAS:
            module = Recording(name)
            patch.setitem(sys.modules, name, module)
            parent, _, child = name.rpartition(".")
            if parent:
                setattr(sys.modules[parent], child, module)
        namespace: dict[str, Any] = {"__name__": "program"}
        compiled = compile(program.source, "program", "exec")
        target = compile(program.target, "target", "eval")
        patch.setattr(builtins, "open", refused)
        exec(compiled, namespace)
        return eval(target, namespace)


def only(text: str) -> Program:
    """The program of the one model a source makes."""
    (target,) = targets(text)
    program = cut(text, target.scope, target.name, target.ordinal)
    assert isinstance(program, Program), program
    return program


def uncut(text: str) -> Uncut:
    (target,) = targets(text)
    result = cut(text, target.scope, target.name, target.ordinal)
    assert isinstance(result, Uncut), result
    return result


HEAD = """\
from keras.models import Sequential, Model
from keras.layers import Input
from keras.layers.core import Dense, Dropout, TimeDistributedDense, Activation
from keras.layers.recurrent import LSTM
from keras.layers.embeddings import Embedding
"""

# source, names filled in, how the model was made with the numbers as N("name")
CASES: dict[str, tuple[str, list[str], str]] = {
    "script that loads, trains and saves": (
        """
import numpy as np
import matplotlib.pyplot as plt
X = np.load('X.npy')
y = np.load('y.npy')
hidden = 12
model = Sequential()
model.add(LSTM(hidden, return_sequences=True, input_shape=(X.shape[1], X.shape[2])))
model.add(TimeDistributedDense(y.shape[-1]))
model.compile(loss='mse', optimizer='rmsprop')
history = model.fit(X, y, nb_epoch=3)
plt.plot(history.history['loss'])
model.save_weights('w.h5')
""",
        ["X.shape[1]", "X.shape[2]", "y.shape[-1]"],
        "Sequential() + LSTM(12, return_sequences=True, input_shape=(<X.shape[1]>, <X.shape[2]>))"
        " + TimeDistributedDense(<y.shape[-1]>)",
    ),
    "argparse with and without defaults": (
        """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument('--hidden-size', type=int, default=24)
parser.add_argument('-c', '--classes', type=int, required=True)
parser.add_argument('--rate', dest='rate', type=float, default='0.4')
parser.add_argument('--deep', action='store_true')
args = parser.parse_args()
model = Sequential()
model.add(LSTM(args.hidden_size, input_dim=5, return_sequences=True))
if args.deep:
    model.add(LSTM(args.hidden_size, return_sequences=True))
model.add(Dropout(args.rate))
model.add(TimeDistributedDense(args.classes))
""",
        ["args.classes"],
        "Sequential() + LSTM(24, input_dim=5, return_sequences=True) + Dropout(0.4)"
        " + TimeDistributedDense(<args.classes>)",
    ),
    "pickled vocabulary": (
        """
import cPickle as pickle
vocab = pickle.load(open('vocab.pkl', 'rb'))
model = Sequential()
model.add(Embedding(len(vocab) + 1, 8, input_length=9))
model.add(TimeDistributedDense(len(vocab)))
""",
        ["len(vocab)"],
        "Sequential() + Embedding(<len(vocab)+1>, 8, input_length=9) + TimeDistributedDense(<len(vocab)>)",
    ),
    "keras.datasets": (
        """
from keras.datasets import imdb
from keras.preprocessing import sequence
max_features, maxlen = 2000, 80
(X_train, y_train), (X_test, y_test) = imdb.load_data(nb_words=max_features)
X_train = sequence.pad_sequences(X_train, maxlen=maxlen)
model = Sequential()
model.add(Embedding(max_features, 16, input_length=X_train.shape[1]))
model.add(LSTM(8))
model.fit(X_train, y_train)
print(model.evaluate(X_test, y_test))
""",
        ["X_train.shape[1]"],
        "Sequential() + Embedding(2000, 16, input_length=<X_train.shape[1]>) + LSTM(8)",
    ),
    "characters of a text": (
        """
text = open('nietzsche.txt').read().lower()
chars = sorted(set(text))
char_indices = dict((c, i) for i, c in enumerate(chars))
maxlen = 20
sentences = []
for i in range(0, len(text) - maxlen, 3):
    sentences.append(text[i: i + maxlen])
X = np.zeros((len(sentences), maxlen, len(chars)), dtype=np.bool)
for i, sentence in enumerate(sentences):
    for t, char in enumerate(sentence):
        X[i, t, char_indices[char]] = 1
model = Sequential()
model.add(LSTM(16, return_sequences=True, input_shape=(maxlen, len(chars))))
model.add(TimeDistributedDense(len(chars)))
""",
        ["len(chars)"],
        "Sequential() + LSTM(16, return_sequences=True, input_shape=(20, <len(chars)>))"
        " + TimeDistributedDense(<len(chars)>)",
    ),
    "counted lines": (
        """
n = 0
vocab = {}
for line in open('words.txt'):
    n += 1
    vocab[line] = len(vocab)
longest = max(map(len, vocab))
model = Sequential([Embedding(n, 4, input_length=longest), TimeDistributedDense(len(vocab))])
""",
        ["len(vocab)", "longest", "n"],
        "Sequential([Embedding(<n>, 4, input_length=<longest>), TimeDistributedDense(<len(vocab)>)])",
    ),
    "function with parameters": (
        """
def build_model(input_dim, nb_hidden=32, nb_classes=None, weights_path=None):
    model = Sequential()
    model.add(LSTM(nb_hidden, return_sequences=True, input_dim=input_dim))
    model.add(TimeDistributedDense(nb_classes))
    if weights_path is not None:
        model.load_weights(weights_path)
    model.compile('sgd', 'mse')
    return model
""",
        ["input_dim", "nb_classes"],
        "Sequential() + LSTM(32, return_sequences=True, input_dim=<input_dim>) + TimeDistributedDense(<nb_classes>)",
    ),
    "function called with constants": (
        """
STEPS = 11
def build_model(steps, act, rate):
    model = Sequential()
    model.add(LSTM(6, return_sequences=True, input_shape=(steps, 3)))
    model.add(Dropout(rate))
    model.add(TimeDistributedDense(2, activation=act))
    return model

m = build_model(STEPS, 'sigmoid', rate=.25)
m.fit(None, None)
""",
        [],
        "Sequential() + LSTM(6, return_sequences=True, input_shape=(11, 3)) + Dropout(0.25)"
        " + TimeDistributedDense(2, activation='sigmoid')",
    ),
    "function that loads, trains and returns a score": (
        """
def experiment(path, epochs):
    import h5py
    data = h5py.File(path)
    X, y = data['X'], data['y']
    steps, features = X.shape[1:]
    model = Sequential()
    model.add(LSTM(7, return_sequences=True, input_shape=(steps, features)))
    model.add(TimeDistributedDense(y.shape[2]))
    model.compile('sgd', 'mse')
    hist = model.fit(X, y, nb_epoch=epochs)
    score = model.evaluate(X, y)
    return score
""",
        ["features", "steps", "y.shape[2]"],
        "Sequential() + LSTM(7, return_sequences=True, input_shape=(<steps>, <features>))"
        " + TimeDistributedDense(<y.shape[2]>)",
    ),
    "model under if __name__": (
        """
import sys
if __name__ == '__main__':
    hidden = int(sys.argv[1])
    model = Sequential()
    model.add(LSTM(hidden, return_sequences=True, input_dim=4))
    for _ in range(2):
        model.add(TimeDistributedDense(hidden // 2))
    model.fit(*load())
""",
        ["sys.argv[1]"],
        "Sequential() + LSTM(<sys.argv[1]>, return_sequences=True, input_dim=4)"
        " + TimeDistributedDense(<sys.argv[1]//2>) + TimeDistributedDense(<sys.argv[1]//2>)",
    ),
    "main": (
        """
from util import load_data
def main():
    X, y, vocab_size = load_data()
    net = Sequential()
    net.add(Embedding(vocab_size, 10, mask_zero=True))
    net.add(LSTM(10, return_sequences=True))
    net.add(TimeDistributedDense(vocab_size, activation='softmax'))
    net.compile(loss='categorical_crossentropy', optimizer='adam')
    net.fit(X, y)

if __name__ == '__main__':
    main()
""",
        ["vocab_size"],
        "Sequential() + Embedding(<vocab_size>, 10, mask_zero=True) + LSTM(10, return_sequences=True)"
        " + TimeDistributedDense(<vocab_size>, activation='softmax')",
    ),
    "class with self.model": (
        """
class Tagger(object):
    embedding = 5

    def __init__(self, vocab, tags, hidden=9):
        self.vocab = vocab
        self.tags = tags
        self.hidden = hidden
        self.log = open('log.txt', 'w')

    def build(self, dropout):
        self.model = Sequential()
        self.model.add(Embedding(len(self.vocab), self.embedding))
        self.model.add(LSTM(self.hidden, return_sequences=True))
        self.model.add(Dropout(dropout))
        self.model.add(TimeDistributedDense(len(self.tags)))
        self.model.compile('sgd', 'mse')

    def train(self, X, y):
        self.build(0.5)
        self.model.fit(X, y)
""",
        ["len(self.tags)", "len(self.vocab)"],
        "Sequential() + Embedding(<len(self.vocab)>, 5) + LSTM(9, return_sequences=True) + Dropout(0.5)"
        " + TimeDistributedDense(<len(self.tags)>)",
    ),
    "constructor that makes a local model": (
        """
from base import Learner
class Net(Learner):
    def __init__(self, size, **kwargs):
        super(Net, self).__init__(size, **kwargs)
        model = Sequential()
        model.add(LSTM(size, return_sequences=True, input_dim=3))
        model.add(TimeDistributedDense(kwargs.get('classes', 4)))
        model.add(TimeDistributedDense(self.n_out))
        self.net = model
""",
        ["self.n_out", "size"],
        "Sequential() + LSTM(<size>, return_sequences=True, input_dim=3) + TimeDistributedDense(4)"
        " + TimeDistributedDense(<self.n_out>)",
    ),
    "methods that add layers": (
        """
class Net:
    def __init__(self):
        self.sizes = [6, 5]
        self.model = Sequential()
        self.model.add(LSTM(self.sizes[0], return_sequences=True, input_dim=3))
        self._top(2)

    def _top(self, n):
        for _ in range(n):
            self.model.add(TimeDistributedDense(self.sizes[-1]))
        self.model.summary()
""",
        [],
        "Sequential() + LSTM(6, return_sequences=True, input_dim=3) + TimeDistributedDense(5)"
        " + TimeDistributedDense(5)",
    ),
    "sequential subclass": (
        """
class Stack(Sequential):
    def __init__(self, sizes, n):
        super(Stack, self).__init__()
        layers = []
        for size in [4, 3]:
            layers.append(TimeDistributedDense(size if n else n))
        for layer in layers:
            self.add(layer)
        self.add(TimeDistributedDense(n))
        self.compile('sgd', 'mse')
""",
        ["n"],
        "Stack() + TimeDistributedDense(4) + TimeDistributedDense(3) + TimeDistributedDense(<n>)",
    ),
    "helpers that return layers and add them": (
        """
from functools import partial
dense = partial(TimeDistributedDense, activation='relu')
width = 5
def recurrent(n):
    "a layer"
    print('making a layer')
    return LSTM(n * width, return_sequences=True)
def top(net, classes):
    net.add(dense(classes))
    net.add(Activation('softmax'))
def make(classes):
    net = Sequential()
    net.add(Embedding(50, 4))
    net.add(recurrent(2))
    top(net, classes)
    return net
""",
        ["classes"],
        "Sequential() + Embedding(50, 4) + LSTM(10, return_sequences=True)"
        " + TimeDistributedDense(<classes>, activation='relu') + Activation('softmax')",
    ),
    "functional": (
        """
from keras.layers import merge
words = Input(shape=(maxlen,), dtype='int32') if False else Input(shape=(12,), dtype='int32')
x = Embedding(30, 4)(words)
left = LSTM(5, return_sequences=True)(x)
right = LSTM(5, return_sequences=True, go_backwards=True)(x)
x = merge([left, right], mode='sum')
unused = Dense(3)(x)
out = TimeDistributedDense(3)(x)
model = Model(input=words, output=out)
""",
        ["maxlen"],
        "Model(input=Input(shape=(12,), dtype='int32'), output=TimeDistributedDense()(TimeDistributedDense(3), merge("
        "[LSTM()(LSTM(5, return_sequences=True), Embedding()(Embedding(30, 4), Input(shape=(12,), dtype='int32'))), "
        "LSTM()(LSTM(5, return_sequences=True, go_backwards=True), Embedding()(Embedding(30, 4), "
        "Input(shape=(12,), dtype='int32')))], mode='sum')))",
    ),
    "graph": (
        """
from keras.models import Graph
def compute():
    return open('n').read()
g = Graph()
n = int(compute())
g.add_input(name='in', input_shape=(None, n))
for name in ('a', 'b'):
    g.add_node(TimeDistributedDense(4), name=name, input='in')
g.add_output(name='out', inputs=['a', 'b'], merge_mode='sum')
g.fit({'in': None})
""",
        ["compute()"],
        "Graph() + add_input(name='in', input_shape=(None, <compute()>))"
        " + add_node(TimeDistributedDense(4), name='a', input='in')"
        " + add_node(TimeDistributedDense(4), name='b', input='in')"
        " + add_node(name='out', inputs=['a', 'b'], merge_mode='sum')",
    ),
    "loop over folds": (
        """
from sklearn.cross_validation import KFold
X, y = None, None
for fold, (train, test) in enumerate(KFold(10, 3)):
    if fold > 5:
        break
    model = Sequential()
    model.add(TimeDistributedDense(X[train].shape[2], input_shape=(4, 5)))
    model.fit(X[train], y[train])
""",
        ["X[train].shape[2]"],
        "Sequential() + TimeDistributedDense(<X[train].shape[2]>, input_shape=(4, 5))",
    ),
    "loop over settings": (
        """
for hidden, act in [(8, 'relu'), (16, 'tanh')]:
    model = Sequential()
    model.add(TimeDistributedDense(hidden, input_dim=5, activation=act))
    model.fit(0, 0)
""",
        [],
        "Sequential() + TimeDistributedDense(8, input_dim=5, activation='relu')",
    ),
    "resumed or new": (
        """
import os
from keras.models import load_model
if os.path.exists('model.h5'):
    model = load_model('model.h5')
else:
    with open('config.json') as f:
        import json
        config = json.load(f)
    try:
        model = Sequential()
        model.add(TimeDistributedDense(config['units'], input_dim=config.get('inputs', 6)))
    finally:
        print('done')
model.add(Activation('softmax'))
model.fit(0, 0)
""",
        ["config['units']"],
        "Sequential() + TimeDistributedDense(<config['units']>, input_dim=6) + Activation('softmax')",
    ),
    "layers held in a list and a dict": (
        """
config = {'units': 5, 'activation': 'tanh', 'path': '/data/x'}
layers = [LSTM(config['units'], return_sequences=True, input_dim=2)]
layers += [Dropout(.5)]
layers.append(TimeDistributedDense(config['units'], activation=config['activation']))
last = layers[-1]
last.trainable = False
model = Sequential()
for layer in layers:
    model.add(layer)
config['units'] = len(open(config['path']).read())
""",
        [],
        "Sequential() + LSTM(5, return_sequences=True, input_dim=2) + Dropout(0.5)"
        " + TimeDistributedDense(5, activation='tanh')",
    ),
    "keyword dict": (
        """
import json
kw = dict(return_sequences=True, init='uniform')
extra = {'input_dim': 3}
model = Sequential()
model.add(LSTM(8, **dict(kw, **extra)))
model.add(TimeDistributedDense(2))
""",
        [],
        "Sequential() + LSTM(8, return_sequences=True, init='uniform', input_dim=3) + TimeDistributedDense(2)",
    ),
    "try and except imports": (
        """
try:
    from keras.layers.core import TimeDistributedDense as TDD
except ImportError:
    from keras.layers import TimeDistributedDense as TDD
from theano import tensor as T
import pandas as pd
frame = pd.read_csv('x.csv')
model = Sequential()
model.add(TDD(frame.values.shape[1], input_dim=7))
""",
        ["frame.values.shape[1]"],
        "Sequential() + TimeDistributedDense(<frame.values.shape[1]>, input_dim=7)",
    ),
    "star import": (
        """
from keras.layers.core import *
from keras.regularizers import *
alpha = float(raw_input('alpha? '))
model = Sequential()
model.add(MaxoutDense(3, input_dim=4))
model.add(TimeDistributedDense(3, W_regularizer=l2(alpha)))
""",
        ["raw_input('alpha? ')"],
        "Sequential() + MaxoutDense(3, input_dim=4) + TimeDistributedDense(3, W_regularizer=l2(0.25))",
    ),
    "closure": (
        """
def factory(n_in, seed):
    scale = 2
    def make(n_out):
        model = Sequential()
        model.add(LSTM(n_in * scale, return_sequences=True, input_dim=n_in))
        model.add(TimeDistributedDense(n_out))
        return model
    return make
""",
        ["n_in", "n_out"],
        "Sequential() + LSTM(<n_in*2>, return_sequences=True, input_dim=<n_in>) + TimeDistributedDense(<n_out>)",
    ),
    "returned without a name": (
        """
def net(units, path):
    data = open(path).read()
    return Sequential([LSTM(units, return_sequences=True, input_dim=4), TimeDistributedDense(len(data))])
""",
        ["len(data)", "units"],
        "Sequential([LSTM(<units>, return_sequences=True, input_dim=4), TimeDistributedDense(<len(data)>)])",
    ),
    "random data of a known shape": (
        """
import numpy as np
np.random.seed(0)
X = np.random.random((100, 12, 3))
X[:, 0] = np.loadtxt('first.txt')
units = np.random.randint(4, 9)
model = Sequential()
model.add(LSTM(units, return_sequences=True, input_shape=X.shape[1:]))
model.add(TimeDistributedDense(X.shape[2]))
""",
        ["units"],
        "Sequential() + LSTM(<units>, return_sequences=True, input_shape=(12, 3)) + TimeDistributedDense(3)",
    ),
    "own layer": (
        """
from keras.engine.topology import Layer
SCALE = 3
class Twice(Layer):
    def __init__(self, n, **kwargs):
        self.n = n * SCALE
        super(Twice, self).__init__(**kwargs)
    def call(self, x, mask=None):
        return 2 * x
model = Sequential()
model.add(Twice(2, name='twice'))
model.add(TimeDistributedDense(3))
""",
        [],
        "Sequential() + own(name='twice') + TimeDistributedDense(3)",
    ),
    "base class, abstract methods and a branch that a default rules out": (
        """
from abc import ABCMeta, abstractmethod
from metrics import Result

class Model(object):
    __metaclass__ = ABCMeta
    units = 6

    @abstractmethod
    def __init__(self, **hyper):
        self.classes = 3
        self.seen = open('seen.txt')

    def score(self, X):
        return Result(X)

class Net(Model):
    def __init__(self, length=None, given=None, use_rnn=False, kind='dense'):
        from keras.layers.core import TimeDistributedDense as TDD
        super(Net, self).__init__()
        if given is not None and length is None:
            self.model = given
        elif length is not None:
            self.model = Sequential()
            self.model.add(TDD(self.units, input_shape=(length, 4)))
            if use_rnn:
                self.model.add(Never(5))
            if kind == 'dense':
                self.model.add(TDD(self.classes))
            else:
                self.model.add(Result())
        else:
            raise ValueError('which?')
""",
        ["length"],
        "Sequential() + TimeDistributedDense(6, input_shape=(<length>, 4)) + TimeDistributedDense(3)",
    ),
    "nested models, Python 2 words and a setting": (
        """
from keras import backend as K
K.set_image_dim_ordering('th')
encoder = Sequential()
for i in xrange(2):
    encoder.add(TimeDistributedDense(4 + i, input_dim=4))
""",
        [],
        "Sequential() + TimeDistributedDense(4, input_dim=4) + TimeDistributedDense(5, input_dim=4)",
    ),
    "static method, vars(args) and a condition on a size": (
        """
import argparse
class Factory:
    @staticmethod
    def make(args):
        opts = vars(args)
        model = Sequential()
        model.add(LSTM(opts['units'], return_sequences=True, input_dim=3))
        if args.classes > 1:
            model.add(TimeDistributedDense(args.classes))
        return model
p = argparse.ArgumentParser()
p.add_argument('--units', default=5)
p.add_argument('--classes', default=4, type=int)
Factory.make(p.parse_args())
""",
        [],
        "Sequential() + LSTM(5, return_sequences=True, input_dim=3) + TimeDistributedDense(4)",
    ),
    "alias of a method, in a class": (
        """
class Net(object):
    def __init__(self, hidden=8):
        self.net = Sequential()
        add = self.net.add
        add(Dense(hidden, input_dim=4))
        for _ in range(2):
            add(Activation('relu'))
        put = add
        put(Dense(1))
        fit = self.net.fit
        fit(None, None)
""",
        [],
        "Sequential() + Dense(8, input_dim=4) + Activation('relu') + Activation('relu') + Dense(1)",
    ),
    "alias of a method, in a module and a function": (
        """
def build(n):
    model = Sequential()
    add, size = model.add, 6
    add(LSTM(size, return_sequences=True, input_dim=n))
    head(model)
    return model

def head(model):
    put = model.add
    put(Dropout(0.5))
    put(TimeDistributedDense(3))
""",
        ["n"],
        "Sequential() + LSTM(6, return_sequences=True, input_dim=<n>) + Dropout(0.5) + TimeDistributedDense(3)",
    ),
    "alias of a method, in a module": (
        """
import numpy as np
model = Sequential()
add = model.add
plus = np.add
add(Dense(4, input_dim=3))

def tail(n):
    add(Dense(n))

tail(2)
plus(1, 2)
""",
        [],
        "Sequential() + Dense(4, input_dim=3) + Dense(2)",
    ),
    "alias of a method kept by the object": (
        """
class Net:
    def __init__(self):
        self.model = Sequential()
        self.add = self.model.add
        self.stack(7)
    def stack(self, n):
        self.add(Dense(n, input_dim=3))
        block = self.block
        block(5)
    def block(self, n):
        self.add(Activation('tanh'))
        self.add(Dense(n))
""",
        [],
        "Sequential() + Dense(7, input_dim=3) + Activation('tanh') + Dense(5)",
    ),
    "method handed to a function": (
        """
def block(add, n):
    add(Dense(n))
    add(Activation('relu'))

model = Sequential()
model.add(Dense(4, input_dim=3))
block(model.add, 6)
log = print
log('built')
""",
        [],
        "Sequential() + Dense(4, input_dim=3) + Dense(6) + Activation('relu')",
    ),
    "method called by a lambda": (
        """
model = Sequential()
dense = lambda n, **k: model.add(Dense(n, **k))
dense(4, input_dim=3)
dense(2)
""",
        [],
        "Sequential() + Dense(4, input_dim=3) + Dense(2)",
    ),
    "attribute that a class gives to the methods of its base": (
        """
class Base(object):
    def _add(self, *layers):
        for l in layers:
            self.model.add(l)

class Tagger(Base):
    def __init__(self, n):
        self.model = Sequential()
        self._add(LSTM(n, return_sequences=True, input_dim=5), Dropout(0.5))
        self._add(TimeDistributedDense(2))
""",
        ["n"],
        "Sequential() + LSTM(<n>, return_sequences=True, input_dim=5) + Dropout(0.5) + TimeDistributedDense(2)",
    ),
    "class handed in, with sizes that another call takes from elsewhere": (
        """
import cfg

def encoder(dim, hidden, rnn=LSTM):
    inp = Input(shape=(7, dim))
    h = Dropout(0.5)(inp)
    h = rnn(hidden)(h)
    return inp, h

def other():
    return encoder(cfg.DIM, cfg.HIDDEN)

i, h = encoder(3, 5)
model = Model(input=i, output=Dense(2)(h))
""",
        [],
        "Model(input=Input(shape=(7, 3)), output=Dense()(Dense(2), LSTM()(LSTM(5), Dropout()(Dropout(0.5),"
        " Input(shape=(7, 3))))))",
    ),
    "settings that may have no such key": (
        """
class Net(object):
    def __init__(self, config):
        self.config = config
        self._build()

    def _build(self):
        self.net = net = Sequential()
        net.add(LSTM(self.config['hidden'], return_sequences=True, input_dim=3))
        if self.config.get('dropout'):
            net.add(Dropout(self.config['dropout']))
        net.add(TimeDistributedDense(2))
""",
        ["self.config['dropout']", "self.config['hidden']"],
        "Sequential() + LSTM(<self.config['hidden']>, return_sequences=True, input_dim=3) + TimeDistributedDense(2)",
    ),
    "alias of a function, chosen": (
        """
deep = True

def small(model):
    model.add(Dense(2))

def large(model):
    model.add(Dense(20))
    model.add(Dense(2))

model = Sequential()
model.add(Dense(4, input_dim=3))
end = large if deep else small
end(model)
""",
        [],
        "Sequential() + Dense(4, input_dim=3) + Dense(20) + Dense(2)",
    ),
}


def shown(expected: str, program: Program) -> str:
    """``<name>`` and ``<name+1>`` in the expected text as the numbers that were filled in."""
    for fill in sorted(program.fills, key=lambda f: -len(f.name)):
        for suffix, number in (
            ("", fill.value),
            ("+1", fill.value + 1),
            ("*2", fill.value * 2),
            ("//2", fill.value // 2),
        ):
            expected = expected.replace(f"<{fill.name}{suffix}>", repr(number))
    return expected


@pytest.mark.parametrize("case", CASES)
def test_programs_of_the_time(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source, names, expected = CASES[case]
    program = only(HEAD + source)
    assert sorted(fill.name for fill in program.fills) == names, program.source
    model = run(program, monkeypatch)
    assert repr(model) == shown(expected, program), program.source
    for word in ("fit(", "compile(", "load", "print(", "matplotlib", "h5py", "json"):
        assert word not in "\n".join(line for line in program.source.splitlines() if not line.startswith("#")), word


def test_the_source_says_what_was_filled_in() -> None:
    program = only(HEAD + "model = Sequential()\nmodel.add(TimeDistributedDense(units, input_dim=4))\n")
    (fill,) = program.fills
    assert program.fills == (Fill("units", fill.value, 7),)
    assert program.source.splitlines()[:2] == [
        "# cut out: `model`, made in row 6",
        f"# filled in: units = {fill.value} (row 7)",
    ]


NOT_CUT: dict[str, tuple[str, str, int]] = {
    "weights from a file for a layer of the source": (
        "import numpy as np\nW = np.load('w.npy')\nclass Own(Dense): pass\nmodel = Sequential()\n"
        "model.add(Own(4, weights=[W]))\n",
        "`W` comes from data and is not used as a size",
        7,
    ),
    "layer of another module": (
        "from mylayers import Attention\nmodel = Sequential()\nmodel.add(Attention(4))\n",
        "`Attention` comes from mylayers.Attention, which the program cannot import",
        8,
    ),
    "layer nobody imports": (
        "model = Sequential()\nmodel.add(Fancy(4))\n",
        "`Fancy` is defined nowhere in the source",
        7,
    ),
    "a lambda around what comes from a file": (
        "words = open('words.txt').read().split()\nkinds = sorted(words, key=lambda s: s[1])\n"
        "model = Sequential()\nmodel.add(Activation(kinds[0]))\n",
        "`kinds[0]` comes from data and is not used as a size",
        9,
    ),
    "a lambda handed to what nobody knows": (
        "model = Sequential()\nmodel.add(Fancy(lambda s: s))\n",
        "`Fancy` is defined nowhere in the source",
        7,
    ),
    "a comprehension over a file": (
        "model = Sequential()\nmodel.add(Activation([s for s in open('acts.txt')][0]))\n",
        "`[s for s in open('acts.txt')][0]` comes from data and is not used as a size",
        7,
    ),
    "activation nobody tells": (
        "def build(act):\n    model = Sequential()\n    model.add(Dense(4, activation=act))\n    return model\n",
        "no call of the source tells what the parameter `act` is, and it is not a size",
        6,
    ),
    "branch nobody tells": (
        "def build(deep):\n    model = Sequential()\n    if deep:\n        model.add(Dense(4))\n    return model\n",
        "no call of the source tells what the parameter `deep` is, and it is not a size",
        6,
    ),
    "layers for every line of a file": (
        "model = Sequential()\nfor line in open('net.txt'):\n    model.add(Dense(4))\n",
        "`open('net.txt')` comes from data and is not used as a size",
        7,
    ),
    "shape of unknown rank": (
        "import numpy as np\nX = np.load('x')\nmodel = Sequential()\n"
        "model.add(Activation('relu', input_shape=X.shape[1:]))\n",
        "`X.shape[1:]` comes from data and is not used as a size",
        9,
    ),
    "architecture from a file": (
        "from keras.models import model_from_json\nbase = model_from_json(open('m.json').read())\n"
        "model = Sequential()\nmodel.add(base)\n",
        "`base` comes from data and is not used as a size",
        7,
    ),
    "what a parameter of another function hangs on": (
        "def stack(act):\n    return Dense(4, activation=act)\n\ndef build(kind):\n    acts = {}\n"
        "    act = acts[kind]\n    model = Sequential()\n    model.add(stack(act))\n    return model\n",
        "`act` hangs on the parameter `kind`, which no call of the source tells",
        11,
    ),
    "class in a function": (
        "def f():\n    class A:\n        def g(self):\n            model = Sequential()\n",
        "a class inside a function or class holds the model",
        9,
    ),
}


@pytest.mark.parametrize("case", NOT_CUT)
def test_what_cannot_be_cut_says_why(case: str) -> None:
    source, reason, row = NOT_CUT[case]
    parameter = {"activation nobody tells": "act", "branch nobody tells": "deep"}.get(case)
    assert uncut(HEAD + source)._replace(covers=frozenset()) == Uncut(reason, row, parameter)


OLD = (
    HEAD
    + """
import numpy as np
X, maxlen = np.load('x'), len(np.load('y'))
def build(hidden, dim):
    model = Sequential()
    model.add(LSTM(hidden, return_sequences=True, input_shape=(maxlen, dim)))
    model.add(TimeDistributedDense(X.shape[2]))
    model.compile('sgd', 'mse', class_mode='categorical')
    return model
"""
)
NEW = """
from keras.models import Sequential
from keras.layers import Dense, Input, LSTM
from tdmigrate.compat import hard_sigmoid

import numpy as np
X, maxlen = np.load('x'), len(np.load('y'))
def build(hidden, dim):
    model = Sequential()
    model.add(Input(shape=(maxlen, dim)))
    model.add(LSTM(hidden, return_sequences=True, recurrent_activation=hard_sigmoid))
    model.add(Dense(X.shape[2]))
    model.compile('sgd', 'mse')
    return model
"""


def test_old_and_new_source_get_the_same_numbers() -> None:
    old, new = only(OLD), only(NEW)
    assert {f.name: f.value for f in old.fills} == {f.name: f.value for f in new.fills}
    assert {f.name for f in old.fills} == {"hidden", "dim", "maxlen", "X.shape[2]"}
    assert len({f.value for f in old.fills}) == 4
    assert old.target == new.target
    assert "from tdmigrate.compat import hard_sigmoid" in new.source


def test_numbers_that_are_given_stand() -> None:
    program = cut(NEW, "build", "model", fills=[Fill("dim", 3, 1), Fill("gone", 4, 1)])
    assert isinstance(program, Program)
    assert ("dim", 3) in {f[:2] for f in program.fills}
    assert "gone" not in {f.name for f in program.fills}
    assert "dim=3" in program.target


def test_rewritten_program_runs_on_keras_3() -> None:
    program = only(NEW)
    namespace: dict[str, Any] = {}
    exec(program.source, namespace)
    model = eval(program.target, namespace)
    sizes = {f.name: f.value for f in program.fills}
    assert model.output_shape == (None, sizes["maxlen"], sizes["X.shape[2]"])


TWO = """
model = Sequential()
model.add(Dense(1))
model.fit(0, 0)
other = Sequential()
model = Sequential()
model.add(Dense(2))
class A:
    def f(self):
        self.net = Model(0, 1)
    def g(self):
        self.net = Model(2, 3)
def h():
    if x:
        return Model(4, 5)
    return Model(6, 7)
"""


def test_targets_and_ordinals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert targets(HEAD + TWO) == [
        Target("", "model", 0, 7),
        Target("", "other", 0, 10),
        Target("", "model", 1, 11),
        Target("A.f", "self.net", 0, 15),
        Target("A.g", "self.net", 0, 17),
        Target("h", "", 0, 20),
        Target("h", "", 1, 21),
    ]
    made = []
    for target in targets(HEAD + TWO):
        program = cut(HEAD + TWO, *target[:3])
        assert isinstance(program, Program), program
        made.append(repr(run(program, monkeypatch)))
    assert made == [
        "Sequential() + Dense(1)",
        "Sequential()",
        "Sequential() + Dense(2)",
        "Model(0, 1)",
        "Model(2, 3)",
        "Model(4, 5)",
        "Model(6, 7)",
    ]


def test_imports_nothing_but_what_it_needs() -> None:
    program = only(HEAD + "import os, sys, keras\nmodel = Sequential()\nmodel.add(keras.layers.Dense(2))\n")
    body = [line for line in program.source.splitlines() if not line.startswith("#")]
    assert body[:2] == ["from keras.models import Sequential", "import keras"]


@pytest.mark.parametrize("text", ["", "model = (", "\0", "x = 1", "# coding: utf-16\nmodel = 1", "model = Sequential"])
def test_no_model_is_no_error(text: str) -> None:
    assert targets(text) == []
    assert isinstance(cut(text, "", "model"), Uncut)
    assert isinstance(cut(text, "nowhere.at.all", "self", 7), Uncut)


HOSTILE = {
    "deep expression": "model = Sequential()\nmodel.add(Dense(" + "(" * 80 + "1" + ")" * 80 + "))\n",
    "long sum": "model = Sequential()\nmodel.add(Dense(" + "+".join(["n"] * 3000) + "))\n",
    "deep attribute": "model = Sequential()\nmodel.add(Dense(a" + ".b" * 900 + "))\n",
    "nested loops": "".join("    " * i + f"for a{i} in b{i}:\n" for i in range(19))
    + "    " * 19
    + "model = Sequential()\n",
    "nested loops after": "model = Sequential()\n"
    + "".join("    " * i + f"for a{i} in range(2):\n" for i in range(19))
    + "    " * 19
    + "model.add(Dense(a1)); x = y; y = x\n",
    "many statements": "model = Sequential()\n" + "model.add(Dense(3))\n" * 3000,
    "too many statements": "model = Sequential()\n" + "x = 1\n" * 30000,
    "many functions": "".join(f"def f{i}(m):\n    f{i + 1}(m)\n    m.add(f{i - 1}(m))\n" for i in range(300))
    + "model = Sequential()\nf0(model)\n",
    "recursion": "def f(m):\n    m.add(Dense(2))\n    return f(m)\nmodel = Sequential()\nf(model)\n",
    "calls itself": "def build(n):\n    model = Sequential()\n    model.add(build(n))\n    return model\n",
    "aliases in a circle": "a = b\nb = a\na = b\nmodel = Sequential()\nb = model\na = b\nb.add(Dense(2))\n",
    "unbound": "del model\nmodel = Sequential()\ndel model\n",
    "its own name": "def model():\n    model = Sequential()\n    return model\nmodel = model()\n",
    "everything else": """
async def f():
    async with a as b, c:
        async for d in e:
            model = Sequential(**{**g})
            await model
    global q
    nonlocal_ = [*h, i := 1]
    match model:
        case [Dense(x=1), *rest]:
            model.add(rest)
        case {'a': b, **kw} if kw:
            raise X from y
    try:
        assert model, 'x'
    except* (A, B) as err:
        model.add(err)
    else:
        lambda *a, b=1, **c: (yield)
    while True:
        break
    else:
        model.add(f'{model!r:>{width}}'[1:2, ..., ::3])
    @decorated(1)
    class K(Base, metaclass=M):
        x: int = model
        y: int
        def z(self, a, /, b=1, *c, d=2, e, **f): self.x.y[0] += model; return super().z()
    model.add(K)
    return not -model @ 1 if model else ~model
""",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_any_source_gives_an_answer_in_time(case: str) -> None:
    text = HEAD + HOSTILE[case]
    if "except*" in text and sys.version_info < (3, 11):
        text = text.replace("except*", "except")
    start = time.process_time()
    for target in targets(text):
        result = cut(text, *target[:3])
        if isinstance(result, Program):
            compile(result.source, "program", "exec")
            compile(result.target, "target", "eval")
        else:
            assert result.reason
    assert time.process_time() - start < 10


SHAPED = (
    HEAD
    + """
def build(shape, n=3):
    model = Sequential()
    model.add({first})
    model.add({second})
    return model
"""
)


def test_a_whole_input_shape_is_filled_where_the_layer_tells_its_rank() -> None:
    old = cut(SHAPED.format(first="LSTM(n, input_shape=shape)", second="Dense(2)"), "build", "model")
    assert isinstance(old, Program)
    assert [fill.name for fill in old.fills] == ["shape[0]", "shape[1]"]
    sizes = tuple(fill.value for fill in old.fills)
    assert len(set(sizes)) == 2
    assert f"input_shape={sizes}" in old.source
    new = cut(SHAPED.format(first="Input(shape=shape)", second="LSTM(n)"), "build", "model", 0, old.fills)
    assert isinstance(new, Program)
    assert f"Input(shape={sizes})" in new.source


def test_axes_of_data_are_the_same_by_either_way() -> None:
    text = (
        "import numpy as np\nX = np.load('x')\nmodel = Sequential()\n"
        "model.add(LSTM(X.shape[2], input_shape=X.shape[1:]))\n"
    )
    program = cut(HEAD + text, "", "model")
    assert isinstance(program, Program)
    assert [fill.name for fill in program.fills] == ["X.shape[1]", "X.shape[2]"]


def test_a_parameter_that_is_assumed_settles_its_branch() -> None:
    text = HEAD + (
        "def build(kind):\n    model = Sequential()\n"
        "    if kind == 'lstm':\n        model.add(LSTM(3, input_shape=(5, 2)))\n"
        "    else:\n        model.add(Dense(4, input_dim=2))\n    return model\n"
    )
    lstm = cut(text, "build", "model", 0, (), {"kind": "lstm"})
    dense = cut(text, "build", "model", 0, (), {"kind": "dense"})
    assert isinstance(lstm, Program)
    assert isinstance(dense, Program)
    assert "LSTM(3" in lstm.source
    assert "Dense(4" not in lstm.source
    assert "Dense(4" in dense.source


def test_a_model_in_the_body_of_a_class() -> None:
    program = cut(HEAD + "class Net:\n    model = Sequential()\n    model.add(Dense(4, input_dim=2))\n", "Net", "model")
    assert isinstance(program, Program)
    assert program.target == "Net.model"


# --- arguments that a proof does not need, models that are none, names that are no sizes


def test_the_first_table_of_an_embedding_is_left_out() -> None:
    program = only(
        "import numpy as np\nfrom keras.models import Sequential\nfrom keras.layers.embeddings import Embedding\n"
        "table = np.load('w.npy')\nmodel = Sequential()\nmodel.add(Embedding(9, 4, weights=[table]))\n"
    )
    assert "load" not in program.source
    assert "Embedding(9, 4)" in program.source
    assert "# left out: weights=[table] (row 6)" in program.source


def test_a_table_that_the_source_tells_stays() -> None:
    program = only(
        "import numpy as np\nfrom keras.models import Sequential\nfrom keras.layers.embeddings import Embedding\n"
        "model = Sequential()\nmodel.add(Embedding(9, 4, weights=[np.ones((9, 4))]))\n"
    )
    assert "Embedding(9, 4, weights=[np.ones((9, 4))])" in program.source


def test_outputs_by_name_are_no_sizes() -> None:
    found = uncut(
        "from keras.models import Model\nfrom keras.layers import Input, Dense\nx = Input(shape=(4,))\n"
        "with open('kind.txt') as file:\n    y = Dense(3)(x)\nmodel = Model(inputs=x, outputs={'code': y})\n"
    )
    assert found.reason == "`y` comes from data and is not used as a size"


DISCARDED = "from keras.models import Sequential, Model\nfrom keras.layers import Dense\n"


@pytest.mark.parametrize(
    ("rest", "discarded"),
    [
        ("m = Sequential()\nm = Sequential()\nm.add(Dense(3))\n", True),
        ("def f():\n    m = Sequential()\n    x = Dense(3)\n    m = Model(x)\n    return m\n", True),
        ("m = Sequential()\nfill(m)\nm = None\n", False),
        ("m = Sequential()\n", False),
        ("m = Sequential()\nif x:\n    m = Model(m)\n", False),
        ("m = Sequential()\ndef f():\n    return m\nm = Sequential()\n", False),
        ("class A:\n    def f(self):\n        self.m = Sequential()\n        self.m = Sequential()\n", False),
    ],
)
def test_a_model_may_be_none(rest: str, discarded: bool) -> None:
    text = DISCARDED + rest
    assert is_discarded(text, targets(text)[0]) is discarded


@pytest.mark.parametrize(
    ("rest", "model"),
    [
        ("N = 2\ndef choose():\n    global N\n    N = 9\nchoose()\nm = Sequential()\nm.add(Dense(N))\n", "Dense(9)"),
        ("def low(m):\n    m.add(Dense(3))\nKINDS = {1: low}\nm = Sequential()\nKINDS[1](m)\n", "Dense(3)"),
        ("def kind():\n    return top\ndef top(m):\n    m.add(Dense(3))\nm = Sequential()\nkind()(m)\n", "Dense(3)"),
        ("m = Sequential()\nlist(map(m.add, [Dense(3), Dense(2)]))\n", "Dense(3) + Dense(2)"),
        ("m = Sequential()\nput = m.add\ndone = list(map(put, [Dense(3)]))\n", "Dense(3)"),
        ("m = Sequential()\nm.add(Dense(3))\nlist(map(m.predict, open('x')))\n", "Dense(3)"),
    ],
)  # fmt: skip
def test_what_a_call_changes_from_afar(rest: str, model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = only("from keras.models import Sequential\nfrom keras.layers import Dense\n" + rest)
    assert repr(run(program, monkeypatch)) == f"Sequential() + {model}"


NET = """\
from keras.models import Sequential
from keras.layers import Dense
class Net(Sequential):
    def __init__(self, n):
        super(Net, self).__init__()
        self.add(Dense(n))
"""


@pytest.mark.parametrize(
    ("methods", "call", "model"),
    [
        ("def fit(self, X, **rest):\n        return super(Net, self).fit(X, nb_epoch=3, **rest)", "m.fit(X)", ""),
        ("def go(self, X):\n        self.compile('sgd')\n        super().fit(X)", "m.go(open('x').read())", ""),
        ("def go(self, X):\n        return self.fit(X).history", "h = m.go(open('x').read())", ""),
        ("def twice(self, X):\n        self.go(X)\n    def go(self, X):\n        self.fit(X)", "m.twice(1)", ""),
        ("def top(self, X):\n        self.add(Dense(2))\n        self.fit(X)", "m.top(1)", " + Dense(2)"),
        ("def top(self):\n        self.up()\n    def up(self):\n        self.add(Dense(2))", "m.top()", " + Dense(2)"),
    ],
)  # fmt: skip
def test_a_class_of_models_may_train_itself(
    methods: str, call: str, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{NET}    {methods}\nm = Net(3)\n{call}\n"
    (target,) = [one for one in targets(text) if one.name == "m"]
    program = cut(text, target.scope, target.name)
    assert isinstance(program, Program), program
    assert repr(run(program, monkeypatch)) == f"Net() + Dense(3){model}"


BUILD = HEAD + """\
def build(act):
    model = Sequential()
    model.add(Dense(4, activation=act))
    return model
"""


@pytest.mark.parametrize(
    ("caller", "argument"),
    [
        ("nets = dict((k, build(k)) for k in ('relu', 'tanh'))", "'relu'"),
        ("nets = {k: build(k) for k in sorted(['relu', 'tanh'])}", "'relu'"),
        ("nets = {k: build(a) for k, a in {'x': 'relu', 'y': 'tanh'}.items()}", "'relu'"),
        ("nets = [build(a) for n, a in zip([1, 2], ['relu', 'tanh'])]", "'relu'"),
        ("ACTS = ['relu', 'tanh']\nfor i, act in enumerate(ACTS):\n    build(act).fit(1)", "'relu'"),
        ("GRID = [{'act': 'relu'}, {'act': 'tanh'}]\nfor one in GRID:\n    build(**one)", "'relu'"),
        ("GRID = [{'act': 'relu'}, {'act': 'tanh'}]\nfor one in GRID:\n    build(one['act'])", "'relu'"),
        ("from itertools import product\nfor act, n in product(['relu', 'tanh'], [1]):\n    build(act)", "'relu'"),
        ("CONFIG = dict(act='relu', n=3)\nbuild(**CONFIG)", "'relu'"),
        ("DEFAULT = dict(act='tanh', n=3)\nbuild(**dict(DEFAULT, act='relu'))", "'relu'"),
        ("for act in dict(relu=1, tanh=2):\n    build(act)", "'relu'"),
        ("CONFIG = {'net': {'act': 'relu'}}\nbuild(CONFIG['net']['act'])", "'relu'"),
    ],
)
def test_what_a_loop_hands_to_a_function_is_told(caller: str, argument: str) -> None:
    assert only(f"{BUILD}{caller}\n").target == f"build(act={argument})"


@pytest.mark.parametrize(
    "caller",
    [
        "nets = [build(a) for a in open('acts.txt')]",
        "nets = {a: build(a) for a in zoo}",
        "for a in []:\n    build(a)",
        "ACTS = ['relu']\nACTS = load()\nfor a in ACTS:\n    build(a)",
        "for a in map(str, ['relu']):\n    build(a)",
        "CONFIG = {'act': 'relu'}\nbuild(CONFIG['other'])",
        "build(**settings())",
        "build(**dict(settings(), n=3))",
        "build(dict(act='relu', **more)['act'])",
    ],
)
def test_what_a_loop_does_not_tell_is_not_made_up(caller: str) -> None:
    assert uncut(f"{BUILD}{caller}\n").parameter == "act"


@pytest.mark.parametrize(
    ("caller", "target", "made"),
    [
        ("build(LSTM)", "build(part=LSTM)", "LSTM(4)"),
        ("for one in [LSTM, Dense]:\n    build(one)", "build(part=LSTM)", "LSTM(4)"),
        ("KINDS = {'a': Dense}\nbuild(KINDS['a'])", "build(part=Dense)", "Dense(4)"),
    ],
)
def test_a_class_may_be_handed_in(caller: str, target: str, made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    head = f"{HEAD}def build(part):\n    model = Sequential()\n    model.add(part(4))\n    return model\n"
    program = only(f"{head}{caller}\n")
    assert program.target == target
    assert repr(run(program, monkeypatch)) == f"Sequential() + {made}"


def test_layers_may_be_handed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    head = f"{HEAD}def stack(parts):\n    m = Sequential()\n    for part in parts:\n        m.add(part)\n    return m\n"
    program = only(f"{head}net = stack([Dense(4, activation='tanh'), Dropout(.5)])\n")
    assert repr(run(program, monkeypatch)) == "Sequential() + Dense(4, activation='tanh') + Dropout(0.5)"
    for parts in ("[Fancy(4)]", "[Dense(n)]", "[Dense(i) for i in (3, 4)]", "load()"):
        assert uncut(f"{head}net = stack({parts})\n").parameter == "parts"


@pytest.mark.parametrize(
    "chosen",
    [
        "import sys\nkind = sys.argv[1] if len(sys.argv) > 1 else 'lstm'\n",
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--kind', default='lstm')\n"
        "args = p.parse_args()\nkind = args.kind\n",
    ],
)
def test_what_an_option_chooses_is_what_it_chooses_by_default(chosen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{HEAD}{chosen}Cell = {{'lstm': LSTM, 'dense': Dense}}[kind]\nm = Sequential()\nm.add(Cell(4))\n"
    assert repr(run(only(text), monkeypatch)) == "Sequential() + LSTM(4)"


def test_a_word_of_the_command_line_without_a_default_is_not_known() -> None:
    text = f"{HEAD}import sys\nkind = sys.argv[1] if len(sys.argv) > 1 else sys.argv[0]\nm = Sequential()\n"
    assert "comes from data" in uncut(f"{text}m.add(Activation(kind))\n").reason


@pytest.mark.parametrize(
    ("imported", "call", "made"),
    [
        ("from keras.applications.vgg16 import VGG16", "VGG16()", "VGG16(weights=None)"),
        ("from keras.applications import VGG19", "VGG19(False, 'imagenet')", "VGG19(False, None)"),
        ("from keras.applications import vgg16", "vgg16.VGG16(weights=W)", "vgg16.VGG16(weights=None)"),
        ("from keras.applications.xception import Xception", "Xception()", "Xception(weights=None)"),
        ("from keras.applications.vgg16 import *", "VGG16(False, weights=None)", "VGG16(False, weights=None)"),
    ],
)  # fmt: skip
def test_a_trained_model_gets_no_weights(imported: str, call: str, made: str) -> None:
    text = f"{HEAD}{imported}\nW = open('w')\nbase = {call}\nmodel = Model(base.input, Dense(3)(base.output))\n"
    source = only(text).source
    assert f"base = {made}\n" in source
    assert source.count("# left out: weights=") == ("weights=None" not in call)


ON_TOP = "Model(base.input, Dense(3)(base.output))"
TOP = "def top(base, n):\n    x = base.output\n    x = Dense(n)(x)\n    return Model(base.input, x)\n"


@pytest.mark.parametrize(
    ("name", "module", "layers"),
    [
        ("ResNet50", "resnet50.ResNet50", "its BatchNormalization has epsilon 1.001e-5, was 1e-3, and its first "
         "pooling is padded, was not (trap G14)"),
        ("InceptionV3", "InceptionV3", "it normalises before each relu, did so behind it (trap G14)"),
    ],
)  # fmt: skip
def test_a_trained_model_with_other_layers_is_the_reason(name: str, module: str, layers: str) -> None:
    made = f"applications.{module}(include_top=False)"
    reason = f"{name} of keras.applications is another model in Keras 3: {layers}"
    for built in (f"base = {made}\nmodel = {ON_TOP}\n", TOP + f"top({made}, 3)\n", f"{TOP}b = {made}\ntop(b, 3)\n"):
        assert uncut(f"{HEAD}from keras import applications\n{built}").reason == reason


def test_a_trained_model_may_be_handed_in() -> None:
    text = f"{HEAD}from keras.applications.vgg16 import VGG16\n{TOP}"
    program = only(f"{text}top(VGG16(include_top=False), 3)\n")
    assert program.target == "top(base=VGG16(include_top=False, weights=None), n=3)"


@pytest.mark.parametrize("before", ["", "model = None\n"])
def test_a_model_may_be_a_global_of_its_function(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = only(
        "from keras.models import Sequential\nfrom keras.layers import Dense\n"
        f"{before}def top():\n    model.add(Dense(2))\n"
        "def build():\n    global model\n    model = Sequential()\n    model.add(Dense(3))\n    top()\nbuild()\n"
    )
    assert repr(run(program, monkeypatch)) == "Sequential() + Dense(3) + Dense(2)"


def test_a_class_of_the_same_name_hides_no_attribute() -> None:
    text = "import keras.models as km\nclass Model(object):\n    def build(self, a, b):\n        m = km.Model(a, b)\n"
    assert [(one.scope, one.name) for one in targets(text)] == [("Model.build", "m")]
    assert targets("class Model(object): pass\nm = Model()\n") == []


def test_a_function_nobody_knows_may_build() -> None:
    head = (
        "from keras.models import Sequential\nfrom keras.layers import Dense\nfrom kit import grow\nm = Sequential()\n"
    )
    found = uncut(head + "grow(m)\nm.add(Dense(3))\n")
    assert found.reason == "`grow` comes from kit.grow, which the program cannot import"
    assert uncut(head + "m.add(Dense(3))\nprint('so far')\ngrow(m)\n").reason == found.reason
    # it trains, plots or saves
    assert "grow" not in only(head + "m.add(Dense(3))\nm.compile('sgd', 'mse')\ngrow(m)\n").source
    assert "plot" not in only(head.replace("grow", "plot_net") + "m.add(Dense(3))\nplot_net(m)\n").source


# --- sizes and rates that only the data tells

RATES = "from keras.models import Sequential\nfrom keras.layers import Dense, Dropout, Flatten\n"


@pytest.mark.parametrize(
    ("rest", "lines"),
    [
        ("import sys\nm = Sequential()\nm.add(Dropout(float(sys.argv[2])))\n", ["m.add(Dropout(float(0.25)))"]),
        ("import sys\nx = float(sys.argv[2])\nm = Sequential()\nm.add(Dropout(x))\n", ["x = float(0.25)"]),
        ("def build(x):\n    m = Sequential()\n    m.add(Dropout(x))\n    return m\n", ["-> build(x=0.25)"]),
        ("def build(x):\n    m = Sequential()\n    m.add(Dropout(p=x))\n    return m\n", ["-> build(x=0.25)"]),
        (
            "import configparser\nc = configparser.ConfigParser()\nc.read('x')\nm = Sequential()\n"
            "m.add(Dense(int(c.get('net', 'units'))))\nm.add(Dropout(c.getfloat('net', 'x')))\n",
            ["m.add(Dense(int(9)))", "m.add(Dropout(0.25))"],
        ),
        (
            "import click\n@click.command()\n@click.option('--hidden-units', '-h', default=100)\n"
            "@click.option('--n', type=int)\ndef main(hidden_units, n):\n    m = Sequential()\n"
            "    m.add(Dense(hidden_units, input_dim=n))\n",
            ["-> main(hidden_units=100, n=23)"],
        ),
        (
            "from absl import flags\nH = flags.DEFINE_integer('hidden', 100, 'x')\n"
            "m = Sequential()\nm.add(Dense(H.value))\n",
            ["m.add(Dense(100))"],
        ),
        (
            "import numpy as np\nX = np.load('x')\nm = Sequential()\nm.add(Dense(3, input_shape=X.shape[1:]))\n",
            ["m.add(Dense(3, input_shape=(8,)))"],
        ),
    ],
)  # fmt: skip
def test_numbers_are_of_the_sort_that_is_asked_for(rest: str, lines: list[str]) -> None:
    program = only(RATES + rest)
    text = f"{program.source}-> {program.target}"
    for line in lines:
        assert line in text


@pytest.mark.parametrize(
    "rest",
    [
        "zoo = {}\nzoo['a'] = Sequential()\nzoo['a'].add(Dense(3))\n",
        "class Box: pass\nbox = Box()\nbox.model = Sequential()\nbox.model.add(Dense(3))\n",
        "zoo = [None]\nfor i in range(1):\n    zoo[i] = Sequential()\n    zoo[i].add(Dense(3))\n    zoo[i].fit(1, 2)\n",
        "def build(zoo):\n    zoo = {}\n    zoo['a'] = Sequential()\n    m = zoo['a']\n    zoo['a'].add(Dense(3))\n",
    ],
)
def test_a_model_may_be_held_by_another_object(rest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert repr(run(only(RATES + rest), monkeypatch)) == "Sequential() + Dense(3)"


FLUENT = """
class Net:
    def __init__(self, dim):
        self.model = Sequential()
        self.model.add(Dense(8, input_dim=dim))
    def dense(self, n):
        self.model.add(Dense(n))
        return self
    def build(self):
        return self.model
"""
STACKED = "Sequential() + Dense(8, input_dim=5) + Dense(4) + Dense(3)"


@pytest.mark.parametrize(
    "uses",
    [
        "net = Net(5).dense(4).dense(3)\n",
        "model = Net(5).dense(4).dense(3).model\n",
        "model = Net(5).dense(4).dense(3).build()\n",
        "net = Net(5)\nnet.dense(4)\nnet.dense(3)\n",
        "net = Net(5)\nfor n in (4, 3):\n    net.dense(n)\n",
    ],
)
def test_methods_that_go_on_building_a_model_are_in_its_program(uses: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert repr(run(only(HEAD + FLUENT + uses), monkeypatch)) == STACKED


@pytest.mark.parametrize(
    ("uses", "reason"),
    [
        ("", "`dense` of its class goes on building the model, and nothing in the source calls it"),
        ("net = Net(5)\nnet = net.dense(4)\n", "it cannot be followed which calls of `dense` build the model"),
        ("net = Net(5)\nother = net.dense(4)\nother.dense(3)\n", "it cannot be followed which calls of `dense`"),
    ],
)
def test_a_model_that_is_not_followed_to_its_end_is_not_cut_out(uses: str, reason: str) -> None:
    assert uncut(HEAD + FLUENT + uses).reason.startswith(reason)


def test_methods_that_nothing_calls_on_an_object_leave_it_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    made = run(only(HEAD + FLUENT + "net = Net(5)\n"), monkeypatch)
    assert repr(made) == "Sequential() + Dense(8, input_dim=5)"


# --- classes that inherit the model


BASE = f"""\
{HEAD}class Base(object):
    units = 3
    def __init__(self, n):
        self.model = Sequential()
        self.model.add(Dense(n))
        self.middle(self.model)
        self.model.add(Dense(self.units))
    def middle(self, model):
        {{middle}}
"""


def inherited(text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What each class builds by what it inherits, or why it cannot be cut out."""
    found = {}
    for target in further(text):
        made = cut(text, target.scope, target.name, target.ordinal, heir=target.heir)
        found[target.heir] = made.reason if isinstance(made, Uncut) else repr(run(made, monkeypatch))
    return found


def test_a_class_builds_what_its_base_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    text = BASE.format(middle="pass") + (
        "class Wide(Base):\n    units = 30\n"
        "class Deep(Base):\n    def middle(self, model):\n        super(Deep, self).middle(model)\n"
        "        model.add(Dropout(.5))\n"
        "class Deeper(Deep):\n"
        "    def __init__(self):\n        Deep.__init__(self, 9)\n        self.model.add(Dense(1))\n"
        "    def middle(self, m):\n        super().middle(m)\n        self.model.add(Activation('tanh'))\n"
        "class Same(Base):\n    def fit(self, X):\n        return self.model.fit(X)\n"
        "class Another(Base):\n    def __init__(self):\n        self.x = 3\n"
    )
    assert repr(run(only(text), monkeypatch)) == "Sequential() + Dense(9) + Dense(3)"
    assert inherited(text, monkeypatch) == {
        "Wide": "Sequential() + Dense(9) + Dense(30)",
        "Deep": "Sequential() + Dense(9) + Dropout(0.5) + Dense(3)",
        "Deeper": "Sequential() + Dense(9) + Dropout(0.5) + Activation('tanh') + Dense(3) + Dense(1)",
    }


def test_an_abstract_method_that_makes_a_part_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        f"{HEAD}from abc import abstractmethod\nclass Base(object):\n    def __init__(self):\n        x = Input((3,))\n"
        "        self.model = Model(x, self.body(x))\n    @abstractmethod\n    def body(self, x):\n        pass\n"
    )
    assert uncut(text).is_abstract
    heir = "class Net(Base):\n    def body(self, x):\n        return Dense(2)(x)\n"
    assert list(inherited(text + heir, monkeypatch)) == ["Net"]


@pytest.mark.parametrize("middle", ["raise NotImplementedError", '"To do."\n        raise NotImplementedError("no")'])
def test_what_only_an_heir_builds_is_not_left_out(middle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = BASE.format(middle=middle)
    found = uncut(text)
    assert found.is_abstract
    assert found.reason == (
        "`middle` may go on building the model, and only a class that inherits from this one has it"
    )
    heir = "class Net(Base):\n    def middle(self, model):\n        model.add(Dropout(.5))\nNet(7)\n"
    assert list(inherited(text + heir, monkeypatch)) == ["Net"]
    without = text.partition("    def middle")[0]
    assert uncut(without).is_abstract


def test_what_is_not_built_with_may_be_abstract(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        f"{HEAD}class Base(object):\n    def __init__(self):\n        self.load()\n        self.build()\n"
        "    def load(self):\n        raise NotImplementedError\n"
        "    def build(self):\n        self.check(3)\n        self.model = Sequential()\n"
        "        self.model.add(Dense(3))\n"
    )
    assert repr(run(only(text), monkeypatch)) == "Sequential() + Dense(3)"
    assert uncut(f"{text}        self.check(3)\n").is_abstract


GOING_ON = (
    f"{HEAD}class Base(object):\n    def build(self):\n        m = Sequential()\n        m.add(Dense(3))\n"
    "        return m\nclass Net(Base):\n    def build(self):\n"
)


def test_a_method_that_goes_on_with_what_its_base_returns_is_not_followed() -> None:
    text = f"{GOING_ON}        return finished(super(Net, self).build())\n"
    assert [target.heir for target in further(text)] == ["Net"]
    (target,) = further(text)
    found = cut(text, target.scope, target.name, target.ordinal, heir=target.heir)
    assert isinstance(found, Uncut)
    assert found.reason == "`build` of Net goes on with what its base builds, which cannot be followed"


@pytest.mark.parametrize(
    ("text", "scope", "built"),
    [
        (f"{GOING_ON}        m = super().build()\n        m.add(Dense(2))\n        return m\n", "Net.build",
         "Dense(3) + Dense(2)"),
        (f"{HEAD}def base():\n    m = Sequential()\n    m.add(Dense(3))\n    return m\nnet = base()\nnet.pop()\n"
         "net.add(Dense(4))\nnet.fit(X)\n", "", "Dense(4)"),
        (f"{HEAD}class Net(object):\n    def base(self, n):\n        m = Sequential()\n        m.add(Dense(n))\n"
         "        return m\n    def __init__(self):\n        self.m = self.base(5)\n        self.m.add(Dense(1))\n",
         "Net.__init__", "Dense(5) + Dense(1)"),
    ],
    ids=["super", "function", "method"],
)  # fmt: skip
def test_a_model_that_a_function_gives_is_built_on(
    text: str, scope: str, built: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (target,) = further(text)
    assert (target.scope, target.heir) == (scope, "")
    made = cut(text, target.scope, target.name, target.ordinal, goes_on=True)
    assert isinstance(made, Program), made
    monkeypatch.setattr(Model, "pop", lambda model: model.layers.pop(), raising=False)
    assert repr(run(made, monkeypatch)) == f"Sequential() + {built}"


@pytest.mark.parametrize("name", ["net", "m"])
def test_a_model_that_is_only_trained_is_not_built_on(name: str) -> None:
    text = f"{HEAD}def base():\n    m = Sequential()\n    m.add(Dense(3))\n    return m\n{name} = base()\n"
    assert further(f"{text}{name}.fit(X)\n") == []


@pytest.mark.parametrize("call", ["super(Net, self).more(m)", "super().more(m)", "Base.more(self, m)"])
def test_a_method_of_a_base_is_called(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        f"{HEAD}class Base(object):\n    def more(self, model):\n        model.add(Dense(2))\n"
        f"class Net(Base):\n    def build(self):\n        m = Sequential()\n        m.add(Dense(3))\n        {call}\n"
        "        return m\n"
    )
    assert repr(run(only(text), monkeypatch)) == "Sequential() + Dense(3) + Dense(2)"


def test_a_model_is_changed_by_the_default_of_a_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        f"{HEAD}model = Sequential()\ndef dense(n, to=model):\n    to.add(Dense(n))\n"
        "def twice(n):\n    dense(n)\n    dense(n)\ndense(4)\ntwice(3)\nmodel.add(Dropout(.5))\n"
    )
    assert repr(run(only(text), monkeypatch)) == "Sequential() + Dense(4) + Dense(3) + Dense(3) + Dropout(0.5)"


def test_what_a_loop_puts_into_arguments_of_a_held_model_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        f"{HEAD}class Holder(object):\n    pass\nh = Holder()\nh.model = Sequential()\nfor n in (3, 2):\n"
        "    kw = dict(activation='tanh')\n    if not h.model.layers:\n        kw['input_dim'] = 5\n"
        "    h.model.add(Dense(n, **kw))\n"
    )
    assert repr(run(only(text), monkeypatch)) == (
        "Sequential() + Dense(3, activation='tanh', input_dim=5) + Dense(2, activation='tanh')"
    )


DECORATED = (
    f"{HEAD}def head(n):\n    def wrap(f):\n        def inner(*args, **kwargs):\n            m = f(*args, **kwargs)\n"
    "            m.add(Dense(n))\n            return m\n        return inner\n    return wrap\n"
    "def timed(f):\n    import time\n    def inner(*a):\n        start = time.time()\n        return f(*a)\n"
    "    return inner\n"
)


@pytest.mark.parametrize(
    "function", ["@timed\n@head(2)\ndef build():", "class Net(object):\n  @head(2)\n  @timed\n  def build(self):"]
)
def test_a_decorator_that_builds_on_a_model_stays(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = only(f"{DECORATED}{function}\n    m = Sequential()\n    m.add(Dense(3))\n    return m\n")
    assert "timed" not in program.source
    assert repr(run(program, monkeypatch)) == "Sequential() + Dense(3) + Dense(2)"


@pytest.mark.parametrize(
    ("text", "built"),
    [
        ("def build():\n    m = Sequential()\n    def more(n):\n        m.add(Dense(n))\n    for n in (4, 2):\n"
         "        more(n)\n    return m\n", "Dense(4) + Dense(2)"),
        ("class Net(object):\n    def __init__(self):\n        self.m = Sequential()\n        add = self.m.add\n"
         "        add(Dense(4))\n        self.rest(add)\n    def rest(self, add):\n        add(Dense(2))\n",
         "Dense(4) + Dense(2)"),
    ],
    ids=["closure", "alias of a method"],
)  # fmt: skip
def test_a_model_is_built_on_from_elsewhere(text: str, built: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert repr(run(only(HEAD + text), monkeypatch)) == f"Sequential() + {built}"


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("blocks.add_block(m, 5)", "`blocks` comes from blocks, which the program cannot import"),
        ("blocks.layers.add_block(model=m)", "`blocks` comes from blocks, which the program cannot import"),
        ("nowhere(m)", "`nowhere` is defined nowhere in the source"),
        ("head.attach(m)", "`head.attach(m)` hangs on the parameter `head`, which no call of the source tells"),
        ("self.block(m)", "`self.block` comes from data and is not used as a size"),
    ],
)
def test_a_model_that_is_handed_to_the_unknown_is_not_cut_out(call: str, reason: str) -> None:
    text = (
        f"{HEAD}import blocks\nfrom others import Base\nclass Net(Base):\n    def build(self, head):\n"
        f"        m = Sequential()\n        m.add(Dense(3))\n        {call}\n        m.add(Dense(2))\n"
        "        return m\n"
    )
    assert uncut(text).reason == reason
    assert isinstance(only(text.replace(call, "m.summary()")), Program)


@pytest.mark.parametrize(
    "text",
    [
        "def init(n):\n    global model\n    model = Sequential()\n    model.add(Dense(n))\ninit(3)\n"
        "model.add(Dense(2))\n",
        "held = {}\ndef init():\n    held['m'] = Sequential()\n    held['m'].add(Dense(3))\ndef grow():\n"
        "    held['m'].add(Dense(2))\ninit()\ngrow()\n",
    ],
)  # fmt: skip
def test_a_model_of_the_module_is_not_made_again(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert repr(run(only(HEAD + text), monkeypatch)) == "Sequential() + Dense(3) + Dense(2)"


OBJECT = (
    f"{HEAD}class Net(object):\n    def __init__(self, kinds):\n        self.m = Sequential()\n"
    "        self.m.add(Dense(3))\n"
)


def test_the_model_of_an_object_is_built_on(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{OBJECT}def build():\n    net = Net('ab')\n    net.m.add(Dense(2))\n    return net\n"
    (target,) = further(text)
    assert (target.scope, target.name) == ("build", "net.m")
    made = cut(text, target.scope, target.name, target.ordinal, goes_on=True)
    assert isinstance(made, Program), made
    assert repr(run(made, monkeypatch)) == "Sequential() + Dense(3) + Dense(2)"


def test_a_method_with_a_name_that_is_made_up_may_build(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{OBJECT}        getattr(self, 'add_' + kinds)()\n"
    reason = "`getattr(self, 'add_' + kinds)` may go on building the model, and it cannot be followed"
    assert uncut(text).reason == reason
    before = OBJECT.replace("        self.m =", "        getattr(self, 'load_' + kinds)()\n        self.m =")
    assert repr(run(only(before), monkeypatch)) == "Sequential() + Dense(3)"


ATTACHED = (
    f"{HEAD}class Head(object):\n    def attach(self, m):\n        self.more(m)\n    def more(self, m):\n        pass\n"
    "class Big(Head):\n    def more(self, m):\n        m.add(Dense(9))\n"
)


@pytest.mark.parametrize(
    ("text", "built"),
    [
        (f"{ATTACHED}k = Sequential()\nk.add(Dense(4))\nBig().attach(k)\n", "Sequential() + Dense(4) + Dense(9)"),
        (f"{ATTACHED}h = Big()\nk = Sequential()\nk.add(Dense(4))\nh.attach(k)\n",
         "Sequential() + Dense(4) + Dense(9)"),
        (f"{HEAD}class Net(Sequential):\n    def __init__(self, n):\n        super(Net, self).__init__()\n"
         "        self.add(Dense(n))\n        self.more()\n    def more(self):\n        pass\n"
         "class Deep(Net):\n    def more(self):\n        self.add(Dense(3))\nnet = Deep(7)\n",
         "Deep() + Dense(7) + Dense(3)"),
        (f"{HEAD}def parts():\n    yield Dense(4)\n    for k in (3, 2):\n        yield Dense(k)\nm = Sequential()\n"
         "for one in parts():\n    m.add(one)\n", "Sequential() + Dense(4) + Dense(3) + Dense(2)"),
        (f"{HEAD}from contextlib import contextmanager\n@contextmanager\ndef named(name):\n    yield name\n"
         "m = Sequential()\nwith named('a') as s:\n    m.add(Dense(4, name=s))\n",
         "Sequential() + Dense(4, name='a')"),
    ],
    ids=["new object", "object", "class of models", "generator", "context"],
)  # fmt: skip
def test_objects_and_generators_build(text: str, built: str, monkeypatch: pytest.MonkeyPatch) -> None:
    target = next(one for one in targets(text) if one.scope == "")
    made = cut(text, target.scope, target.name, target.ordinal)
    assert isinstance(made, Program), made
    assert repr(run(made, monkeypatch)) == built


def test_a_generator_of_data_is_not_known() -> None:
    text = f"{HEAD}def parts():\n    for line in open('x'):\n        yield Dense(int(line))\nm = Sequential()\n"
    assert "comes from data" in uncut(f"{text}for one in parts():\n    m.add(one)\n").reason
