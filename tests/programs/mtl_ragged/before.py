'''Two tasks, ragged batches: what each head lost'''
import numpy as np
from keras.models import Model
from keras.layers import Input, Dense
from heads import add_heads

rs = np.random.RandomState(0)
x, a, b = rs.randn(15, 3), rs.randn(15, 1), rs.randint(0, 2, (15, 1))
i = Input(shape=(3,))
m = Model(i, add_heads(Dense(4, activation='relu')(i)))
m.compile('adagrad', ['mae', 'binary_crossentropy'], loss_weights=[.9, .1])
hist = m.fit(x, [a, b], nb_epoch=3, batch_size=4, shuffle=False, verbose=0, validation_data=(x[:6], [a[:6], b[:6]]))
for k in sorted(hist.history):
    print(k, [round(float(v), 5) for v in hist.history[k]])
print(np.round(m.evaluate(x, [a, b], batch_size=4, verbose=0), 6).tolist())
