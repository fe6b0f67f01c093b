import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Embedding, Flatten, LSTM, RepeatVector
np.random.seed(0)
X = np.random.randint(0, 6, (10, 3))
y = X.sum(axis=1) % 4
nb_classes = y.max() + 1
vocab = np.max(X) + 1
m = Sequential()
m.add(Embedding(vocab, 3, input_length=3))
m.add(Flatten())
m.add(Dense(nb_classes, activation='softmax'))
m.compile('sgd', 'sparse_categorical_crossentropy')
print('%.5f' % m.train_on_batch(X, y[:, None]))
