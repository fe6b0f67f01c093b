from keras.callbacks import Callback
from sklearn.metrics import roc_auc_score


class RocAuc(Callback):
    def __init__(self, X, y):
        super(RocAuc, self).__init__()
        self.X, self.y, self.values = X, y, []

    def on_epoch_end(self, epoch, logs={}):
        value = roc_auc_score(self.y, self.model.predict(self.X, verbose=0))
        logs['roc_auc'] = value
        self.values.append(value)
