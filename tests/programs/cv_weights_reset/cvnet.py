from keras.models import Sequential
from keras.layers import Dense
from keras.layers.advanced_activations import PReLU


def make(n):
    m = Sequential()
    m.add(Dense(6, input_dim=n, init='he_normal'))
    m.add(PReLU())
    m.add(Dense(1, activation='sigmoid'))
    m.compile(loss='binary_crossentropy', optimizer='nadam', metrics=['accuracy'])
    return m
