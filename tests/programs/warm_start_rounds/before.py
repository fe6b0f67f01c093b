import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.callbacks import EarlyStopping, ReduceLROnPlateau
np.random.seed(17)
X = np.random.randn(30, 3); Y = (X ** 2).sum(1)
model = Sequential()
model.add(Dense(6, input_dim=3, activation='relu'))
model.add(Dense(1))
model.compile(loss='mse', optimizer='adam')
total = 0
for round_ in range(3):
    h = model.fit(X[:20], Y[:20], nb_epoch=3, initial_epoch=0, batch_size=5, verbose=0, shuffle=False, validation_data=(X[20:], Y[20:]),
                  callbacks=[EarlyStopping(monitor='val_loss', patience=1), ReduceLROnPlateau(monitor='loss', factor=.2, patience=0, epsilon=.5)])
    total += len(h.epoch)
    print(round_, total, '%.5f' % h.history['val_loss'][-1])
