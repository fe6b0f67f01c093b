import numpy as np
from keras.layers import Activation, Dense, Input
from keras.models import Model, Sequential

X = np.random.RandomState(7).randn(16, 4)

data = Input(shape=(4,))
model = Model(input=data, output=Dense(1)(Dense(3, activation='relu')(data)))
model.predict(X)
config = model.get_config()
again = Model.from_config(config)
again.set_weights(model.get_weights())
print(len(config['layers']), np.round(again.predict(X[:3]) - model.predict(X[:3]), 5).ravel())

stack = Sequential([Dense(2, input_dim=4), Activation('tanh')])
stack.predict(X)
other = Sequential.from_config(stack.get_config())
other.set_weights(stack.get_weights())
print(np.round(other.predict(X[:2]), 5).tolist())
