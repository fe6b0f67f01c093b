import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Activation
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

m = Sequential([Dense(6, input_dim=4, activation='relu'), Dense(3), Activation('softmax')])
m.compile('sgd', 'mse')
m.predict(X)
m.pop()
m.pop()
m.compile('sgd', 'mse')
print(np.round(m.predict(X[:2]), 5).tolist(), len(m.layers))
