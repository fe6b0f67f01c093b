import numpy as np
from keras.layers import Dense, Flatten
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator

np.random.seed(3)
X = np.random.rand(10, 4, 4, 1)
Y = np.random.rand(10, 1)
pictures = ImageDataGenerator(featurewise_center=True)
pictures.fit(X)
model = Sequential([Flatten(input_shape=(4, 4, 1)), Dense(1)])
model.compile('sgd', 'mse')
flow = pictures.flow(X, Y, batch_size=4, shuffle=False)
history = model.fit_generator(flow, samples_per_epoch=15, nb_epoch=4, verbose=0)
print(np.round(history.history['loss'], 5))
