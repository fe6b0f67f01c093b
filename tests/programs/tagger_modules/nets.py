"""Taggers whose steps are masked, with penalties of their weights."""
from keras.models import Sequential
from keras.layers import Embedding, LSTM, TimeDistributed, Dense


def tagger(vocabulary, tags, penalty='l2'):
    net = Sequential()
    net.add(Embedding(vocabulary, 6, input_length=5, mask_zero=True))
    net.add(LSTM(4, return_sequences=True, W_regularizer=penalty))
    net.add(TimeDistributed(Dense(tags, activation='softmax')))
    return net
