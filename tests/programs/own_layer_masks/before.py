# a mean over unmasked steps, and a dense layer of one's own
import numpy as np
from keras import backend as K
from keras import initializations, activations, regularizers
from keras.engine.topology import Layer, InputSpec
from keras.models import Sequential
from keras.layers import Embedding, Dense

class MeanPool(Layer):
    def __init__(self, **kwargs):
        self.supports_masking = True
        super(MeanPool, self).__init__(**kwargs)
    def compute_mask(self, input, input_mask=None):
        return None
    def call(self, x, mask=None):
        if mask is not None:
            mask = K.cast(mask, K.floatx())
            mask = K.expand_dims(mask)
            return K.sum(x * mask, axis=1) / (K.sum(mask, axis=1) + K.epsilon())
        return K.mean(x, axis=1)
    def get_output_shape_for(self, input_shape):
        return (input_shape[0], input_shape[2])

class Gate(Layer):
    def __init__(self, init='glorot_uniform', activation='sigmoid', **kwargs):
        self.init = initializations.get(init)
        self.activation = activations.get(activation)
        super(Gate, self).__init__(**kwargs)
    def build(self, input_shape):
        n = input_shape[-1]
        self.W = self.init((n, n), name='{}_W'.format(self.name))
        self.b = K.zeros((n,), name='{}_b'.format(self.name))
        self.trainable_weights = [self.W, self.b]
    def call(self, x, mask=None):
        return x * self.activation(K.dot(x, self.W) + self.b)

m = Sequential()
m.add(Embedding(10, 4, input_length=5, mask_zero=True))
m.add(MeanPool())
m.add(Gate())
m.add(Dense(1))
m.compile('sgd', 'mse')
rs = np.random.RandomState(13)
X = rs.randint(0, 10, (8, 5)); y = rs.randn(8)
print(['%.5f' % m.train_on_batch(X, y) for _ in range(3)])
print(len(m.trainable_weights), m.count_params(), np.round(m.predict(X)[:2].ravel(), 5).tolist())
