import numpy as np
from keras.layers import Dense, Merge
from keras.models import Sequential

random = np.random.RandomState(7)
A, B, Y = random.randn(8, 4), random.randn(8, 2), random.randn(8, 1)
left = Sequential([Dense(3, input_dim=4, name='left')])
right = Sequential([Dense(3, input_dim=2, name='right')])
model = Sequential()
model.add(Merge([left, right], mode='concat'))
model.add(Dense(2, name='hidden'))
model.add(Dense(1, name='out'))
for layer in model.layers[2:]:
    layer.trainable = False
model.compile('sgd', 'mse')
model.fit([A, B], Y, nb_epoch=2, batch_size=4, verbose=0, shuffle=False)
print(len(model.layers), model.layers[1].name, model.layers[-1].name)
print([layer.name for layer in model.layers[1:]])
print(np.round(model.layers[1].get_weights()[0], 5).tolist())
