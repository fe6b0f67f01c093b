# -*- coding: utf-8 -*-
'''Learn to add up two numbers, written as characters: one RNN reads the sum, another writes the result.'''
from __future__ import print_function
from keras.models import Sequential
from keras.engine.training import slice_X
from keras.layers import Activation, TimeDistributed, Dense, RepeatVector, recurrent
import numpy as np

np.random.seed(3)


class CharacterTable(object):
    def __init__(self, chars, maxlen):
        self.chars = sorted(set(chars))
        self.char_indices = dict((c, i) for i, c in enumerate(self.chars))
        self.maxlen = maxlen

    def encode(self, C, maxlen=None):
        X = np.zeros((maxlen or self.maxlen, len(self.chars)))
        for i, c in enumerate(C):
            X[i, self.char_indices[c]] = 1
        return X

    def decode(self, X):
        return ''.join(self.chars[x] for x in X.argmax(axis=-1))


TRAINING_SIZE = 60
DIGITS = 1
INVERT = True
RNN = recurrent.GRU
HIDDEN_SIZE = 12
BATCH_SIZE = 16
LAYERS = 2
MAXLEN = DIGITS + 1 + DIGITS

ctable = CharacterTable('0123456789+ ', MAXLEN)
questions, expected = [], []
for a in range(10):
    for b in range(10):
        query = '%d+%d' % (a, b)
        questions.append(query[::-1] if INVERT else query)
        expected.append(str(a + b).ljust(DIGITS + 1))

X = np.array([ctable.encode(q) for q in questions])
y = np.array([ctable.encode(e, maxlen=DIGITS + 1) for e in expected])
order = np.random.permutation(len(X))
X, y = X[order], y[order]

split_at = TRAINING_SIZE
(X_train, X_val) = (slice_X(X, 0, split_at), slice_X(X, split_at))
(y_train, y_val) = (y[:split_at], y[split_at:])
print(X_train.shape, y_train.shape)

model = Sequential()
model.add(RNN(HIDDEN_SIZE, input_shape=(MAXLEN, len(ctable.chars))))
model.add(RepeatVector(DIGITS + 1))
for _ in range(LAYERS):
    model.add(RNN(HIDDEN_SIZE, return_sequences=True))
model.add(TimeDistributed(Dense(len(ctable.chars))))
model.add(Activation('softmax'))

model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])

for iteration in range(1, 4):
    model.fit(X_train, y_train, batch_size=BATCH_SIZE, nb_epoch=1, shuffle=False, verbose=0,
              validation_data=(X_val, y_val))
    for i in range(3):
        rowX, rowy = X_val[np.array([i])], y_val[np.array([i])]
        preds = model.predict_classes(rowX, verbose=0)
        guess = ''.join(ctable.chars[p] for p in preds[0])
        print('Q', ctable.decode(rowX[0])[::-1], 'T', ctable.decode(rowy[0]), 'guessed', guess)
score = model.evaluate(X_val, y_val, verbose=0)
print('loss %.6f accuracy %.4f' % (score[0], score[1]))
