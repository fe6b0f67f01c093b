'''CNN for sentences, kim-style: several widths side by side, k folds, class weights'''
import numpy as np
from sklearn.model_selection import StratifiedKFold
from keras.models import Sequential, Model
from keras.layers import Activation, Dense, Dropout, Embedding, Flatten, Input, Merge, Convolution1D, MaxPooling1D
sequence_length, embedding_dim, vocab = 8, 5, 15
filter_sizes, num_filters = (3, 4), 3
rs = np.random.RandomState(2)
x, y = rs.randint(0, vocab, (20, sequence_length)), np.array([0] * 13 + [1] * 7)

def build():
    graph_in = Input(shape=(sequence_length, embedding_dim))
    convs = []
    for fsz in filter_sizes:
        conv = Convolution1D(nb_filter=num_filters, filter_length=fsz, border_mode='valid', activation='relu', subsample_length=1)(graph_in)
        pool = MaxPooling1D(pool_length=2)(conv)
        convs.append(Flatten()(pool))
    out = Merge(mode='concat')(convs)
    graph = Model(input=graph_in, output=out)
    model = Sequential()
    model.add(Embedding(vocab, embedding_dim, input_length=sequence_length))
    model.add(Dropout(0., input_shape=(sequence_length, embedding_dim)))
    model.add(graph)
    model.add(Dense(4))
    model.add(Activation('relu'))
    model.add(Dense(1))
    model.add(Activation('sigmoid'))
    model.compile(loss='binary_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
    return model

scores = []
for i, (train, test) in enumerate(StratifiedKFold(n_splits=2).split(x, y)):
    model = build()
    h = model.fit(x[train], y[train], batch_size=5, nb_epoch=2, verbose=0, shuffle=False, class_weight={0: 1., 1: 2.},
                  validation_data=(x[test], y[test]))
    scores.append(model.evaluate(x[test], y[test], verbose=0))
    print(i, '%.5f %.5f' % (h.history['loss'][-1], h.history['val_loss'][-1]), (model.predict(x[test]) > .5).sum())
print(np.round(np.mean(scores, axis=0), 5).tolist())
