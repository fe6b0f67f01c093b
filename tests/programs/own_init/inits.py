import numpy as np
from keras import backend as K
from keras import initializations


def ramp(shape, name=None):
    return K.variable(np.linspace(-.5, .5, int(np.prod(shape))).reshape(shape), name=name)


def scaled(shape, scale, name=None):
    return initializations.normal(shape, scale=scale, name=name)


class Const(object):
    __name__ = 'const'

    def __init__(self, value):
        self.value = value

    def __call__(self, shape, name=None):
        return K.variable(self.value * np.ones(shape), name=name)
