import numpy as np
from keras.models import Sequential
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.layers import LSTM
from keras import backend as K
m = Sequential([LSTM(2, batch_input_shape=(1, 2, 2), stateful=True, name='r')])
m.predict(rs.randn(1, 2, 2), batch_size=1)
l = m.get_layer('r')
print([np.round(K.get_value(s), 5).tolist() for s in l.states], len(l.states))
l.reset_states()
print([float(np.abs(K.get_value(s)).max()) for s in l.states])
