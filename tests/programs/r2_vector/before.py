import numpy as np
import keras.backend as K
from keras.models import Sequential
from keras.layers import Dense

def r2(t, p):
    return 1. - K.sum(K.square(t - p)) / K.sum(K.square(t - K.mean(t)))

def rmse(t, p):
    return K.sqrt(K.mean(K.square(t - p)))

np.random.seed(4)
data = np.random.rand(25, 3); price = 3 * data[:, 0] - data[:, 2]
net = Sequential()
net.add(Dense(4, input_dim=3, activation='tanh'))
net.add(Dense(1))
net.compile('adagrad', 'mae', metrics=[r2, rmse])
net.fit(data, price, nb_epoch=2, batch_size=25, verbose=0)
print(np.round(net.evaluate(data, price, batch_size=25, verbose=0), 5))
