import argparse
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
ap = argparse.ArgumentParser()
ap.add_argument('-l', '--loss', default='binary_crossentropy')
ap.add_argument('-o', '--optimizer', default='sgd')
args = vars(ap.parse_args())
np.random.seed(2)
X = np.random.randn(18, 3)
Y = (np.random.rand(18, 3) > .5).astype('float32')
model = Sequential()
model.add(Dense(4, input_dim=3, activation='relu'))
model.add(Dense(3, activation='sigmoid'))
model.compile(loss=args['loss'], optimizer=args['optimizer'], metrics=['accuracy'])
loss, acc = model.evaluate(X, Y, verbose=0)
print("[INFO] loss={:.4f}, accuracy: {:.4f}%".format(loss, acc * 100))
