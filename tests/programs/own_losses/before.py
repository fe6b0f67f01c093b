"""A zoo of losses for regression with outliers."""
import numpy as np
from keras import backend as K
from keras.models import Sequential
from keras.layers import Dense


def huber(y_true, y_pred, delta=1.0):
    err = K.abs(y_true - y_pred)
    return K.mean(K.switch(err < delta, 0.5 * K.square(err), delta * (err - 0.5 * delta)), axis=-1) \
        if False else K.mean(K.minimum(0.5 * K.square(err), delta * err), axis=-1)


def logcosh(y_true, y_pred):
    d = y_pred - y_true
    return K.mean(K.log((K.exp(d) + K.exp(-d)) / 2.), axis=-1)


def quantile(q):
    def loss(y_true, y_pred):
        e = y_true - y_pred
        return K.mean(K.maximum(q * e, (q - 1) * e), axis=-1)
    return loss


tilted = lambda y, f: K.mean(K.maximum(0.3 * (y - f), -0.7 * (y - f)))

rng = np.random.RandomState(3)
X = rng.randn(24, 3)
Y = np.dot(X, [[1.], [-2.], [.5]]) + rng.standard_t(2, (24, 1))
for name, loss in [('huber', huber), ('logcosh', logcosh), ('q.1', quantile(.1)), ('q.9', quantile(.9)), ('tilted', tilted)]:
    model = Sequential()
    model.add(Dense(4, input_dim=3, activation='tanh'))
    model.add(Dense(1))
    model.compile(loss=loss, optimizer='sgd')
    model.fit(X, Y, nb_epoch=2, batch_size=8, shuffle=False, verbose=0)
    print('%-8s %.5f' % (name, model.evaluate(X, Y, verbose=0)))
