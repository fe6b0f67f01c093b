import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM
# text windows by a generator class; next() by hand
text = 'the quick brown fox jumps over the lazy dog '
chars = sorted(set(text)); index = {c: i for i, c in enumerate(chars)}
maxlen, step, bs = 5, 3, 4
def windows():
    pos = 0
    while True:
        X = np.zeros((bs, maxlen, len(chars)), dtype=bool); y = np.zeros((bs, len(chars)), dtype=bool)
        for b in range(bs):
            chunk = (text * 2)[pos:pos + maxlen + 1]
            for t, c in enumerate(chunk[:-1]):
                X[b, t, index[c]] = 1
            y[b, index[chunk[-1]]] = 1
            pos = (pos + step) % len(text)
        yield X, y
gen = windows()
model = Sequential()
model.add(LSTM(6, input_shape=(maxlen, len(chars))))
model.add(Dense(len(chars), activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam')
for i in range(3):
    X, y = next(gen)
    print('%.5f' % model.train_on_batch(X, y))
def sample(preds, temperature=1.0):
    preds = np.log(np.asarray(preds).astype('float64')) / temperature
    e = np.exp(preds)
    return int(np.argmax(e / e.sum()))
out, cur = '', text[:maxlen]
for _ in range(6):
    x = np.zeros((1, maxlen, len(chars)))
    for t, c in enumerate(cur):
        x[0, t, index[c]] = 1.
    n = chars[sample(model.predict(x, verbose=0)[0], .5)]
    out += n; cur = cur[1:] + n
print(repr(out))
