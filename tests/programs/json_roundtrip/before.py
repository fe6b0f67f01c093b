import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.models import model_from_json
m = Sequential([Dense(6, input_dim=4, activation='relu', name='hid'), Dense(1, name='out')])
m.compile('sgd', 'mse')
m.fit(X, Y, nb_epoch=2, batch_size=8, verbose=0, shuffle=False)
open('m.json', 'w').write(m.to_json())
m.save_weights('w.h5', overwrite=True)
n = model_from_json(open('m.json').read())
n.load_weights('w.h5')
n.compile('sgd', 'mse')
print('%.5f' % n.evaluate(X, Y, verbose=0))
