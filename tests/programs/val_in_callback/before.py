# ROC after each epoch, from the validation data that fit leaves on the callback
import numpy as np
from sklearn.metrics import roc_auc_score
from keras.callbacks import Callback
from keras.models import Sequential
from keras.layers import Dense

class RocCallback(Callback):
    def on_train_begin(self, logs={}):
        self.aucs = []
        self.losses = []
    def on_epoch_end(self, epoch, logs={}):
        self.losses.append(logs.get('loss'))
        y_pred = self.model.predict(self.model.validation_data[0])
        self.aucs.append(roc_auc_score(self.model.validation_data[1], y_pred))
        return

r = np.random.RandomState(9)
X = r.randn(30, 3); y = (X.sum(1) + .3 * r.randn(30) > 0).astype(int)
m = Sequential()
m.add(Dense(4, input_dim=3, activation='sigmoid'))
m.add(Dense(1, activation='sigmoid'))
m.compile(loss='binary_crossentropy', optimizer='sgd')
cb = RocCallback()
m.fit(X[:20], y[:20], validation_data=(X[20:], y[20:]), nb_epoch=3, batch_size=5, callbacks=[cb], verbose=0, shuffle=False)
print(np.round(cb.aucs, 5).tolist(), np.round(cb.losses, 5).tolist())
