# pretrained word vectors, frozen; weights given to the constructor
import numpy as np
from keras.models import Sequential
from keras.layers import Embedding, Dense, GlobalMaxPooling1D, Convolution1D
index = {'good': 1, 'bad': 2, 'film': 3, 'plot': 4, 'dull': 5}
rs = np.random.RandomState(90)
vectors = dict((w, rs.randn(4)) for w in index)
M = np.zeros((len(index) + 1, 4))
for w, i in index.items():
    v = vectors.get(w)
    if v is not None:
        M[i] = v
X = np.array([[1, 3, 0], [2, 3, 0], [5, 4, 3], [1, 4, 3], [2, 4, 0], [1, 1, 3]])
y = np.array([1, 0, 0, 1, 0, 1])
model = Sequential()
model.add(Embedding(len(index) + 1, 4, weights=[M], input_length=3, trainable=False))
model.add(Convolution1D(3, 2, activation='relu'))
model.add(GlobalMaxPooling1D())
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='rmsprop', metrics=['acc'])
h = model.fit(X, y, nb_epoch=4, batch_size=2, verbose=0, shuffle=False)
print(['%.5f' % v for v in h.history['loss']], h.history['acc'][-1])
print(np.allclose(model.layers[0].get_weights()[0], M), model.layers[0].get_weights()[0].shape)
