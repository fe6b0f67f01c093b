from keras.models import Sequential
from keras.layers import GRU, LSTM, TimeDistributed, Dense, Activation
from keras.optimizers import RMSprop


def body(n, B, T):
    m = Sequential()
    m.add(GRU(6, batch_input_shape=(B, T, n), return_sequences=True, stateful=True))
    m.add(LSTM(5, return_sequences=True, stateful=True))
    m.add(TimeDistributed(Dense(n)))
    m.add(Activation('softmax'))
    return m


def build(n, B, T):
    m = body(n, B, T)
    m.compile(loss='categorical_crossentropy', optimizer=RMSprop(lr=.02, clipnorm=1.), metrics=['accuracy'])
    return m


def sampler_of(model, n):
    one = body(n, 1, 1)
    for ours, theirs in zip(one.layers, model.layers):
        ours.set_weights(theirs.get_weights())
    return one
