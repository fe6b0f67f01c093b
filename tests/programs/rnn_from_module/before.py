# the kind of layer by name, out of the module
import numpy as np
from keras.layers import recurrent, core
from keras.models import Sequential
import sys
kinds = sys.argv[1:] or ['GRU', 'LSTM']
rs = np.random.RandomState(0)
X, y = rs.randn(6, 3, 2), rs.randn(6, 1)
for kind in kinds:
    model = Sequential()
    model.add(getattr(recurrent, kind)(4, input_dim=2, input_length=3))
    model.add(core.Dense(1))
    model.compile('sgd', 'mse')
    print(kind, '%.5f' % model.fit(X, y, nb_epoch=1, verbose=0, shuffle=False).history['loss'][0])
