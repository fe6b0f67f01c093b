import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

m = Sequential([Dense(3, input_dim=4, name='a'), Dense(1, name='b')])
m.predict(X)
for l in m.layers:
    w, b = l.get_weights()
    print(l.name, w.shape, '%.5f %.5f' % (w.sum(), b.sum()))
m.layers[0].W.set_value(m.layers[0].W.get_value() * 2)
print(np.round(m.predict(X[:2]), 5).tolist())
