import numpy as np
from keras.layers.core import Dense
from loader import base, load_into

rs = np.random.RandomState(0)
X, Y = rs.randn(10, 3), rs.randn(10, 3)
first = base()
first.compile(loss='mse', optimizer='sgd')
first.fit(X, Y, nb_epoch=2, batch_size=5, verbose=0, shuffle=False)
first.save_weights('base.h5', overwrite=True)
second = base()
second.add(Dense(1))
second.compile(loss='mse', optimizer='sgd')
second.predict(X)
print(load_into(second, 'base.h5'))
print('%.6f' % second.evaluate(X, Y[:, :1], verbose=0))
