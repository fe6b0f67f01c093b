import numpy as np
from keras.preprocessing.image import ImageDataGenerator
from keras.models import Sequential
from keras.layers import Flatten, Dense
np.random.seed(3)
X = np.random.rand(10, 4, 4, 1); Y = np.random.rand(10, 1)
gen = ImageDataGenerator(featurewise_center=True)
gen.fit(X)
model = Sequential([Flatten(input_shape=(4, 4, 1)), Dense(1)])
model.compile('sgd', 'mse')
h = model.fit_generator(gen.flow(X, Y, batch_size=4, shuffle=False), samples_per_epoch=8, nb_epoch=4, verbose=0)
print(np.round(h.history['loss'], 5))
