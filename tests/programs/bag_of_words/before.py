'''Newswires in miniature: bag of words, one layer.'''
from __future__ import print_function
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation
from keras.utils import np_utils
from keras.preprocessing.text import Tokenizer

np.random.seed(1337)
max_words, batch_size, nb_epoch = 12, 4, 3
docs = [list(np.random.randint(1, 15, 6)) for _ in range(16)]
y = np.array([sum(d) % 3 for d in docs])
nb_classes = np.max(y) + 1
tokenizer = Tokenizer(nb_words=max_words)
X = tokenizer.sequences_to_matrix([[w for w in d if w < max_words] for d in docs], mode='binary')
Y = np_utils.to_categorical(y, nb_classes)
print(X.shape, Y.shape, X.sum())
model = Sequential()
model.add(Dense(6, input_shape=(max_words,)))
model.add(Activation('relu'))
model.add(Dropout(0.0))
model.add(Dense(nb_classes))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(X, Y, nb_epoch=nb_epoch, batch_size=batch_size, verbose=0, validation_split=0.25, shuffle=False)
score = model.evaluate(X, Y, batch_size=batch_size, verbose=0)
print('Test score: %.5f' % score[0])
print('Test accuracy: %.5f' % score[1])
