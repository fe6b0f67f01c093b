#!/usr/bin/env python
from optparse import OptionParser
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation
from keras.layers.recurrent import LSTM, GRU

parser = OptionParser()
parser.add_option('--rnn', dest='rnn', default='GRU')
parser.add_option('--hidden', dest='hidden', type='int', default=5)
parser.add_option('--lr', type='float', default=.05)
parser.add_option('--epochs', dest='nb_epoch', type='int', default=2)
(options, args) = parser.parse_args([])

def sgd_of(options):
    from keras.optimizers import SGD
    return SGD(lr=options.lr, clipnorm=1., momentum=.9)

r = np.random.RandomState(10)
X = r.rand(9, 4, 3); Y = np.eye(2)[r.randint(0, 2, 9)]
model = Sequential()
model.add(globals()[options.rnn](options.hidden, input_dim=3, return_sequences=False))
model.add(Dense(2))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer=sgd_of(options), class_mode='categorical')
for e in range(options.nb_epoch):
    h = model.fit(X, Y, batch_size=3, nb_epoch=1, show_accuracy=True, verbose=0, shuffle=False)
    print(e, '%.5f %.3f' % (h.history['loss'][0], h.history['acc'][0]))
score, acc = model.evaluate(X, Y, batch_size=4, show_accuracy=True, verbose=0)
print('%.5f %.3f' % (score, acc), model.predict_proba(X, verbose=0).argmax(1).tolist())
