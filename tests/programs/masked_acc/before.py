'''POS tags of sentences of unequal length: padded steps are masked; accuracy is of the unmasked ones.'''
import numpy as np
from keras.models import Sequential
from keras.layers import Embedding, LSTM, TimeDistributed, Dense, Activation
from keras.preprocessing.sequence import pad_sequences

sents = [[1, 2, 3], [4, 5], [2, 2, 6, 7, 1], [3], [5, 4, 3, 2], [1, 7]]
tags = [[0, 1, 2], [1, 0], [1, 1, 2, 0, 0], [2], [0, 1, 2, 1], [0, 0]]
X = pad_sequences(sents, maxlen=5)
T = pad_sequences(tags, maxlen=5)
Y = np.eye(3)[T]
model = Sequential()
model.add(Embedding(8, 6, input_length=5, mask_zero=True))
model.add(LSTM(7, return_sequences=True))
model.add(TimeDistributed(Dense(3)))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy', 'mse'])
h = model.fit(X, Y, nb_epoch=3, batch_size=2, shuffle=False, verbose=0, validation_data=(X[:3], Y[:3]))
print([[round(float(a), 5) for a in h.history[k]] for k in ('loss', 'acc', 'val_acc', 'mean_squared_error')])
print(['%.5f' % s for s in model.evaluate(X, Y, batch_size=4, verbose=0)])
print(model.predict_classes(X, verbose=0).tolist())
