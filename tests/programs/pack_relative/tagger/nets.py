from keras.models import Sequential
from keras.layers.core import Dense, TimeDistributedDense, Activation
from keras.layers.recurrent import LSTM


def tagger(features, tags):
    model = Sequential()
    model.add(LSTM(5, input_shape=(None, features), return_sequences=True))
    model.add(TimeDistributedDense(tags))
    model.add(Activation('softmax'))
    model.compile(loss='categorical_crossentropy', optimizer='rmsprop')
    return model
