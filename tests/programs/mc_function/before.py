import numpy as np
from keras import backend as K
from keras.models import Sequential
from keras.layers import Dense, Dropout, BatchNormalization
import probe

rs = np.random.RandomState(7)
X, y = rs.randn(16, 3), rs.randn(16)
m = Sequential()
m.add(Dense(5, input_dim=3, activation='tanh', name='first'))
m.add(BatchNormalization())
m.add(Dense(1))
m.compile('sgd', 'mse')
m.fit(X, y, nb_epoch=2, batch_size=8, verbose=0, shuffle=False)
for phase in (0, 1):
    out = probe.run(m, X, phase)
    print(phase, [o.shape for o in out], ['%.5f' % o.mean() for o in out], '%.5f' % out[-1].std())
print(probe.norms(m))
