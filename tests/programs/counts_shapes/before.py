import numpy as np
from keras.layers import Activation, Dense
from keras.models import Sequential

X = np.random.RandomState(7).randn(16, 4)
model = Sequential([Dense(6, input_shape=(4,)), Activation('relu'), Dense(2)])
model.predict(X)
print(model.count_params(), model.input_shape, model.output_shape)
for layer in model.layers:
    print(layer.__class__.__name__, layer.input_shape, layer.output_shape, layer.count_params(), len(layer.weights))
    print([weight.shape for weight in layer.get_weights()], layer.get_config().get('output_dim'))
print(model.get_layer(index=1).name == model.layers[0].name, model.layers[-1].get_config()['bias'])
