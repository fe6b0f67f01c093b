# Polyak averaging of the weights of a GRU
import numpy as np
from keras.models import Sequential
from keras.layers import GRU, Dense
net = Sequential()
net.add(GRU(3, input_dim=2))
net.add(Dense(1, bias=False))
net.compile(loss='mean_absolute_error', optimizer='adagrad')
rs = np.random.RandomState(0)
x, y = rs.randn(12, 5, 2), rs.randn(12)
avg = None
for step in range(5):
    net.fit(x, y, nb_epoch=1, verbose=0, batch_size=6, shuffle=False)
    w = net.get_weights()
    avg = w if avg is None else [.9 * a + .1 * b for a, b in zip(avg, w)]
net.set_weights(avg)
print('%.6f' % net.evaluate(x, y, verbose=0), np.round(net.predict(x)[:2, 0], 5).tolist())
