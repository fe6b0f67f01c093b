import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.callbacks import Callback, LearningRateScheduler
class Snapshot(Callback):
    def __init__(self, cycle):
        super(Snapshot, self).__init__()
        self.cycle, self.saved = cycle, []
    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.cycle == 0:
            self.saved.append([w.copy() for w in self.model.get_weights()])
def cosine(epoch, T=4, M=2, a0=.2):
    return float(a0 / 2 * (np.cos(np.pi * (epoch % (T // M)) / (T // M)) + 1))
rs = np.random.RandomState(7)
X, Y = rs.randn(20, 3), rs.randn(20, 1)
model = Sequential([Dense(4, activation='tanh', input_dim=3), Dense(1)])
model.compile('sgd', 'mse')
snap = Snapshot(2)
model.fit(X, Y, nb_epoch=4, batch_size=10, shuffle=False, verbose=0, callbacks=[snap, LearningRateScheduler(cosine)])
preds = []
for w in snap.saved:
    model.set_weights(w)
    preds.append(model.predict(X))
print(len(preds), '%.5f' % np.mean((np.mean(preds, axis=0) - Y) ** 2))
