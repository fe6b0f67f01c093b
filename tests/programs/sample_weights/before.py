import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import Adam
rs = np.random.RandomState(0)
X, y = rs.randn(22, 4), rs.randn(22, 1)
w = rs.uniform(.1, 2., 22)
w[:3] = 0
model = Sequential()
model.add(Dense(5, input_dim=4, activation='relu'))
model.add(Dense(1))
model.compile(loss='mse', optimizer=Adam(lr=.01), metrics=['mae'])
model.fit(X, y, sample_weight=w, nb_epoch=3, batch_size=8, shuffle=False, verbose=0)
print('weighted   %.5f %.5f' % tuple(model.evaluate(X, y, sample_weight=w, batch_size=8, verbose=0)))
print('unweighted %.5f %.5f' % tuple(model.evaluate(X, y, batch_size=8, verbose=0)))
print('%.5f %.5f' % tuple(model.test_on_batch(X[:8], y[:8], sample_weight=w[:8])))
print('%.5f %.5f' % tuple(model.train_on_batch(X[:8], y[:8], sample_weight=w[:8])))
