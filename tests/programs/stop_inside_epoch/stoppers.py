from keras.callbacks import Callback


class BatchLimit(Callback):
    """Stop when a number of batches has been seen."""

    def __init__(self, limit):
        super(BatchLimit, self).__init__()
        self.limit, self.batches = limit, 0

    def on_batch_end(self, batch, logs={}):
        self.batches += 1
        if self.batches >= self.limit:
            self.model.stop_training = True
