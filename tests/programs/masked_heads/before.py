'''Tags of words and a kind of sentence from one masked embedding: one output of steps, one of sentences.'''
import numpy as np
from keras.models import Model
from keras.layers import Input, Embedding, LSTM, TimeDistributed, Dense
from keras.preprocessing.sequence import pad_sequences
X = pad_sequences([[1, 2, 3], [4, 5], [2, 2, 6, 7, 1], [3], [5, 4, 3, 2], [1, 7]], maxlen=5)
T = np.eye(3)[pad_sequences([[0, 1, 2], [1, 0], [1, 1, 2, 0, 0], [2], [0, 1, 2, 1], [0, 0]], maxlen=5)]
y = np.array([0, 1, 1, 0, 1, 0])
words = Input(shape=(5,), dtype='int32')
h = Embedding(8, 6, mask_zero=True)(words)
steps = LSTM(4, return_sequences=True)(h)
tags = TimeDistributed(Dense(3, activation='softmax'), name='tags')(steps)
kind = Dense(1, activation='sigmoid', name='kind')(LSTM(3)(steps))
model = Model(input=words, output=[tags, kind])
model.compile('sgd', {'tags': 'categorical_crossentropy', 'kind': 'binary_crossentropy'}, metrics=['accuracy'])
model.fit(X, {'tags': T, 'kind': y}, nb_epoch=2, batch_size=3, shuffle=False, verbose=0, validation_data=(X[:3], {'tags': T[:3], 'kind': y[:3]}))
print(['%.6f' % float(one) for one in model.evaluate(X, [T, y], batch_size=3, verbose=0)])
