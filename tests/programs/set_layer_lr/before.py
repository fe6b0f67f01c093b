# fine-tuning: the head first, then everything with a tenth of the rate; weights kept by np.savez
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import SGD
rs = np.random.RandomState(40)
X, Y = rs.randn(18, 5), np.eye(3)[rs.randint(0, 3, 18)]
base = [Dense(7, input_dim=5, activation='relu'), Dense(6, activation='relu')]
top = [Dense(3, activation='softmax')]
model = Sequential(base + top)
for layer in base:
    layer.trainable = False
model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=.1, momentum=.9), metrics=['accuracy'])
first = model.fit(X, Y, nb_epoch=2, batch_size=6, shuffle=False, verbose=0)
np.savez('w.npz', *model.get_weights())
for layer in model.layers:
    layer.trainable = True
model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=.01, momentum=.9), metrics=['accuracy'])
data = np.load('w.npz')
model.set_weights([data['arr_%d' % i] for i in range(len(data.files))])
second = model.fit(X, Y, nb_epoch=2, batch_size=6, shuffle=False, verbose=0)
print(np.round(first.history['loss'] + second.history['loss'], 5).tolist())
print(len(model.trainable_weights), np.round(model.evaluate(X, Y, verbose=0), 5).tolist())
