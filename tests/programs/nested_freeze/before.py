'''A Sequential that begins with another one, which is frozen'''
import numpy as np
from keras.models import Sequential
from keras.layers import Dense

rs = np.random.RandomState(5)
X, y = rs.randn(18, 3), rs.randn(18, 1)
inner = Sequential()
inner.add(Dense(4, input_dim=3, activation='tanh'))
inner.add(Dense(4, activation='tanh'))
outer = Sequential()
outer.add(inner)
outer.add(Dense(1, name='head'))
inner.trainable = False
outer.compile('sgd', 'mse')
outer.predict(X)
before = [w.sum() for w in outer.get_weights()]
print('%.6f' % outer.train_on_batch(X, y))
print([i for i, w in enumerate(outer.get_weights()) if abs(w.sum() - before[i]) > 1e-12])
print('%.6f' % outer.train_on_batch(X, y))
