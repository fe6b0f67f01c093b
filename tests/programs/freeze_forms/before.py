'''Phases of training over shared layers that a list, a dict and a helper hold'''
import numpy as np
from keras.models import Model
from keras.layers import Input, Dense
from switch import freeze

rs = np.random.RandomState(50)
X, y = rs.randn(20, 3), rs.randn(20, 1)
x = Input(shape=(3,))
stack = [Dense(4, activation='tanh'), Dense(3, activation='tanh')]
named = {'mean': Dense(1), 'bias': Dense(1)}
h = x
for layer in stack:
    h = layer(h)
mean = Model(x, named['mean'](h))
mean.compile('sgd', 'mse')
for layer in stack:
    layer.trainable = False
bias = Model(x, named['bias'](h))
bias.compile('sgd', 'mae')
named['bias'].trainable = False
for epoch in range(2):
    print('%.6f %.6f' % (mean.train_on_batch(X, y), bias.train_on_batch(X, y)))
whole = Model(x, [named['mean'](h), named['bias'](h)])
freeze(stack, True)
freeze(named.values(), True)
whole.compile('sgd', 'mse')
freeze(stack, False)
for epoch in range(2):
    print(np.round(whole.train_on_batch(X, [y, y]), 6).tolist())
print('%.6f' % np.abs(stack[0].get_weights()[0]).sum())
