# -*- coding: utf-8 -*-
import numpy as np
from keras.preprocessing.text import Tokenizer, text_to_word_sequence, base_filter, one_hot
from keras.preprocessing.sequence import pad_sequences, skipgrams, make_sampling_table
from keras.models import Sequential
from keras.layers import Dense
docs = ["The cat sat on the mat!", "A dog, a cat; and a bird.", "the bird: flew\tover the dog", "mat? mat."]
tok = Tokenizer(nb_words=8)
tok.fit_on_texts(docs)
print(sorted(tok.word_index.items(), key=lambda kv: kv[1]))
print(tok.texts_to_sequences(docs))
for mode in ('binary', 'count', 'freq', 'tfidf'):
    print(mode, np.round(tok.texts_to_matrix(docs, mode=mode).sum(axis=1), 4).tolist())
print(tok.word_docs['the'], tok.document_count, tok.nb_words)
print(text_to_word_sequence("Don't stop, now", filters=base_filter(), lower=True, split=" "))
print(pad_sequences(tok.texts_to_sequences(docs), maxlen=4, value=9.).tolist())
print(np.round(make_sampling_table(6), 4).tolist())
X = tok.texts_to_matrix(docs, mode='tfidf')
m = Sequential([Dense(2, input_shape=(8,), activation='softmax')])
m.compile('adadelta', 'categorical_crossentropy', metrics=['accuracy'])
m.fit(X, np.eye(2)[[0, 1, 0, 1]], nb_epoch=5, verbose=0, shuffle=False)
print(['%.5f' % v for v in m.evaluate(X, np.eye(2)[[0, 1, 0, 1]], verbose=0)])
