"""Loss and metric names go through the modules themselves, as some projects did."""
import numpy as np
import keras.objectives
import keras.metrics
import keras.backend as K
from keras.models import Sequential
from keras.layers import Dense

def log_cosh(t, p):
    d = p - t
    return K.mean(d + K.log(1. + K.exp(-2. * d)) - K.log(2.), axis=-1)

def bias(t, p):
    return K.mean(p - t)

keras.objectives.log_cosh = log_cosh
setattr(keras.metrics, 'bias', bias)

rs = np.random.RandomState(14)
X, y = rs.randn(13, 3), rs.randn(13)
m = Sequential([Dense(4, input_dim=3, activation='tanh'), Dense(1)])
m.compile(loss='log_cosh', optimizer='sgd', metrics=['bias'])
h = m.fit(X, y, nb_epoch=2, batch_size=5, verbose=0, shuffle=False)
print(np.round(h.history['loss'], 6).tolist(), np.round(h.history['bias'], 6).tolist())
