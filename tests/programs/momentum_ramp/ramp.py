from keras import backend as K
from keras.callbacks import Callback


class MomentumRamp(Callback):
    """Linear momentum ramp over the first epochs."""

    def __init__(self, start, stop, epochs):
        super(MomentumRamp, self).__init__()
        self.start, self.stop, self.epochs = start, stop, epochs

    def on_epoch_begin(self, epoch, logs={}):
        share = min(1., epoch / float(self.epochs))
        K.set_value(self.model.optimizer.momentum, self.start + share * (self.stop - self.start))


class RateTracker(Callback):
    def on_train_begin(self, logs={}):
        self.rates = []

    def on_epoch_end(self, epoch, logs={}):
        optimizer = self.model.optimizer
        lr = K.eval(optimizer.lr * (1. / (1. + optimizer.decay * optimizer.iterations)))
        self.rates.append(float(lr))
