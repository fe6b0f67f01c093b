import numpy as np
from keras.models import Sequential
from keras.layers import Dense
rs = np.random.RandomState(7)
X, Y = rs.randn(16, 4), rs.randn(16, 1)

from keras.models import load_model
from keras import backend as K
from keras.engine.topology import Layer
class Scale(Layer):
    def __init__(self, by=2.0, **kwargs):
        self.by = by
        super(Scale, self).__init__(**kwargs)
    def build(self, input_shape):
        self.g = self.add_weight((input_shape[1],), initializer='one', name='g')
        super(Scale, self).build(input_shape)
    def call(self, x, mask=None):
        return x * self.g * self.by
    def get_config(self):
        return dict(super(Scale, self).get_config(), by=self.by)
def rmse(y_true, y_pred):
    return K.sqrt(K.mean(K.square(y_pred - y_true), axis=-1))
m = Sequential([Dense(3, input_dim=4), Scale(3.0), Dense(1)])
m.compile('adam', rmse)
m.fit(X, Y, nb_epoch=2, batch_size=8, verbose=0, shuffle=False)
m.save('m.h5')
n = load_model('m.h5', custom_objects={'Scale': Scale, 'rmse': rmse})
h = n.fit(X, Y, nb_epoch=1, batch_size=8, verbose=0, shuffle=False)
print('%.5f' % h.history['loss'][0], n.layers[1].by)
