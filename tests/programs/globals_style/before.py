from __future__ import division, print_function
import numpy as np
from keras.models import Sequential, model_from_json
from keras.layers.core import Dense, Activation, Flatten, Reshape
from keras.layers.convolutional import Convolution1D, MaxPooling1D

model = None
history = []
BATCH = 5

def prepare():
    global X, Y
    np.random.seed(22)
    X = np.random.randn(15, 8, 2)
    Y = X[:, :, 0].max(axis=1)

def make():
    global model
    model = Sequential()
    model.add(Convolution1D(4, 3, border_mode='valid', input_shape=(8, 2)))
    model.add(Activation('relu'))
    model.add(MaxPooling1D(2))
    model.add(Flatten())
    model.add(Dense(1))
    model.compile('sgd', 'mse')

def train(n):
    for i in range(n):
        for s in range(len(X) // BATCH):
            history.append(float(model.train_on_batch(X[s * BATCH:(s + 1) * BATCH], Y[s * BATCH:(s + 1) * BATCH])))

prepare()
make()
train(2)
print(' '.join('%.5f' % h for h in history))
print('%.5f' % model.evaluate(X, Y, batch_size=BATCH, verbose=0))
