import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.callbacks import History, Callback
class Printer(Callback):
    def on_epoch_end(self, epoch, metrics):
        print(epoch, '%.5f %.5f' % (metrics['loss'], metrics['mean_absolute_error']))
hist = History()
m = Sequential([Dense(1, input_dim=4)])
m.compile('sgd', 'mse', metrics=['mae'])
m.fit(X, Y, nb_epoch=2, batch_size=8, verbose=0, shuffle=False, callbacks=[hist, Printer()])
print(sorted(hist.history), hist.epoch)
