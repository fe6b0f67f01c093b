import numpy as np
from keras.models import Sequential
from keras.layers import Dense
np.random.seed(30)
X = np.random.randn(16, 2); y = np.random.randint(0, 2, 16)
w = np.where(y == 1, 3., 1.)
m = Sequential([Dense(3, input_dim=2, activation='relu'), Dense(1, activation='sigmoid')])
m.compile('sgd', 'binary_crossentropy', metrics=['accuracy'])
h = m.fit(X[:10], y[:10], sample_weight=w[:10], validation_data=(X[10:], y[10:], w[10:]), nb_epoch=2, batch_size=5,
          verbose=0, shuffle=False)
print(np.round(h.history['val_loss'], 5), np.round(h.history['val_acc'], 5), np.round(h.history['acc'], 5))
