from keras.preprocessing.text import Tokenizer, text_to_word_sequence, one_hot
from keras.preprocessing.sequence import pad_sequences
from keras.models import Sequential
from keras.layers import Embedding, LSTM, Dense
import numpy as np

texts = ['The cat sat on the mat.', 'The dog ate my homework!', 'A cat & a dog, a mat...', "don't eat the cat",
         'my dog sat', 'HOMEWORK on the mat\tagain']
labels = np.array([1, 0, 1, 1, 0, 0])
tok = Tokenizer(nb_words=8)
tok.fit_on_texts(texts)
seqs = tok.texts_to_sequences(texts)
print(seqs)
print(sorted(tok.word_index.items())[:6])
print(text_to_word_sequence(texts[2]))
X = pad_sequences(seqs, maxlen=5)
print(X)
print(tok.texts_to_matrix(texts, mode='tfidf').sum().round(5), tok.texts_to_matrix(texts, mode='freq').shape)
model = Sequential()
model.add(Embedding(8, 4, input_length=5))
model.add(LSTM(3))
model.add(Dense(1, activation='sigmoid'))
model.compile('adam', 'binary_crossentropy', metrics=['accuracy'])
model.fit(X, labels, nb_epoch=2, batch_size=3, shuffle=False, verbose=0)
print(np.round(model.evaluate(X, labels, verbose=0), 5))
