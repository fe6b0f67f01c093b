import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.layers import SimpleRNN
def build(n, stateful):
    m = Sequential([SimpleRNN(3, batch_input_shape=(n, 1 if stateful else 4, 2), stateful=stateful), Dense(1)])
    m.compile('sgd', 'mse')
    return m
S = rs.randn(2, 4, 2)
a, b = build(2, False), build(1, True)
a.train_on_batch(S, Y[:2])
b.predict(S[:1, :1], batch_size=1)
b.set_weights(a.get_weights())
b.reset_states()
for t in range(4):
    p = b.predict(S[:1, t:t + 1], batch_size=1)
print('%.5f %.5f' % (a.predict(S, batch_size=2)[0, 0], p[0, 0]))
