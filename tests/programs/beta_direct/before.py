import numpy as np
from keras import backend as K
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import Adam, SGD
from report import describe

rs = np.random.RandomState(24)
X, y = rs.randn(16, 3), rs.randn(16)
m = Sequential([Dense(4, input_dim=3, activation='tanh'), Dense(1)])
m.compile(loss='mse', optimizer=Adam(lr=.01, beta_1=.9))
m.fit(X, y, nb_epoch=1, batch_size=4, verbose=0, shuffle=False)
describe(m.optimizer)
K.set_value(m.optimizer.beta_1, .5)
h = m.fit(X, y, nb_epoch=2, batch_size=4, verbose=0, shuffle=False)
print(['%.6f' % v for v in h.history['loss']])
s = SGD(lr=.1, momentum=.5, decay=1e-2)
m.compile(loss='mse', optimizer=s)
m.fit(X, y, nb_epoch=1, batch_size=4, verbose=0, shuffle=False)
print('%.4f %.4f %.4f' % (K.get_value(s.lr), K.get_value(s.momentum), K.get_value(s.decay)), int(K.get_value(s.iterations)), s.nesterov)
s.momentum.set_value(.9)
h = m.fit(X, y, nb_epoch=1, batch_size=4, verbose=0, shuffle=False)
print(['%.6f' % v for v in h.history['loss']])
