'''Tag the words of sentences with a graph: one LSTM reads forwards, another backwards.'''
from __future__ import print_function
import numpy as np
from keras.models import Graph
from keras.layers.core import Dropout, TimeDistributedDense
from keras.layers.embeddings import Embedding
from keras.layers.recurrent import LSTM
from keras.preprocessing import sequence
from keras.utils.np_utils import to_categorical

np.random.seed(1337)

max_features = 12
maxlen = 6
nb_tags = 3

words = [np.random.randint(1, max_features, np.random.randint(3, maxlen + 1)) for _ in range(26)]
X = sequence.pad_sequences(words, maxlen=maxlen)
tags = (X + np.roll(X, 1, axis=1)) % nb_tags
Y = np.array([to_categorical(row, nb_tags) for row in tags])
X_train, X_test = X[:20], X[20:]
Y_train, Y_test = Y[:20], Y[20:]

model = Graph()
model.add_input(name='input', input_shape=(maxlen,), dtype=int)
model.add_node(Embedding(max_features, 8, input_length=maxlen), name='embedding', input='input')
model.add_node(LSTM(6, return_sequences=True), name='forward', input='embedding')
model.add_node(LSTM(5, return_sequences=True, go_backwards=True), name='backward', input='embedding')
model.add_node(Dropout(0.), name='dropout', inputs=['forward', 'backward'])
model.add_node(TimeDistributedDense(nb_tags, activation='softmax'), name='softmax', input='dropout')
model.add_output(name='output', input='softmax')

model.compile('adam', {'output': 'categorical_crossentropy'})

hist = model.fit({'input': X_train, 'output': Y_train}, batch_size=10, nb_epoch=3, shuffle=False, verbose=0,
                 validation_data={'input': X_test, 'output': Y_test})
print(['%.6f' % loss for loss in hist.history['loss']])
print('%.6f' % model.evaluate({'input': X_test, 'output': Y_test}, batch_size=10, verbose=0))
guess = model.predict({'input': X_test}, batch_size=10)['output']
for row in np.argmax(guess, axis=-1)[:3]:
    print(' '.join('NVA'[tag] for tag in row))
