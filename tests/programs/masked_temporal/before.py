'''Weights of timesteps beside a mask.'''
import numpy as np
from keras.models import Sequential
from keras.layers import Embedding, LSTM, TimeDistributed, Dense
from keras.preprocessing.sequence import pad_sequences
X = pad_sequences([[1, 2, 3], [4, 5], [2, 2, 6, 7, 1], [3], [5, 4, 3, 2], [1, 7]], maxlen=5)
Y = np.eye(3)[pad_sequences([[0, 1, 2], [1, 0], [1, 1, 2, 0, 0], [2], [0, 1, 2, 1], [0, 0]], maxlen=5)]
W = np.where(X > 0, 1. + (X % 2), 0.)
model = Sequential()
model.add(Embedding(8, 6, input_length=5, mask_zero=True))
model.add(LSTM(7, return_sequences=True))
model.add(TimeDistributed(Dense(3, activation='softmax')))
model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy', 'mse'], sample_weight_mode='temporal')
h = model.fit(X, Y, nb_epoch=2, batch_size=4, shuffle=False, verbose=0, sample_weight=W, validation_data=(X[:3], Y[:3], W[:3]))
print(['%.6f' % float(one) for one in model.evaluate(X, Y, batch_size=4, verbose=0, sample_weight=W)])
print(['%.6f' % float(one) for one in model.evaluate(X, Y, batch_size=4, verbose=0)])
