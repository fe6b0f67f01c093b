'''Write text one character after the other, as an LSTM has learnt it from a few lines.'''
from __future__ import print_function
from keras.models import Sequential
from keras.layers import Dense, Activation, Dropout
from keras.layers import LSTM
from keras.optimizers import RMSprop
import numpy as np

np.random.seed(1337)

text = 'the cat sat on the mat. the rat ran to the cat. that cat ate the rat on the mat. ' * 2
chars = sorted(list(set(text)))
print('total chars:', len(chars))
char_indices = dict((c, i) for i, c in enumerate(chars))
indices_char = dict((i, c) for i, c in enumerate(chars))

# cut the text in semi-redundant sequences of maxlen characters
maxlen = 8
step = 3
sentences = []
next_chars = []
for i in range(0, len(text) - maxlen, step):
    sentences.append(text[i: i + maxlen])
    next_chars.append(text[i + maxlen])
print('nb sequences:', len(sentences))

X = np.zeros((len(sentences), maxlen, len(chars)), dtype=bool)
y = np.zeros((len(sentences), len(chars)), dtype=bool)
for i, sentence in enumerate(sentences):
    for t, char in enumerate(sentence):
        X[i, t, char_indices[char]] = 1
    y[i, char_indices[next_chars[i]]] = 1

model = Sequential()
model.add(LSTM(12, return_sequences=True, input_shape=(maxlen, len(chars))))
model.add(LSTM(10))
model.add(Dropout(0.))
model.add(Dense(len(chars), init='glorot_normal'))
model.add(Activation('softmax'))

model.compile(loss='categorical_crossentropy', optimizer=RMSprop(lr=0.01))


def sample(a, temperature=1.0):
    # draw an index from an array of probabilities
    a = np.log(a.astype('float64')) / temperature
    a = np.exp(a) / np.sum(np.exp(a))
    return np.argmax(np.random.multinomial(1, a * (1 - 1e-9), 1))


for iteration in range(1, 4):
    hist = model.fit(X, y, batch_size=16, nb_epoch=2, shuffle=False, verbose=0)
    print('Iteration %d, loss %.6f' % (iteration, hist.history['loss'][-1]))
    np.random.seed(iteration)
    for diversity in [0.5, 1.0]:
        sentence = text[:maxlen]
        generated = ''
        for i in range(12):
            x = np.zeros((1, maxlen, len(chars)))
            for t, char in enumerate(sentence):
                x[0, t, char_indices[char]] = 1.
            preds = model.predict(x, verbose=0)[0]
            next_char = indices_char[sample(preds, diversity)]
            generated += next_char
            sentence = sentence[1:] + next_char
        print('diversity %.1f: %r' % (diversity, generated))
