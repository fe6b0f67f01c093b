import numpy as np
from keras.models import Sequential
from keras.layers import Dense

def batch_generator(X, y, batch_size):
    counter = 0
    number_of_batches = X.shape[0] // batch_size
    while 1:
        rows = slice(batch_size * counter, batch_size * (counter + 1))
        yield X[rows], y[rows]
        counter += 1
        if counter == number_of_batches:
            counter = 0

np.random.seed(1)
X = np.random.randn(32, 4); y = np.random.randint(0, 2, (32, 1))
model = Sequential()
model.add(Dense(5, input_dim=4, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile('adagrad', 'binary_crossentropy', metrics=['accuracy'])
hist = model.fit_generator(generator=batch_generator(X, y, 8), samples_per_epoch=32, nb_epoch=3, verbose=0,
                           validation_data=(X[:10], y[:10]))
for l, a, v in zip(hist.history['loss'], hist.history['acc'], hist.history['val_loss']):
    print('%.5f %.5f %.5f' % (l, a, v))
print('%.5f' % model.predict_generator(batch_generator(X, y, 8), val_samples=32).sum())
