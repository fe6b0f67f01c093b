# imbalanced classes
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.utils.np_utils import to_categorical
np.random.seed(33)
labels = np.array([0] * 16 + [1] * 6 + [2] * 2)
X = np.random.randn(24, 3) + labels[:, None]
Y = to_categorical(labels, 3)
counts = np.bincount(labels)
class_weight = {}
for c in range(3):
    class_weight[c] = float(len(labels)) / (3 * counts[c])
model = Sequential([Dense(4, input_dim=3, activation='tanh'), Dense(3, activation='softmax')])
model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
h = model.fit(X, Y, nb_epoch=3, batch_size=6, class_weight=class_weight, shuffle=False, verbose=0)
print(np.round(h.history['loss'], 5), np.round(h.history['acc'], 5))
for i in range(0, 24, 12):
    print(np.round(model.train_on_batch(X[i:i + 12], Y[i:i + 12], class_weight=class_weight), 5))
