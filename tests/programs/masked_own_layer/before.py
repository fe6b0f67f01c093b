'''A layer of its own that masks padded steps.'''
import numpy as np
from keras import backend as K
from keras.engine.topology import Layer
from keras.models import Sequential
from keras.layers import GRU, TimeDistributed, Dense

class Skip(Layer):
    def __init__(self, value, **kwargs):
        self.supports_masking = True
        self.value = value
        super(Skip, self).__init__(**kwargs)

    def compute_mask(self, x, mask=None):
        return K.any(K.not_equal(x, self.value), axis=-1)

    def call(self, x, mask=None):
        return x * 2.

rs = np.random.RandomState(1)
X, Y = rs.randn(7, 4, 3), rs.rand(7, 4, 2)
X[0, 2:] = -1
X[1, 1:] = -1
model = Sequential()
model.add(Skip(-1., input_shape=(4, 3)))
model.add(GRU(5, return_sequences=True))
model.add(TimeDistributed(Dense(2)))
model.compile(loss='mse', optimizer='sgd', metrics=['mae'])
h = model.fit(X, Y, nb_epoch=2, batch_size=3, shuffle=False, verbose=0)
print(['%.6f' % float(one) for one in model.evaluate(X, Y, batch_size=4, verbose=0)])
