# weights of single steps: padding does not count
import numpy as np
from keras.models import Sequential
from keras.layers import Embedding, LSTM, TimeDistributed, Dense
from keras.preprocessing.sequence import pad_sequences
np.random.seed(12)
sents = [list(np.random.randint(1, 9, np.random.randint(2, 6))) for _ in range(14)]
tags = [[w % 3 for w in s] for s in sents]
X = pad_sequences(sents, maxlen=5, padding='post')
T = pad_sequences(tags, maxlen=5, padding='post')
Y = np.eye(3)[T]
W = (X > 0).astype('float32')
model = Sequential()
model.add(Embedding(9, 4, input_length=5))
model.add(LSTM(5, return_sequences=True))
model.add(TimeDistributed(Dense(3, activation='softmax')))
model.compile(loss='categorical_crossentropy', optimizer='adam', sample_weight_mode='temporal')
h = model.fit(X, Y, sample_weight=W, nb_epoch=3, batch_size=7, verbose=0, shuffle=False)
print(np.round(h.history['loss'], 5))
pred = model.predict_classes(X, verbose=0)
right = ((pred == T) * W).sum() / W.sum()
print('token accuracy %.5f' % right)
