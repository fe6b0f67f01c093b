import numpy as np
from keras.models import Sequential
from keras.layers import Dense
np.random.seed(1)
X = np.random.randn(16, 3); Y = np.random.randn(16, 1)
m = Sequential([Dense(4, input_dim=3, activation='tanh'), Dense(1)])
m.compile('sgd', 'mse')
m.train_on_batch(X, Y)
m.layers[0].trainable = False      # forgot to compile again
for i in range(4):
    print('%.5f' % m.train_on_batch(X, Y))
