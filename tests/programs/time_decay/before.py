import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import SGD, Adam, Adagrad
epochs = 4
learning_rate = 0.1
decay_rate = learning_rate / epochs
np.random.seed(8)
X = np.random.rand(21, 5); Y = np.random.rand(21, 1)
for make in (lambda: SGD(lr=learning_rate, momentum=0.8, decay=decay_rate, nesterov=False),
             lambda: Adam(lr=0.01, decay=decay_rate), lambda: Adagrad(lr=0.05, decay=1e-2),
             lambda: SGD(lr=learning_rate, clipnorm=0.1), lambda: Adam(lr=0.01, clipvalue=0.01)):
    model = Sequential()
    model.add(Dense(5, input_dim=5, init='uniform', activation='relu'))
    model.add(Dense(1, init='uniform', activation='sigmoid'))
    model.compile(loss='mse', optimizer=make())
    hist = model.fit(X, Y, nb_epoch=epochs, batch_size=4, verbose=0, shuffle=False)
    print('%.6f -> %.6f' % (hist.history['loss'][0], hist.history['loss'][-1]))
