import numpy as np
from keras.models import Sequential
from keras.layers import Dense, BatchNormalization, Activation
rs = np.random.RandomState(3)
X, Y = rs.randn(24, 3), rs.randn(24, 1)
m = Sequential()
m.add(Dense(5, input_dim=3)); m.add(BatchNormalization()); m.add(Activation('relu')); m.add(Dense(1))
m.compile('adam', 'mse')
for i in range(3):
    a = m.train_on_batch(X[:12], Y[:12]); b = m.test_on_batch(X[12:], Y[12:])
    print('%.5f %.5f' % (a, b))
print('%.5f' % m.evaluate(X, Y, batch_size=7, verbose=0))
