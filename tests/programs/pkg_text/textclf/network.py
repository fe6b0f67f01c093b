from keras.models import Sequential
from keras.layers.embeddings import Embedding
from keras.layers.convolutional import Convolution1D
from keras.layers.pooling import GlobalMaxPooling1D
from keras.layers.core import Dense, Activation, Dropout

class TextClassifier(object):
    def __init__(self, vocab, maxlen, dim, filters, width, hidden):
        self.losses = []
        self.model = Sequential()
        for layer in self._layers(vocab, maxlen, dim, filters, width, hidden):
            self.model.add(layer)
        self.model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])

    @staticmethod
    def _layers(vocab, maxlen, dim, filters, width, hidden):
        yield Embedding(vocab, dim, input_length=maxlen, dropout=0.)
        yield Convolution1D(nb_filter=filters, filter_length=width, border_mode='valid', activation='relu', subsample_length=1)
        yield GlobalMaxPooling1D()
        yield Dense(hidden)
        yield Dropout(0.)
        yield Activation('relu')
        yield Dense(1)
        yield Activation('sigmoid')

    def train(self, x, y, epochs, **kw):
        opts = dict(batch_size=4, verbose=0, shuffle=False)
        opts.update(kw)
        hist = self.model.fit(x, y, nb_epoch=epochs, **opts)
        self.losses.extend(round(float(v), 5) for v in hist.history['loss'])
        return self

    def score(self, x, y):
        return self.model.evaluate(x, y, batch_size=4, verbose=0)

    def classes(self, x):
        return self.model.predict_classes(x, verbose=0).ravel()

    def __len__(self):
        return len(self.model.layers)
