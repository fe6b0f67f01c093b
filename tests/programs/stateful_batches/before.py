import numpy as np
from keras.models import Sequential
from keras.layers.recurrent import SimpleRNN, GRU
from keras.layers.core import Dense
np.random.seed(16)
bs, steps, feat = 3, 4, 2
data = [np.random.randn(bs, steps, feat) for _ in range(4)]
ans = [d.sum(axis=(1, 2))[:, None] for d in data]
m = Sequential()
m.add(GRU(4, batch_input_shape=(bs, steps, feat), stateful=True))
m.add(Dense(1))
m.compile('adam', 'mse')
for e in range(2):
    m.reset_states()
    ls = [np.mean(m.train_on_batch(d, a)) for d, a in zip(data, ans)]
    print(['%.5f' % l for l in ls])
m.reset_states()
print(np.round(m.predict_on_batch(data[0]), 5).ravel().tolist())
