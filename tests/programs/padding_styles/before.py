from keras.preprocessing.sequence import pad_sequences, skipgrams, make_sampling_table
from keras.models import Sequential
from keras.layers.embeddings import Embedding
from keras.layers.recurrent import LSTM
from keras.layers.core import Dense, Activation
import numpy as np
seqs = [[1, 2, 3], [4], [5, 6, 7, 8, 9]]
print(pad_sequences(seqs).tolist())
print(pad_sequences(seqs, maxlen=2, padding='post').tolist())
print(pad_sequences(seqs, maxlen=4, truncating='post', value=-1.).tolist(), pad_sequences(seqs).dtype)
print(np.round(make_sampling_table(6), 6).tolist())
model = Sequential()
model.add(Embedding(10, 4, mask_zero=True))
model.add(LSTM(4))
model.add(Dense(1))
model.add(Activation('sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', class_mode='binary')
X = pad_sequences(seqs, maxlen=4)
h = model.fit(X, np.array([0, 1, 1]), batch_size=3, nb_epoch=2, show_accuracy=True, verbose=0)
print(['%.5f' % l for l in h.history['loss']], np.round(h.history['acc'], 4))
