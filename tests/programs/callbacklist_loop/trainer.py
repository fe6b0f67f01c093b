import numpy as np
from keras.callbacks import CallbackList, History, EarlyStopping, Callback


class Lines(Callback):
    def on_epoch_end(self, epoch, logs={}):
        print('epoch %d loss %.6f' % (epoch, logs['loss']))


def train(model, X, y, epochs, size):
    history = History()
    model.stop_training = False
    callbacks = CallbackList([history, EarlyStopping('loss', patience=0), Lines()])
    callbacks.set_model(model)
    callbacks.set_params({'nb_epoch': epochs, 'batch_size': size, 'nb_sample': len(X), 'verbose': 0, 'do_validation': False, 'metrics': ['loss']})
    callbacks.on_train_begin()
    for epoch in range(epochs):
        callbacks.on_epoch_begin(epoch)
        losses = []
        for i, at in enumerate(range(0, len(X), size)):
            callbacks.on_batch_begin(i, {'batch': i, 'size': size})
            losses.append(float(model.train_on_batch(X[at:at + size], y[at:at + size])))
            callbacks.on_batch_end(i, {'batch': i, 'size': size, 'loss': losses[-1]})
        callbacks.on_epoch_end(epoch, {'loss': np.mean(losses)})
        if model.stop_training:
            break
    callbacks.on_train_end()
    return history
