from keras.models import Sequential
from keras.layers.core import Dense, AutoEncoder
from keras.layers import containers


def greedy(X, sizes):
    data, found = X, []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        ae = Sequential()
        encoder = containers.Sequential([Dense(n_out, input_dim=n_in, activation='sigmoid')])
        decoder = containers.Sequential([Dense(n_in, input_dim=n_out)])
        ae.add(AutoEncoder(encoder=encoder, decoder=decoder, output_reconstruction=True))
        ae.compile(loss='mse', optimizer='rmsprop')
        ae.fit(data, data, batch_size=8, nb_epoch=2, verbose=0, shuffle=False)
        found.append(encoder.layers[0].get_weights())
        half = Sequential()
        half.add(Dense(n_out, input_dim=n_in, activation='sigmoid'))
        half.layers[0].set_weights(found[-1])
        half.compile(loss='mse', optimizer='sgd')
        data = half.predict(data)
    return found
