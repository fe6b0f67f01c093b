'''Weights drawn by functions of our own'''
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM
from inits import ramp, scaled, Const

rs = np.random.RandomState(8)
X, Y = rs.randn(14, 3), rs.randn(14, 2)
m = Sequential()
m.add(Dense(4, input_dim=3, init=ramp, activation='tanh'))
m.add(Dense(3, init=lambda shape, name=None: scaled(shape, .2, name=name)))
m.add(Dense(2, init=Const(.1)))
m.compile('sgd', 'mse', metrics=['mae'])
h = m.fit(X, Y, nb_epoch=3, batch_size=5, verbose=0, shuffle=False)
print(np.round(h.history['loss'], 6).tolist())
print(np.round(m.evaluate(X, Y, verbose=0), 6).tolist())
