# What is compiled stands in conf.py, in settings.json, or comes from the caller
import json

import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model, Sequential

import conf
from conf import *

json.dump({'loss': 'hinge', 'optimizer': 'adagrad', 'metrics': ['acc', 'cosine_proximity']}, open('settings.json', 'w'))

rng = np.random.RandomState(5)
X = rng.normal(size=(24, 4))
labels = np.arange(24) % 3
Y = np.eye(3)[labels]
flags = (labels > 0).astype('int32')


def sum_of_error(y_true, y_pred):
    return K.sum(K.abs(y_true - y_pred))


def net(outputs=3, activation='softmax'):
    model = Sequential()
    model.add(Dense(5, input_dim=4, activation='tanh'))
    model.add(Dense(outputs, activation=activation))
    return model


def train(model, targets, **opts):
    model.compile(**opts)
    told = model.fit(X, targets, batch_size=5, nb_epoch=3, verbose=0, shuffle=False,
                     validation_data=(X[:7], targets[:7]))
    for key in sorted(told.history):
        print('%s %s' % (key, ' '.join('%.7f' % value for value in told.history[key])))


class Experiment(object):
    options = {'optimizer': 'adamax', 'loss': 'kld'}

    def __init__(self, opts):
        self.opts = opts

    def run(self, model):
        model.compile(metrics=['accuracy'], **self.opts)
        print('%.7f %.7f' % tuple(model.evaluate(X, Y, batch_size=7, verbose=0)))
        model.compile(metrics=['mse', sum_of_error], **Experiment.options)
        print('%.7f %.7f %.7f' % tuple(model.train_on_batch(X, Y)))


train(net(), Y, **COMPILE)
train(net(3, 'sigmoid'), Y, metrics=['accuracy'], **conf.BINARY)
train(net(1, 'sigmoid'), flags, metrics=['accuracy', 'fmeasure'], **conf.BINARY)
train(net(3, 'tanh'), Y, **json.load(open('settings.json')))
train(net(1, 'linear'), flags, **dict(conf.DEFAULTS, metrics=['acc', sum_of_error]))
Experiment(dict(conf.DEFAULTS, optimizer='adadelta')).run(net())

# the same settings for each fold
opts = conf.DEFAULTS.copy()
opts.update(loss='sparse_categorical_crossentropy', metrics=['accuracy'])
for fold in range(2):
    model = net()
    model.compile(**opts)
    for start in range(0, 24, 8):
        print('%.7f %.7f' % tuple(model.train_on_batch(X[start:start + 8], labels[start:start + 8, None])))

x = Input(shape=(4,))
hidden = Dense(5, activation='tanh')(x)
both = Model(input=x, output=[Dense(3, activation='softmax', name='tag')(hidden),
                              Dense(1, activation='sigmoid', name='flag')(hidden)])
both.compile(**HEADS)
for turn in range(3):
    told = both.train_on_batch(X, [Y, flags[:, None]])
    print(' '.join('%.7f' % value for value in told))
