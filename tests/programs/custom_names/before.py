"""Registered by name: an activation, a loss and a metric."""
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Activation
import registry

registry.install()
rs = np.random.RandomState(6)
X, Y = rs.randn(16, 4), rs.rand(16, 2)
m = Sequential()
m.add(Dense(5, input_dim=4))
m.add(Activation('gelu'))
m.add(Dense(4, activation='swish'))
m.add(Dense(2, activation='sigmoid'))
m.compile(optimizer='sgd', loss='huber', metrics=['r2_score'])
h = m.fit(X, Y, nb_epoch=2, batch_size=6, verbose=0, shuffle=False)
print(np.round(h.history['loss'], 6).tolist(), np.round(h.history['r2_score'], 6).tolist())
print(np.round(m.predict(X[:2]), 6).tolist())
