import numpy as np
from keras.layers import Activation, Dense
from keras.models import Sequential

X = np.random.RandomState(7).randn(5, 4)
model = Sequential([Dense(3, input_dim=4, name='first'), Activation('relu', name='relu'), Dense(2, name='last')])
model.predict(X)
print(model.get_layer(index=1).name, model.get_layer(index=-1).name, model.get_layer(None, 2).name)
print([layer.name for layer in model.layers], model.get_layer('first').name)
print(model.layers[-1].get_config()['output_dim'], model.layers[0].get_config()['bias'])
