'''Which words decide what a sentence says: a layer of our own weighs the steps of a GRU.'''
from keras import backend as K
from keras import initializations, regularizers, constraints
from keras.engine.topology import Layer
from keras.layers import Input, Embedding, GRU, Dense, Bidirectional
from keras.models import Model
from keras.optimizers import Adam
from keras.preprocessing.sequence import pad_sequences
import numpy as np

np.random.seed(0)

MAX_SEQUENCE_LENGTH = 7
MAX_NB_WORDS = 15


class AttentionWithContext(Layer):
    def __init__(self, init='glorot_uniform', W_regularizer=None, b_constraint=None, bias=True, **kwargs):
        self.supports_masking = True
        self.init = initializations.get(init)
        self.W_regularizer = regularizers.get(W_regularizer)
        self.b_constraint = constraints.get(b_constraint)
        self.bias = bias
        super(AttentionWithContext, self).__init__(**kwargs)

    def build(self, input_shape):
        assert len(input_shape) == 3
        self.W = self.add_weight((input_shape[-1],), initializer=self.init, name='{}_W'.format(self.name),
                                 regularizer=self.W_regularizer)
        if self.bias:
            self.b = self.add_weight((input_shape[1],), initializer='zero', name='{}_b'.format(self.name),
                                     constraint=self.b_constraint)
        super(AttentionWithContext, self).build(input_shape)

    def compute_mask(self, input, input_mask=None):
        return None

    def call(self, x, mask=None):
        eij = K.sum(x * self.W, axis=-1)
        if self.bias:
            eij += self.b
        a = K.exp(K.tanh(eij))
        if mask is not None:
            a *= K.cast(mask, K.floatx())
        a /= K.cast(K.sum(a, axis=1, keepdims=True) + K.epsilon(), K.floatx())
        weighted_input = x * K.expand_dims(a)
        return K.sum(weighted_input, axis=1)

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], input_shape[-1])

    def get_config(self):
        config = {'bias': self.bias}
        base_config = super(AttentionWithContext, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))


sequences = [np.random.randint(1, MAX_NB_WORDS, np.random.randint(2, MAX_SEQUENCE_LENGTH + 2)) for _ in range(30)]
data = pad_sequences(sequences, maxlen=MAX_SEQUENCE_LENGTH)
labels = np.array([float(5 in s or 7 in s) for s in sequences])
x_train, x_val = data[:24], data[24:]
y_train, y_val = labels[:24], labels[24:]

sequence_input = Input(shape=(MAX_SEQUENCE_LENGTH,), dtype='int32')
embedded_sequences = Embedding(MAX_NB_WORDS, 6, mask_zero=True)(sequence_input)
l_gru = Bidirectional(GRU(5, return_sequences=True))(embedded_sequences)
l_att = AttentionWithContext(W_regularizer=regularizers.l2(0.01))(l_gru)
preds = Dense(1, activation='sigmoid')(l_att)
model = Model(sequence_input, preds)
model.compile(loss='binary_crossentropy', optimizer=Adam(lr=0.01), metrics=['acc'])

hist = model.fit(x_train, y_train, validation_data=(x_val, y_val), nb_epoch=3, batch_size=10, shuffle=False, verbose=0)
for loss, acc in zip(hist.history['loss'], hist.history['acc']):
    print('%.6f %.4f' % (loss, acc))
print(np.round(model.predict(x_val).ravel(), 5).tolist())
