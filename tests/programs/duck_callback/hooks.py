from keras import backend as K


class Watch(object):
    """Anything with the right methods will do."""

    def __init__(self, names):
        self.names, self.seen, self.rates, self.epochs = names, [], [], None

    def set_params(self, params):
        self.epochs = params['nb_epoch']

    def set_model(self, model):
        self.model = model

    def on_train_begin(self, logs=None):
        self.rates.append(round(float(K.get_value(self.model.optimizer.lr)), 5))

    def on_train_end(self, logs=None):
        pass

    def on_epoch_begin(self, epoch, logs=None):
        pass

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append([round(float(logs[n]), 5) for n in self.names])

    def on_batch_begin(self, batch, logs=None):
        pass

    def on_batch_end(self, batch, logs=None):
        pass
