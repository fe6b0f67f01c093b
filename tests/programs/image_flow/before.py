import numpy as np
from keras.preprocessing.image import ImageDataGenerator
from keras.models import Sequential
from keras.layers import Convolution2D, MaxPooling2D, Flatten, Dense
np.random.seed(3)
X = np.random.rand(12, 8, 8, 1) * 255; Y = np.eye(2)[np.arange(12) % 2]
train_gen = ImageDataGenerator(rescale=1. / 255, samplewise_center=True)
val_gen = ImageDataGenerator(rescale=1. / 255, samplewise_center=True)
model = Sequential()
model.add(Convolution2D(3, 3, 3, activation='relu', input_shape=(8, 8, 1)))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dense(2, activation='softmax'))
model.compile('sgd', 'categorical_crossentropy', metrics=['accuracy'])
h = model.fit_generator(train_gen.flow(X, Y, batch_size=4, shuffle=False), samples_per_epoch=12, nb_epoch=2, verbose=0,
                        validation_data=val_gen.flow(X, Y, batch_size=4, shuffle=False), nb_val_samples=12)
print(np.round(h.history['loss'], 5), np.round(h.history['val_acc'], 5))
print('%.5f %.5f' % tuple(model.evaluate_generator(val_gen.flow(X, Y, batch_size=4, shuffle=False), 12)))
