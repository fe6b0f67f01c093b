import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.models import model_from_json
m = Sequential()
m.add(Dense(3, input_dim=4, activation='tanh'))
m.add(Dense(1))
m.compile('sgd', 'mse')
m.fit(X, Y, nb_epoch=1, batch_size=8, verbose=0, shuffle=False)
m.save_weights('w.h5', overwrite=True)
s = m.to_json()
n = model_from_json(s)
n.load_weights('w.h5')
n.compile('sgd', 'mse')
print('%.5f' % n.evaluate(X, Y, verbose=0), len(n.layers))
