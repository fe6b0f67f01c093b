'''A log of one's own: what fit tells its callbacks'''
import numpy as np
from keras import callbacks
from keras.models import Sequential
from keras.layers import Dense

class Logger(callbacks.Callback):
    def on_train_begin(self, logs=None):
        print('train', self.params['nb_epoch'], self.params['nb_sample'], self.params['batch_size'], self.params['do_validation'], sorted(self.params['metrics']))
        self.seen = 0
    def on_epoch_begin(self, epoch, logs=None):
        self.seen = 0
        self.total = 0.
    def on_batch_end(self, batch, logs=None):
        self.seen += logs['size']
        self.total += logs['loss'] * logs['size']
        print('batch', logs['batch'], batch, 'loss %.5f acc %.4f' % (logs['loss'], logs['acc']))
    def on_epoch_end(self, epoch, logs=None):
        print('epoch %d/%d seen %d mean %.5f loss %.5f' % (epoch + 1, self.params['nb_epoch'], self.seen, self.total / self.seen, logs['loss']))
rs = np.random.RandomState(2)
X = rs.randn(10, 3); Y = np.eye(2)[rs.randint(0, 2, 10)]
m = Sequential([Dense(2, input_dim=3, activation='softmax')])
m.compile('sgd', 'categorical_crossentropy', metrics=['accuracy'])
m.fit(X, Y, nb_epoch=2, batch_size=4, verbose=0, shuffle=False, callbacks=[Logger()])
