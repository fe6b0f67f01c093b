'''Weights drawn by objects and closures'''
import numpy as np
from keras import backend as K
from keras.models import Sequential
from keras.layers import Dense
from check import spans


def waves(shape, phase=0., name=None):
    return K.variable(.3 * np.cos(phase + np.arange(int(np.prod(shape)))).reshape(shape), name=name)


class Ramp(object):
    __name__ = 'ramp'

    def __init__(self, top):
        self.top = top

    def __call__(self, shape, name=None):
        return waves(shape, self.top, name=name)


def flat(value):
    def draw(shape, name=None):
        return waves(shape, value, name=name)
    return draw

rs = np.random.RandomState(8)
X, Y = rs.randn(14, 3), rs.randn(14, 2)
tilted = lambda shape, name=None: waves(shape, -.5, name=name)
m = Sequential()
m.add(Dense(4, input_dim=3, init=Ramp(.5), activation='tanh'))
m.add(Dense(3, init=flat(.2), activation='tanh'))
m.add(Dense(3, init=tilted))
m.add(Dense(2, init=waves))
print(spans(m))
m.compile('sgd', 'mse', metrics=['mae'])
h = m.fit(X, Y, nb_epoch=3, batch_size=5, verbose=0, shuffle=False)
print(np.round(h.history['loss'], 6).tolist())
