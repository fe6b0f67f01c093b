from keras.models import Sequential
from keras.layers import Dense, Dropout
from keras.optimizers import SGD

CLASSES = 3


def build(hidden=6, lr=0.1):
    model = Sequential()
    model.add(Dense(hidden, input_dim=4, init='normal', activation='tanh'))
    model.add(Dense(CLASSES, init='normal', activation='softmax'))
    model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=lr, momentum=0.9), metrics=['accuracy'])
    return model
