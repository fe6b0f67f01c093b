import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.layers import LSTM
S = rs.randn(2, 3, 2)
m = Sequential([LSTM(3, batch_input_shape=(2, 3, 2), stateful=True), Dense(1)])
m.compile('sgd', 'mse')
a = m.predict(S, batch_size=2)
b = m.predict(S, batch_size=2)
m.reset_states()
c = m.predict(S, batch_size=2)
print(np.round(a, 5).tolist(), np.round(b, 5).tolist(), np.abs(a - c).max() < 1e-9)
