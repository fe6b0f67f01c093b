from __future__ import print_function
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Activation
np.random.seed(10)
X = np.random.randn(16, 3)
Y = np.abs(np.random.randn(16, 2)) + .1
def net(loss):
    model = Sequential()
    model.add(Dense(2, input_dim=3))
    model.add(Activation('softplus'))
    model.compile('sgd', loss)
    return model
for loss in ['mse', 'mae', 'mape', 'msle', 'poisson']:
    m = net(loss)
    l = m.train_on_batch(X, Y)
    print(loss, '%.5f' % l, '%.5f' % m.test_on_batch(X, Y))
