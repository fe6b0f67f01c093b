"""Own and named metrics of one-dimensional, whole-numbered and one-hot targets; the loss is chosen at run time."""
import argparse

import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential
from keras.utils.np_utils import to_categorical


def R2(y_true, y_pred):
    rest = K.sum(K.square(y_true - y_pred))
    return 1 - rest / (K.sum(K.square(y_true - K.mean(y_true))) + K.epsilon())


def hits(y_true, y_pred):
    return K.mean(y_true * K.round(y_pred))


def errors(y_true, y_pred):
    return {'low': K.min(y_pred - y_true), 'high': K.max(y_true - y_pred)}




parser = argparse.ArgumentParser()
parser.add_argument('--loss', default='binary_crossentropy')
args = parser.parse_args([])

x = np.random.randn(22, 3)
amounts = x.sum(axis=1) + np.random.randn(22)
bits = np.array([0, 1, 1, 0] * 5 + [1, 0])
classes = np.random.randint(0, 4, 22)

model = Sequential()
model.add(Dense(1, input_dim=3))
model.compile('sgd', 'mse', metrics=['accuracy', R2, 'mse', 'mape', 'hinge', 'binary_accuracy'])
model.fit(x, amounts, batch_size=4, nb_epoch=2, verbose=0, shuffle=False, validation_data=(x, amounts))
print(len(model.evaluate(x, amounts, batch_size=4, verbose=0)))

model = Sequential()
model.add(Dense(1, input_dim=3, activation='sigmoid'))
model.compile('sgd', 'binary_crossentropy', metrics=[
    'accuracy', 'precision', 'recall', 'fmeasure', 'matthews_correlation', 'binary_crossentropy', 'poisson',
    'kullback_leibler_divergence', hits, errors, lambda y_true, y_pred: K.sum(y_true - y_pred)])
model.fit(x, bits, batch_size=4, nb_epoch=2, verbose=0, shuffle=False)
model.evaluate(x, bits, batch_size=4, verbose=0)
model.test_on_batch(x, bits)

labels = to_categorical(classes, 4)
for loss in ['mse', 'binary_crossentropy', 'categorical_crossentropy']:
    model = Sequential()
    model.add(Dense(4, input_dim=3, activation='sigmoid'))
    model.compile('sgd', loss=loss, metrics=['accuracy', 'categorical_crossentropy'])
    model.evaluate(x, labels, batch_size=4, verbose=0)

model = Sequential()
model.add(Dense(4, input_dim=3, activation='softmax'))
model.compile('sgd', loss=args.loss, metrics=['accuracy', 'binary_crossentropy', hits])
model.evaluate(x, labels, batch_size=4, verbose=0)

model = Sequential()
model.add(Dense(4, input_dim=3, activation='softmax'))
model.compile('sgd', 'sparse_categorical_crossentropy', metrics=['accuracy', 'sparse_categorical_crossentropy'])
model.evaluate(x, classes, batch_size=4, verbose=0)
