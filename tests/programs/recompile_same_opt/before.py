import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import Adam
np.random.seed(6)
X = np.random.randn(12, 3); Y = np.random.randn(12, 1)
adam = Adam(lr=0.05)
m = Sequential([Dense(4, input_dim=3, activation='relu'), Dense(1)])
m.compile(adam, 'mse')
m.fit(X, Y, nb_epoch=3, batch_size=4, verbose=0, shuffle=False)
m.layers[0].trainable = False
m.compile(adam, 'mse')
m.fit(X, Y, nb_epoch=3, batch_size=4, verbose=0, shuffle=False)
print('%.5f' % m.evaluate(X, Y, verbose=0))
