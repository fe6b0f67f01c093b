from keras.models import Sequential
from keras.layers import Convolution2D, MaxPooling2D, Flatten, Dense, Activation, Dropout
import numpy as np

def vggish(side=12):
    m = Sequential()
    m.add(Convolution2D(4, 3, 3, activation='relu', name='conv1_1', border_mode='same', input_shape=(side, side, 3)))
    m.add(MaxPooling2D((2, 2), strides=(2, 2)))
    m.add(Convolution2D(6, 3, 3, subsample=(2, 2), border_mode='valid'))
    m.add(Activation('relu'))
    m.add(Flatten())
    m.add(Dense(7))
    m.add(Dropout(.0))
    m.add(Dense(3, activation='softmax'))
    return m

model = vggish()
total = 0
for i, layer in enumerate(model.layers):
    n = layer.count_params()
    total += n
    print('%2d %4d %4d %5d' % (i, np.prod(layer.input_shape[1:]), np.prod(layer.output_shape[1:]), n))
print('total', total, model.count_params(), sum(int(np.prod(w.shape)) for w in model.get_weights()))
print(model.input_shape, model.output_shape, len(model.layers))
x = np.random.RandomState(0).rand(2, 12, 12, 3)
print(np.round(model.predict(x), 5).tolist())
