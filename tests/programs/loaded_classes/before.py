"""Train once, keep it, and let a second part of the program work with what was kept."""
from __future__ import print_function
import numpy as np
from keras.models import Sequential, load_model
from keras.layers import Dense, BatchNormalization, Activation
from store import keep, restore

rs = np.random.RandomState(3)
X, lab = rs.randn(30, 4), rs.randint(0, 3, 30)
Y = np.eye(3)[lab]
m = Sequential()
m.add(Dense(6, input_dim=4))
m.add(BatchNormalization())
m.add(Activation('relu'))
m.add(Dense(3, activation='softmax'))
m.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
m.fit(X, Y, nb_epoch=3, batch_size=8, verbose=0, shuffle=False)
keep(m, 'kept')
for n in (load_model('kept_model.h5'), restore('kept')):
    loss, acc = n.evaluate(X, Y, verbose=0)
    classes = n.predict_classes(X, verbose=0)
    proba = n.predict_proba(X, verbose=0)
    print('%.5f %.4f %.4f %.5f' % (loss, acc, np.mean(classes == lab), proba.max(axis=1).mean()))
    h = n.fit(X, Y, nb_epoch=2, batch_size=10, verbose=0, shuffle=False)
    print(np.round(h.history['loss'], 6).tolist(), np.round(h.history['acc'], 4).tolist(), n.layers[-1].output_shape)
