from keras.models import Sequential
from keras.layers.core import Dense


class Trainer(object):
    """Holds a model and what it was trained with."""

    def __init__(self, size):
        self.model = Sequential()
        self.model.add(Dense(4, input_dim=size, activation='relu'))
        self.model.add(Dense(1, activation='sigmoid'))
        self.losses = []

    def ready(self):
        self.model.compile(loss='binary_crossentropy', optimizer='adagrad')
        return self.model
