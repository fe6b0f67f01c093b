import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.models import load_model
from keras.optimizers import SGD
m = Sequential([Dense(5, input_dim=4, activation='tanh'), Dense(1)])
m.compile(SGD(lr=.05, momentum=.9, decay=.01), 'mse')
m.fit(X, Y, nb_epoch=2, batch_size=4, verbose=0, shuffle=False)
m.save('m.h5')
n = load_model('m.h5')
h = n.fit(X, Y, nb_epoch=2, batch_size=4, verbose=0, shuffle=False)
print(['%.5f' % v for v in h.history['loss']])
