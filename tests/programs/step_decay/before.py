# Drop-based learning rate decay
import math
import numpy
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import SGD
from keras.callbacks import LearningRateScheduler

# learning rate schedule
def step_decay(epoch):
    initial_lrate = 0.1
    drop = 0.5
    epochs_drop = 2.0
    lrate = initial_lrate * math.pow(drop, math.floor((1 + epoch) / epochs_drop))
    return lrate

numpy.random.seed(7)
X = numpy.random.rand(33, 6)
Y = (X[:, 0] > X[:, 3]).astype(float)
model = Sequential()
model.add(Dense(7, input_dim=6, init='normal', activation='relu'))
model.add(Dense(1, init='normal', activation='sigmoid'))
sgd = SGD(lr=0.0, momentum=0.9, decay=0.0, nesterov=False)
model.compile(loss='binary_crossentropy', optimizer=sgd, metrics=['accuracy'])
lrate = LearningRateScheduler(step_decay)
callbacks_list = [lrate]
h = model.fit(X, Y, validation_split=0.33, nb_epoch=5, batch_size=11, callbacks=callbacks_list, verbose=0, shuffle=False)
print(['%.5f' % l for l in h.history['val_loss']])
