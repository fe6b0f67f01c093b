from keras import backend as K
from keras.engine.topology import Layer
from keras.layers import Lambda, Activation, merge


class Scale(Layer):
    def build(self, input_shape):
        self.gain = K.ones((input_shape[-1],), name='gain')
        self.trainable_weights = [self.gain]
        self.built = True

    def call(self, x, mask=None):
        return x * self.gain

    def get_output_shape_for(self, input_shape):
        return input_shape


def gated(x):
    return merge([Activation('sigmoid')(x), Activation('tanh')(x)], mode='mul')
