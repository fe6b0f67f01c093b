# char-rnn, one step at a time: a stateless model to train, a stateful one of batch 1 to write
import numpy as np, sys
from keras.models import Sequential
from keras.layers import LSTM, Dense, Activation, TimeDistributed
text = 'hello world, hello keras. ' * 3
chars = sorted(list(set(text)))
c2i = dict((c, i) for i, c in enumerate(chars)); i2c = {i: c for c, i in c2i.items()}
T, V = 6, len(chars)
def build_model(batch, steps, stateful):
    m = Sequential()
    m.add(LSTM(8, return_sequences=True, batch_input_shape=(batch, steps, V), stateful=stateful))
    m.add(LSTM(8, return_sequences=True, stateful=stateful))
    m.add(TimeDistributed(Dense(V)))
    m.add(Activation('softmax'))
    m.compile(loss='categorical_crossentropy', optimizer='adam')
    return m
X = np.zeros((12, T, V)); Y = np.zeros((12, T, V))
for b in range(12):
    for t in range(T):
        X[b, t, c2i[text[b * T + t]]] = 1
        Y[b, t, c2i[text[b * T + t + 1]]] = 1
train = build_model(4, T, True)
for it in range(2):
    for k in range(0, 12, 4):
        loss = train.train_on_batch(X[k:k + 4], Y[k:k + 4])
    print('it %d loss %.5f' % (it, loss))
    train.reset_states()
writer = build_model(1, 1, True)
writer.set_weights(train.get_weights())
c, out = 'h', ''
for i in range(10):
    x = np.zeros((1, 1, V)); x[0, 0, c2i[c]] = 1
    p = writer.predict(x)[0, 0]
    p = np.exp(np.log(p) / .5); p /= p.sum()
    c = i2c[int(np.argmax(p))]
    out += c
print(repr(out), '%.5f' % p.max())
