"""Learning to rank from pairs, BPR: the loss is what the last layer gives out."""
import numpy as np
from keras import backend as K
from keras.models import Model
from keras.layers import Input, Embedding, Flatten, merge

def identity_loss(y_true, y_pred):
    return K.mean(y_pred - 0 * y_true)

def bpr_triplet_loss(X):
    positive, negative, user = X
    return 1.0 - K.sigmoid(K.sum(user * positive, axis=-1, keepdims=True) - K.sum(user * negative, axis=-1, keepdims=True))

def build_model(num_users, num_items, latent_dim):
    positive_item_input = Input((1, ), name='positive_item_input')
    negative_item_input = Input((1, ), name='negative_item_input')
    item_embedding_layer = Embedding(num_items, latent_dim, name='item_embedding', input_length=1)
    user_input = Input((1, ), name='user_input')
    positive = Flatten()(item_embedding_layer(positive_item_input))
    negative = Flatten()(item_embedding_layer(negative_item_input))
    user = Flatten()(Embedding(num_users, latent_dim, name='user_embedding', input_length=1)(user_input))
    loss = merge([positive, negative, user], mode=bpr_triplet_loss, name='loss', output_shape=(1, ))
    model = Model(input=[positive_item_input, negative_item_input, user_input], output=loss)
    model.compile(loss=identity_loss, optimizer='adam')
    return model

rs = np.random.RandomState(0)
model = build_model(5, 7, 3)
u, p, n = rs.randint(0, 5, 20), rs.randint(0, 7, 20), rs.randint(0, 7, 20)
for epoch in range(2):
    h = model.fit({'user_input': u, 'positive_item_input': p, 'negative_item_input': n}, np.ones(20), batch_size=8, nb_epoch=1, verbose=0, shuffle=False)
    print('Epoch %d: %.5f' % (epoch, h.history['loss'][0]))
U = model.get_layer('user_embedding').get_weights()[0]
V = model.get_layer('item_embedding').get_weights()[0]
print(np.argsort(-np.dot(V, U[2])).tolist(), '%.4f' % np.linalg.norm(U))
